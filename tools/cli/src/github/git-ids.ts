// Git's object ids, computed here: what is about to be pushed can be shown before, and what was fetched can be held to its id.

import { createHash } from 'node:crypto';
import type { FileTree } from '@plugmark/publish';

export function blobId(bytes: Uint8Array): string {
  return objectId('blob', bytes);
}

function objectId(type: 'blob' | 'tree', content: Uint8Array): string {
  return createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest('hex');
}

interface Folder {
  readonly files: Map<string, string>;
  readonly folders: Map<string, Folder>;
}

const emptyFolder = (): Folder => ({ files: new Map(), folders: new Map() });

/** The id of the tree that holds these files, all of them plain ones. */
export function treeId(files: FileTree): string {
  const root = emptyFolder();
  for (const [path, bytes] of files) {
    const parts = path.split('/');
    const name = parts.pop() ?? '';
    let folder = root;
    for (const part of parts) {
      const next = folder.folders.get(part) ?? emptyFolder();
      folder.folders.set(part, next);
      folder = next;
    }
    folder.files.set(name, blobId(bytes));
  }
  return folderId(root);
}

function folderId({ files, folders }: Folder): string {
  const entries = [
    ...[...files].map(([name, id]) => ({ name, sorted: name, mode: '100644', id })),
    // Git orders a folder as if its name ended in a slash.
    ...[...folders].map(([name, inner]) => ({ name, sorted: `${name}/`, mode: '40000', id: folderId(inner) })),
  ].sort((a, b) => Buffer.compare(Buffer.from(a.sorted), Buffer.from(b.sorted)));
  const parts = entries.flatMap(({ name, mode, id }) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')]);
  return objectId('tree', Buffer.concat(parts));
}
