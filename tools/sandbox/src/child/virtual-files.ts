// A folder in memory, made from a vector's files: what a plugin gets where a host would open a real one. No links, no devices, nothing
// of this machine; a path is names between slashes and can never lead above its root.

export interface File {
  readonly kind: 'file';
  readonly inode: bigint;
  bytes: Uint8Array;
}

export interface Folder {
  readonly kind: 'folder';
  readonly inode: bigint;
  readonly entries: Map<string, File | Folder>;
}

export type Node = File | Folder;

/** What went wrong, by the names of WASI's errors. */
export type FileError = 'noent' | 'notdir' | 'isdir' | 'exist' | 'notempty' | 'notcapable' | 'nospc' | 'inval';

export class VirtualFiles {
  readonly root: Folder;
  #inodes = 0n;
  #size = 0;
  readonly #capacity: number;

  constructor(files: readonly { readonly path: string; readonly bytes: Uint8Array }[], capacity: number) {
    this.root = this.#folder();
    this.#capacity = capacity + files.reduce((sum, { bytes }) => sum + bytes.length, 0);
    for (const { path, bytes } of files) {
      const names = path.split('/');
      const last = names.pop() as string;
      let folder = this.root;
      for (const name of names) {
        const next = folder.entries.get(name) ?? this.#folder();
        if (next.kind === 'file') continue;
        folder.entries.set(name, next);
        folder = next;
      }
      const file = this.#file();
      folder.entries.set(last, file);
      this.resize(file, bytes.length);
      file.bytes.set(bytes);
    }
  }

  /** A node by its path from a folder. */
  find(from: Folder, path: string): Node | FileError {
    const names = namesOf(path);
    if (typeof names === 'string') return names;
    let node: Node = from;
    for (const name of names) {
      if (node.kind === 'file') return 'notdir';
      const next: Node | undefined = node.entries.get(name);
      if (next === undefined) return 'noent';
      node = next;
    }
    return node;
  }

  /** The folder that holds, or would hold, the last name of a path. */
  parent(from: Folder, path: string): { readonly folder: Folder; readonly name: string } | FileError {
    const names = namesOf(path);
    if (typeof names === 'string') return names;
    const name = names.pop();
    if (name === undefined) return 'inval';
    const folder = this.find(from, names.join('/'));
    if (typeof folder === 'string') return folder;
    return folder.kind === 'folder' ? { folder, name } : 'notdir';
  }

  create(from: Folder, path: string, kind: Node['kind']): Node | FileError {
    const place = this.parent(from, path);
    if (typeof place === 'string') return place;
    if (place.folder.entries.has(place.name)) return 'exist';
    const node = kind === 'file' ? this.#file() : this.#folder();
    place.folder.entries.set(place.name, node);
    return node;
  }

  remove(from: Folder, path: string, kind: Node['kind']): FileError | undefined {
    const place = this.parent(from, path);
    if (typeof place === 'string') return place;
    const node = place.folder.entries.get(place.name);
    if (node === undefined) return 'noent';
    if (node.kind !== kind) return kind === 'file' ? 'isdir' : 'notdir';
    if (node.kind === 'folder' && node.entries.size > 0) return 'notempty';
    place.folder.entries.delete(place.name);
    if (node.kind === 'file') this.#size -= node.bytes.length;
    return undefined;
  }

  rename(from: Folder, path: string, to: Folder, newPath: string): FileError | undefined {
    const [old, next] = [this.parent(from, path), this.parent(to, newPath)];
    if (typeof old === 'string') return old;
    if (typeof next === 'string') return next;
    const node = old.folder.entries.get(old.name);
    if (node === undefined) return 'noent';
    if (node.kind === 'folder' && contains(node, next.folder)) return 'inval';
    const target = next.folder.entries.get(next.name);
    if (target?.kind === 'folder' && target.entries.size > 0) return 'notempty';
    old.folder.entries.delete(old.name);
    next.folder.entries.set(next.name, node);
    return undefined;
  }

  resize(file: File, length: number): FileError | undefined {
    const grown = this.#size + length - file.bytes.length;
    if (grown > this.#capacity) return 'nospc';
    this.#size = grown;
    const bytes = new Uint8Array(length);
    bytes.set(file.bytes.subarray(0, length));
    file.bytes = bytes;
    return undefined;
  }

  #folder(): Folder {
    return { kind: 'folder', inode: ++this.#inodes, entries: new Map() };
  }

  #file(): File {
    return { kind: 'file', inode: ++this.#inodes, bytes: new Uint8Array() };
  }
}

/** Names without `.`, with `..` resolved; one that leads above the folder is refused, as an absolute one is. */
function namesOf(path: string): string[] | FileError {
  if (path.startsWith('/')) return 'notcapable';
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '' || name === '.') continue;
    if (name !== '..') names.push(name);
    else if (names.pop() === undefined) return 'notcapable';
  }
  return names;
}

function contains(folder: Folder, sought: Folder): boolean {
  const open: Folder[] = [folder];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === sought) return true;
    for (const node of next.entries.values()) if (node.kind === 'folder') open.push(node);
  }
  return false;
}
