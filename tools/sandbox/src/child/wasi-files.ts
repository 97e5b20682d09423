// The functions of WASI preview 1 that act on descriptors and paths, over streams and a folder in memory.

import type { File, FileError, Folder, Node } from './virtual-files.ts';
import { ERRNO, WasiError, type WasiMemory } from './wasi-memory.ts';
import type { WasiOptions } from './wasi-preview1.ts';

export type Descriptor =
  | { readonly kind: 'stream'; readonly stream: 'input' | 'output' | 'errors' }
  | { readonly kind: 'folder'; readonly node: Folder; readonly preopen?: string; append: boolean; position: bigint }
  | { readonly kind: 'file'; readonly node: File; append: boolean; position: bigint };

interface FileOptions extends WasiOptions {
  readonly memory: WasiMemory;
  readonly descriptors: Map<number, Descriptor>;
}

type Functions = Record<string, (...values: never[]) => number | undefined>;

const TYPE = { unknown: 0, character: 2, folder: 3, file: 4 } as const;
const OFLAGS = { create: 1, directory: 2, exclusive: 4, truncate: 8 } as const;
const APPEND = 1;
const ALL_RIGHTS = 0x1fffffffn;
const WRITE_RIGHT = 1n << 6n;
const LOWEST_FREE = 3;
const MOST_DESCRIPTORS = 256;

export function fileFunctions(options: FileOptions): Functions {
  const table = new Table(options);
  return {
    ...streamFunctions(options, table),
    ...descriptorFunctions(options, table),
    ...pathFunctions(options, table),
  };
}

class Table {
  readonly #descriptors: Map<number, Descriptor>;
  readonly #writable: boolean;

  constructor({ descriptors, folder }: FileOptions) {
    this.#descriptors = descriptors;
    this.#writable = folder?.writable === true;
  }

  any(fd: number): Descriptor {
    const found = this.#descriptors.get(fd);
    if (found === undefined) throw new WasiError('badf');
    return found;
  }

  file(fd: number): Extract<Descriptor, { kind: 'file' }> {
    const found = this.any(fd);
    if (found.kind === 'stream') throw new WasiError('spipe');
    if (found.kind === 'folder') throw new WasiError('isdir');
    return found;
  }

  folder(fd: number): Extract<Descriptor, { kind: 'folder' }> {
    const found = this.any(fd);
    if (found.kind !== 'folder') throw new WasiError('notdir');
    return found;
  }

  requireWritable(): void {
    if (!this.#writable) throw new WasiError('notcapable');
  }

  open(descriptor: Descriptor): number {
    if (this.#descriptors.size >= MOST_DESCRIPTORS) throw new WasiError('nospc');
    let fd = LOWEST_FREE;
    while (this.#descriptors.has(fd)) fd++;
    this.#descriptors.set(fd, descriptor);
    return fd;
  }

  close(fd: number): void {
    if (!this.#descriptors.delete(fd)) throw new WasiError('badf');
  }

  renumber(from: number, to: number): void {
    const descriptor = this.any(from);
    this.any(to);
    this.#descriptors.delete(from);
    this.#descriptors.set(to, descriptor);
  }
}

function streamFunctions({ world, streams, folder, memory }: FileOptions, table: Table): Functions {
  const readInto = (buffers: readonly Uint8Array[], read: (length: number) => Uint8Array): number => {
    let total = 0;
    for (const buffer of buffers) {
      const part = read(buffer.length);
      buffer.set(part);
      total += part.length;
      if (part.length < buffer.length) break;
    }
    return total;
  };
  const writeAt = (file: File, position: bigint, buffers: readonly Uint8Array[]): number => {
    table.requireWritable();
    const total = buffers.reduce((sum, { length }) => sum + length, 0);
    const end = Number(position) + total;
    if (end > file.bytes.length) done(folder?.files.resize(file, end));
    let at = Number(position);
    for (const buffer of buffers) {
      file.bytes.set(buffer, at);
      at += buffer.length;
    }
    return total;
  };
  return {
    fd_read: (fd: number, list: number, count: number, size: number) => {
      const from = table.any(fd);
      const buffers = memory.buffers(list, count);
      if (from.kind === 'folder') throw new WasiError('isdir');
      if (from.kind === 'stream') {
        if (from.stream !== 'input') throw new WasiError('notcapable');
        return void memory.u32(
          size,
          readInto(buffers, (length) => streams.read(length)),
        );
      }
      const read = readInto(buffers, (length) => {
        const part = partOf(from.node, from.position, length);
        from.position += BigInt(part.length);
        return part;
      });
      return void memory.u32(size, read);
    },
    fd_pread: (fd: number, list: number, count: number, offset: bigint, size: number) => {
      const { node } = table.file(fd);
      let at = BigInt.asUintN(64, offset);
      const read = readInto(memory.buffers(list, count), (length) => {
        const part = partOf(node, at, length);
        at += BigInt(part.length);
        return part;
      });
      return void memory.u32(size, read);
    },
    fd_write: (fd: number, list: number, count: number, size: number) => {
      const to = table.any(fd);
      const buffers = memory.buffers(list, count);
      if (to.kind === 'folder') throw new WasiError('isdir');
      if (to.kind === 'stream') {
        if (to.stream === 'input') throw new WasiError('notcapable');
        for (const buffer of buffers) {
          world.print(buffer);
          streams.write(to.stream, buffer);
        }
        return void memory.u32(
          size,
          buffers.reduce((sum, { length }) => sum + length, 0),
        );
      }
      if (to.append) to.position = BigInt(to.node.bytes.length);
      const written = writeAt(to.node, to.position, buffers);
      to.position += BigInt(written);
      return void memory.u32(size, written);
    },
    fd_pwrite: (fd: number, list: number, count: number, offset: bigint, size: number) =>
      void memory.u32(size, writeAt(table.file(fd).node, BigInt.asUintN(64, offset), memory.buffers(list, count))),
    fd_seek: (fd: number, offset: bigint, whence: number, address: number) => {
      const file = table.file(fd);
      const bases = [0n, file.position, BigInt(file.node.bytes.length)];
      const base = bases[whence];
      if (base === undefined || base + offset < 0n) throw new WasiError('inval');
      file.position = base + offset;
      return void memory.u64(address, file.position);
    },
    fd_tell: (fd: number, address: number) => void memory.u64(address, table.file(fd).position),
  };
}

/** A position beyond the end reads nothing. */
function partOf({ bytes }: File, position: bigint, length: number): Uint8Array {
  const from = position > BigInt(bytes.length) ? bytes.length : Number(position);
  return bytes.subarray(from, from + length);
}

function descriptorFunctions({ memory, folder }: FileOptions, table: Table): Functions {
  const ignored = (fd: number): undefined => void table.any(fd);
  const fileOnly = (fd: number): undefined => void table.file(fd);
  return {
    fd_close: (fd: number) => void table.close(fd),
    fd_renumber: (from: number, to: number) => void table.renumber(from, to),
    fd_advise: fileOnly,
    fd_datasync: ignored,
    fd_sync: ignored,
    fd_fdstat_set_rights: ignored,
    fd_fdstat_set_flags: (fd: number, flags: number) => {
      const found = table.any(fd);
      if (found.kind !== 'stream') found.append = (flags & APPEND) !== 0;
      return undefined;
    },
    fd_fdstat_get: (fd: number, address: number) => {
      const found = table.any(fd);
      const stat = memory.view(address, 24);
      stat.setUint8(0, found.kind === 'stream' ? TYPE.character : TYPE[found.kind]);
      stat.setUint16(2, found.kind !== 'stream' && found.append ? APPEND : 0, true);
      const rights = found.kind === 'stream' || folder?.writable ? ALL_RIGHTS : ALL_RIGHTS & ~WRITE_RIGHT;
      stat.setBigUint64(8, rights, true);
      return void stat.setBigUint64(16, rights, true);
    },
    fd_filestat_get: (fd: number, address: number) => {
      const found = table.any(fd);
      return void writeStat(memory, address, found.kind === 'stream' ? undefined : found.node);
    },
    fd_filestat_set_size: (fd: number, size: bigint) => {
      const { node } = table.file(fd);
      table.requireWritable();
      return done(folder?.files.resize(node, Number(BigInt.asUintN(64, size))));
    },
    fd_allocate: (fd: number, offset: bigint, length: bigint) => {
      const { node } = table.file(fd);
      table.requireWritable();
      const end = Number(BigInt.asUintN(64, offset) + BigInt.asUintN(64, length));
      return end > node.bytes.length ? done(folder?.files.resize(node, end)) : undefined;
    },
    fd_filestat_set_times: (fd: number) => {
      ignored(fd);
      return void table.requireWritable();
    },
    fd_prestat_get: (fd: number, address: number) => {
      const { preopen } = presetOf(table, fd);
      memory.u32(address, 0);
      return void memory.u32((address >>> 0) + 4, new TextEncoder().encode(preopen).length);
    },
    fd_prestat_dir_name: (fd: number, address: number, length: number) => {
      const name = new TextEncoder().encode(presetOf(table, fd).preopen);
      return void memory.bytes(address, Math.min(name.length, length >>> 0)).set(name.subarray(0, length >>> 0));
    },
    fd_readdir: (fd: number, buffer: number, length: number, cookie: bigint, used: number) =>
      void memory.u32(used, listInto(table.folder(fd).node, memory.bytes(buffer, length), cookie)),
  };
}

/** The end of a search for preopened folders is EBADF, by which libc knows it. */
function presetOf(table: Table, fd: number): { readonly preopen: string } {
  const found = table.any(fd);
  if (found.kind !== 'folder' || found.preopen === undefined) throw new WasiError('badf');
  return { preopen: found.preopen };
}

function writeStat(memory: WasiMemory, address: number, node: Node | undefined): void {
  const stat = memory.view(address, 64);
  for (let at = 0; at < 64; at += 8) stat.setBigUint64(at, 0n, true);
  stat.setBigUint64(8, node?.inode ?? 0n, true);
  stat.setUint8(16, node === undefined ? TYPE.character : TYPE[node.kind]);
  stat.setBigUint64(24, 1n, true);
  stat.setBigUint64(32, node?.kind === 'file' ? BigInt(node.bytes.length) : 0n, true);
}

/** Entries in the order of their names, `cookie` of them left out; one that does not fit is cut off, as the interface has it. */
function listInto({ entries, inode }: Folder, target: Uint8Array, cookie: bigint): number {
  const named: (readonly [string, Pick<Node, 'inode' | 'kind'>])[] = [
    ['.', { inode, kind: 'folder' }],
    ['..', { inode, kind: 'folder' }],
    ...[...entries].sort(([a], [b]) => (a < b ? -1 : 1)),
  ];
  let at = 0;
  for (let i = Number(cookie); i < named.length && at < target.length; i++) {
    const [name, node] = named[i] as (typeof named)[number];
    const text = new TextEncoder().encode(name);
    const entry = new Uint8Array(24 + text.length);
    const view = new DataView(entry.buffer);
    view.setBigUint64(0, BigInt(i + 1), true);
    view.setBigUint64(8, node.inode, true);
    view.setUint32(16, text.length, true);
    view.setUint8(20, TYPE[node.kind]);
    entry.set(text, 24);
    const part = entry.subarray(0, target.length - at);
    target.set(part, at);
    at += part.length;
  }
  return at;
}

function pathFunctions({ memory, folder }: FileOptions, table: Table): Functions {
  const files = folder?.files;
  const notSupported = (): number => ERRNO.notsup;
  const find = (fd: number, address: number, length: number): Node =>
    needed(files?.find(table.folder(fd).node, memory.text(address, length)) ?? 'noent');
  const change = (
    fd: number,
    address: number,
    length: number,
    act: (from: Folder, path: string) => unknown,
  ): number | undefined => {
    const from = table.folder(fd).node;
    table.requireWritable();
    const result = act(from, memory.text(address, length));
    return typeof result === 'string' ? done(result as FileError) : undefined;
  };
  return {
    path_open: (
      fd: number,
      _lookup: number,
      address: number,
      length: number,
      oflags: number,
      rights: bigint,
      _inheriting: bigint,
      flags: number,
      opened: number,
    ) => {
      const from = table.folder(fd).node;
      const path = memory.text(address, length);
      const node = openNode({ from, path, oflags, writes: (rights & WRITE_RIGHT) !== 0n }, folder, table);
      const append = (flags & APPEND) !== 0;
      const descriptor: Descriptor =
        node.kind === 'file'
          ? { kind: 'file', node, append, position: 0n }
          : { kind: 'folder', node, append, position: 0n };
      return void memory.u32(opened, table.open(descriptor));
    },
    path_filestat_get: (fd: number, _flags: number, address: number, length: number, stat: number) =>
      void writeStat(memory, stat, find(fd, address, length)),
    path_filestat_set_times: (fd: number, _flags: number, address: number, length: number) =>
      change(fd, address, length, (from, path) => needed(files?.find(from, path) ?? 'noent')),
    path_create_directory: (fd: number, address: number, length: number) =>
      change(fd, address, length, (from, path) => files?.create(from, path, 'folder')),
    path_remove_directory: (fd: number, address: number, length: number) =>
      change(fd, address, length, (from, path) => files?.remove(from, path, 'folder')),
    path_unlink_file: (fd: number, address: number, length: number) =>
      change(fd, address, length, (from, path) => files?.remove(from, path, 'file')),
    path_rename: (fd: number, address: number, length: number, to: number, newAddress: number, newLength: number) =>
      change(fd, address, length, (from, path) =>
        files?.rename(from, path, table.folder(to).node, memory.text(newAddress, newLength)),
      ),
    path_link: notSupported,
    path_symlink: notSupported,
    path_readlink: (fd: number, address: number, length: number) => {
      find(fd, address, length);
      throw new WasiError('inval');
    },
  };
}

interface Opening {
  readonly from: Folder;
  readonly path: string;
  readonly oflags: number;
  readonly writes: boolean;
}

function openNode({ from, path, oflags, writes }: Opening, folder: FileOptions['folder'], table: Table): Node {
  if (folder === undefined) throw new WasiError('notcapable');
  const has = (flag: number): boolean => (oflags & flag) !== 0;
  let node = folder.files.find(from, path);
  if (node === 'noent' && has(OFLAGS.create)) {
    table.requireWritable();
    node = folder.files.create(from, path, 'file');
  } else if (typeof node !== 'string' && has(OFLAGS.create) && has(OFLAGS.exclusive)) node = 'exist';
  const found = needed(node);
  if (has(OFLAGS.directory) && found.kind !== 'folder') throw new WasiError('notdir');
  // A file that is only read may be opened with every right by a libc that asks for all of them; writing is refused then.
  if (found.kind === 'folder' && writes && !folder.writable) return found;
  if (has(OFLAGS.truncate)) {
    table.requireWritable();
    if (found.kind === 'file') done(folder.files.resize(found, 0));
  }
  return found;
}

function needed(node: Node | FileError): Node {
  if (typeof node === 'string') throw new WasiError(node);
  return node;
}

function done(error: FileError | undefined): undefined {
  if (error !== undefined) throw new WasiError(error);
  return undefined;
}
