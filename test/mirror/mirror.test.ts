// An institution takes over approved releases of an upstream, publishes them under its own keys, and its clients know nothing but its
// root. Real builds on both sides, the command's own code between them.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { memoryStore } from '@plugmark/client';
import { readFolder, sha256 } from '@plugmark/publish';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LAB, type Lab, makeLab, UPSTREAM } from '../testkit/institution.ts';
import {
  type Built,
  build,
  clientOf,
  codeOf,
  DAY,
  digests,
  HOUR,
  later,
  NOW,
  releaseOf,
  rootOf,
} from '../testkit/office.ts';
import { type Json, smallRegistry } from '../testkit/registry-folder.ts';

let upstream: Built;
let lab: Lab;
beforeAll(async () => {
  upstream = await build(await smallRegistry());
  lab = await makeLab(upstream);
});
afterAll(() => lab.remove());

const clientAt = ({ tree }: Built, root: Uint8Array, now = later(HOUR)) =>
  clientOf((path) => tree.get(path), root, { store: memoryStore(), now });

const payload = (bundle: Uint8Array | undefined): Json =>
  JSON.parse(Buffer.from(JSON.parse(new TextDecoder().decode(bundle)).dsseEnvelope.payload, 'base64').toString());

let first: Built;
test('approved releases are taken over, co-signed here, and installed from the institution’s root alone', async () => {
  await lab.approve('acme/thing', { kind: 'exact', version: '1.0.0' });
  await lab.approve('acme/thing', { kind: 'exact', version: '1.1.0' });
  await lab.approve('indie/tool', { kind: 'exact', version: '0.1.0' });
  const report = await lab.sync();
  expect(report.refused).toEqual([]);
  expect(report.taken.map(({ plugin, version, change, verdict }) => [plugin, version, change, verdict])).toEqual([
    ['acme/thing', '1.0.0', 'new', 'pass'],
    ['acme/thing', '1.1.0', 'new', 'pass'],
    ['indie/tool', '0.1.0', 'new', 'pass'],
  ]);
  first = await lab.build();
  expect(first.refusals).toEqual([]);
  const client = clientAt(first, rootOf(first));
  const installed = await client.install('acme/thing');
  expect([installed.version, installed.tier, installed.publisher.state, installed.registry.state]).toEqual([
    '1.1.0',
    'verified',
    'verified',
    'verified',
  ]);
  expect((await client.install('indie/tool')).tier).toBe('community');
  expect(await codeOf(() => client.install('acme/other'))).toBe('PLUGIN_UNKNOWN');
  expect(await codeOf(() => clientAt(first, rootOf(upstream)).install('acme/thing'))).toBe('METADATA_SIGNATURE');
});

test('the document names its origin, and the co-signature what upstream signed', async () => {
  const { origin, registry } = first.documents.find(({ plugin }) => plugin === 'acme/thing') ?? {};
  expect([registry, origin]).toEqual([LAB, { registryId: UPSTREAM, rootSha256: sha256(rootOf(upstream)) }]);
  const { attestations } = releaseOf(first, 'acme/thing', '1.1.0') ?? {};
  const theirs = releaseOf(upstream, 'acme/thing', '1.1.0')?.attestations;
  expect([attestations?.publisher.sha256, attestations?.upstream?.sha256]).toEqual([
    theirs?.publisher.sha256,
    theirs?.registry?.sha256,
  ]);
  const statement = payload(first.tree.get(`attestations/${attestations?.registry?.sha256}.json`));
  expect(statement.predicate.verifier.id).toBe(`plugmark:${LAB}`);
  expect(statement.predicate.inputAttestations.slice(0, 2)).toEqual([
    { uri: 'publisher.sigstore.json', digest: { sha256: theirs?.publisher.sha256 } },
    { uri: 'upstream.sigstore.json', digest: { sha256: theirs?.registry?.sha256 } },
  ]);
  expect(first.tree.has(`attestations/${theirs?.registry?.sha256}.json`)).toBe(true);
});

test('a second sync changes no file, and a second build no byte', async () => {
  const before = digests(await readFolder(lab.data));
  const report = await lab.sync(later(HOUR));
  expect(report.taken.map(({ change }) => change)).toEqual(['kept', 'kept', 'kept']);
  expect(digests(await readFolder(lab.data))).toEqual(before);
  const again = await lab.build({ previous: first, offline: first.offline });
  expect(digests(again.tree)).toEqual(digests(first.tree));
});

test('bytes that were lost are fetched again and verified', async () => {
  const artifacts = join(lab.folder, 'artifacts');
  const whole = digests(await readFolder(artifacts));
  const [some = '', other = ''] = Object.keys(whole);
  await rm(join(artifacts, some));
  await writeFile(join(artifacts, other), 'half');
  const report = await lab.sync(later(HOUR));
  expect(report.taken.map(({ change }) => change).sort()).toEqual(['kept', 'updated', 'updated']);
  expect(digests(await readFolder(artifacts))).toEqual(whole);
});

test('an approval that has ended is not outlived, although nobody synced', async () => {
  const ending = await makeLab(upstream);
  await ending.approve('acme/thing', { kind: 'exact', expires: '2026-06-10T00:00:00Z' });
  await ending.sync();
  const built = await ending.build();
  const after = await ending.build({ previous: built, now: later(10 * DAY) });
  expect(releaseOf(built, 'acme/thing', '1.0.0')?.status).toEqual({ state: 'active' });
  expect(releaseOf(after, 'acme/thing', '1.0.0')?.status).toEqual({
    state: 'yanked',
    since: '2026-06-10T00:00:00Z',
    reasonCode: 'withdrawn',
    reason: 'Its approval for this registry ended 2026-06-10T00:00:00Z.',
  });
  expect(await codeOf(() => clientAt(after, rootOf(built), later(10 * DAY)).install('acme/thing'))).toBe('NO_RELEASE');
  expect(NOW.getTime()).toBeLessThan(Date.parse('2026-06-10T00:00:00Z'));
  await ending.remove();
});
