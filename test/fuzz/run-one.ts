import { judge, Problem } from './judge.ts';
import { mutate } from './mutate.ts';
import { Random } from './random.ts';
import { reviewAny } from './review-any.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** A review takes as long as thirty readings. */
const REVIEW_ONE_IN = 12;

/** The input that `seed` and `index` name: a function of them and the seed files. */
export function inputOf(seeds: readonly Bytes[], seed: number, index: number): Bytes {
  const random = new Random(seed, index);
  return mutate(random.one(seeds), random, random.one(seeds));
}

export interface Outcome {
  readonly problem?: string;
  readonly readable?: boolean;
  readonly accepted?: boolean;
}

/** Judges one input; never throws. */
export async function runOne(bytes: Bytes, index: number): Promise<Outcome> {
  try {
    const judged = judge(bytes);
    if (index % REVIEW_ONE_IN === 0) await reviewAny(bytes, index / REVIEW_ONE_IN, judged.accepted);
    return judged;
  } catch (error) {
    if (error instanceof Problem) return { problem: error.message };
    return { problem: `throws: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}` };
  }
}

/** The first word says the kind. */
export const kindOf = (problem: string): string => problem.split(':', 1)[0] ?? problem;
