// Makes registry/publishers and registry/plugins of the examples: builds each plugin, copies its folder beside the bytes, and signs
// it with the real command. Keys come from the public seed, so anybody can make the same files; they protect nothing.

import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { canonicalJson, type Listing, type Publisher } from '@plugmark/schemas';
import { parse as parseYaml } from 'yaml';
import { buildPlugins, PLUGIN_RECIPES, PROCESS_RECIPES } from './build-plugins.ts';
import { EXAMPLES, type Example } from './examples.ts';
import { ed25519Key, p256Key, type TestKey } from './test-keys.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const SINCE = '2026-11-20T00:00:00Z';

const PUBLISHERS = {
  'plugmark-examples': {
    title: 'Plugmark examples',
    summary:
      'Example plugins of this project, one for each host. Their signing key is public: they show how things work and protect nobody.',
    key: ed25519Key('plugmark-examples'),
    algorithm: 'ed25519',
    verified: { since: SINCE, by: 'the registry maintainers' },
  },
  'third-party-examples': {
    title: 'Third-party examples',
    summary:
      'Plugins that other projects publish on npm, listed unchanged to show real ones. This publisher wrote none of them; each listing says whose work it is. The signing key is public.',
    key: p256Key('third-party-examples'),
    algorithm: 'ecdsa-p256',
    verified: undefined,
  },
} as const;

/** Writes the examples' part of a registry folder; `artifacts` receives the built plugins by digest. */
export async function writeExampleRegistry(registry: string, artifacts: string): Promise<void> {
  const built = await buildPlugins(artifacts);
  const scratch = await mkdtemp(join(tmpdir(), 'plugmark-examples-'));
  try {
    for (const id of Object.keys(PUBLISHERS) as (keyof typeof PUBLISHERS)[])
      await writePublisher(registry, id, scratch);
    for (const example of EXAMPLES) {
      const bytes =
        example.npm === undefined
          ? builtFile(built, example)
          : join(REPOSITORY, 'node_modules', example.npm.name, example.npm.file);
      await writeRelease(registry, example, { bytes, scratch });
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function builtFile(built: Awaited<ReturnType<typeof buildPlugins>>, example: Example): string {
  const { plugin, version } = recipeOf(example);
  const found = built.find((item) => item.plugin === plugin && item.version === version);
  if (found === undefined) throw new Error(`${plugin} ${version} was not built`);
  return found.file;
}

function recipeOf({ folder }: Example): (typeof PROCESS_RECIPES)[number] {
  const recipe = [...PLUGIN_RECIPES, ...PROCESS_RECIPES].find((candidate) => candidate.folder === folder);
  if (recipe === undefined) throw new Error(`no recipe builds ${folder}`);
  return recipe;
}

async function writePublisher(registry: string, id: keyof typeof PUBLISHERS, scratch: string): Promise<void> {
  const { title, summary, key, algorithm, verified } = PUBLISHERS[id];
  const publisher: Publisher = {
    schemaVersion: 1,
    publisher: id,
    title,
    summary,
    owners: [],
    identities: [
      { kind: 'key', algorithm, keyId: key.keyId, publicKey: Buffer.from(key.spki).toString('base64'), from: SINCE },
    ],
    ...(verified === undefined ? {} : { verified }),
  };
  await writeJson(join(registry, 'publishers', `${id}.json`), publisher);
  await writeFile(join(scratch, `${id}.pem`), pemOf(key), { mode: 0o600 });
}

function pemOf({ privateKey }: TestKey): string {
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

async function writeRelease(
  registry: string,
  example: Example,
  { bytes, scratch }: { bytes: string; scratch: string },
): Promise<void> {
  const folder = join(scratch, example.folder);
  await cp(join(REPOSITORY, 'test/plugins', example.folder), folder, { recursive: true });
  const manifest = parseYaml(await readFile(join(folder, example.manifest), 'utf8')) as Manifest;
  await cp(bytes, join(folder, manifest.artifact));
  const out = join(registry, 'plugins', manifest.plugin, manifest.version);
  if (await isCurrent(out, folder, manifest)) return;
  const source =
    example.npm === undefined
      ? `workspace:test/plugins/${example.folder.split('/')[0]}`
      : `npm:${example.npm.name}@${manifest.version}#${example.npm.file}`;
  const key = join(scratch, `${manifest.plugin.split('/')[0]}.pem`);
  const command = [
    '--conditions=@plugmark/source',
    join(REPOSITORY, 'tools/cli/bin/plugmark.js'),
    'sign',
    folder,
    '--key',
    key,
    '--source',
    source,
    '--registry',
    registry,
    '--out',
    out,
    '--json',
  ];
  const { stdout } = await promisify(execFile)(process.execPath, command);
  process.stderr.write(stdout);
  await writeJson(join(registry, 'plugins', manifest.plugin, 'listing.json'), listingOf(manifest, example));
}

interface Manifest {
  readonly plugin: string;
  readonly version: string;
  readonly artifact: string;
  readonly title: string;
  readonly summary: string;
  readonly description?: string;
}

/** P-256 signatures differ each time, so a release whose content is unchanged is left alone. */
async function isCurrent(out: string, folder: string, manifest: Manifest): Promise<boolean> {
  const release = await readFile(join(out, 'release.json'), 'utf8').catch(() => undefined);
  if (release === undefined || process.env['BLESS'] !== undefined) return false;
  const { createHash } = await import('node:crypto');
  const digest = createHash('sha256')
    .update(await readFile(join(folder, manifest.artifact)))
    .digest('hex');
  return (JSON.parse(release) as { artifact: { sha256: string } }).artifact.sha256 === digest;
}

function listingOf({ plugin, title, summary, description }: Manifest, { listing }: Example): Listing {
  return {
    schemaVersion: 1,
    plugin,
    title,
    summary,
    ...(description === undefined ? {} : { description: description.trim() }),
    ...listing,
  };
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, `${JSON.stringify(JSON.parse(canonicalJson(value)), null, 2)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeExampleRegistry(join(REPOSITORY, 'registry'), join(REPOSITORY, '.plugmark/dev/artifacts'));
}
