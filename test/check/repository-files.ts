// The files the checks look at, as sorted paths relative to a root, separated by '/'. Walks the disk instead of
// asking git: the checks' own tests run on a copy in a temporary folder.
import { type Dirent, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const NOT_OURS = new Set(['node_modules', 'build', 'dist', '.plugmark', '.astro', '.git']);

/** Every file below `folder`; none when the folder does not exist yet. */
export function filesBelow(root: string, folder: string): string[] {
  const found: string[] = [];
  for (const entry of entries(join(root, folder))) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory() && !NOT_OURS.has(entry.name)) found.push(...filesBelow(root, path));
    if (entry.isFile()) found.push(path);
  }
  return found.sort();
}

function entries(folder: string): Dirent[] {
  return existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
}
