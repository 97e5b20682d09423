// registry/ as it is committed: git knows the id of every folder, so a build of what changed opens only what it needs, and takes it from
// the commit. What lies in the working folder and is not committed is not published.

import {
  differing,
  type FileTree,
  PublishError,
  publisherIdOf,
  requireNames,
  type SourceChanges,
  type SourceFolder,
  type SourcePart,
} from '@plugmark/publish';
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
  const folderOf = (name: string): TreeEntry | undefined =>
    root.find((entry) => entry.name === name && isFolder(entry));
  const [plugins, publishersFolder] = [folderOf('plugins'), folderOf('publishers')];
  const inner = async (folder: TreeEntry | undefined): Promise<TreeEntry[]> =>
    folder === undefined ? [] : ((await readTrees(objects, [folder.id], [`${folder.name}/`]))[0] ?? []);
  const publishers = await inner(publishersFolder);
  const owners = await inner(plugins);
  const ofPublishers = publisherParts(publishers);
  const owned = ownedEntries(objects, owners);
  const known = new Set([...ofPublishers.values()].flat().map(({ name }) => name));
  // What is no plugin's and no publisher's: what lies among those and is none comes along and is refused.
  const common = await readFiles(objects, [
    ...root.filter(({ name }) => name !== 'plugins' && name !== 'publishers'),
    ...publishers.map((entry) => within('publishers', entry)).filter(({ name }) => !known.has(name)),
    ...owners.filter((entry) => !isFolder(entry)).map((entry) => within('plugins', entry)),
  ]);
  const trees = { plugins: plugins?.id ?? NO_FILES, publishers: publishersFolder?.id ?? NO_FILES };
  const ids = publisherIds(publishers);
  return {
    ...{ common, trees, publishers: ids },
    plugins: async (wanted) => idsOf(await owned(wanted)),
    changedSince: (before) => changedSince(objects, before, { owners, owned, publishers: ids }),
    read: async (wanted) => {
      const owner = (part: SourcePart): string[] => ('plugin' in part ? [publisherIdOf(part.plugin)] : []);
      const entries = new Map((await owned(wanted.flatMap(owner))).map((entry) => [entry.name, entry]));
      const found = wanted.flatMap((part) =>
        'publisher' in part
          ? (ofPublishers.get(part.publisher) ?? [])
          : [entries.get(part.plugin)].flatMap((entry) => (entry === undefined ? [] : [within('plugins', entry)])),
      );
      return readFiles(objects, found);
    },
  };
}

/** The tree without an entry. */
const NO_FILES = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const within = (folder: string, { name, ...entry }: TreeEntry): TreeEntry => ({ ...entry, name: `${folder}/${name}` });

type OwnedEntries = (publishers?: Iterable<string>) => Promise<TreeEntry[]>;

/** Plugins as `publisher/name`, of these publishers or of all; each publisher's folder is read once. */
function ownedEntries(objects: GitObjects, owners: readonly TreeEntry[]): OwnedEntries {
  const folders = new Map(owners.filter(isFolder).map((entry) => [entry.name, entry]));
  const read = new Map<string, TreeEntry[]>();
  return async (publishers = folders.keys()) => {
    const wanted = [...new Set(publishers)].flatMap((name) => folders.get(name) ?? []);
    const missing = wanted.filter(({ name }) => !read.has(name));
    const trees = await readTrees(
      objects,
      missing.map(({ id }) => id),
      missing.map(({ name }) => `plugins/${name}/`),
    );
    for (const [i, { name }] of missing.entries())
      read.set(
        name,
        (trees[i] ?? []).map((entry) => within(name, entry)),
      );
    const entries = wanted.flatMap(({ name }) => read.get(name) ?? []);
    const stray = entries.find((entry) => !isFolder(entry));
    if (stray === undefined) return entries;
    throw new PublishError('SOURCE_UNEXPECTED', `plugins/${stray.name}`, 'this file has no place in a registry');
  };
}

interface Now {
  readonly owners: readonly TreeEntry[];
  readonly owned: OwnedEntries;
  readonly publishers: ReadonlyMap<string, string>;
}

/** Compares folders from above: of the many that are the same nothing is read. Undefined in a checkout without that history. */
async function changedSince(
  objects: GitObjects,
  before: SourceFolder['trees'],
  { owners, owned, publishers }: Now,
): Promise<SourceChanges | undefined> {
  const former = await formerEntries(objects, [before.plugins, before.publishers]);
  if (former === undefined) return undefined;
  const [ownersThen = [], publishersThen = []] = former;
  const folders = [ownersThen, owners].map((entries) => idsOf(entries.filter(isFolder)));
  const [then = new Map(), now = new Map()] = folders;
  const others = [...differing(then, now)];
  const inner = await formerEntries(
    objects,
    others.map((owner) => then.get(owner) ?? NO_FILES),
  );
  if (inner === undefined) return undefined;
  const pluginsThen = others.flatMap((owner, i) => (inner[i] ?? []).map((entry) => within(owner, entry)));
  const signers = differing(publisherIds(publishersThen), publishers);
  const theirs = (await owned(signers)).map(({ name }) => name);
  return {
    plugins: new Set([...differing(idsOf(pluginsThen), idsOf(await owned(others))), ...theirs]),
    publishers: signers,
  };
}

async function formerEntries(objects: GitObjects, ids: readonly string[]): Promise<TreeEntry[][] | undefined> {
  const asked = [...new Set(ids)].filter((id) => id !== NO_FILES);
  const found = await objects.find(asked);
  const trees = new Map(asked.map((id, i) => [id, found[i]]));
  if (found.some((object) => object?.type !== 'tree')) return undefined;
  return ids.map((id) => entriesOf(trees.get(id)?.bytes ?? Buffer.alloc(0)));
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

/** The entries of each publisher, under their own paths in the registry. */
function publisherParts(publishers: readonly TreeEntry[]): Map<string, TreeEntry[]> {
  const parts = new Map<string, TreeEntry[]>();
  const known = publisherIds(publishers);
  for (const entry of publishers) {
    const id = isFolder(entry) ? entry.name : entry.name.replace(/\.json$/, '');
    if (!known.has(id) || (!isFolder(entry) && id === entry.name)) continue;
    parts.set(id, [...(parts.get(id) ?? []), within('publishers', entry)]);
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
