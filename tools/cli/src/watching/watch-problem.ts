import type { WatchCode } from '@plugmark/schemas';

/** Caught where one release is looked at: the others are looked at all the same. */
export class WatchProblem extends Error {
  override readonly name = 'WatchProblem';
  readonly code: WatchCode;

  constructor(code: WatchCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Those that may be otherwise the next time. */
export const PASSING: ReadonlySet<WatchCode> = new Set(['repository-unreachable', 'file-unreachable']);
