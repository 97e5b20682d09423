// The repository's own registry, built once and looked at by strangers: tuf-js and @sigstore/verify know nothing of this project and
// accept all of it; every document is of its schema; a fresh client and a second build agree.
import { createHash, createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { memoryStore, openRegistry } from '@plugmark/client';
import { type FileTree, readFolder } from '@plugmark/publish';
import {
  AnalysisReport,
  Bundle,
  CosignKeys,
  Index,
  LedgerEntry,
  LedgerHead,
  PackageDocument,
  PublishStatement,
  parseCanonical,
  Vector,
  VerificationSummary,
} from '@plugmark/schemas';
import { bundleFromJSON } from '@sigstore/bundle';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import { Updater } from 'tuf-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildPlugins, EXAMPLE_ARTIFACTS, PLUGIN_RECIPES } from '../testkit/build-plugins.ts';
import { EXAMPLES } from '../testkit/examples.ts';
import { digests, jsonOf } from '../testkit/office.ts';
import { OFFICE_KEYS, pemOf, writeFiles } from '../testkit/registry-folder.ts';
import { type Ended, runCommand } from '../testkit/run-command.ts';
import { OTHER_FILES, SERVED_SCHEMAS } from './served-schemas.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
// tuf-js reads the real clock, so the build must happen now; one instant for all of it.
const NOW = new Date();
let folder: string;
let tree: FileTree;
let root: Uint8Array;

const at = (name: string): string => join(folder, name);

function build(out: string, ledger: string): Promise<Ended> {
  const folders = ['--out', at(out), '--ledger', at(ledger), '--trust', at('trust'), '--keys', at('keys')];
  return runCommand(['registry', 'build', ...folders, '--artifacts', EXAMPLE_ARTIFACTS, '--json'], REPOSITORY, NOW);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plugmark-main-job-'));
  await buildPlugins(EXAMPLE_ARTIFACTS);
  await writeFiles(
    at('keys'),
    Object.entries(OFFICE_KEYS).map(([name, key]) => [`${name}.pem`, pemOf(key)] as const),
  );
  const { exit, stderr } = await build('out', 'ledger');
  expect([exit, exit === 0 ? '' : stderr]).toEqual([0, '']);
  tree = await readFolder(at('out'));
  root = tree.get('metadata/1.root.json') as Uint8Array;
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const documents = (): PackageDocument[] =>
  [...tree]
    .filter(([path]) => path.startsWith('v1/plugins/'))
    .map(([path, bytes]) => parseCanonical(PackageDocument, bytes, path));
const releases = () => documents().flatMap((document) => document.releases.map((release) => ({ document, release })));

test('the index lists every plugin of the repository, with its hosts', () => {
  const index = parseCanonical(Index, tree.get('v1/index.json') as Uint8Array, 'index');
  expect(index.plugins.length).toBeGreaterThanOrEqual(9);
  expect(new Set(index.plugins.flatMap(({ hosts }) => hosts)).size).toBeGreaterThanOrEqual(5);
  expect(index.plugins.map(({ plugin }) => plugin)).toEqual(documents().map(({ plugin }) => plugin));
  expect(releases().length).toBe(EXAMPLES.length);
  const own = new Set(PLUGIN_RECIPES.map(({ plugin }) => plugin));
  expect(
    [...own].every((plugin) => index.plugins.some((entry) => entry.plugin === plugin && entry.tier === 'verified')),
  ).toBe(true);
});

test('each release has its bytes, bundles and reports, under their digests', () => {
  for (const { release } of releases()) {
    const { registry, publisher, analyses } = release.attestations;
    for (const file of [publisher, ...analyses, ...(registry === undefined ? [] : [registry])]) {
      const bytes = tree.get(`attestations/${file.sha256}.json`);
      expect([
        bytes?.length,
        createHash('sha256')
          .update(bytes ?? '')
          .digest('hex'),
      ]).toEqual([file.size, file.sha256]);
    }
    const { kind, sha256, size } = release.release.artifact;
    const blob = tree.get(`blobs/sha256/${sha256}.${kind === 'process' ? 'zip' : 'wasm'}`);
    expect([
      blob?.length,
      createHash('sha256')
        .update(blob ?? '')
        .digest('hex'),
    ]).toEqual([size, sha256]);
    if (release.release.readme !== undefined)
      expect(tree.has(`readmes/${release.release.readme.sha256}.md`)).toBe(true);
    for (const vector of release.release.vectors) expect(tree.has(`vectors/${vector.sha256}.json`)).toBe(true);
    // A process is always for a person to look at.
    const verdict = kind === 'process' ? 'review' : 'pass';
    expect(release.analysis.map((summary) => summary.verdict)).toEqual(release.release.targets.map(() => verdict));
  }
});

describe('every file is of its schema and canonical', () => {
  test('views, documents, metadata', () => {
    const seen = new Set<number>();
    for (const [path, bytes] of tree) {
      const i = SERVED_SCHEMAS.findIndex(([pattern]) => pattern.test(path));
      expect([path, i >= 0 || OTHER_FILES.test(path)]).toEqual([path, true]);
      if (i >= 0) parseCanonical(SERVED_SCHEMAS[i]?.[1] as typeof Index, bytes, path);
      seen.add(i);
    }
    expect([...SERVED_SCHEMAS.keys()].filter((i) => !seen.has(i))).toEqual([]);
  });
  test('reports, statements and vectors', () => {
    for (const { release } of releases()) {
      const { registry, publisher, analyses } = release.attestations;
      const file = (sha256: string): Uint8Array => tree.get(`attestations/${sha256}.json`) as Uint8Array;
      for (const { sha256 } of analyses) parseCanonical(AnalysisReport, file(sha256), sha256);
      for (const [ref, schema] of [
        [publisher, PublishStatement],
        [registry, VerificationSummary],
      ] as const) {
        if (ref === undefined) continue;
        const { dsseEnvelope } = parseCanonical(Bundle, file(ref.sha256), ref.sha256) as {
          dsseEnvelope: { payload: string };
        };
        parseCanonical(schema as typeof PublishStatement, Buffer.from(dsseEnvelope.payload, 'base64'), ref.sha256);
      }
    }
    const vectors = [...tree].filter(([path]) => path.startsWith('vectors/'));
    expect(vectors.length).toBeGreaterThan(10);
    for (const [path, bytes] of vectors)
      expect([path, Vector.safeParse(JSON.parse(new TextDecoder().decode(bytes))).success]).toEqual([path, true]);
  });
  test('the ledger', async () => {
    const ledger = await readFolder(at('ledger'));
    expect(parseCanonical(LedgerHead, ledger.get('head.json') as Uint8Array, 'head').entries).toBe(releases().length);
    for (const [path, bytes] of ledger) if (path.startsWith('entries/')) parseCanonical(LedgerEntry, bytes, path);
  });
});

test('tuf-js, given the first root, downloads every target that is listed and accepts it', async () => {
  const server = createServer((request, response) => {
    const bytes = tree.get(decodeURIComponent((request.url ?? '').slice(1)));
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const directory = mkdtempSync(join(tmpdir(), 'plugmark-tuf-js-'));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    writeFileSync(join(directory, 'root.json'), root);
    const updater = new Updater({
      metadataDir: directory,
      metadataBaseUrl: `${base}/metadata`,
      targetDir: directory,
      targetBaseUrl: `${base}/targets`,
    });
    await updater.refresh();
    const listed = ['targets', 'documents', 'revocations'].flatMap((role) =>
      Object.keys(jsonOf(tree, `metadata/1.${role}.json`).signed.targets),
    );
    expect(listed.length).toBe(documents().length + 6 + 5);
    for (const path of listed) {
      const info = await updater.getTargetInfo(path);
      expect([path, info?.path]).toEqual([path, path]);
      if (info !== undefined)
        expect(readFileSync(await updater.downloadTarget(info, join(directory, 'target')), 'utf8').length).toBe(
          info.length,
        );
    }
    expect(await updater.getTargetInfo('plugins/nobody/nothing.json')).toBeUndefined();
  } finally {
    server.close();
    rmSync(directory, { recursive: true });
  }
});

test('@sigstore/verify accepts every publisher’s bundle and every co-signature with the keys that are listed', () => {
  const cosign = parseCanonical(CosignKeys, tree.get('v1/cosign-keys.json') as Uint8Array, 'cosign-keys');
  const count = { publisher: 0, registry: 0 };
  for (const { document, release } of releases()) {
    const { publisher, registry } = release.attestations;
    for (const [name, ref, identities] of [
      ['publisher', publisher, document.publisher.identities],
      ['registry', registry, cosign.identities],
    ] as const) {
      if (ref === undefined) continue;
      const keys = new Map(
        identities.flatMap((identity) =>
          identity.kind === 'key' ? [[identity.keyId, identity.publicKey] as const] : [],
        ),
      );
      const material = toTrustMaterial(
        { mediaType: '', tlogs: [], certificateAuthorities: [], ctlogs: [], timestampAuthorities: [] },
        (hint: string) => ({
          publicKey: createPublicKey({ key: Buffer.from(keys.get(hint) ?? '', 'base64'), format: 'der', type: 'spki' }),
          validFor: () => true,
        }),
      );
      const verifier = new Verifier(material, { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 });
      const bundle = bundleFromJSON(jsonOf(tree, `attestations/${ref.sha256}.json`));
      expect(verifier.verify(toSignedEntity(bundle)).key).toBeDefined();
      count[name]++;
    }
  }
  expect(count).toEqual({ publisher: EXAMPLES.length, registry: PLUGIN_RECIPES.length });
});

test('a fresh client with nothing but the root installs every release', async () => {
  const serve: typeof fetch = async (input) => {
    const bytes = tree.get(decodeURIComponent(new URL(String(input)).pathname.slice(1)));
    return new Response((bytes ?? null) as Uint8Array<ArrayBuffer> | null, {
      status: bytes === undefined ? 404 : 200,
      headers: { 'content-type': 'application/octet-stream' },
    });
  };
  const client = openRegistry({
    url: 'https://registry.example/',
    root,
    store: memoryStore(),
    fetch: serve,
    now: () => NOW,
    policy: { minimumReleaseAgeMinutes: 0 },
  });
  for (const { document, release } of releases()) {
    const installed = await client.install(`${document.plugin}@${release.release.version}`);
    expect(installed).toMatchObject({ sha256: release.release.artifact.sha256, publisher: { state: 'verified' } });
    expect(installed.registry.state).toBe(installed.tier === 'verified' ? 'verified' : 'notSigned');
    expect((await client.load(installed.sha256)).length).toBe(installed.size);
  }
});

test('a view that lies does not make a client believe it', async () => {
  const serve: typeof fetch = async (input) => {
    const path = decodeURIComponent(new URL(String(input)).pathname.slice(1));
    const bytes =
      path.startsWith('v1/') || path === 'search.json' ? new TextEncoder().encode('{"plugins":[]}') : tree.get(path);
    return new Response((bytes ?? null) as Uint8Array<ArrayBuffer> | null, {
      status: bytes === undefined ? 404 : 200,
      headers: { 'content-type': 'application/octet-stream' },
    });
  };
  const client = openRegistry({
    url: 'https://registry.example/',
    root,
    store: memoryStore(),
    fetch: serve,
    now: () => NOW,
    policy: { minimumReleaseAgeMinutes: 0 },
  });
  expect(await client.install('plugmark-examples/spectral-entropy')).toMatchObject({
    version: '1.1.0',
    tier: 'verified',
  });
});

test('a second run writes nothing', async () => {
  const { exit, stdout } = await build('out', 'ledger');
  expect([exit, JSON.parse(stdout)]).toMatchObject([0, { written: 0, removed: 0, unchanged: tree.size }]);
  expect(digests(await readFolder(at('out')))).toEqual(digests(tree));
});

test('from the same ledger, keys and trust another folder gets the same bytes', async () => {
  expect((await build('other', 'ledger')).exit).toBe(0);
  expect(digests(await readFolder(at('other')))).toEqual(digests(tree));
  expect((await build('scratch', 'scratch-ledger')).exit).toBe(0);
  expect(digests(await readFolder(at('scratch')))).toEqual(digests(tree));
  expect(digests(await readFolder(at('scratch-ledger')))).toEqual(digests(await readFolder(at('ledger'))));
}, 120_000);
