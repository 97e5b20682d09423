// Huffman codes as deflate writes them (RFC 1951, 3.2.2): given by the length of each code. A hostile block costs sixty bytes, so a
// table must be cheap to make: short codes are looked up, long ones are counted.

const FAST_BITS = 9;
export const MAX_BITS = 15;

export interface HuffmanTable {
  /** By the next nine bits: `symbol * 16 + length`; 0 when the code is longer, or none. */
  readonly fast: Uint16Array;
  /** Codes of each length. */
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

/**
 * Undefined when no set of codes has these lengths. `mayBeSingle`: one code alone, of one bit, may leave the other bit unused, which
 * zlib allows everywhere but in the code of the code lengths.
 */
export function huffmanTable(
  lengths: Uint8Array,
  { mayBeSingle }: { readonly mayBeSingle: boolean },
): HuffmanTable | undefined {
  const counts = new Uint16Array(MAX_BITS + 1);
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
  const used = lengths.length - (counts[0] ?? 0);
  counts[0] = 0;
  let left = 1;
  for (let length = 1; length <= MAX_BITS; length += 1) {
    left = left * 2 - (counts[length] ?? 0);
    if (left < 0) return undefined;
  }
  const isSingle = mayBeSingle && used === 1 && counts[1] === 1;
  if (left > 0 && used > 0 && !isSingle) return undefined;
  return { counts, ...codesOf(lengths, counts) };
}

function codesOf(lengths: Uint8Array, counts: Uint16Array): Pick<HuffmanTable, 'fast' | 'symbols'> {
  const places = new Uint16Array(MAX_BITS + 2);
  const codes = new Uint16Array(MAX_BITS + 2);
  for (let length = 1; length <= MAX_BITS; length += 1) {
    const count = counts[length] ?? 0;
    places[length + 1] = (places[length] ?? 0) + count;
    codes[length + 1] = ((codes[length] ?? 0) + count) << 1;
  }
  const symbols = new Uint16Array(lengths.length);
  const fast = new Uint16Array(1 << FAST_BITS);
  for (const [symbol, length] of lengths.entries()) {
    if (length === 0) continue;
    const place = places[length] ?? 0;
    places[length] = place + 1;
    symbols[place] = symbol;
    const code = codes[length] ?? 0;
    codes[length] = code + 1;
    if (length <= FAST_BITS)
      for (let at = reversed(code, length); at < fast.length; at += 1 << length) fast[at] = symbol * 16 + length;
  }
  return { fast, symbols };
}

/** Codes are written from their highest bit, everything else from its lowest. */
function reversed(code: number, length: number): number {
  let bits = 0;
  for (let i = 0; i < length; i += 1) bits |= ((code >> i) & 1) << (length - 1 - i);
  return bits;
}
