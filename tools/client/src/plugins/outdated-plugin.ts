import type { ClientErrorCode } from '../error.ts';
import type { Exclusion } from '../resolve.ts';
import type { SetDifference } from './capability-set.ts';

/** An installed plugin beside what its source has now. `installed` is the version here, `requested` the range that was asked for. */
export interface OutdatedPlugin {
  readonly plugin: string;
  readonly installed: string;
  readonly requested: string;
  /** Where an update would go; the installed one where it would stay. */
  readonly wanted: string;
  /** The highest there is, whether it fits or not. */
  readonly latest: string;
  /** What `wanted` can do beyond the installed one; with any of it an update waits for consent. */
  readonly difference?: SetDifference;
  readonly excluded: readonly Exclusion[];
  /** Why no update could be worked out. */
  readonly code?: ClientErrorCode;
}
