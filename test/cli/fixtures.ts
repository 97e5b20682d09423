// What transcripts start from: real bytes from npm, the example plugins as they are built, and a small registry built from them by the
// command itself. Made once for a test file.

import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sealKey } from '@plugmark/publish';
import type { Io } from '../../tools/cli/src/io.ts';
import { main } from '../../tools/cli/src/main.ts';
import { buildPlugins, EXAMPLE_ARTIFACTS } from '../testkit/build-plugins.ts';
import { runProcess } from '../testkit/run-process.ts';
import { ed25519Key } from '../testkit/test-keys.ts';
import { zipArchive } from '../testkit/zip-builder.ts';

export const REPOSITORY: string = fileURLToPath(new URL('../..', import.meta.url));
/** After every release of the examples was signed. */
const NOW: Date = new Date('2026-11-25T12:00:00Z');
/** Own plugins of the small registry that transcripts use. */
const KEPT: readonly string[] = ['spectral-entropy', 'velocity-curve'];
const DPRINT = join(REPOSITORY, 'node_modules/@dprint/json/plugin.wasm');

export interface Captured {
  readonly io: Io;
  readonly out: () => string;
  readonly err: () => string;
}

export function captured(cwd: string, env: Record<string, string> = {}): Captured {
  const [out, err]: [string[], string[]] = [[], []];
  const io: Io = {
    stdout: { write: (text: string) => out.push(text) },
    stderr: { write: (text: string) => err.push(text) },
    cwd,
    env: { COLUMNS: '80', ...env },
    now: () => NOW,
    fetch,
    sleep: async () => undefined,
  };
  return { io, out: () => out.join(''), err: () => err.join('') };
}

/** A folder with registry/ (three plugins), artifacts/, tree/, root.json, and other/ with the root of another registry. */
export async function makeBase(): Promise<string> {
  const base = await mkdtemp(join(tmpdir(), 'plugmark-cli-'));
  const built = await buildPlugins(EXAMPLE_ARTIFACTS);
  for (const { plugin, version, file } of built) {
    await mkdir(join(base, 'built'), { recursive: true });
    await cp(file, join(base, 'built', `${plugin.split('/')[1]}-${version}${extname(file)}`));
  }
  await cp(EXAMPLE_ARTIFACTS, join(base, '.plugmark/dev/artifacts'), { recursive: true });
  await cp(join(REPOSITORY, 'registry'), join(base, 'registry'), { recursive: true });
  const plugins = join(base, 'registry/plugins');
  for (const name of await readdir(join(plugins, 'plugmark-examples'))) {
    if (!KEPT.includes(name)) await rm(join(plugins, 'plugmark-examples', name), { recursive: true });
  }
  await rm(join(plugins, 'third-party-examples'), { recursive: true });
  // Whether there are containers here is this machine's matter.
  const policy = join(base, 'registry/policy.json');
  const rules = JSON.parse(await readFile(policy, 'utf8')) as { sandbox: { requiredLayers: string[] } };
  await writeFile(policy, JSON.stringify({ ...rules, sandbox: { requiredLayers: [] } }));
  await build(base, 'tree');
  await cp(join(base, '.plugmark/dev/trust/metadata/1.root.json'), join(base, 'root.json'));
  await mkdir(join(base, 'other'));
  await cp(join(base, 'registry'), join(base, 'other/registry'), { recursive: true });
  await cp(join(base, '.plugmark/dev/artifacts'), join(base, 'other/.plugmark/dev/artifacts'), { recursive: true });
  await build(join(base, 'other'), 'tree');
  await cp(join(base, 'other/.plugmark/dev/trust/metadata/1.root.json'), join(base, 'other-root.json'));
  return base;
}

async function build(folder: string, out: string): Promise<void> {
  const { io, err } = captured(folder);
  const run = await main(['registry', 'run', '--out', '.plugmark/runs'], io);
  const exit = run === 0 ? await main(['registry', 'build', '--out', out, '--runs', '.plugmark/runs'], io) : run;
  if (exit !== 0) throw new Error(`the fixture registry does not build:\n${err()}`);
}

const pem = (type: 'rsa'): string =>
  generateKeyPairSync(type, { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

async function plugin(
  base: string,
  folder: string,
  { name, source, bytes, file = `${name}.wasm` }: { name: string; source: string; bytes: string; file?: string },
): Promise<void> {
  await cp(join(REPOSITORY, 'test/plugins', source), join(folder, name), { recursive: true });
  await cp(join(base, 'built', bytes), join(folder, name, file));
}

type Fixture = (base: string, folder: string) => Promise<void>;

export const FIXTURES: Readonly<Record<string, Fixture>> = {
  'dprint.wasm': async (_, folder) => cp(DPRINT, join(folder, 'dprint.wasm')),
  'truncated.wasm': async (_, folder) =>
    writeFile(join(folder, 'truncated.wasm'), (await readFile(DPRINT)).subarray(0, 1000)),
  'empty.wasm': async (_, folder) => writeFile(join(folder, 'empty.wasm'), ''),
  'empty-folder': async (_, folder) => void (await mkdir(join(folder, 'empty-folder'))),
  'velocity-curve': async (base, folder) =>
    plugin(base, folder, { name: 'velocity-curve', source: 'velocity-curve', bytes: 'velocity-curve-1.0.0.wasm' }),
  'spectral-entropy': async (base, folder) =>
    plugin(base, folder, {
      name: 'spectral-entropy',
      source: 'spectral-entropy/1.0.0',
      bytes: 'spectral-entropy-1.0.0.wasm',
    }),
  'spectral-entropy-1.1.0': async (base, folder) =>
    plugin(base, folder, {
      name: 'spectral-entropy-1.1.0',
      source: 'spectral-entropy/1.1.0',
      bytes: 'spectral-entropy-1.1.0.wasm',
      file: 'spectral-entropy.wasm',
    }),
  'velocity-curve.wasm': async (base, folder) =>
    cp(join(base, 'built/velocity-curve-1.0.0.wasm'), join(folder, 'velocity-curve.wasm')),
  'text-statistics': async (base, folder) =>
    plugin(base, folder, {
      name: 'text-statistics',
      source: 'text-statistics',
      bytes: 'text-statistics-1.0.0.zip',
      file: 'text-statistics.zip',
    }),
  'text-statistics.zip': async (base, folder) =>
    cp(join(base, 'built/text-statistics-1.0.0.zip'), join(folder, 'text-statistics.zip')),
  zips: async (_, folder) => {
    const manifest = { name: 'T', version: '1.0.0', id: 'acme/t', capabilities: [], entry_point: 'main.py' };
    const files = [
      { name: 'main.py', content: 'print(2)\n' },
      { name: 'plugin.json', content: JSON.stringify(manifest) },
    ];
    const zips = {
      'other.zip': zipArchive(files),
      'outside.zip': zipArchive([...files, { name: '../../.bashrc', content: 'x' }]),
      'folder.zip': zipArchive(files.map((item) => ({ ...item, name: `t/${item.name}` }))),
      'cut.zip': zipArchive(files).subarray(0, 120),
    };
    for (const [name, bytes] of Object.entries(zips)) await writeFile(join(folder, name), bytes);
  },
  tree: async (base, folder) => {
    await cp(join(base, 'tree'), join(folder, 'tree'), { recursive: true });
    await cp(join(base, 'root.json'), join(folder, 'root.json'));
    await cp(join(base, 'other-root.json'), join(folder, 'other-root.json'));
  },
  registry: async (base, folder) => cp(join(base, 'registry'), join(folder, 'registry'), { recursive: true }),
  // As somebody has it who forked the repository.
  fork: async (base, folder) => cp(join(base, 'registry'), join(folder, 'fork/registry'), { recursive: true }),
  // An institution whose upstream is the registry of the fixture `tree`, and which has no plugin of its own.
  lab: async (base, folder) => {
    await cp(join(base, 'registry'), join(folder, 'registry'), { recursive: true });
    for (const name of ['plugins', 'publishers']) await rm(join(folder, 'registry', name), { recursive: true });
    const root = await readFile(join(base, 'root.json'));
    const path = join(folder, 'registry/registry.json');
    const registry = JSON.parse(await readFile(path, 'utf8')) as object;
    const sha256 = createHash('sha256').update(root).digest('hex');
    const upstream = { id: 'plugmark', url: 'https://plugmark.invalid/', root: { version: 1, sha256 }, namespaces: [] };
    await writeFile(path, JSON.stringify({ ...registry, id: 'lab.example', title: 'Lab', upstreams: [upstream] }));
    await mkdir(join(folder, 'registry/upstreams'));
    await writeFile(join(folder, 'registry/upstreams/plugmark.root.json'), root);
  },
  'cut.tar': async (_, folder) => writeFile(join(folder, 'cut.tar'), Buffer.alloc(700, 'a')),
  artifacts: async (base, folder) =>
    cp(join(base, '.plugmark/dev/artifacts'), join(folder, '.plugmark/dev/artifacts'), { recursive: true }),
  'acme.pem': async (_, folder) =>
    writeFile(
      join(folder, 'acme.pem'),
      ed25519Key('cli-transcripts').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ),
  // Sealed with `correct horse battery`; at a lower cost than real ones, so that the test is quick.
  'acme.key.json': async (_, folder) => {
    const pem = ed25519Key('cli-transcripts').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await writeFile(join(folder, 'acme.key.json'), sealKey(pem, 'correct horse battery', { logN: 14 }));
    await writeFile(join(folder, 'passphrase.txt'), 'correct horse battery\n');
    await writeFile(join(folder, 'wrong.txt'), 'wrong horse battery\n');
  },
  // The registry's own workflow co-signs.
  'keyless-registry': async (base, folder) => {
    await cp(join(base, 'registry'), join(folder, 'registry'), { recursive: true });
    const path = join(folder, 'registry/registry.json');
    const registry = JSON.parse(await readFile(path, 'utf8')) as object;
    const workflow = 'https://github.com/plugmark/registry/.github/workflows/publish.yml@refs/heads/main';
    const issuer = 'https://token.actions.githubusercontent.com';
    const cosign = { mode: 'keyless', issuer, subject: workflow, repositoryId: '4711' };
    await writeFile(path, JSON.stringify({ ...registry, cosign }));
  },
  'acme.pub': async (_, folder) =>
    writeFile(
      join(folder, 'acme.pub'),
      createPublicKey(ed25519Key('cli-transcripts').privateKey).export({ type: 'spki', format: 'pem' }),
    ),
  'rsa.pub': async (_, folder) =>
    writeFile(join(folder, 'rsa.pub'), createPublicKey(pem('rsa')).export({ type: 'spki', format: 'pem' })),
  'acme.json': async (_, folder) => {
    const { keyId, spki } = ed25519Key('cli-transcripts');
    const publicKey = Buffer.from(spki).toString('base64');
    const identity = { kind: 'key', algorithm: 'ed25519', keyId, publicKey, from: '2026-11-01T00:00:00Z' };
    await writeFile(join(folder, 'acme.json'), JSON.stringify(identity));
  },
  'plugmark-examples.json': async (base, folder) =>
    cp(join(base, 'registry/publishers/plugmark-examples.json'), join(folder, 'plugmark-examples.json')),
  // A registry's own keys; Ed25519, whose signatures are the same each time.
  'office-keys': async (_, folder) => {
    await mkdir(join(folder, 'keys'));
    for (const name of ['root', 'second-root', 'targets', 'revocations', 'online', 'new-online', 'cosign'])
      await writeFile(
        join(folder, 'keys', `${name}.pem`),
        ed25519Key(`cli ${name}`).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      );
  },
  'remote.git': async (_, folder) =>
    void (await runProcess('git', ['init', '--quiet', '--bare', 'remote.git'], folder)),
  ledger: async (base, folder) => cp(join(base, '.plugmark/dev/ledger'), join(folder, 'new'), { recursive: true }),
  'encrypted.pem': async (_, folder) =>
    writeFile(
      join(folder, 'encrypted.pem'),
      ed25519Key('cli-transcripts')
        .privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
        .toString(),
    ),
  'rsa.pem': async (_, folder) => writeFile(join(folder, 'rsa.pem'), pem('rsa')),
};
