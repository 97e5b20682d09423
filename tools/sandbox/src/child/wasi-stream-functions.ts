// Reading, writing and moving (WASI preview 1), over streams and files in memory.

import type { File } from './virtual-files.ts';
import { WasiError } from './wasi-memory.ts';
import { done, type FileOptions, type Functions } from './wasi-table.ts';

export function streamFunctions({ world, streams, folder, memory, table }: FileOptions): Functions {
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
