import type { ReservedNames } from '@plugmark/schemas';

/** What a new name is compared with. */
export interface KnownNames {
  readonly reserved: ReservedNames;
  /** Ids of all listed plugins. */
  readonly listed: readonly string[];
}
