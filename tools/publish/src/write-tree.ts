// Puts a tree into a folder so that a kill at any point leaves the previous state or is completed by the next run. What changes is
// written beside the folder first; one rename of the plan decides; then files move into place, the TUF timestamp last, so that a
// client reading meanwhile sees the old registry or the new one.

import { lstat, mkdir, open, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PublishError } from './error.ts';
import type { FileTree } from './file-tree.ts';

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

const PLAN = 'plan.json';

/** Makes `folder` hold exactly `tree`. Throws WRITE; then either nothing changed or the next `writeTree` or `completeWrite` finishes it. */
export async function writeTree(folder: string, tree: FileTree): Promise<WriteResult> {
  try {
    await completeWrite(folder);
    const changed = await changedFiles(folder, tree);
    const removals = (await listFiles(folder)).filter((path) => !tree.has(path));
    const bytes = changed.reduce((sum, path) => sum + (tree.get(path)?.length ?? 0), 0);
    if (changed.length > 0 || removals.length > 0) {
      await stage(folder, tree, { moves: changed.sort(byUrgency), removals });
      await completeWrite(folder);
    }
    return { written: changed.length, removed: removals.length, unchanged: tree.size - changed.length, bytes };
  } catch (cause) {
    if (cause instanceof PublishError) throw cause;
    throw new PublishError('WRITE', folder, (cause as Error).message, { cause });
  }
}

/** Finishes what an interrupted writeTree had decided, or clears away what it had not. Call before reading a written folder. */
export async function completeWrite(folder: string): Promise<void> {
  const staging = stagingOf(folder);
  const plan = await readPlan(join(staging, PLAN));
  if (plan !== undefined) await apply(folder, staging, plan);
  await rm(staging, { recursive: true, force: true });
}

const stagingOf = (folder: string): string => `${folder.replace(/\/+$/, '')}.next`;

/** Immutable files first, views of them next, the timestamp last: nobody is pointed at what is not there yet. */
function byUrgency(a: string, b: string): number {
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

function rank(path: string): number {
  if (/^(?:blobs|attestations|targets|readmes|vectors)\//.test(path)) return 0;
  if (path === 'metadata/timestamp.json') return 3;
  return path.startsWith('metadata/') ? 1 : 2;
}

async function changedFiles(folder: string, tree: FileTree): Promise<string[]> {
  const changed: string[] = [];
  for (const [path, bytes] of tree) if (!(await holds(join(folder, path), bytes))) changed.push(path);
  return changed;
}

async function holds(path: string, bytes: Uint8Array): Promise<boolean> {
  const stat = await lstat(path).catch(() => undefined);
  return stat?.isFile() === true && stat.size === bytes.length && Buffer.from(bytes).equals(await readFile(path));
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replace(/^\/+/, ''));
}

async function stage(folder: string, tree: FileTree, plan: Plan): Promise<void> {
  const staging = stagingOf(folder);
  await mkdir(staging, { recursive: true });
  for (const [i, path] of plan.moves.entries()) await writeFlushed(join(staging, String(i)), tree.get(path) ?? new Uint8Array());
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
    if ((await lstat(staged).catch(() => undefined)) === undefined) continue;
    await makeWay(folder, path);
    await rename(staged, join(folder, path));
  }
  for (const path of removals) {
    await rm(join(folder, path), { force: true });
    await removeEmptyParents(folder, path);
  }
}

/** Makes the parent folders; a file that lies where a folder must be is one the new tree does not have. */
async function makeWay(folder: string, path: string): Promise<void> {
  const parts = path.split('/').slice(0, -1);
  for (let i = 1; i <= parts.length; i++) {
    const parent = join(folder, ...parts.slice(0, i));
    if ((await lstat(parent).catch(() => undefined))?.isFile()) await rm(parent);
  }
  await mkdir(join(folder, ...parts), { recursive: true });
  if ((await lstat(join(folder, path)).catch(() => undefined))?.isDirectory()) await rm(join(folder, path), { recursive: true });
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
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const plan = JSON.parse(text) as Partial<Plan>;
  const isPaths = (list: unknown): list is string[] => Array.isArray(list) && list.every((item) => typeof item === 'string' && !item.split('/').includes('..') && !item.startsWith('/'));
  if (isPaths(plan.moves) && isPaths(plan.removals)) return { moves: plan.moves, removals: plan.removals };
  throw new PublishError('WRITE', path, 'is not a plan this software made; remove the folder it lies in');
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
