// Repeatable choices. A generator is named, not passed around: what one plugin draws never depends on how many others there are.
import { derive } from '../test-keys.ts';

export interface Random {
  /** From 0 up to but not including 1. */
  next(): number;
  /** A whole number below `limit`. */
  below(limit: number): number;
  pick<T>(list: readonly T[]): T;
  /** True with this probability. */
  chance(probability: number): boolean;
}

/** Mulberry32, started from the hash of `name`: fast, even enough for shapes, and no secret. */
export function randomNamed(name: string): Random {
  let state = derive(`random ${name}`).readUInt32LE();
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return { next, below, pick: (list) => list[below(list.length)] as never, chance: (p) => next() < p };
}
