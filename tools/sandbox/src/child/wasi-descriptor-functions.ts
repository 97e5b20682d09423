// What descriptors are and hold (WASI preview 1).

import type { Folder, Node } from './virtual-files.ts';
import { WasiError } from './wasi-memory.ts';
import {
  APPEND,
  type DescriptorTable,
  done,
  FILE_TYPES,
  type FileOptions,
  type Functions,
  WRITE_RIGHT,
  writeStat,
} from './wasi-table.ts';

const ALL_RIGHTS = 0x1fffffffn;

export function descriptorFunctions({ memory, folder, table }: FileOptions): Functions {
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
      stat.setUint8(0, found.kind === 'stream' ? FILE_TYPES.character : FILE_TYPES[found.kind]);
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
function presetOf(table: DescriptorTable, fd: number): { readonly preopen: string } {
  const found = table.any(fd);
  if (found.kind !== 'folder' || found.preopen === undefined) throw new WasiError('badf');
  return { preopen: found.preopen };
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
    view.setUint8(20, FILE_TYPES[node.kind]);
    entry.set(text, 24);
    const part = entry.subarray(0, target.length - at);
    target.set(part, at);
    at += part.length;
  }
  return at;
}
