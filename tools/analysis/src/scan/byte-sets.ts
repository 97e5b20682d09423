// Sets of bytes and small questions about a place in a file. Byte by byte and bounded, so that a hostile text costs no more than
// an honest one; nothing here makes a string until something was found.

/** A set of bytes as one bit of a shared table. */
export type ByteSet = number;

const TABLE = new Uint8Array(256);

function setOf(bit: ByteSet, pattern: RegExp): ByteSet {
  for (let byte = 0; byte < 256; byte++)
    if (pattern.test(String.fromCharCode(byte))) TABLE[byte] = at(TABLE, byte) | bit;
  return bit;
}

export const WORD: ByteSet = setOf(1, /^[A-Za-z0-9_]$/);
export const HOST: ByteSet = setOf(2, /^[A-Za-z0-9.-]$/);
export const BASE64URL: ByteSet = setOf(4, /^[A-Za-z0-9_-]$/);
export const CAPITAL: ByteSet = setOf(8, /^[A-Z0-9]$/);
export const PATH: ByteSet = setOf(16, /^[A-Za-z0-9_./\\@+~:-]$/);
export const DIGIT: ByteSet = setOf(32, /^[0-9]$/);
export const BASE64: ByteSet = setOf(64, /^[A-Za-z0-9+/=]$/);
export const BASE32: ByteSet = setOf(128, /^[a-z2-7]$/);

/** Outside the array is a byte 0, which is in none of the sets. */
export function at(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}

export function isIn(byte: number, set: ByteSet): boolean {
  return (at(TABLE, byte) & set) !== 0;
}

/** How many bytes from `from` on are in the set, at most `most`. */
export function span(
  bytes: Uint8Array,
  from: number,
  { set, most }: { readonly set: ByteSet; readonly most: number },
): number {
  let count = 0;
  while (count < most && isIn(at(bytes, from + count), set)) count += 1;
  return count;
}

/** How many bytes before `to` are in the set, at most `most`. */
export function spanBefore(
  bytes: Uint8Array,
  to: number,
  { set, most }: { readonly set: ByteSet; readonly most: number },
): number {
  let count = 0;
  while (count < most && isIn(at(bytes, to - 1 - count), set)) count += 1;
  return count;
}

/** ASCII text of a few bytes; what is no ASCII becomes a question mark. */
export function asciiText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes.subarray(0, 200)) text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '?';
  return text;
}

export function hasText(bytes: Uint8Array, from: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) if (bytes[from + index] !== text.charCodeAt(index)) return false;
  return true;
}
