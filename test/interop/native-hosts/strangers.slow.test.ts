// Other people's tools on what we publish. Each accepts all of it, and each refuses the same things once they were changed: a tool that
// accepts everything would say nothing. What is not on this machine is named and skipped.
import { createPublicKey } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderCycloneDx, renderSarif } from '@plugmark/analysis';
import type { FileTree } from '@plugmark/publish';
import { AnalysisReport, CosignKeys, PackageDocument, parseCanonical } from '@plugmark/schemas';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Updater } from 'tuf-js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cycloneDxValidator, sarifValidator } from '../../testkit/official-schemas.ts';
import { type RegistryServer, serveTree } from '../../testkit/registry-server.ts';
import { builtRegistry, newestRoot } from './built-registry.ts';
import { recorded, type ToolResult } from './interop-results.ts';
import { hostPython, REPOSITORY, run } from './native-host.ts';

const A_WHILE = 1_200_000;
const OSV = 'github.com/ossf/osv-schema@v1.9.0';
const COSIGN = process.env['PLUGMARK_COSIGN'] ?? join(process.env['HOME'] ?? '', 'go/bin/cosign');
const SCRIPT = join(REPOSITORY, 'test/interop/native-hosts/python_tuf.py');

let tree: FileTree;
let server: RegistryServer;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugmark-strangers-'));
  tree = await builtRegistry();
  server = await serveTree(tree);
}, A_WHILE);
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** Fails unless the tool took everything, refused as many, and both are what the documentation says. */
function settle(name: string, result: ToolResult): void {
  expect(result.accepted).toBeGreaterThan(0);
  expect(result.refused.count).toBe(result.accepted);
  expect(result).toEqual(recorded('tools', name, result));
}

const version = async (name: string): Promise<string> =>
  JSON.parse(await readFile(join(REPOSITORY, `node_modules/${name}/package.json`), 'utf8')).version;

/** Every target that any role lists. */
function listedTargets(): string[] {
  const paths = [...tree].flatMap(([path, bytes]) => {
    if (!/^metadata\/\d+\.(?!root|snapshot)/.test(path)) return [];
    return Object.keys(JSON.parse(new TextDecoder().decode(bytes)).signed.targets as object);
  });
  return [...new Set(paths)].sort();
}

const documents = (): PackageDocument[] =>
  [...tree].flatMap(([path, bytes]) =>
    path.startsWith('v1/plugins/') ? [parseCanonical(PackageDocument, bytes, path)] : [],
  );

test('tuf-js downloads every target', { timeout: A_WHILE }, async () => {
  await writeFile(join(folder, 'root.json'), await readFile(await newestRoot()));
  const directories = { metadataDir: folder, targetDir: folder };
  const urls = { metadataBaseUrl: `${server.url}metadata`, targetBaseUrl: `${server.url}targets` };
  const updater = new Updater({ ...directories, ...urls });
  await updater.refresh();
  const counts = { accepted: 0, refused: 0 };
  for (const path of listedTargets()) {
    const info = await updater.getTargetInfo(path);
    if (info === undefined) throw new Error(`${path} is not found`);
    await updater.downloadTarget(info, join(folder, 'target'));
    counts.accepted += 1;
    server.tree = withTurnedBit(tree, servedName(path));
    counts.refused += await updater.downloadTarget(info, join(folder, 'other')).then(
      () => 0,
      () => 1,
    );
    server.tree = tree;
  }
  const refused = { what: 'each with a bit turned', count: counts.refused };
  settle('tuf-js', {
    tool: 'tuf-js',
    version: await version('tuf-js'),
    reads: 'every TUF target, from the first root',
    accepted: counts.accepted,
    refused,
  });
});

/** The served path of a target, whose digest is in its name. */
function servedName(path: string): string {
  const name = path.split('/').at(-1) ?? '';
  const folderOf = `targets/${path.slice(0, path.length - name.length)}`;
  const found = [...tree.keys()].find(
    (key) => key.startsWith(folderOf) && key.slice(folderOf.length + 64) === `.${name}`,
  );
  if (found === undefined) throw new Error(`${path} is not served`);
  return found;
}

function withTurnedBit(files: FileTree, path: string): FileTree {
  const bytes = Uint8Array.from(files.get(path) ?? []);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  return new Map([...files, [path, bytes]]);
}

const python = hostPython();
test.skipIf(python === undefined)(
  python === undefined
    ? 'python-tuf: run the hosts first, which make its environment'
    : 'python-tuf downloads every target',
  { timeout: A_WHILE },
  async () => {
    const [listed, kept] = [join(folder, 'targets.json'), await mkdtemp(join(folder, 'python-'))];
    await writeFile(listed, JSON.stringify(listedTargets()));
    const { stdout } = await run(python ?? '', [SCRIPT, server.url, await newestRoot(), kept, listed]);
    const said = JSON.parse(stdout) as { version: string; accepted: number; refused: number };
    expect(said.accepted).toBe(listedTargets().length);
    settle('python-tuf', {
      tool: 'python-tuf',
      version: said.version,
      reads: 'every TUF target, from the first root',
      accepted: said.accepted,
      refused: { what: 'each with a bit turned', count: said.refused },
    });
  },
);

const cosignProblem = existsSync(COSIGN)
  ? undefined
  : 'no cosign: go install github.com/sigstore/cosign/v3/cmd/cosign@v3.0.2, or PLUGMARK_COSIGN';
test.skipIf(cosignProblem)(
  cosignProblem ?? 'cosign verifies every bundle that a key signed',
  { timeout: A_WHILE },
  async () => {
    const cosign = parseCanonical(CosignKeys, tree.get('v1/cosign-keys.json') as Uint8Array, 'cosign-keys');
    const counts = { accepted: 0, refused: 0 };
    for (const { publisher, releases } of documents())
      for (const { release, attestations } of releases)
        for (const [ref, identities, type] of [
          [attestations.publisher, publisher.identities, 'https://plugmark.github.io/attestation/publish/v1'],
          [attestations.registry, cosign.identities, 'https://slsa.dev/verification_summary/v1'],
        ] as const) {
          if (ref === undefined) continue;
          const bundle = tree.get(`attestations/${ref.sha256}.json`) as Uint8Array;
          const hint = JSON.parse(new TextDecoder().decode(bundle)).verificationMaterial.publicKey?.hint;
          const key = identities.find((identity) => identity.kind === 'key' && identity.keyId === hint);
          if (key?.kind !== 'key') continue;
          const files = await laidOut(bundle, key.publicKey, release.artifact);
          counts.accepted += await verifiedByCosign({ ...files, type });
          counts.refused += 1 - (await verifiedByCosign({ ...files, type, artifact: files.changed }));
        }
    const { stdout } = await run(COSIGN, ['version', '--json']);
    settle('cosign', {
      tool: 'cosign verify-blob-attestation',
      version: (JSON.parse(stdout) as { gitVersion: string }).gitVersion,
      reads: "every publisher's mark and co-signature made with a key",
      accepted: counts.accepted,
      refused: { what: 'each over an artifact with a bit turned', count: counts.refused },
    });
  },
);

interface CosignFiles {
  readonly bundle: string;
  readonly key: string;
  readonly artifact: string;
  readonly changed: string;
}

async function laidOut(
  bundle: Uint8Array,
  publicKey: string,
  { kind, sha256 }: { readonly kind: string; readonly sha256: string },
): Promise<CosignFiles> {
  const at = (name: string): string => join(folder, name);
  const bytes = tree.get(`blobs/sha256/${sha256}.${kind === 'process' ? 'zip' : 'wasm'}`) as Uint8Array;
  const changed = Uint8Array.from(bytes);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  const files = { bundle: at('bundle.json'), key: at('key.pem'), artifact: at('artifact'), changed: at('changed') };
  await writeFile(files.bundle, bundle);
  await writeFile(files.key, key.export({ format: 'pem', type: 'spki' }));
  await writeFile(files.artifact, bytes);
  await writeFile(files.changed, changed);
  return files;
}

/** 1 when it was accepted; 0 when cosign said no. No log has these signatures: keys need none. */
const verifiedByCosign = ({
  bundle,
  key,
  artifact,
  type,
}: Omit<CosignFiles, 'changed'> & { type: string }): Promise<number> =>
  run(COSIGN, [
    'verify-blob-attestation',
    '--bundle',
    bundle,
    '--key',
    key,
    '--type',
    type,
    '--insecure-ignore-tlog',
    artifact,
  ]).then(
    () => 1,
    () => 0,
  );

const osvFolder = await run('go', ['mod', 'download', '-json', OSV], tmpdir()).then(
  ({ stdout }) => (JSON.parse(stdout) as { Dir: string }).Dir,
  () => undefined,
);
test.skipIf(osvFolder === undefined)(
  osvFolder === undefined ? `OSV: no Go, or its module proxy is out of reach` : 'advisories are valid OSV',
  async () => {
    const schema = JSON.parse(await readFile(join(osvFolder ?? '', 'validation/schema.json'), 'utf8'));
    const valid = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
    const served = [...tree].filter(([path]) => path.startsWith('v1/advisories/'));
    const example = await readFile(join(REPOSITORY, 'schemas/examples/advisory.json'));
    const values = [...served.map(([, bytes]) => bytes), example].map((bytes) =>
      JSON.parse(new TextDecoder().decode(bytes)),
    );
    for (const value of values) expect([value.id, valid(value), valid.errors]).toEqual([value.id, true, null]);
    settle('osv', {
      tool: 'OSV schema',
      version: OSV.split('@v')[1] ?? '',
      reads: 'advisories',
      accepted: values.length,
      refused: { what: 'each without its id', count: values.filter(({ id: _, ...rest }) => !valid(rest)).length },
    });
  },
);

test('reports are valid SARIF', { timeout: A_WHILE }, async () => {
  const problems = sarifValidator();
  const digests = documents().flatMap(({ releases }) =>
    releases.flatMap(({ attestations }) => attestations.analyses.map(({ sha256 }) => sha256)),
  );
  const counts = { accepted: 0, refused: 0 };
  for (const digest of digests) {
    const report = parseCanonical(AnalysisReport, tree.get(`attestations/${digest}.json`) as Uint8Array, digest);
    const log = JSON.parse(await renderSarif(report));
    expect([digest, problems(log)]).toEqual([digest, []]);
    counts.accepted += 1;
    counts.refused += problems({ ...log, runs: [{ ...log.runs[0], tool: {} }] }).length > 0 ? 1 : 0;
  }
  settle('sarif', {
    tool: 'SARIF 2.1.0 schema of the Microsoft SDK',
    version: await version('@microsoft/jest-sarif'),
    reads: 'the analysis report of every release, as SARIF',
    accepted: counts.accepted,
    refused: { what: 'each without its driver', count: counts.refused },
  });
});

test('bills of materials are valid CycloneDX', { timeout: A_WHILE }, async () => {
  const problems = cycloneDxValidator();
  const blobs = [...tree].filter(([path]) => path.startsWith('blobs/'));
  const counts = { accepted: 0, refused: 0 };
  for (const [path, bytes] of blobs) {
    const bill = JSON.parse(await renderCycloneDx(bytes));
    expect([path, problems(bill)]).toEqual([path, []]);
    counts.accepted += 1;
    counts.refused += problems({ ...bill, bomFormat: 'other' }).length > 0 ? 1 : 0;
  }
  settle('cyclonedx', {
    tool: 'CycloneDX 1.6 schema of its own library',
    version: await version('@cyclonedx/cyclonedx-library'),
    reads: 'the bill of materials of every artifact',
    accepted: counts.accepted,
    refused: { what: 'each of another format', count: counts.refused },
  });
});
