import type { ClientErrorCode, ClientErrorDetails } from '../error.ts';
import type { Exclusion } from '../resolve.ts';
import type { SetDifference } from './capability-set.ts';

/** What became of one plugin in an update; one that had to wait holds up no other. */
export interface UpdateOutcome {
  readonly plugin: string;
  readonly from: string;
  /** The newest version there is to go to. */
  readonly to: string;
  /**
   * `held`: a person has to agree first. `refused`: the policy or a signature stands against it. `rolledBack`: it was tried and did not
   * work here.
   */
  readonly state: 'current' | 'updated' | 'held' | 'refused' | 'rolledBack';
  readonly code?: ClientErrorCode;
  readonly details?: ClientErrorDetails;
  /** What the new version can do beyond the installed one. */
  readonly difference?: SetDifference;
  readonly excluded: readonly Exclusion[];
}

export const HELD: ReadonlySet<ClientErrorCode> = new Set(['CONSENT_REQUIRED', 'CONSENT_DENIED', 'CONSENT_INCOMPLETE']);
/** These say something about the way to the registry or the disk, not about a plugin: they end the whole update. */
export const FATAL: ReadonlySet<ClientErrorCode> = new Set(['NETWORK', 'STORE', 'STORE_BUSY', 'ABORTED']);
