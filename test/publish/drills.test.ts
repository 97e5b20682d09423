// Drills: what the office does when a key is lost, rotated or stolen, and that every client follows who knew the registry before. The
// trees are real builds; a stranger, tuf-js, reads them too.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore, type TrustStore } from '@plugmark/client';
import {
  completeProposal,
  type FileTree,
  type KeySigner,
  type OfflineMetadata,
  offlineDocuments,
  propose,
  revocationsDocument,
  sha256,
  signProposal,
  type TrustHolders,
} from '@plugmark/publish';
import { Updater } from 'tuf-js';
import { describe, expect, test } from 'vitest';
import { type Built, build, clientOf, codeOf, DAY, HOUR, jsonOf, later, NOW } from '../testkit/office.ts';
import {
  addRelease,
  editJson,
  honestModule,
  OFFICE_KEYS,
  type SmallRegistry,
  signerOf,
  smallRegistry,
  sourceOf,
} from '../testkit/registry-folder.ts';
import { ed25519Key, p256Key } from '../testkit/test-keys.ts';
import { Attacker } from './attacker.ts';

const key = (label: string): KeySigner => signerOf(p256Key(`drill ${label}`));
const [A, B, C, D] = [key('a'), key('b'), key('c'), key('d')];
const one = (name: keyof typeof OFFICE_KEYS) => ({ keys: [signerOf(OFFICE_KEYS[name])], threshold: 1 });
const HOLDERS: TrustHolders = {
  root: { keys: [A, B, C], threshold: 2 },
  targets: one('targets'),
  revocations: one('revocations'),
  online: one('online'),
};
const OTHERS = [signerOf(OFFICE_KEYS.targets), signerOf(OFFICE_KEYS.revocations)];

interface Ceremony {
  readonly current?: OfflineMetadata;
  readonly holders?: Partial<TrustHolders>;
  readonly signers: readonly KeySigner[];
  readonly now?: Date;
  readonly plugins?: number;
}

function ceremony(
  registry: SmallRegistry,
  { current, holders, signers, now = NOW, plugins = 2 }: Ceremony,
): OfflineMetadata | undefined {
  const source = sourceOf(registry);
  const proposal = propose({
    current,
    holders: { ...HOLDERS, ...holders },
    documents: offlineDocuments(source, {
      cosign: [{ key: signerOf(OFFICE_KEYS.cosign), from: '2026-01-01T00:00:00Z' }],
    }),
    revocations: revocationsDocument(source, { previous: current?.files.get('revocations.json'), now }),
    plugins,
    expiries: source.registry.expiries,
    now,
  });
  return completeProposal(signProposal(proposal, current, signers), current);
}

const must = (offline: OfflineMetadata | undefined): OfflineMetadata => {
  if (offline === undefined) throw new Error('signatures are missing');
  return offline;
};
const firstRoot = ({ roots }: OfflineMetadata): Uint8Array => roots[0] as Uint8Array;

/** A registry that was published, and the store of a client that has seen it. */
async function published(): Promise<{
  registry: SmallRegistry;
  offline: OfflineMetadata;
  built: Built;
  store: TrustStore;
}> {
  const registry = await smallRegistry();
  const offline = must(ceremony(registry, { signers: [A, B, ...OTHERS] }));
  const built = await build(registry, { offline });
  const store = memoryStore();
  await visit(built, { root: firstRoot(offline), store }).install('acme/thing');
  return { registry, offline, built, store };
}

const visit = (
  { tree }: { readonly tree: FileTree },
  { root, store, now = NOW }: { root: Uint8Array; store: TrustStore; now?: Date },
) => clientOf((path) => tree.get(path), root, { store, now });

/** A known client and a new one, both from the very first root, install and see root version `version`. */
async function expectFollowed(
  built: Built,
  { root, store, now }: { root: Uint8Array; store: TrustStore; now: Date },
  version: number,
): Promise<void> {
  for (const at of [store, memoryStore()]) {
    const client = visit(built, { root, store: at, now });
    expect((await client.refresh()).rootVersion).toBe(version);
    expect(await client.install('acme/thing')).toMatchObject({ tier: 'verified', registry: { state: 'verified' } });
  }
}

describe('a root key is lost', () => {
  test('the other two make a root without it, and every client follows', async () => {
    const { registry, offline, built, store } = await published();
    const now = later(DAY);
    const next = must(
      ceremony(registry, {
        current: offline,
        holders: { root: { keys: [A, B, D], threshold: 2 } },
        signers: [A, B],
        now,
      }),
    );
    expect(next.roots).toHaveLength(2);
    const second = await build(registry, { previous: built, offline: next, now });
    await expectFollowed(second, { root: firstRoot(offline), store, now }, 2);
    // The new key is as good as the old ones.
    const third = must(
      ceremony(registry, { current: next, holders: { root: { keys: [A, D], threshold: 2 } }, signers: [A, D], now }),
    );
    expect(third.roots).toHaveLength(3);
  });

  test('with one of three left nothing comes into force, whatever is proposed', async () => {
    const { registry, offline } = await published();
    for (const root of [
      { keys: [A], threshold: 1 },
      { keys: [A, D], threshold: 2 },
    ])
      expect(ceremony(registry, { current: offline, holders: { root }, signers: [A, D] })).toBeUndefined();
  });
});

test('every offline key is rotated, one role after the other', async () => {
  const { registry, offline, built, store } = await published();
  const now = later(DAY);
  const holders: Partial<TrustHolders> = {};
  let current = offline;
  for (const [role, signers] of [
    ['targets', [A, B, D]],
    ['revocations', [D, C]],
    ['root', [A, B, D]],
  ] as const) {
    Object.assign(holders, { [role]: { keys: role === 'revocations' ? [C] : [D], threshold: 1 } });
    current = must(ceremony(registry, { current, holders, signers, now }));
  }
  expect(current.roots).toHaveLength(3);
  const second = await build(registry, { previous: built, offline: current, now });
  await expectFollowed(second, { root: firstRoot(offline), store, now }, 3);
});

describe('the online key is stolen', () => {
  test('a new root takes the thief’s metadata back, however high its versions', async () => {
    const { registry, offline, built, store } = await published();
    const attacker = new Attacker(built);
    attacker.versions = { documents: 2 ** 40, snapshot: 2 ** 40, timestamp: 2 ** 40 };
    // Everything is hidden: the worst the key can do.
    delete attacker.targets['plugins/acme/thing.json'];
    const root = firstRoot(offline);
    expect(await codeOf(() => visit(attacker.sign(), { root, store }).install('acme/thing'))).toBe('PLUGIN_UNKNOWN');
    expect(await codeOf(() => visit(built, { root, store }).refresh())).toBe('METADATA_ROLLBACK');
    const now = later(2 * HOUR);
    const next = must(
      ceremony(registry, {
        current: offline,
        holders: { online: { keys: [D], threshold: 1 } },
        signers: [A, C, ...OTHERS],
        now,
      }),
    );
    const recovered = await build(registry, {
      previous: built,
      offline: next,
      keys: { online: p256Key('drill d') },
      now,
    });
    await expectFollowed(recovered, { root, store, now }, 2);
    // What the thief signs from now on is nobody's word.
    const late = new Attacker(recovered);
    late.versions = { documents: 9, snapshot: 9, timestamp: 9 };
    expect(await codeOf(() => visit(late.sign(), { root, store, now }).refresh())).toBe('METADATA_SIGNATURE');
  });

  test('a build with the stolen key under the new root is refused before anything is written', async () => {
    const { registry, offline, built } = await published();
    const next = must(
      ceremony(registry, {
        current: offline,
        holders: { online: { keys: [D], threshold: 1 } },
        signers: [A, C, ...OTHERS],
      }),
    );
    expect(await codeOf(() => build(registry, { previous: built, offline: next }))).toBe('SELF_CHECK');
  });
});

test('a root that ends is renewed within the look-ahead; who comes years later still finds the way', async () => {
  const { registry, offline, built, store } = await published();
  const now = later(700 * DAY);
  const renewed = must(ceremony(registry, { current: offline, signers: [B, C, ...OTHERS], now }));
  expect(renewed.roots).toHaveLength(2);
  const second = await build(registry, { previous: built, offline: renewed, now });
  await expectFollowed(second, { root: firstRoot(offline), store, now }, 2);
  const muchLater = later(1000 * DAY);
  const third = await build(registry, {
    previous: second,
    offline: must(ceremony(registry, { current: renewed, signers: OTHERS, now: muchLater })),
    now: muchLater,
  });
  // The root it was shipped with has ended long ago; the one it leads to has not.
  await expectFollowed(third, { root: firstRoot(offline), store: memoryStore(), now: muchLater }, 2);
});

describe('documents divided among roles', () => {
  async function divided(now: Date) {
    const { registry, offline, built, store } = await published();
    const wide = must(ceremony(registry, { current: offline, signers: OTHERS, plugins: 501, now }));
    return { registry, offline, store, wide, built: await build(registry, { previous: built, offline: wide, now }) };
  }

  test('clients follow from one role to sixteen; the former role stays listed, so that no old one can come back', async () => {
    const { offline, built, store } = await divided(later(DAY));
    await expectFollowed(built, { root: firstRoot(offline), store, now: later(DAY) }, 1);
    const { meta } = jsonOf(
      built.tree,
      `metadata/${jsonOf(built.tree, 'metadata/timestamp.json').signed.meta['snapshot.json'].version}.snapshot.json`,
    ).signed;
    expect(Object.keys(meta)).toHaveLength(1 + 16 + 2);
    expect(meta['documents.json']).toEqual({ version: 1 });
  });

  test('a new release changes its own role, the snapshot and the timestamp, and nothing else under metadata/', async () => {
    const { registry, wide, built } = await divided(later(DAY));
    await addRelease(registry, { plugin: 'indie/tool', version: '0.2.0', bytes: honestModule(70).build() });
    const next = await build(registry, { previous: built, offline: wide, now: later(2 * DAY) });
    const before = new Map([...built.tree].map(([path, bytes]) => [path, sha256(bytes)]));
    const changed = [...next.tree].flatMap(([path, bytes]) =>
      path.startsWith('metadata/') && before.get(path) !== sha256(bytes) ? [path] : [],
    );
    const role = sha256(new TextEncoder().encode('plugins/indie/tool.json'))[0];
    expect(changed.sort()).toEqual([
      `metadata/2.documents-${role}.json`,
      'metadata/3.snapshot.json',
      'metadata/timestamp.json',
    ]);
  });

  test('tuf-js reads it, by its own search', async () => {
    const { built, offline } = await divided(new Date());
    expect(await readAsStranger(built.tree, firstRoot(offline), 'plugins/acme/thing.json')).toContain(
      '"plugin":"acme/thing"',
    );
    expect(await readAsStranger(built.tree, firstRoot(offline), 'plugins/acme/none.json')).toBe('not found');
    expect(await readAsStranger(built.tree, firstRoot(offline), 'revocations.json')).toContain('"revocations":[]');
  });
});

async function readAsStranger(tree: FileTree, root: Uint8Array, path: string): Promise<string> {
  const server = createServer((request, response) => {
    const bytes = tree.get(decodeURIComponent((request.url ?? '').slice(1)));
    response.writeHead(bytes ? 200 : 404).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = mkdtempSync(join(tmpdir(), 'plugmark-drill-'));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    writeFileSync(join(folder, 'root.json'), root);
    const updater = new Updater({
      metadataDir: folder,
      metadataBaseUrl: `${base}/metadata`,
      targetDir: folder,
      targetBaseUrl: `${base}/targets`,
    });
    await updater.refresh();
    const info = await updater.getTargetInfo(path);
    return info ? readFileSync(await updater.downloadTarget(info), 'utf8') : 'not found';
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
}

describe('a revocation is lifted by the holders of its key, and by nothing else', () => {
  const STATUS = {
    schemaVersion: 1,
    plugin: 'acme/thing',
    versions: {
      '1.1.0': {
        state: 'revoked',
        since: '2026-06-01T00:00:00Z',
        severity: 'high',
        reason: 'It steals.',
        evidence: 'https://example.org/',
      },
    },
  };

  test('removing it from status.json lifts nothing; the word of the holders does, and only after that', async () => {
    const registry = await smallRegistry();
    editJson(registry.files, 'plugins/acme/thing/status.json', () => STATUS);
    const revoked = await build(registry);
    const root = firstRoot(revoked.offline);
    const resolved = async ({ tree }: Built): Promise<string> =>
      (await clientOf((path) => tree.get(path), root).resolve('acme/thing')).version;
    expect(await resolved(revoked)).toBe('1.0.0');
    const lift = [{ plugin: 'acme/thing', version: '1.1.0', reason: 'The report was about another file.' }];
    expect(await codeOf(() => build(registry, { previous: revoked, lift }))).toBe('REVOCATION_INVALID');
    registry.files.delete('plugins/acme/thing/status.json');
    const silent = await build(registry, { previous: revoked });
    expect(await resolved(silent)).toBe('1.0.0');
    expect(
      await codeOf(() => build(registry, { previous: silent, lift: [{ ...lift[0], version: '1.0.0' }] as never })),
    ).toBe('REVOCATION_INVALID');
    const lifted = await build(registry, { previous: silent, lift });
    expect(await resolved(lifted)).toBe('1.1.0');
    const [entry] = jsonOf(lifted.offline.files, 'revocations.json').revocations;
    expect(entry).toMatchObject({ version: '1.1.0', lifted: { reason: 'The report was about another file.' } });
  });
});

test('an Ed25519 holder beside P-256 ones counts as one', async () => {
  const registry = await smallRegistry();
  const ed = signerOf(ed25519Key('drill ed'));
  const holders = { root: { keys: [A, ed], threshold: 2 } };
  expect(ceremony(registry, { holders, signers: [A, ...OTHERS] })).toBeUndefined();
  expect(must(ceremony(registry, { holders, signers: [A, ed, ...OTHERS] })).roots).toHaveLength(1);
});
