// Reads a folder into a FileTree. Links, devices and names that no other system can hold are refused, so that nothing outside the
// folder is ever read and nothing rides along unseen.

import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PublishError } from './error.ts';
import type { FileTree } from './file-tree.ts';

const NAME = /^(?!\.{1,2}$)[A-Za-z0-9_.@+-]+$/;
/** Device names of Windows, with any ending, and names it shortens. */
const NOT_EVERYWHERE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)|\.$/i;

/** Every regular file below `folder`, by path relative to it; empty when there is no such folder. Throws SOURCE_UNEXPECTED. */
export async function readFolder(folder: string): Promise<FileTree> {
  const tree: FileTree = new Map();
  const pending = [''];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const names = await listNames(join(folder, path), path === '');
    requireNames(path === '' ? '' : `${path}/`, names);
    for (const name of names) {
      const inner = path === '' ? name : `${path}/${name}`;
      const stat = await lstat(join(folder, inner));
      if (stat.isDirectory()) pending.push(inner);
      else if (stat.isFile()) tree.set(inner, new Uint8Array(await readFile(join(folder, inner))));
      else throw new PublishError('SOURCE_UNEXPECTED', inner, 'neither a file nor a folder (links are refused)');
    }
  }
  return new Map([...tree].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Names that lie in one folder, which every system can hold beside each other. Throws SOURCE_UNEXPECTED. */
export function requireNames(place: string, names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (!NAME.test(name) || NOT_EVERYWHERE.test(name))
      throw new PublishError('SOURCE_UNEXPECTED', `${place}${name}`, 'a name that is not allowed');
    if (seen.has(name.toLowerCase()))
      throw new PublishError(
        'SOURCE_UNEXPECTED',
        `${place}${name}`,
        'differs from its neighbour in the case of letters only',
      );
    seen.add(name.toLowerCase());
  }
}

async function listNames(folder: string, isTop: boolean): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (cause) {
    if (isTop && (cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw cause;
  }
}
