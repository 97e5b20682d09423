// Writes a new plugin's folder whole or not at all. What may lie there already is what GitHub puts into a new repository; nothing of
// it is replaced.

import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { FileTree } from '@plugmark/publish';
import { CliError } from './cli-error.ts';

/** In a repository that was just made: its history, and files that say nothing about a plugin. */
const HARMLESS = /^(?:\.git|\.gitignore|\.gitattributes|(?:readme|licen[cs]e|copying|notice)(?:\.[a-z0-9]+)?)$/i;

/** What lies in the folder; undefined when there is none. Throws FOLDER_NOT_EMPTY. */
export async function presentFiles(folder: string, named: string): Promise<readonly string[] | undefined> {
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    if (cause.code === 'ENOTDIR')
      throw new CliError('FOLDER_NOT_EMPTY', `${named} is a file, or lies in one`, { cause });
    throw cause;
  });
  const others = (names ?? []).filter((name) => !HARMLESS.test(name));
  if (others.length > 0)
    throw new CliError(
      'FOLDER_NOT_EMPTY',
      `${named} holds ${others.slice(0, 3).sort().join(', ')}${others.length > 3 ? ' and more' : ''}`,
    );
  return names;
}

/**
 * Writes beside the folder first, on the same disk. A new or empty folder appears by one rename. Where files lie already, the new
 * entries are moved in one by one, each of them whole and the manifest last; when one cannot be moved, those before it are taken back.
 */
export async function writePluginFolder(
  folder: string,
  files: FileTree,
  present: readonly string[] | undefined,
): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const unfinished = join(dirname(folder), `.${basename(folder)}.${randomUUID()}.tmp`);
  try {
    for (const [path, bytes] of files) {
      await mkdir(dirname(join(unfinished, path)), { recursive: true });
      await writeFile(join(unfinished, path), bytes, { mode: path.endsWith('.sh') ? 0o777 : 0o666 });
    }
    if (present === undefined) await rename(unfinished, folder);
    else if (present.length === 0) await replaceEmpty(unfinished, folder);
    else await moveInto(unfinished, folder, files);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** Windows renames onto nothing that is there. rmdir refuses a folder that is no longer empty. */
async function replaceEmpty(unfinished: string, folder: string): Promise<void> {
  await rmdir(folder);
  await rename(unfinished, folder);
}

async function moveInto(unfinished: string, folder: string, files: FileTree): Promise<void> {
  const entries = [...new Set([...files.keys()].map((path) => path.split('/')[0] as string))];
  const moved: string[] = [];
  try {
    for (const entry of entries) {
      await rename(join(unfinished, entry), join(folder, entry));
      moved.push(entry);
    }
  } catch (cause) {
    for (const entry of moved) await rm(join(folder, entry), { recursive: true, force: true });
    throw cause;
  }
}
