// registry/ where it is a clean checkout: git knows the id of every folder, so a build of what changed opens only what it needs. A file
// that git does not know, ignores or finds changed makes the checkout unclean, and then the folder is read whole.

import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileTree, readFolder, type SourceFolder, type SourcePart } from '@plugmark/publish';
import { CliError } from './cli-error.ts';
import type { Io } from './io.ts';
import { gitEnvironment, runGit } from './run-git.ts';

interface TreeEntry {
  readonly mode: string;
  readonly name: string;
  readonly id: string;
}

const FOLDER = '40000';

/** Undefined where the folder is in no checkout, or in one that is not clean. Throws SOURCE_UNEXPECTED, GIT_FAILED. */
export async function gitSource(io: Io, data: string): Promise<SourceFolder | undefined> {
  const at = await runGit(io, ['-C', data, 'rev-parse', '--verify', '--quiet', 'HEAD:./'], { mayFail: true });
  if (at.code !== 0) return undefined;
  const clean = ['status', '--porcelain', '--ignored', '--untracked-files=all', '--', '.'];
  if ((await runGit(io, ['-C', data, ...clean])).stdout !== '') return undefined;
  const [root = []] = await readTrees(io, data, [at.stdout.trim()]);
  const inner = async (name: string): Promise<TreeEntry[]> => {
    const id = root.find((entry) => entry.name === name && entry.mode === FOLDER)?.id;
    return id === undefined ? [] : ((await readTrees(io, data, [id]))[0] ?? []);
  };
  const [publishers, owners] = await Promise.all([inner('publishers'), inner('plugins')]);
  const folders = owners.filter(({ mode }) => mode === FOLDER);
  const plugins = await readTrees(
    io,
    data,
    folders.map(({ id }) => id),
  );
  const owned = folders.flatMap(({ name: owner }, i) =>
    (plugins[i] ?? []).map(({ name, ...entry }) => ({ ...entry, name: `${owner}/${name}` })),
  );
  const ids = { plugins: idsOf(owned.filter(({ mode }) => mode === FOLDER)), publishers: publisherIds(publishers) };
  return {
    ids,
    common: await commonFiles(data, { root, publishers, owners, owned }),
    read: (parts) => readParts(data, parts),
  };
}

const idsOf = (entries: readonly TreeEntry[]): Map<string, string> =>
  new Map(entries.map(({ name, id }) => [name, id]));

function publisherIds(entries: readonly TreeEntry[]): Map<string, string> {
  const folders = idsOf(entries.filter(({ mode }) => mode === FOLDER));
  const files = entries.filter(({ mode, name }) => mode !== FOLDER && name.endsWith('.json'));
  return new Map(
    files.map(({ name: file, id }) => {
      const name = file.slice(0, -'.json'.length);
      const folder = folders.get(name);
      return [name, folder === undefined ? id : `${id} ${folder}`];
    }),
  );
}

interface Levels {
  readonly root: readonly TreeEntry[];
  readonly publishers: readonly TreeEntry[];
  readonly owners: readonly TreeEntry[];
  readonly owned: readonly TreeEntry[];
}

/** Everything that is no plugin’s and no publisher’s; what lies among those and is none comes along and is refused. */
async function commonFiles(data: string, { root, publishers, owners, owned }: Levels): Promise<FileTree> {
  const files: FileTree = new Map();
  for (const { name, mode } of root) {
    if (name === 'plugins' || name === 'publishers') continue;
    if (mode === FOLDER) await addFolder(files, data, name);
    else files.set(name, await readOne(data, name));
  }
  const known = new Set(publisherIds(publishers).keys());
  const strays = [
    ...publishers
      .flatMap(({ name, mode }) =>
        mode === FOLDER ? (known.has(name) ? [] : [name]) : name.endsWith('.json') ? [] : [name],
      )
      .map((name) => `publishers/${name}`),
    ...[...owners, ...owned].flatMap(({ name, mode }) => (mode === FOLDER ? [] : [`plugins/${name}`])),
  ];
  for (const path of strays) files.set(path, new Uint8Array());
  return files;
}

async function readParts(data: string, parts: readonly SourcePart[]): Promise<FileTree> {
  const files: FileTree = new Map();
  for (const part of parts) {
    if ('plugin' in part) await addFolder(files, data, `plugins/${part.plugin}`);
    else {
      const path = `publishers/${part.publisher}`;
      const bytes = await readFile(join(data, `${path}.json`)).catch(() => undefined);
      if (bytes !== undefined) files.set(`${path}.json`, new Uint8Array(bytes));
      await addFolder(files, data, path);
    }
  }
  return files;
}

async function addFolder(files: FileTree, data: string, folder: string): Promise<void> {
  for (const [path, bytes] of await readFolder(join(data, folder))) files.set(`${folder}/${path}`, bytes);
}

async function readOne(data: string, path: string): Promise<Uint8Array> {
  return new Uint8Array(await readFile(join(data, path)));
}

/** The entries of trees, in the order asked for. Throws GIT_FAILED. */
async function readTrees(io: Io, data: string, ids: readonly string[]): Promise<TreeEntry[][]> {
  if (ids.length === 0) return [];
  const answer = await catFile(io, data, ids);
  const trees: TreeEntry[][] = [];
  let at = 0;
  while (at < answer.length) {
    const end = answer.indexOf(10, at);
    const [, type, size] = answer.toString('latin1', at, end).split(' ');
    if (end < 0 || type !== 'tree') throw new CliError('GIT_FAILED', 'git has no tree where one was named');
    trees.push(entriesOf(answer.subarray(end + 1, end + 1 + Number(size))));
    at = end + 2 + Number(size);
  }
  return trees;
}

function entriesOf(tree: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < tree.length; ) {
    const [space, zero] = [tree.indexOf(32, at), tree.indexOf(0, at)];
    const [mode, name] = [tree.toString('latin1', at, space), tree.toString('utf8', space + 1, zero)];
    entries.push({ mode, name, id: tree.toString('hex', zero + 1, zero + 21) });
    at = zero + 21;
  }
  return entries;
}

function catFile(io: Io, data: string, ids: readonly string[]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['-C', data, 'cat-file', '--batch'], {
      env: gitEnvironment(io),
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.on('error', (cause) => reject(new CliError('GIT_FAILED', 'git cannot be started', { cause })));
    child.on('close', (code) =>
      code === 0 ? resolve(Buffer.concat(parts)) : reject(new CliError('GIT_FAILED', 'git cat-file failed')),
    );
    child.stdin.on('error', () => undefined);
    child.stdin.end(`${ids.join('\n')}\n`);
  });
}
