// registry/ as it is committed: git knows the id of every folder, so a build of what changed opens only what it needs, and takes it from
// the commit. What lies in the working folder and is not committed is not published.

import { type FileTree, PublishError, requireNames, type SourceFolder, type SourcePart } from '@plugmark/publish';
import { CliError } from './cli-error.ts';
import { type GitObjects, gitObjects } from './git-objects.ts';
import type { Io } from './io.ts';
import { runGit } from './run-git.ts';

interface TreeEntry {
  readonly mode: string;
  readonly name: string;
  readonly id: string;
}

export interface GitSource extends SourceFolder {
  readonly commit: string;
  readonly close: () => Promise<void>;
}

const FOLDER = '40000';
const FILE = '100644';
const isFolder = ({ mode }: TreeEntry): boolean => mode === FOLDER;

/** The registry of the commit that is checked out; undefined where the folder is in no checkout. Throws SOURCE_UNEXPECTED, GIT_FAILED. */
export async function gitSource(io: Io, data: string): Promise<GitSource | undefined> {
  const at = await runGit(io, ['-C', data, 'rev-parse', '--quiet', 'HEAD:./', 'HEAD'], { mayFail: true });
  const [tree, commit] = at.stdout.trim().split('\n');
  if (at.code !== 0 || tree === undefined || commit === undefined) return undefined;
  const objects = gitObjects(io, data);
  try {
    return { ...(await openSource(objects, tree)), commit, close: objects.close };
  } catch (cause) {
    await objects.close();
    throw cause;
  }
}

async function openSource(objects: GitObjects, tree: string): Promise<SourceFolder> {
  const [root = []] = await readTrees(objects, [tree], ['']);
  const inner = async (name: string): Promise<TreeEntry[]> => {
    const folder = root.find((entry) => entry.name === name && isFolder(entry));
    return folder === undefined ? [] : ((await readTrees(objects, [folder.id], [`${name}/`]))[0] ?? []);
  };
  const publishers = await inner('publishers');
  const owners = await inner('plugins');
  const folders = owners.filter(isFolder);
  const plugins = await readTrees(
    objects,
    folders.map(({ id }) => id),
    folders.map(({ name }) => `plugins/${name}/`),
  );
  const owned = folders.flatMap(({ name: owner }, i) =>
    (plugins[i] ?? []).map(({ name, ...entry }) => ({ ...entry, name: `${owner}/${name}` })),
  );
  const parts = partsOf(publishers, owned);
  const read = async (wanted: readonly SourcePart[]): Promise<FileTree> =>
    readFiles(
      objects,
      wanted.flatMap(
        (part) => parts.get('plugin' in part ? `plugins/${part.plugin}` : `publishers/${part.publisher}`) ?? [],
      ),
    );
  const known = new Set([...parts.values()].flat().map(({ name }) => name));
  const everything = [
    ...root.filter(({ name }) => name !== 'plugins' && name !== 'publishers'),
    ...publishers.map((entry) => ({ ...entry, name: `publishers/${entry.name}` })),
    ...[...owners.filter((entry) => !isFolder(entry)), ...owned].map((entry) => ({
      ...entry,
      name: `plugins/${entry.name}`,
    })),
  ];
  // What is no plugin's and no publisher's: what lies among those and is none comes along and is refused.
  const common = await readFiles(
    objects,
    everything.filter(({ name }) => !known.has(name)),
  );
  return { ids: { plugins: idsOf(owned.filter(isFolder)), publishers: publisherIds(publishers) }, common, read };
}

const idsOf = (entries: readonly TreeEntry[]): Map<string, string> =>
  new Map(entries.map(({ name, id }) => [name, id]));

function publisherIds(entries: readonly TreeEntry[]): Map<string, string> {
  const folders = idsOf(entries.filter(isFolder));
  const files = entries.filter((entry) => !isFolder(entry) && entry.name.endsWith('.json'));
  return new Map(
    files.map(({ name: file, id }) => {
      const name = file.slice(0, -'.json'.length);
      const folder = folders.get(name);
      return [name, folder === undefined ? id : `${id} ${folder}`];
    }),
  );
}

/** The entries of each part by its path, under their own paths in the registry. */
function partsOf(publishers: readonly TreeEntry[], owned: readonly TreeEntry[]): Map<string, TreeEntry[]> {
  const parts = new Map<string, TreeEntry[]>();
  for (const entry of owned.filter(isFolder))
    parts.set(`plugins/${entry.name}`, [{ ...entry, name: `plugins/${entry.name}` }]);
  const known = publisherIds(publishers);
  for (const entry of publishers) {
    const id = isFolder(entry) ? entry.name : entry.name.replace(/\.json$/, '');
    if (!known.has(id) || (!isFolder(entry) && id === entry.name)) continue;
    const path = `publishers/${id}`;
    parts.set(path, [...(parts.get(path) ?? []), { ...entry, name: `publishers/${entry.name}` }]);
  }
  return parts;
}

/** Files by path; of folders all that is in them. Links, modules and executables have no place in a registry. */
async function readFiles(objects: GitObjects, entries: readonly TreeEntry[]): Promise<FileTree> {
  const files: TreeEntry[] = [];
  for (let level = entries; level.length > 0; ) {
    for (const { name, mode } of level)
      if (mode !== FOLDER && mode !== FILE)
        throw new PublishError('SOURCE_UNEXPECTED', name, `has the mode ${mode}; plain files and folders belong here`);
    files.push(...level.filter((entry) => !isFolder(entry)));
    const folders = level.filter(isFolder);
    const trees = await readTrees(
      objects,
      folders.map(({ id }) => id),
      folders.map(({ name }) => `${name}/`),
    );
    level = folders.flatMap(({ name: folder }, i) =>
      (trees[i] ?? []).map(({ name, ...entry }) => ({ ...entry, name: `${folder}/${name}` })),
    );
  }
  const found = await objects.read(files.map(({ id }) => id));
  const named = files.map(({ name }, i) => [name, new Uint8Array(found[i]?.bytes ?? [])] as const);
  return new Map(named.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Throws GIT_FAILED, and SOURCE_UNEXPECTED for names that no folder on every system could have. */
async function readTrees(
  objects: GitObjects,
  ids: readonly string[],
  places: readonly string[],
): Promise<TreeEntry[][]> {
  const trees = await objects.read(ids);
  return trees.map(({ type, bytes }, i) => {
    if (type !== 'tree') throw new CliError('GIT_FAILED', 'git has no folder where one was named');
    const entries = entriesOf(bytes);
    requireNames(
      places[i] ?? '',
      entries.map(({ name }) => name),
    );
    return entries;
  });
}

/** gitformat-tree: mode, space, name, zero, 20 bytes of id. */
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
