// The descriptors of one instance, and what WASI's functions on them have in common.

import type { File, FileError, Folder, Node } from './virtual-files.ts';
import { WasiError, type WasiMemory } from './wasi-memory.ts';
import type { WasiOptions } from './wasi-streams.ts';

export type Descriptor =
  | { readonly kind: 'stream'; readonly stream: 'input' | 'output' | 'errors' }
  | { readonly kind: 'folder'; readonly node: Folder; readonly preopen?: string; append: boolean; position: bigint }
  | { readonly kind: 'file'; readonly node: File; append: boolean; position: bigint };

export interface FileOptions extends WasiOptions {
  readonly memory: WasiMemory;
  readonly table: DescriptorTable;
}

export type Functions = Record<string, (...values: never[]) => number | undefined>;

export const FILE_TYPES = { unknown: 0, character: 2, folder: 3, file: 4 } as const;
export const APPEND = 1;
export const WRITE_RIGHT: bigint = 1n << 6n;
const LOWEST_FREE = 3;
const MOST_DESCRIPTORS = 256;

export class DescriptorTable {
  readonly #descriptors: Map<number, Descriptor>;
  readonly #writable: boolean;

  constructor(descriptors: Map<number, Descriptor>, writable: boolean) {
    this.#descriptors = descriptors;
    this.#writable = writable;
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

export function needed(node: Node | FileError): Node {
  if (typeof node === 'string') throw new WasiError(node);
  return node;
}

export function done(error: FileError | undefined): undefined {
  if (error !== undefined) throw new WasiError(error);
  return undefined;
}

export function writeStat(memory: WasiMemory, address: number, node: Node | undefined): void {
  const stat = memory.view(address, 64);
  for (let at = 0; at < 64; at += 8) stat.setBigUint64(at, 0n, true);
  stat.setBigUint64(8, node?.inode ?? 0n, true);
  stat.setUint8(16, node === undefined ? FILE_TYPES.character : FILE_TYPES[node.kind]);
  stat.setBigUint64(24, 1n, true);
  stat.setBigUint64(32, node?.kind === 'file' ? BigInt(node.bytes.length) : 0n, true);
}
