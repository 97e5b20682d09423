// Puts a tree into a folder so that a kill at any point leaves the previous state or is completed by the next run. What changes is
// written beside the folder first; one rename of the plan decides; then files move into place, the TUF timestamp last, so that a
// client reading meanwhile sees the old registry or the new one.

import { copyFile, lstat, mkdir, open, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { PublishError } from './error.ts';
import type { FileTree } from './file-tree.ts';
import { withLock } from './folder-lock.ts';
import type { FileChanges } from './update-changes.ts';

export interface WriteResult {
  readonly written: number;
  readonly removed: number;
  readonly unchanged: number;
  readonly bytes: number;
}

/** Staged files by number, and paths to remove. Made before the decision, obeyed after it. */
interface Plan {
  readonly moves: readonly string[];
  readonly removals: readonly string[];
}

const PARALLEL = 16;
const PLAN = 'plan.json';
const STAGED = /^(?:\d+|plan\.json(?:\.tmp)?)$/;

/** Makes `folder` hold exactly `tree`. Throws LOCKED, or WRITE; then either nothing changed or the next `writeTree` or `completeWrite` finishes it. */
export async function writeTree(folder: string, tree: FileTree): Promise<WriteResult> {
  return locked(folder, () => replaceTree(folder, tree));
}

/** Changes some files of a folder, in the same way; a path without bytes goes. What else is there is neither read nor touched. */
export async function writeChanges(folder: string, changes: FileChanges): Promise<WriteResult> {
  return locked(folder, () => changeTree(folder, changes));
}

async function locked(folder: string, work: () => Promise<WriteResult>): Promise<WriteResult> {
  try {
    return await withLock(lockOf(folder), work);
  } catch (cause) {
    if (cause instanceof PublishError) throw cause;
    throw new PublishError('WRITE', folder, (cause as Error).message, { cause });
  }
}

async function replaceTree(folder: string, tree: FileTree): Promise<WriteResult> {
  await finish(folder);
  const present = new Set(await listFiles(folder));
  const changed = await changedFiles(folder, tree, (path) => present.has(path));
  return put(folder, tree, { changed, removals: [...present].filter((path) => !tree.has(path)) });
}

async function changeTree(folder: string, changes: FileChanges): Promise<WriteResult> {
  await finish(folder);
  const stray = [...changes.keys()].find((path) => !isInside(path));
  if (stray !== undefined) throw new PublishError('WRITE', stray, 'lies outside the folder');
  const [tree, gone]: [FileTree, string[]] = [new Map(), []];
  for (const [path, bytes] of changes) {
    if (bytes !== undefined) tree.set(path, bytes);
    else if ((await statOf(join(folder, path)))?.isDirectory() === false) gone.push(path);
  }
  const isOwn = ownFolders(folder);
  const own = new Map<string, boolean>();
  for (const path of tree.keys()) own.set(path, await isOwn(dirname(path)));
  return put(folder, tree, {
    changed: await changedFiles(folder, tree, (path) => own.get(path) === true),
    removals: gone,
  });
}

/** Whether no folder on the way is a link: what lies behind one belongs to somebody else. Each is looked at once. */
function ownFolders(folder: string): (inner: string) => Promise<boolean> {
  const known = new Map<string, Promise<boolean>>([['.', Promise.resolve(true)]]);
  const look = async (inner: string): Promise<boolean> =>
    (await isOwn(dirname(inner))) && (await statOf(join(folder, inner)))?.isDirectory() === true;
  const isOwn = (inner: string): Promise<boolean> => {
    const answer = known.get(inner) ?? look(inner);
    known.set(inner, answer);
    return answer;
  };
  return isOwn;
}

async function put(
  folder: string,
  tree: FileTree,
  { changed, removals }: { readonly changed: string[]; readonly removals: string[] },
): Promise<WriteResult> {
  const bytes = changed.reduce((sum, path) => sum + (tree.get(path)?.length ?? 0), 0);
  if (changed.length > 0 || removals.length > 0) {
    await stage(folder, tree, { moves: changed.sort(byUrgency), removals });
    await finish(folder);
  }
  return { written: changed.length, removed: removals.length, unchanged: tree.size - changed.length, bytes };
}

/**
 * Finishes what an interrupted writeTree had decided, or clears away what it had not. Call before reading a written folder. A writer
 * that is still at work is left alone: it finishes by itself, and until then the old tree stands.
 */
export async function completeWrite(folder: string): Promise<void> {
  if (!(await isStaging(stagingOf(folder)))) return;
  try {
    await withLock(lockOf(folder), () => finish(folder));
  } catch (cause) {
    if (!(cause instanceof PublishError) || cause.code !== 'LOCKED') throw cause;
  }
}

async function finish(folder: string): Promise<void> {
  const staging = stagingOf(folder);
  if ((await statOf(staging)) === undefined) return;
  if (!(await isStaging(staging)))
    throw new PublishError('WRITE', staging, 'is needed for writing and holds something else; move it away');
  const plan = await readPlan(join(staging, PLAN));
  if (plan !== undefined) await apply(folder, staging, plan);
  await rm(staging, { recursive: true, force: true });
}

/** What lies beside the folder under the staging name may be somebody's own: only what this file made is ever removed. */
async function isStaging(staging: string): Promise<boolean> {
  if ((await statOf(staging))?.isDirectory() !== true) return false;
  return (await readdir(staging)).every((name) => STAGED.test(name));
}

const lockOf = (folder: string): string => `${folder.replace(/\/+$/, '')}.lock`;
const stagingOf = (folder: string): string => `${folder.replace(/\/+$/, '')}.next`;

/** Immutable files first, views of them next, the timestamp last: nobody is pointed at what is not there yet. */
export function byUrgency(a: string, b: string): number {
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

function rank(path: string): number {
  if (/^(?:blobs|attestations|targets|readmes|vectors)\//.test(path)) return 0;
  if (path === 'metadata/timestamp.json') return 3;
  return path.startsWith('metadata/') ? 1 : 2;
}

/** One that is reached through a link is not the folder's own and is written anew. */
async function changedFiles(folder: string, tree: FileTree, isOwnFile: (path: string) => boolean): Promise<string[]> {
  const changed: string[] = [];
  await inParallel([...tree], async ([path, bytes]) => {
    if (!isOwnFile(path) || !(await holds(join(folder, path), bytes))) changed.push(path);
  });
  return changed;
}

/** Disks take many requests at once, and flush many files for the price of one. Ends when all that had begun have ended. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    try {
      for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
    } catch (cause) {
      next = items.length;
      throw cause;
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: PARALLEL }, worker));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function statOf(path: string): Promise<Awaited<ReturnType<typeof lstat>> | undefined> {
  return lstat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return undefined;
    throw cause;
  });
}

async function holds(path: string, bytes: Uint8Array): Promise<boolean> {
  const stat = await statOf(path);
  return stat?.isFile() === true && stat.size === bytes.length && Buffer.from(bytes).equals(await readFile(path));
}

/** Everything below the folder that is not a folder itself; links are not followed. */
async function listFiles(folder: string): Promise<string[]> {
  if ((await statOf(folder)) === undefined) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

async function stage(folder: string, tree: FileTree, plan: Plan): Promise<void> {
  const staging = stagingOf(folder);
  await mkdir(staging, { recursive: true });
  await inParallel([...plan.moves.entries()], ([i, path]) =>
    writeFlushed(join(staging, String(i)), tree.get(path) ?? new Uint8Array()),
  );
  await writeFlushed(join(staging, `${PLAN}.tmp`), new TextEncoder().encode(JSON.stringify(plan)));
  await flushFolder(staging);
  await rename(join(staging, `${PLAN}.tmp`), join(staging, PLAN));
  await flushFolder(staging);
}

/** Also run again after a kill: a file that has been moved is no longer staged, one that has been removed is gone. */
async function apply(folder: string, staging: string, { moves, removals }: Plan): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [i, path] of moves.entries()) {
    const staged = join(staging, String(i));
    if ((await statOf(staged)) === undefined) continue;
    await makeWay(folder, path);
    await moveFile(staged, join(folder, path));
  }
  for (const path of removals) {
    const stat = await statOf(join(folder, path));
    // Where a file was there may be a folder of the new tree by now.
    if (stat !== undefined && !stat.isDirectory()) await rm(join(folder, path), { force: true });
    await removeEmptyParents(folder, path);
  }
}

/** A rename; where the folder is a link to another file system or a mounted one, a copy beside the target first. */
export async function moveFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EXDEV') throw cause;
    await copyFile(from, `${to}.tmp`);
    await rename(`${to}.tmp`, to);
    await rm(from);
  }
}

/** Makes the parent folders; a file or link that lies where a folder must be is one the new tree does not have. */
async function makeWay(folder: string, path: string): Promise<void> {
  const parts = path.split('/').slice(0, -1);
  for (let i = 1; i <= parts.length; i++) {
    const parent = join(folder, ...parts.slice(0, i));
    if ((await statOf(parent))?.isDirectory() === false) await rm(parent);
  }
  await mkdir(join(folder, ...parts), { recursive: true });
  if ((await statOf(join(folder, path)))?.isDirectory()) await rm(join(folder, path), { recursive: true });
}

async function removeEmptyParents(folder: string, path: string): Promise<void> {
  for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) {
    const removed = await rmdir(join(folder, parent)).then(
      () => true,
      () => false,
    );
    if (!removed) return;
  }
}

async function readPlan(path: string): Promise<Plan | undefined> {
  if ((await statOf(path)) === undefined) return undefined;
  const plan = planOf(await readFile(path, 'utf8'));
  if (plan !== undefined) return plan;
  throw new PublishError('WRITE', path, 'is not a plan this software made; remove the folder it lies in');
}

function planOf(text: string): Plan | undefined {
  const { moves, removals } = parsedObject(text);
  const isPaths = (list: unknown): list is string[] =>
    Array.isArray(list) && list.every((item) => typeof item === 'string' && isInside(item));
  return isPaths(moves) && isPaths(removals) ? { moves, removals } : undefined;
}

function parsedObject(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function isInside(path: string): boolean {
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

async function writeFlushed(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes renames in a folder durable. Some file systems refuse it; then the rename is as durable as they make it. */
async function flushFolder(path: string): Promise<void> {
  const handle = await open(path, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
