// When a signed role keeps its bytes and when it gets its next version; the ceremony; what of the past is kept.
import { holdCeremony, type KeySigner } from '@plugmark/publish';
import { parseJson, TufMetadata } from '@plugmark/schemas';
import { expect, test } from 'vitest';
import { pruneMetadata } from '../../tools/publish/src/metadata-history.ts';
import { requireListed } from '../../tools/publish/src/tuf/offline.ts';
import { consistentName, renewRole } from '../../tools/publish/src/tuf/role.ts';
import {
  type Built,
  build,
  ceremony,
  clientOf,
  codeOf,
  DAY,
  digests,
  HOUR,
  jsonOf,
  later,
  NOW,
  rootOf,
} from '../testkit/office.ts';
import {
  addRelease,
  editJson,
  honestModule,
  type Json,
  OFFICE_KEYS,
  signerOf,
  smallRegistry,
  sourceOf,
} from '../testkit/registry-folder.ts';
import { ed25519Key, p256Key } from '../testkit/test-keys.ts';

const [KEY, OTHER] = [signerOf(ed25519Key('role one')), signerOf(p256Key('role two'))];
const CONTENT = { targets: { 'a.json': { length: 1, hashes: { sha256: '0'.repeat(64) } } } };
const EXPIRES = '2026-12-01T00:00:00Z';
interface Renewal {
  readonly content?: object;
  readonly signers?: readonly KeySigner[];
  readonly renewBefore?: Date;
  readonly previous?: Uint8Array;
}
const renew = ({ content = CONTENT, signers = [KEY], renewBefore = NOW, previous }: Renewal = {}): Uint8Array =>
  renewRole('targets', content, EXPIRES, { previous, signers, where: 'role.json', renewBefore });
const signedOf = (bytes: Uint8Array) => parseJson(TufMetadata, bytes, 'role').signed;
const versionOf = (bytes: Uint8Array): number => signedOf(bytes).version;

test('the first version is 1; the same content by the same keys keeps its bytes', () => {
  const first = renew();
  expect(versionOf(first)).toBe(1);
  expect(renew({ previous: first })).toBe(first);
  // Members in another order say the same.
  const [entry] = Object.values(CONTENT.targets) as [{ length: number; hashes: object }];
  expect(
    renew({ previous: first, content: { targets: { 'a.json': { hashes: entry.hashes, length: entry.length } } } }),
  ).toBe(first);
});

test.each<[string, Renewal]>([
  ['other content', { content: { targets: {} } }],
  ['other keys', { signers: [OTHER] }],
  ['one key more', { signers: [KEY, OTHER] }],
  ['an end that comes near', { renewBefore: new Date(EXPIRES) }],
])('the next version: %s', (_, change) => {
  const first = renew();
  const second = renew({ previous: first, ...change });
  expect(versionOf(second)).toBe(2);
  expect(versionOf(renew({ previous: second, content: { targets: {}, x: 1 } }))).toBe(3);
});

test('an end that is a second beyond the look-ahead does not renew', () => {
  const first = renew();
  expect(renew({ previous: first, renewBefore: new Date(+new Date(EXPIRES) - 1000) })).toBe(first);
});

test('metadata of another role is no previous version', async () => {
  const snapshot = renewRole('snapshot', { meta: {} }, EXPIRES, {
    previous: undefined,
    signers: [KEY],
    where: 'snapshot.json',
    renewBefore: NOW,
  });
  expect(await codeOf(() => renew({ previous: snapshot }))).toBe('TRUST_MISMATCH');
});

test('the ceremony keeps what stands and renews what comes to its end', async () => {
  const registry = await smallRegistry();
  const first = ceremony(registry);
  const previous = { offline: first } as Built;
  expect(ceremony(registry, { previous, now: later(200 * DAY) })).toMatchObject({
    roots: first.roots,
    targets: first.targets,
    revocations: first.revocations,
  });
  const nearEnd = ceremony(registry, { previous, now: later(280 * DAY) });
  expect([nearEnd.targets === first.targets, versionOf(nearEnd.revocations)]).toEqual([true, 2]);
  const atEnd = ceremony(registry, { previous, now: later(641 * DAY) });
  expect([
    atEnd.roots.length,
    atEnd.roots[0] === first.roots[0],
    versionOf(atEnd.roots[1] as Uint8Array),
    versionOf(atEnd.targets),
  ]).toEqual([2, true, 2, 2]);
});

test('a look-ahead as long as a lifetime does not renew with every build', async () => {
  const registry = await smallRegistry();
  editJson(registry.files, 'registry.json', (value: Json) => ({
    ...value,
    expiries: {
      ...value.expiries,
      documentsDays: 30,
      snapshotDays: 30,
      revocationsDays: 30,
      timestampHours: 4,
      timestampRefreshHours: 6,
    },
  }));
  const first = await build(registry);
  const second = await build(registry, { previous: first, now: later(HOUR) });
  expect(digests(second.tree)).toEqual(digests(first.tree));
  const third = await build(registry, { previous: second, now: later(2 * HOUR) });
  expect(jsonOf(third.tree, 'metadata/timestamp.json').signed.version).toBe(2);
  const fourth = await build(registry, { previous: third, now: later(16 * DAY) });
  expect(jsonOf(fourth.tree, 'metadata/2.documents.json').signed.version).toBe(2);
});

test('root keys are not exchanged in passing', async () => {
  const registry = await smallRegistry();
  const previous = { offline: ceremony(registry) } as Built;
  expect(await codeOf(() => ceremony(registry, { previous, keys: { root: ed25519Key('another root') } }))).toBe(
    'TRUST_MISMATCH',
  );
});

test('a new online key is taken over by a new root, and a client that knew the old one follows', async () => {
  const registry = await smallRegistry();
  const first = await build(registry);
  const { memoryStore } = await import('@plugmark/client');
  const store = memoryStore();
  await clientOf((path) => first.tree.get(path), rootOf(first), { store }).install('acme/thing');
  const keys = { online: p256Key('second online') };
  const second = await build(registry, { previous: first, keys, now: later(DAY) });
  expect([second.offline.roots.length, versionOf(second.offline.targets)]).toEqual([2, 2]);
  const { rootVersion } = await clientOf((path) => second.tree.get(path), rootOf(first), {
    store,
    now: later(DAY),
  }).refresh();
  expect(rootVersion).toBe(2);
});

test('documents that differ from what was signed, are missing or were never signed are refused', async () => {
  const offline = ceremony(await smallRegistry());
  const withFile = (path: string, bytes: Uint8Array | undefined) => {
    const files = new Map(offline.files);
    if (bytes === undefined) files.delete(path);
    else files.set(path, bytes);
    return { ...offline, files };
  };
  const publishers = offline.files.get('publishers.json') as Uint8Array;
  expect(await codeOf(() => requireListed(offline))).toEqual({ accepted: undefined });
  for (const [path, bytes] of [
    ['publishers.json', new Uint8Array([1])],
    ['policy.json', undefined],
    ['hosts/extra.json', publishers],
    ['plugins/acme/thing.json', publishers],
  ] as const) {
    expect(await codeOf(() => requireListed(withFile(path, bytes)))).toBe('TRUST_MISMATCH');
  }
});

test('the timestamp is signed anew after six hours and not before', async () => {
  const registry = await smallRegistry();
  const first = await build(registry);
  const before = await build(registry, { previous: first, now: later(6 * HOUR - 1000) });
  expect(digests(before.tree)).toEqual(digests(first.tree));
  const after = await build(registry, { previous: before, now: later(6 * HOUR) });
  const changed = [...after.tree]
    .filter(([path, bytes]) => Buffer.compare(bytes, first.tree.get(path) ?? new Uint8Array()) !== 0)
    .map(([path]) => path);
  expect(changed.sort()).toEqual([
    'metadata/timestamp.json',
    'v1/changes.json',
    'v1/index.json',
    'v1/ledger.json',
    'v1/publishers.json',
  ]);
  expect(jsonOf(after.tree, 'metadata/timestamp.json').signed).toMatchObject({
    version: 2,
    expires: '2026-06-04T18:00:00Z',
  });
});

test('pruning keeps eight versions of each role', () => {
  const names = Array.from({ length: 20 }, (_, i) => [`${i + 1}.snapshot.json`, `${i + 1}.documents.json`]).flat();
  const kept = pruneMetadata(
    new Map([...names, '1.targets.json', 'timestamp.json'].map((name) => [name, new Uint8Array()])),
  );
  const last = Array.from({ length: 8 }, (_, i) => i + 13);
  expect([...kept.keys()].sort()).toEqual(
    [...last.flatMap((i) => [`${i}.snapshot.json`, `${i}.documents.json`]), '1.targets.json', 'timestamp.json'].sort(),
  );
});

test('whoever holds one of the last timestamps finds everything it leads to: snapshot, roles, documents, bundles', async () => {
  const registry = await smallRegistry();
  const history: Built[] = [];
  for (let i = 0; i < 12; i++) {
    const previous = history.at(-1);
    if (i > 0)
      await addRelease(registry, { plugin: 'indie/tool', version: `0.1.${i}`, bytes: honestModule(20 + i).build() });
    // In between, the offline documents change too.
    if (i === 7) editJson(registry.files, 'policy.json', (policy: Json) => ({ ...policy, revision: 2 }));
    history.push(await build(registry, { previous, now: later(i * HOUR) }));
  }
  const last = history.at(-1) as Built;
  const now = later(12 * HOUR);
  const stale = (at: Built) => (path: string) =>
    path === 'metadata/timestamp.json' ? at.tree.get(path) : last.tree.get(path);
  for (const at of history.slice(-8)) {
    const installed = await clientOf(stale(at), rootOf(last), { now }).install('indie/tool');
    const cosigned = await clientOf(stale(at), rootOf(last), { now }).install('acme/thing');
    expect([installed.version, cosigned.registry.state]).toEqual([
      at.documents.find(({ plugin }) => plugin === 'indie/tool')?.releases[0]?.release.version,
      'verified',
    ]);
  }
  expect(await codeOf(() => clientOf(stale(history[0] as Built), rootOf(last), { now }).refresh())).toBe(
    'FILE_MISSING',
  );
  // And no more than that is kept.
  const documents = [...last.tree.keys()].filter((path) => path.startsWith('targets/plugins/indie/'));
  expect(documents).toHaveLength(8);
});

test('a consistent name keeps the folder', () => {
  expect(consistentName('plugins/acme/x.json', 'ab')).toBe('plugins/acme/ab.x.json');
  expect(consistentName('policy.json', 'ab')).toBe('ab.policy.json');
});

test('every listed root key must sign', async () => {
  const registry = await smallRegistry();
  const source = sourceOf(registry);
  const { root, targets, revocations, online } = OFFICE_KEYS;
  const second = signerOf(p256Key('second root'));
  const { roots } = holdCeremony({
    previous: undefined,
    documents: new Map(),
    plugins: 0,
    revocations: new TextEncoder().encode('{}'),
    keys: {
      root: [signerOf(root), second],
      targets: [signerOf(targets)],
      revocations: [signerOf(revocations)],
      online: signerOf(online),
    },
    expiries: source.registry.expiries,
    now: NOW,
  });
  const file = JSON.parse(new TextDecoder().decode(roots[0]));
  expect([file.signatures.length, file.signed.roles.root.threshold]).toEqual([2, 2]);
});
