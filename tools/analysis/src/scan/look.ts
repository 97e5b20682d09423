import type { asciiText } from './byte-sets.ts';

/** Where a word of the table stands: from `start` to `end`. `bytes` is the segment it stands in, and nothing outside of it. */
export interface Candidate {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** What it is, as it may be shown (a secret is not), and the bytes that show it. */
export interface Sighting {
  readonly text: ReturnType<typeof asciiText>;
  readonly start: number;
  readonly length: number;
}

/** Decides what a candidate is; undefined: nothing. Looks at a bounded number of bytes. */
export type Look = (candidate: Candidate) => Sighting | undefined;
