// Deflate (RFC 1951) unpacked into a buffer of a size that is known and bounded before. Our own, because the platform's streams do
// not say where the data ends, and what follows an end unseen is where a second file hides. No recursion, no growth.

import { type HuffmanTable, huffmanTable, MAX_BITS } from './huffman.ts';

export type Inflated =
  | { readonly bytes: Uint8Array }
  /** `at` is a byte of the packed data. `size`: it is deflate, but not of exactly these sizes. */
  | { readonly problem: 'data' | 'size'; readonly at: number };

/** Exactly `size` bytes out of all of `packed`, or what is wrong. */
export function inflateRaw(packed: Uint8Array, size: number): Inflated {
  const inflater = new Inflater(packed, size);
  const problem = inflater.run();
  return problem === undefined ? { bytes: inflater.out } : { problem, at: Math.min(inflater.at, packed.length) };
}

// RFC 1951, 3.2.5: first value and further bits of each length and distance code.
const LENGTHS = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCES = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
];
const DISTANCE_BITS = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
/** 3.2.7: the order in which the lengths of the code for code lengths are written. */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const END_OF_BLOCK = 256;
const SINGLE = { mayBeSingle: true };

interface Codes {
  readonly literals: HuffmanTable;
  readonly distances: HuffmanTable;
}

function codesOf(literalLengths: Uint8Array, distanceLengths: Uint8Array): Codes | undefined {
  const [literals, distances] = [huffmanTable(literalLengths, SINGLE), huffmanTable(distanceLengths, SINGLE)];
  return literals && distances && { literals, distances };
}

/** 3.2.6. */
const FIXED = codesOf(
  new Uint8Array(288).fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280),
  new Uint8Array(32).fill(5),
);

type Problem = 'data' | 'size';

class Inflater {
  readonly out: Uint8Array;
  at = 0;
  readonly #packed: Uint8Array;
  #written = 0;
  #hold = 0;
  #held = 0;

  constructor(packed: Uint8Array, size: number) {
    this.#packed = packed;
    this.out = new Uint8Array(size);
  }

  run(): Problem | undefined {
    for (let last = 0; last === 0; ) {
      last = this.#bits(1);
      const problem = this.#block(this.#bits(2));
      if (problem !== undefined) return problem;
    }
    // Bits of the last byte are left over; whole bytes are not.
    const unread = this.#packed.length - this.at + (this.#held >> 3);
    if (unread !== 0) this.at -= this.#held >> 3;
    return unread !== 0 || this.#written !== this.out.length ? 'size' : undefined;
  }

  #block(kind: number): Problem | undefined {
    if (kind === 0) return this.#stored();
    const codes = kind === 1 ? FIXED : kind === 2 ? this.#dynamicCodes() : undefined;
    return codes === undefined ? 'data' : this.#packedBlock(codes);
  }

  #stored(): Problem | undefined {
    this.at -= this.#held >> 3;
    [this.#hold, this.#held] = [0, 0];
    const [length, check] = [this.#bits(16), this.#bits(16)];
    if (length < 0 || check < 0 || (length ^ check) !== 0xffff) return 'data';
    if (this.at + length > this.#packed.length) return 'data';
    if (this.#written + length > this.out.length) return 'size';
    this.out.set(this.#packed.subarray(this.at, this.at + length), this.#written);
    this.at += length;
    this.#written += length;
    return undefined;
  }

  #dynamicCodes(): Codes | undefined {
    const [literals, distances, lengths] = [this.#bits(5) + 257, this.#bits(5) + 1, this.#bits(4) + 4];
    // 30 and 31, and 286 and 287, are codes that no data uses.
    if (literals > 286 || distances > 30 || lengths < 4) return undefined;
    const ofLengths = new Uint8Array(19);
    for (const place of ORDER.slice(0, lengths)) ofLengths[place] = Math.max(0, this.#bits(3));
    const table = huffmanTable(ofLengths, { mayBeSingle: false });
    const all = table && this.#codeLengths(table, literals + distances);
    if (all === undefined || all[END_OF_BLOCK] === 0) return undefined;
    return codesOf(all.subarray(0, literals), all.subarray(literals));
  }

  #codeLengths(table: HuffmanTable, count: number): Uint8Array | undefined {
    const lengths = new Uint8Array(count);
    for (let at = 0; at < count; ) {
      const symbol = this.#symbol(table);
      if (symbol < 0) return undefined;
      if (symbol < 16) {
        lengths[at] = symbol;
        at += 1;
        continue;
      }
      const repeat = symbol === 16 ? 3 + this.#bits(2) : symbol === 17 ? 3 + this.#bits(3) : 11 + this.#bits(7);
      if ((symbol === 16 && at === 0) || at + repeat > count) return undefined;
      lengths.fill(symbol === 16 ? (lengths[at - 1] ?? 0) : 0, at, at + repeat);
      at += repeat;
    }
    return lengths;
  }

  #packedBlock({ literals, distances }: Codes): Problem | undefined {
    const { out } = this;
    for (;;) {
      const symbol = this.#symbol(literals);
      if (symbol === END_OF_BLOCK) return undefined;
      if (symbol < 0) return 'data';
      if (symbol < END_OF_BLOCK) {
        if (this.#written === out.length) return 'size';
        out[this.#written] = symbol;
        this.#written += 1;
        continue;
      }
      const problem = this.#copy(symbol - 257, distances);
      if (problem !== undefined) return problem;
    }
  }

  #copy(lengthCode: number, distances: HuffmanTable): Problem | undefined {
    const [base, further] = [LENGTHS[lengthCode], LENGTH_BITS[lengthCode] ?? 0];
    if (base === undefined) return 'data';
    const length = base + this.#bits(further);
    const code = this.#symbol(distances);
    const start = DISTANCES[code];
    if (start === undefined) return 'data';
    const more = this.#bits(DISTANCE_BITS[code] ?? 0);
    const distance = start + more;
    if (more < 0 || length < base || distance > this.#written) return 'data';
    if (this.#written + length > this.out.length) return 'size';
    // The two ranges may overlap: that is how deflate repeats.
    if (distance >= length)
      this.out.copyWithin(this.#written, this.#written - distance, this.#written - distance + length);
    else for (let i = 0; i < length; i += 1) this.out[this.#written + i] = this.out[this.#written + i - distance] ?? 0;
    this.#written += length;
    return undefined;
  }

  /** -1 when the data ends before. */
  #bits(count: number): number {
    while (this.#held < count) {
      const byte = this.#packed[this.at];
      if (byte === undefined) return this.#ended();
      this.#hold |= byte << this.#held;
      this.#held += 8;
      this.at += 1;
    }
    const value = this.#hold & ((1 << count) - 1);
    this.#hold >>>= count;
    this.#held -= count;
    return value;
  }

  /** Nothing that is read after the end means anything. */
  #ended(): -1 {
    [this.#hold, this.#held] = [0, 0];
    this.at = this.#packed.length;
    return -1;
  }

  /** -1 for a code that is none, or cut off. */
  #symbol({ fast, counts, symbols }: HuffmanTable): number {
    while (this.#held < MAX_BITS && this.at < this.#packed.length) {
      this.#hold |= (this.#packed[this.at] ?? 0) << this.#held;
      this.#held += 8;
      this.at += 1;
    }
    const entry = fast[this.#hold & (fast.length - 1)] ?? 0;
    const length = entry & 15;
    if (length > 0 && length <= this.#held) {
      this.#hold >>>= length;
      this.#held -= length;
      return entry >> 4;
    }
    return this.#longSymbol(counts, symbols);
  }

  #longSymbol(counts: Uint16Array, symbols: Uint16Array): number {
    let [code, first, index] = [0, 0, 0];
    for (let length = 1; length <= Math.min(MAX_BITS, this.#held); length += 1) {
      code |= (this.#hold >> (length - 1)) & 1;
      const count = counts[length] ?? 0;
      if (code - first < count) {
        this.#hold >>>= length;
        this.#held -= length;
        return symbols[index + code - first] ?? -1;
      }
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    return -1;
  }
}
