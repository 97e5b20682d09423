// Files that are opened when they are asked for: a build that changes ten files of a million must not read the others.

import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PublishError } from './error.ts';
import type { FileTree } from './file-tree.ts';

export interface LazyFiles {
  /** Undefined where there is no such file. */
  readonly get: (path: string) => Uint8Array | undefined;
  /** Names of the files that lie directly in a folder; none where there is no such folder. */
  readonly namesIn: (folder: string) => readonly string[];
}

/** A file changed by somebody else while it is used is what it was when it was read first. Links are refused like everywhere. */
export function lazyFolder(folder: string): LazyFiles {
  return {
    get: (path) => {
      const stat = statOf(join(folder, path));
      if (stat === undefined) return undefined;
      if (!stat.isFile())
        throw new PublishError('SOURCE_UNEXPECTED', path, 'neither a file nor a folder (links are refused)');
      const bytes = readFileSync(join(folder, path));
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    },
    namesIn: (path) => {
      const stat = statOf(join(folder, path));
      if (stat?.isDirectory() !== true) return [];
      const entries = readdirSync(join(folder, path), { withFileTypes: true });
      return entries.flatMap((entry) => (entry.isDirectory() ? [] : [entry.name])).sort();
    },
  };
}

function statOf(path: string): ReturnType<typeof lstatSync> {
  return lstatSync(path, { throwIfNoEntry: false });
}

export function lazyTree(files: FileTree): LazyFiles {
  return {
    get: (path) => files.get(path),
    namesIn: (folder) =>
      [...files.keys()].flatMap((path) => {
        const name = path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : '/';
        return name.includes('/') ? [] : [name];
      }),
  };
}
