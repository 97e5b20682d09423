// What paths lead to (WASI preview 1), always from an open folder.

import type { FileError, Folder, Node } from './virtual-files.ts';
import { ERRNO, WasiError } from './wasi-memory.ts';
import {
  APPEND,
  type Descriptor,
  type DescriptorTable,
  done,
  type FileOptions,
  type Functions,
  needed,
  WRITE_RIGHT,
  writeStat,
} from './wasi-table.ts';

const OFLAGS = { create: 1, directory: 2, exclusive: 4, truncate: 8 } as const;

export function pathFunctions({ memory, folder, table }: FileOptions): Functions {
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

function openNode(
  { from, path, oflags, writes }: Opening,
  folder: FileOptions['folder'],
  table: DescriptorTable,
): Node {
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
