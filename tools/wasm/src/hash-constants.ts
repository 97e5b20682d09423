/**
 * Numbers that stand in the published definitions of hash functions, so that code which holds them says what it
 * computes. A hint for people: honest programs hash too.
 */

export type HashFamily = 'sha256' | 'sha512' | 'keccak';

/** First words of the round constants and of the initial state (FIPS 180-4 4.2.2, 5.3.3), as signed integers. */
const WORDS_32: ReadonlyMap<number, HashFamily> = new Map(
  [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0x6a09e667,
    0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
  ].map((word) => [word | 0, 'sha256']),
);

interface Word64 {
  readonly high: number;
  readonly family: HashFamily;
}

const word64 = (word: bigint, family: HashFamily): [number, Word64] => [
  Number(BigInt.asIntN(32, word)),
  { high: Number(BigInt.asIntN(32, word >> 32n)), family },
];

/**
 * SHA-512 and BLAKE2b share their initial state (FIPS 180-4 5.3.5); Keccak's round constants (FIPS 202 3.2.5). By
 * their lower half, which none shares with another.
 */
const WORDS_64: ReadonlyMap<number, Word64> = new Map([
  ...[
    0x6a09e667f3bcc908n,
    0xbb67ae8584caa73bn,
    0x3c6ef372fe94f82bn,
    0xa54ff53a5f1d36f1n,
    0x510e527fade682d1n,
    0x9b05688c2b3e6c1fn,
    0x1f83d9abfb41bd6bn,
    0x5be0cd19137e2179n,
    0x428a2f98d728ae22n,
    0x7137449123ef65cdn,
  ].map((word) => word64(word, 'sha512')),
  ...[
    0x800000000000808an,
    0x8000000080008000n,
    0x8000000080008081n,
    0x8000000000008009n,
    0x8000000000008080n,
    0x800000008000000an,
  ].map((word) => word64(word, 'keccak')),
]);

export function hashFamily32(value: number): HashFamily | undefined {
  return WORDS_32.get(value);
}

/** By the two halves, as signed integers. */
export function hashFamily64(low: number, high: number): HashFamily | undefined {
  const word = WORDS_64.get(low);
  return word?.high === high ? word.family : undefined;
}
