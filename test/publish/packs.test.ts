// Attestations of old releases lie together in packs: a client finds what it needs, and takes nothing else for it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore } from '@plugmark/client';
import { lazyTree, readFolder, sourceFolder, type Update, updateViews } from '@plugmark/publish';
import type { DocumentRelease, PackageDocument } from '@plugmark/schemas';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { readSigner } from '../../site/src/scripts/read-signer.ts';
import { makeLab } from '../testkit/institution.ts';
import { type Built, build, clientOf, codeOf, digests, HOUR, later, releaseOf, rootOf } from '../testkit/office.ts';
import { addRelease, honestModule, type SmallRegistry, smallRegistry, writeFiles } from '../testkit/registry-folder.ts';
import { runCommand } from '../testkit/run-command.ts';
import { applied, update } from './update-histories.ts';

const PLUGIN = 'indie/tool';
let registry: SmallRegistry;
let nine: Built;
let ten: Built;

beforeAll(async () => {
  registry = await smallRegistry();
  let previous: Built | undefined;
  // One build a release: an old version number that comes last is packed last.
  for (let i = 0; i < 9; i++) {
    if (i > 0)
      await addRelease(registry, {
        plugin: PLUGIN,
        version: `0.${i === 8 ? 0 : 1}.${i}`,
        bytes: honestModule(30 + i).build(),
      });
    if (i > 6 || i === 0) previous = await build(registry, { previous, now: later(i * HOUR) });
  }
  nine = previous as Built;
  await addRelease(registry, { plugin: PLUGIN, version: '0.2.0', bytes: honestModule(50).build() });
  ten = await build(registry, { previous: nine, now: later(10 * HOUR) });
});

const packsIn = ({ tree }: Pick<Built, 'tree'>): string[] =>
  [...tree.keys()].filter((path) => path.startsWith('attestations/packs/'));
const refOf = (built: Built, version: string) => releaseOf(built, PLUGIN, version)?.attestations.publisher;

test('eight releases share a pack once two newer ones are there; what came last stays loose, whatever its number', () => {
  expect(packsIn(nine)).toEqual([]);
  expect(packsIn(ten)).toHaveLength(1);
  expect(refOf(ten, '0.1.0')?.pack?.sha256).toBe(packsIn(ten)[0]?.split('/').at(-1));
  expect(refOf(ten, '0.1.7')?.pack).toBeDefined();
  for (const version of ['0.0.8', '0.2.0']) expect([version, refOf(ten, version)?.pack]).toEqual([version, undefined]);
});

test('a client installs what is packed, and one that knows the former document finds its files where they were', async () => {
  const fresh = clientOf((path) => ten.tree.get(path), rootOf(ten), { now: later(10 * HOUR) });
  expect(await fresh.install(`${PLUGIN}@0.1.0`)).toMatchObject({ version: '0.1.0', publisher: { state: 'verified' } });
  expect(ten.tree.has(`attestations/${refOf(ten, '0.1.0')?.sha256}.json`)).toBe(true);
});

test('ATTESTATION_DIGEST for a pack with other bytes, ATTESTATION_MISSING for one that is too short or not there', async () => {
  const [pack = ''] = packsIn(ten);
  const ref = refOf(ten, '0.1.7');
  const bytes = ten.tree.get(pack) as Uint8Array;
  const offset = ref?.pack?.offset ?? 0;
  const outcome = (tree: Map<string, Uint8Array>) => {
    tree.delete(`attestations/${ref?.sha256}.json`);
    const client = clientOf((path) => tree.get(path), rootOf(ten), { store: memoryStore(), now: later(10 * HOUR) });
    return codeOf(() => client.install(`${PLUGIN}@0.1.7`).then(() => 'installed'));
  };
  expect(await outcome(new Map(ten.tree))).toEqual({ accepted: 'installed' });
  const flipped = bytes.slice();
  flipped[offset + 10] = (flipped[offset + 10] ?? 0) ^ 1;
  expect(await outcome(new Map(ten.tree).set(pack, flipped))).toBe('ATTESTATION_DIGEST');
  expect(await outcome(new Map(ten.tree).set(pack, bytes.slice(0, offset + 5)))).toBe('ATTESTATION_DIGEST');
  const without = new Map(ten.tree);
  without.delete(pack);
  expect(await outcome(without)).toBe('ATTESTATION_MISSING');
});

/** As it is served once no document that names them loose is left. */
const packedAlone = (): Map<string, Uint8Array> => {
  const tree = new Map(ten.tree);
  for (const { attestations } of ten.documents.flatMap(({ releases }) => releases)) {
    const { publisher, registry: mark, analyses, runs } = attestations;
    for (const ref of [publisher, mark, ...analyses, ...runs])
      if (ref?.pack !== undefined) tree.delete(`attestations/${ref.sha256}.json`);
  }
  return tree;
};

test('what is packed is carried in a tar and installed at the other end', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plugmark-packs-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFiles(join(folder, 'tree'), packedAlone());
  await writeFiles(folder, [['root.json', rootOf(ten)]]);
  const run = (...argv: string[]) => runCommand([...argv, '--root', 'root.json'], folder, later(10 * HOUR));
  const exported = await run('export', '--registry', 'tree', '--out', 'carried.tar');
  const imported = await run('import', 'carried.tar', '--to', 'imported');
  expect([exported.stderr.includes('['), exported.exit, imported.exit]).toEqual([false, 0, 0]);
  const carried = await readFolder(join(folder, 'imported'));
  expect([...carried.keys()].filter((path) => path.startsWith('attestations/packs/'))).toEqual(packsIn(ten));
  const client = clientOf((path) => carried.get(path), rootOf(ten), { now: later(10 * HOUR) });
  expect((await client.install(`${PLUGIN}@0.1.0`)).publisher.state).toBe('verified');
});

test('an institution takes over what is packed', async () => {
  const lab = await makeLab({ ...ten, tree: packedAlone() });
  onTestFinished(() => lab.remove());
  await lab.approve(PLUGIN, { kind: 'exact', version: '0.1.0' });
  const { taken, refused } = await lab.sync(later(10 * HOUR));
  expect([refused, taken]).toMatchObject([[], [{ plugin: PLUGIN, version: '0.1.0', change: 'new' }]]);
});

test('a comparison finds who signed what is packed', async () => {
  const tree = packedAlone();
  const document = ten.documents.find(({ plugin }) => plugin === PLUGIN) as PackageDocument;
  const signer = await readSigner(document, releaseOf(ten, PLUGIN, '0.1.0') as DocumentRelease, async (path) => {
    const bytes = tree.get(path);
    if (bytes === undefined) throw new Error(`${path} answered 404`);
    return bytes;
  });
  expect(signer.state).toBe('verified');
});

test('a build of what changed packs the same', async () => {
  const now = later(10 * HOUR);
  const made = (await update({ registry, previous: nine, offline: ten.offline, now })) as Update;
  const sorted = new Map([...registry.files].sort(([a], [b]) => (a < b ? -1 : 1)));
  const folder = sourceFolder(sorted);
  const views = await updateViews({ folder, offline: ten.offline, update: made, tree: lazyTree(nine.tree) });
  expect(digests(applied(nine.ledger, made.ledger))).toEqual(digests(ten.ledger));
  expect(digests(applied(nine.tree, made.tree, views as Update['tree']))).toEqual(digests(ten.tree));
});
