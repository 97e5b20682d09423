// How WASI preview 1 passes things through memory: numbers at addresses, lists of buffers. Every address is checked; one that is
// outside answers EFAULT instead of ending the plugin.

import type { Guest } from './guest.ts';

/** WASI's error numbers (preview 1, `errno`), those that are answered here. */
export const ERRNO = {
  success: 0,
  acces: 2,
  badf: 8,
  exist: 20,
  fault: 21,
  inval: 28,
  isdir: 31,
  noent: 44,
  nospc: 51,
  nosys: 52,
  notdir: 54,
  notempty: 55,
  notsock: 57,
  notsup: 58,
  spipe: 70,
  notcapable: 76,
} as const;

export type Errno = keyof typeof ERRNO;

/** Stops a WASI function with an error number. */
export class WasiError extends Error {
  override readonly name = 'WasiError';
  readonly errno: number;

  constructor(errno: Errno) {
    super(errno);
    this.errno = ERRNO[errno];
  }
}

const MOST_BUFFERS = 1024;

export class WasiMemory {
  readonly #guest: Guest;

  constructor(guest: Guest) {
    this.#guest = guest;
  }

  bytes(address: number, length: number): Uint8Array {
    const bytes = this.#guest.slice(address, length);
    if (bytes === undefined) throw new WasiError('fault');
    return bytes;
  }

  text(address: number, length: number): string {
    const text = this.#guest.text(address, length);
    if (text === undefined) throw new WasiError(this.#guest.slice(address, length) === undefined ? 'fault' : 'inval');
    return text;
  }

  view(address: number, length: number): DataView {
    const bytes = this.bytes(address, length);
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u32(address: number, value: number): void {
    this.view(address, 4).setUint32(0, value, true);
  }

  u64(address: number, value: bigint): void {
    this.view(address, 8).setBigUint64(0, value, true);
  }

  /** The buffers of an array of address and length pairs. */
  buffers(address: number, count: number): Uint8Array[] {
    if (count >>> 0 > MOST_BUFFERS) throw new WasiError('inval');
    const list = this.view(address, (count >>> 0) * 8);
    return Array.from({ length: count }, (_, i) =>
      this.bytes(list.getUint32(i * 8, true), list.getUint32(i * 8 + 4, true)),
    );
  }
}
