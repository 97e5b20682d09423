import type { Ceremony } from '../ceremony.ts';
import type { Io } from '../io.ts';

export interface DataInput {
  readonly io: Io;
  readonly ceremony: Ceremony;
  /** The registry's folder. */
  readonly data: string;
  readonly ledger: string | undefined;
  /** Upstream's policy.json. */
  readonly defaults: string | undefined;
  /** Whether sources and mirrors are asked. */
  readonly fetches: boolean;
}
