// The id git gives a folder: what names a plugin's folder in the ledger. Computed here from files, asked of git for a checkout; both
// are the same, so a build need not open a folder to see that nothing in it changed. SHA-1 is git's choice: a checkout holds what its
// ids say or git refuses it, and every byte that counts is signed under a sha256 besides.

import { createHash } from 'node:crypto';
import type { FileTree } from './file-tree.ts';

type Node = Map<string, Uint8Array | Node>;

/** The tree id of a folder with these files, all of them plain (mode 100644). */
export function gitTreeId(files: Iterable<readonly [path: string, bytes: Uint8Array]>): string {
  const root: Node = new Map();
  for (const [path, bytes] of files) {
    const parts = path.split('/');
    let folder = root;
    for (const part of parts.slice(0, -1)) {
      const inner = folder.get(part);
      const next: Node = inner instanceof Map ? inner : new Map();
      folder.set(part, next);
      folder = next;
    }
    folder.set(parts.at(-1) ?? '', bytes);
  }
  return treeId(root).toString('hex');
}

/** The blob id of a file. */
export function gitBlobId(bytes: Uint8Array): string {
  return objectId('blob', bytes).toString('hex');
}

function treeId(folder: Node): Buffer {
  const rows = [...folder].map(([name, node]) =>
    node instanceof Map
      ? { name, isFolder: true, id: treeId(node) }
      : { name, isFolder: false, id: objectId('blob', node) },
  );
  return rowsId(rows);
}

interface Row {
  readonly name: string;
  readonly isFolder: boolean;
  readonly id: Buffer;
}

function rowsId(entries: readonly Row[]): Buffer {
  // git sorts a folder as if its name ended with a slash.
  const rows = entries.map((row) => ({ ...row, key: row.isFolder ? `${row.name}/` : row.name }));
  rows.sort((a, b) => (a.key < b.key ? -1 : 1));
  const body = rows.flatMap(({ name, isFolder, id }) => [
    Buffer.from(`${isFolder ? '40000' : '100644'} ${name}\0`),
    id,
  ]);
  return objectId('tree', Buffer.concat(body));
}

/** The tree id of a folder whose files and folders have these ids. */
export function gitFolderId(
  files: Iterable<readonly [string, string]>,
  folders: Iterable<readonly [string, string]>,
): string {
  const row = ([name, id]: readonly [string, string], isFolder: boolean): Row => ({
    name,
    isFolder,
    id: Buffer.from(id, 'hex'),
  });
  return rowsId([
    ...Array.from(files, (file) => row(file, false)),
    ...Array.from(folders, (folder) => row(folder, true)),
  ]).toString('hex');
}

function objectId(type: 'blob' | 'tree', bytes: Uint8Array): Buffer {
  return createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest();
}

/** Files by the folder their path lies in; `depth` names make a folder. Files that lie higher are left out. */
export function byFolder(files: FileTree, prefix: string, depth: number): Map<string, Map<string, Uint8Array>> {
  const folders = new Map<string, Map<string, Uint8Array>>();
  for (const [path, bytes] of files) {
    if (!path.startsWith(prefix)) continue;
    const parts = path.slice(prefix.length).split('/');
    if (parts.length <= depth) continue;
    const name = parts.slice(0, depth).join('/');
    const inner = folders.get(name) ?? new Map<string, Uint8Array>();
    folders.set(name, inner.set(parts.slice(depth).join('/'), bytes));
  }
  return folders;
}
