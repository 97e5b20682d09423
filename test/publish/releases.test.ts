// What becomes of releases: published ones never change, refused ones are not listed, yanked and revoked ones are not chosen.
import { describe, expect, test } from 'vitest';
import { build, clientOf, codeOf, HOUR, jsonOf, later, releaseOf, rootOf } from '../testkit/office.ts';
import {
  addRelease,
  editJson,
  honestModule,
  PUBLISHER_KEYS,
  type SmallRegistry,
  smallRegistry,
} from '../testkit/registry-folder.ts';

const ACME = 'plugins/acme/thing';
const YANKED = { state: 'yanked', since: '2026-06-01T00:00:00Z', reasonCode: 'broken', reason: 'It is broken.' };
const REVOKED = {
  state: 'revoked',
  since: '2026-06-01T00:00:00Z',
  severity: 'high',
  reason: 'It steals.',
  evidence: 'https://example.org/',
};
const status = (version: string, state: object) => ({
  schemaVersion: 1,
  plugin: 'acme/thing',
  versions: { [version]: state },
});

describe('a release that was published', () => {
  test.each<[string, string, (registry: SmallRegistry) => unknown]>([
    [
      'RELEASE_CHANGED',
      'has another manifest',
      (registry) =>
        addRelease(registry, {
          plugin: 'acme/thing',
          version: '1.1.0',
          bytes: honestModule(2).build(),
          manifest: { license: 'Apache-2.0' },
        }),
    ],
    [
      'RELEASE_CHANGED',
      'has other bytes',
      (registry) => addRelease(registry, { plugin: 'acme/thing', version: '1.1.0', bytes: honestModule(8).build() }),
    ],
    [
      'RELEASE_CHANGED',
      'is gone',
      ({ files }) =>
        [...files.keys()].filter((path) => path.startsWith(`${ACME}/1.0.0/`)).map((path) => files.delete(path)),
    ],
    [
      'RELEASE_CHANGED',
      'is gone with its whole plugin',
      ({ files }) => [...files.keys()].filter((path) => path.startsWith(ACME)).map((path) => files.delete(path)),
    ],
    [
      'RELEASE_CHANGED',
      'comes with bytes of another digest',
      ({ artifacts }) => [...artifacts.keys()].map((digest) => artifacts.set(digest, new Uint8Array(53))),
    ],
    ['ARTIFACT_MISSING', 'has its bytes nowhere', ({ artifacts }) => artifacts.clear()],
    ['SOURCE_MISSING', 'has no publisher any more', ({ files }) => files.delete('publishers/acme.json')],
  ])('%s: %s', async (code, _, change) => {
    const registry = await smallRegistry();
    const previous = await build(registry);
    await change(registry);
    expect(await codeOf(() => build(registry, { previous, offline: previous.offline, now: later(HOUR) }))).toBe(code);
  });
});

describe('a release that is refused', () => {
  const NEW = { plugin: 'acme/thing', version: '2.0.0', bytes: honestModule(5).build() } as const;
  test.each<[string, string, (registry: SmallRegistry) => Promise<unknown>]>([
    ['another’s key', 'signature.invalid', (registry) => addRelease(registry, { ...NEW, key: PUBLISHER_KEYS.indie })],
    [
      'a statement for another registry',
      'signature.invalid',
      (registry) => addRelease(registry, { ...NEW, registry: 'other.example' }),
    ],
    [
      'a bundle of another version',
      'signature.invalid',
      async (registry) => {
        await addRelease(registry, NEW);
        registry.files.set(
          `${ACME}/2.0.0/publisher.sigstore.json`,
          registry.files.get(`${ACME}/1.0.0/publisher.sigstore.json`) as Uint8Array,
        );
      },
    ],
  ])('%s', async (_, rule, change) => {
    const registry = await smallRegistry();
    await change(registry);
    const built = await build(registry);
    expect(built.refusals.map(({ plugin, version }) => [plugin, version])).toEqual([['acme/thing', '2.0.0']]);
    expect(built.refusals[0]?.reasons).toEqual([rule]);
    expect(releaseOf(built, 'acme/thing', '2.0.0')).toBeUndefined();
    expect(
      [...built.tree.keys()].some((path) =>
        path.includes(built.refusals[0]?.reports[0]?.subject.artifact.sha256 ?? '?'),
      ),
    ).toBe(false);
  });

  test('without a bundle it is not listed', async () => {
    const registry = await smallRegistry();
    registry.files.delete('plugins/indie/tool/0.1.0/publisher.sigstore.json');
    const built = await build(registry);
    expect([built.refusals.length, built.documents.map(({ plugin }) => plugin)]).toEqual([1, ['acme/thing']]);
  });
});

test('a release that cannot be read is not listed, whoever waived what: it waits, and the others are built', async () => {
  // A type that only a proposal has which the reader does not cover; nothing about it is a fault.
  const bytes = Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x65, 0x60, 0, 0]);
  const registry = await smallRegistry();
  await addRelease(registry, { plugin: 'acme/thing', version: '2.0.0', bytes });
  const built = await build(registry);
  const [refusal] = built.refusals;
  expect([built.refusals.length, refusal?.version]).toEqual([1, '2.0.0']);
  expect(refusal?.reports.map(({ verdict }) => verdict)).toEqual(['review']);
  expect(refusal?.reasons[0]).toMatch(/^wasm-valid: the reader does not cover: /);
  expect(releaseOf(built, 'acme/thing', '2.0.0')).toBeUndefined();
  expect(releaseOf(built, 'acme/thing', '1.1.0')).toBeDefined();
});

test('yanked: listed with its reason, not chosen, its bytes still served', async () => {
  const registry = await smallRegistry();
  const previous = await build(registry);
  editJson(registry.files, `${ACME}/status.json`, () => status('1.1.0', YANKED));
  const built = await build(registry, { previous, now: later(HOUR) });
  const client = clientOf((path) => built.tree.get(path), rootOf(built), { now: later(HOUR) });
  expect((await client.resolve('acme/thing')).version).toBe('1.0.0');
  expect(await codeOf(() => client.install('acme/thing@1.1.0'))).toBe('NO_RELEASE');
  expect(jsonOf(built.tree, 'v1/changes.json').changes[0]).toMatchObject({ kind: 'released' });
  expect(built.tree.has(`blobs/sha256/${releaseOf(built, 'acme/thing', '1.1.0')?.release.artifact.sha256}.wasm`)).toBe(
    true,
  );
});

test('revoked bytes are refused under every name, and the registry goes on without them', async () => {
  const registry = await smallRegistry();
  // Somebody lists acme's bytes under another name.
  await addRelease(registry, { plugin: 'indie/copy', version: '1.0.0', bytes: honestModule(1).build() });
  const previous = await build(registry);
  editJson(registry.files, `${ACME}/status.json`, () => status('1.0.0', REVOKED));
  const built = await build(registry, { previous, now: later(HOUR) });
  const client = clientOf((path) => built.tree.get(path), rootOf(built), { now: later(HOUR) });
  expect(await codeOf(() => client.install('acme/thing@1.0.0'))).toBe('NO_RELEASE');
  expect(await codeOf(() => client.install('indie/copy'))).toBe('NO_RELEASE');
  expect((await client.install('acme/thing')).version).toBe('1.1.0');
});

test('without the revocations key a status alone revokes nothing in the signed list', async () => {
  const registry = await smallRegistry();
  const previous = await build(registry);
  editJson(registry.files, `${ACME}/status.json`, () => status('1.0.0', REVOKED));
  const built = await build(registry, { previous, offline: previous.offline, now: later(HOUR) });
  expect(jsonOf(built.tree, 'v1/revocations.json').revocations).toEqual([]);
});

test('a client that kept the newer state refuses the tree of before', async () => {
  const registry = await smallRegistry();
  const { memoryStore } = await import('@plugmark/client');
  const store = memoryStore();
  const first = await build(registry);
  await addRelease(registry, { plugin: 'indie/tool', version: '0.2.0', bytes: honestModule(6).build() });
  const second = await build(registry, { previous: first, now: later(HOUR) });
  await clientOf((path) => second.tree.get(path), rootOf(first), { store, now: later(HOUR) }).refresh();
  expect(
    await codeOf(() => clientOf((path) => first.tree.get(path), rootOf(first), { store, now: later(HOUR) }).refresh()),
  ).toBe('METADATA_ROLLBACK');
});

describe('a new release whose bytes nobody has', () => {
  const other = { plugin: 'indie/tool', version: '0.2.0', bytes: honestModule(7).build() };

  test.each([
    ['artifact.unreachable', (registry: SmallRegistry, digest: string) => registry.artifacts.delete(digest)],
    [
      'artifact.different',
      (registry: SmallRegistry, digest: string) => registry.artifacts.set(digest, new Uint8Array(9)),
    ],
  ])('%s: it is left out and noted, everybody else is published', async (reason, spoil) => {
    const registry = await smallRegistry();
    const first = await build(registry);
    const { artifact } = await addRelease(registry, {
      plugin: 'acme/thing',
      version: '1.2.0',
      bytes: honestModule(8).build(),
    });
    await addRelease(registry, other);
    spoil(registry, artifact.sha256);
    const next = await build(registry, { previous: first, now: later(HOUR), leaveOutMissing: true });
    expect(next.refusals).toMatchObject([{ plugin: 'acme/thing', version: '1.2.0', reasons: [reason] }]);
    expect(releaseOf(next, 'acme/thing', '1.2.0')).toBeUndefined();
    expect(releaseOf(next, 'indie/tool', '0.2.0')).toBeDefined();
    expect(jsonOf(next.ledger, 'head.json').refusals).toMatchObject([{ reasons: [reason] }]);
    // Nobody noticed it missing: the build that finds the bytes lists it.
    registry.artifacts.set(artifact.sha256, honestModule(8).build());
    const healed = await build(registry, { previous: next, now: later(2 * HOUR), leaveOutMissing: true });
    expect(releaseOf(healed, 'acme/thing', '1.2.0')).toBeDefined();
    // What was published is not left out: its bytes are lost, and a person has to hear of it.
    registry.artifacts.delete(artifact.sha256);
    expect(await codeOf(() => build(registry, { previous: healed, leaveOutMissing: true }))).toBe('ARTIFACT_MISSING');
  });
});
