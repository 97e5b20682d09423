/**
 * A cursor over a range of a file: bytes, LEB128 integers and names, each checked before it is used.
 * Offsets are those of the whole file, also inside nested modules. It never copies bytes and never reads past its
 * end; running into the end is WASM_TRUNCATED for the file itself and WASM_SECTION_SIZE for a declared range inside it.
 */
import { WasmError, type WasmErrorCode } from './error.ts';
import type { FeatureId, FeatureUses } from './features.ts';
import type { Budget, ReaderLimits } from './limits.ts';

/** What running into the end of a range means. */
export type Overrun = 'WASM_TRUNCATED' | 'WASM_SECTION_SIZE';

// A byte order mark is part of a name (core spec 5.2.4), so it must not be swallowed.
const UTF8: TextDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
// Below this length building the string byte by byte beats the call into the decoder.
const SHORT_NAME = 24;

export class ByteReader {
  readonly bytes: Uint8Array;
  readonly end: number;
  readonly overrun: Overrun;
  offset: number;
  /** Where the features that are met are noted; the ranges of this reader share it. */
  uses: FeatureUses | undefined;

  constructor(bytes: Uint8Array, range: { readonly start: number; readonly end: number; readonly overrun: Overrun }) {
    this.bytes = bytes;
    this.offset = range.start;
    this.end = range.end;
    this.overrun = range.overrun;
    this.uses = undefined;
  }

  get remaining(): number {
    return this.end - this.offset;
  }

  /** The error for something found at `offset` (by default: here), for the caller to throw. */
  error(
    code: WasmErrorCode,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    offset: number = this.offset,
  ): WasmError {
    return new WasmError(code, message, { offset, details });
  }

  u8(): number {
    if (this.offset >= this.end) throw this.#pastEnd(1);
    return this.bytes[this.offset++] as number;
  }

  /** Steps over `length` bytes and gives the offset of the first. */
  skip(length: number): number {
    if (length > this.remaining) throw this.#pastEnd(length);
    const start = this.offset;
    this.offset += length;
    return start;
  }

  /** A reader of the next `size` bytes; this one continues after them. */
  range(size: number): ByteReader {
    const start = this.skip(size);
    const range = new ByteReader(this.bytes, { start, end: start + size, overrun: 'WASM_SECTION_SIZE' });
    range.uses = this.uses;
    return range;
  }

  /** Notes that a feature is used at `offset`. */
  use(feature: FeatureId, offset: number): void {
    this.uses?.add(feature, offset);
  }

  u32(): number {
    const start = this.offset;
    if (start < this.end) {
      const byte = this.bytes[start] as number;
      if (byte < 0x80) {
        this.offset = start + 1;
        return byte;
      }
    }
    let value = 0;
    for (let scale = 1; scale < 2 ** 28; scale *= 2 ** 7) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    const last = this.u8();
    if (last > 0x0f) throw this.#overlong('u32', start);
    return value + last * 2 ** 28;
  }

  s32(): number {
    return this.#signed(32);
  }

  /** A type index, or a negative number that stands for an abstract type (core spec 5.3.3). */
  s33(): number {
    return this.#signed(33);
  }

  u64(): bigint {
    return this.#wide(0n, 1n, 'u64');
  }

  s64(): bigint {
    return this.#wide(-1n, 0n, 's64');
  }

  /** A length-prefixed UTF-8 name (core spec 5.2.4). */
  name(limits: ReaderLimits): string {
    const length = this.u32();
    if (length > this.remaining) throw this.#pastEnd(length);
    if (length > limits.nameBytes) throw this.limit('nameBytes', length, limits);
    return length <= SHORT_NAME ? this.#shortName(length) : this.#decode(length);
  }

  /** The count of a vector whose items take at least `itemBytes` each; checked before anything is allocated. */
  count(limit: keyof ReaderLimits, limits: ReaderLimits, itemBytes = 1): number {
    const start = this.offset;
    const count = this.u32();
    if (count * itemBytes > this.remaining) {
      const details = { count, remaining: this.remaining };
      throw this.error(
        'WASM_SECTION_SIZE',
        `${count} items cannot fit in the ${this.remaining} bytes left`,
        details,
        start,
      );
    }
    if (count > limits[limit]) throw this.limit(limit, count, limits, start);
    return count;
  }

  limit(limit: keyof ReaderLimits, value: number, limits: ReaderLimits, offset: number = this.offset): WasmError {
    const maximum = limits[limit];
    return this.error(
      'WASM_LIMIT',
      `${value} passes the limit ${limit} of ${maximum}`,
      { limit, value, maximum },
      offset,
    );
  }

  /** Counts towards a limit that holds for the whole file. */
  spend(what: keyof Budget['used'], amount: number, { limits, used }: Budget): void {
    used[what] += amount;
    if (used[what] > limits[what]) throw this.limit(what, used[what], limits);
  }

  #shortName(length: number): string {
    const { bytes, offset } = this;
    let text = '';
    for (let at = offset; at < offset + length; at++) {
      const byte = bytes[at] as number;
      if (byte >= 0x80) return this.#decode(length);
      text += String.fromCharCode(byte);
    }
    this.offset = offset + length;
    return text;
  }

  #decode(length: number): string {
    const start = this.offset;
    try {
      const text = UTF8.decode(this.bytes.subarray(start, start + length));
      this.offset = start + length;
      return text;
    } catch (cause) {
      throw new WasmError('WASM_BAD_UTF8', 'a name is not UTF-8', { offset: start, details: { length }, cause });
    }
  }

  #signed(bits: 32 | 33): number {
    const start = this.offset;
    let value = 0;
    let scale = 1;
    for (let index = 0; ; index++, scale *= 2 ** 7) {
      const byte = this.u8();
      if (byte < 0x80 || index === 4) {
        const last = (byte << 25) >> 25;
        // The fifth byte holds only bits-28 bits; the rest must repeat the sign (core spec 5.2.2).
        const bound = 2 ** (bits - 29);
        if (index === 4 && (byte >= 0x80 || last >= bound || last < -bound)) throw this.#overlong(`s${bits}`, start);
        return value + last * scale;
      }
      value += (byte & 0x7f) * scale;
    }
  }

  #wide(least: bigint, most: bigint, type: string): bigint {
    const start = this.offset;
    let value = 0n;
    for (let shift = 0n; shift < 63n; shift += 7n) {
      const byte = this.u8();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return least === 0n || byte < 0x40 ? value : value - (1n << (shift + 7n));
    }
    const byte = this.u8();
    const last = least === 0n ? BigInt(byte) : BigInt((byte << 25) >> 25);
    if (byte >= 0x80 || last < least || last > most) throw this.#overlong(type, start);
    return value + (last << 63n);
  }

  #overlong(type: string, start: number): WasmError {
    return this.error('WASM_LEB_OVERLONG', `the integer is too long for ${type}`, { type }, start);
  }

  #pastEnd(needed: number): WasmError {
    const details = { needed, remaining: this.remaining };
    const where = this.overrun === 'WASM_TRUNCATED' ? 'the file' : 'its section';
    return this.error(this.overrun, `${needed} bytes are needed and ${where} has ${this.remaining} left`, details);
  }
}
