// What the page "Run your own registry" starts from: the repository with its registry's trust signed, to be cloned, and that registry,
// built by the command and served on the loopback address, which the clone's own registry.json names.
import { cp, mkdir, mkdtemp, readdir, readFile, readlink, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Registry } from '@plugmark/schemas';
import { serveFolder } from '../../../tools/cli/src/static-server.ts';
import { buildPlugins } from '../../testkit/build-plugins.ts';
import { runCommand } from '../../testkit/run-command.ts';
import { runProcess } from '../../testkit/run-process.ts';
import { ed25519Key } from '../../testkit/test-keys.ts';
import { CHECKOUT } from './page-terminal.ts';

const ARTIFACTS = join(CHECKOUT, '.plugmark/test/artifacts');
const LOOK_AHEAD = '.github/workflows/look-ahead.yml';

export interface UpstreamWorld {
  /** Where the reader of the page sits: empty. */
  readonly scratch: string;
  /** A bare repository. */
  readonly repository: string;
  /** Where the registry is served. */
  readonly url: string;
  readonly root: Uint8Array;
  /** As registry.json of the checkout has them, and so the page. */
  readonly written: Pick<Registry, 'url'> & { readonly repository: string };
  close(): Promise<void>;
}

export async function makeUpstreamWorld(): Promise<UpstreamWorld> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'plugmark-page-')));
  const [scratch, upstream, repository] = [join(base, 'reader'), join(base, 'upstream'), join(base, 'registry.git')];
  for (const folder of [scratch, join(upstream, 'tree'), join(upstream, 'keys')])
    await mkdir(folder, { recursive: true });
  const server = await serveFolder({ folder: join(upstream, 'tree'), port: 0, base: '/registry/' });
  const written = await layOutUpstream(upstream, server.url);
  await signAndBuild(upstream);
  await bareRepository(repository, upstream);
  return {
    ...{ scratch, repository, written, url: server.url },
    root: await readFile(join(upstream, 'registry/trust/metadata/1.root.json')),
    close: async () => {
      await server.close();
      await rm(base, { recursive: true, force: true });
    },
  };
}

async function layOutUpstream(upstream: string, url: string): Promise<UpstreamWorld['written']> {
  await cp(join(CHECKOUT, 'registry'), join(upstream, 'registry'), { recursive: true });
  const file = join(upstream, 'registry/registry.json');
  const registry = JSON.parse(await readFile(file, 'utf8')) as Registry;
  await writeFile(file, `${JSON.stringify({ ...registry, url }, null, 2)}\n`);
  // `npm:` sources of the third-party examples are looked for beside the registry.
  await symlink(join(CHECKOUT, 'node_modules'), join(upstream, 'node_modules'));
  await mkdir(dirname(join(upstream, LOOK_AHEAD)), { recursive: true });
  const workflow = await readFile(join(CHECKOUT, LOOK_AHEAD), 'utf8');
  await writeFile(join(upstream, LOOK_AHEAD), workflow.replaceAll(registry.url, url));
  return { url: registry.url, repository: registry.repository ?? '' };
}

/** With keys of the seed: sealing them, which the page's own do, takes a second each. */
async function signAndBuild(upstream: string): Promise<void> {
  const holders = ['root', 'targets', 'revocations'].map(async (role) => {
    const pem = ed25519Key(`upstream ${role}`).privateKey.export({ type: 'pkcs8', format: 'pem' });
    await writeFile(join(upstream, `${role}.pem`), pem);
    return `${role}=${role}.pem`;
  });
  const plugmark = async (...argv: string[]): Promise<void> => {
    const { exit, stderr } = await runCommand(argv, upstream);
    if (exit !== 0) throw new Error(`${argv.join(' ')}\n${stderr}`);
  };
  await plugmark(
    'root',
    'init',
    '--registry',
    'registry',
    '--keys',
    'keys',
    '--holder',
    ...(await Promise.all(holders)),
  );
  await buildPlugins(ARTIFACTS);
  const places = ['--registry', 'registry', '--trust', 'registry/trust', '--keys', 'keys', '--ledger', 'ledger'];
  await plugmark('registry', 'build', ...places, '--artifacts', ARTIFACTS, '--out', 'tree');
}

/** The checkout's files, without test/ (seven thousand that no command reads), and registry/ as it was signed. */
async function bareRepository(repository: string, upstream: string): Promise<void> {
  await runProcess('git', ['init', '--quiet', '--bare', '--initial-branch', 'main', repository], upstream);
  const git = (workTree: string, ...args: string[]): Promise<string> =>
    runProcess('git', [...IDENTITY, '--git-dir', repository, '--work-tree', workTree, ...args], workTree);
  await git(CHECKOUT, 'add', '--', '.', ':!test');
  await git(upstream, 'add', '--force', '--', 'registry', '.github');
  await git(upstream, 'commit', '--quiet', '--message', 'the registry, signed');
}

const IDENTITY = ['-c', 'user.name=upstream', '-c', 'user.email=upstream@example.org', '-c', 'gc.auto=0'];

/** `node_modules` as `npm ci` would make it: other people's packages are links to the checkout's, ours are the clone's own. */
export async function linkedModules(folder: string): Promise<void> {
  const from = join(CHECKOUT, 'node_modules');
  await mkdir(folder);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const path = join(from, entry.name);
    if (entry.name === '.bin' || entry.name === '@plugmark') await copyLinks(path, join(folder, entry.name));
    else if (entry.isSymbolicLink()) await symlink(await readlink(path), join(folder, entry.name));
    else if (!entry.name.startsWith('.')) await symlink(path, join(folder, entry.name));
  }
}

async function copyLinks(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const name of await readdir(from)) await symlink(await readlink(join(from, name)), join(to, name));
}
