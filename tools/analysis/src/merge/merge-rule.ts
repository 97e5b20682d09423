// What a rule of the merge decision is, and how one is found to apply. The table is in merge-rules.ts.

import type { MergeEffect, MergeFinding } from '@plugmark/schemas';
import { printable } from '../printable.ts';

export type MergeFacts = MergeFinding['facts'];

export interface MergeRule {
  /** Refused; decided by a person; or only a matter of time. */
  readonly effect: MergeEffect;
  /** Whether a maintainer's approval of exactly this head settles it. */
  readonly settles: boolean;
  readonly title: string;
  readonly why: string;
  readonly fix: string;
  /** One sentence about this finding, from its facts. */
  readonly say: (facts: MergeFacts) => string;
}

type Words = Omit<MergeRule, 'effect' | 'settles'>;

export const refuse = (words: Words): MergeRule => ({ effect: 'refuse', settles: false, ...words });
/** A person looks, and an approval is the answer. */
export const ask = (words: Words): MergeRule => ({ effect: 'human', settles: true, ...words });
/** A person said so, and only a person takes it back. */
export const stop = (words: Words): MergeRule => ({ effect: 'human', settles: false, ...words });
/** Time for others to look; an approval shortens it. */
export const wait = (words: Words): MergeRule => ({ effect: 'wait', settles: true, ...words });
/** Could not be decided now; looked at again by itself. */
export const retry = (words: Words): MergeRule => ({ effect: 'wait', settles: false, ...words });

const FACT = 300;
const FACTS = 20;

/** A fact of somebody else's making as a document can carry it. */
export const fact = (text: string): string => printable(text, FACT);
export const facts = (texts: readonly string[]): string[] => texts.slice(0, FACTS).map(fact);

/** Text at the end of a time, as people read it: `2026-11-26T10:00:00Z`. */
export function instantOf(time: Date | number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
