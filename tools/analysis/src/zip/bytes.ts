import { ZipError } from './zip-problem.ts';

/** Little-endian numbers of an archive, none of them from outside it. */
export class ZipBytes {
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get size(): number {
    return this.bytes.length;
  }

  u16(offset: number): number {
    return this.#view.getUint16(this.#inside(offset, 2), true);
  }

  u32(offset: number): number {
    return this.#view.getUint32(this.#inside(offset, 4), true);
  }

  slice(offset: number, length: number): Uint8Array {
    return this.bytes.subarray(this.#inside(offset, length), offset + length);
  }

  #inside(offset: number, length: number): number {
    if (offset + length <= this.size) return offset;
    throw new ZipError({ code: 'ZIP_TRUNCATED', offset: Math.min(offset, this.size) });
  }
}

/** `PK` and two numbers. */
export const SIGNATURE = {
  local: 0x04034b50,
  descriptor: 0x08074b50,
  central: 0x02014b50,
  end: 0x06054b50,
  end64Locator: 0x07064b50,
} as const;
