import type { SignatureState } from '@plugmark/client';

/** What the client said about one release while pages were made. */
export interface ReleaseCheck {
  readonly publisher: SignatureState;
  readonly registry: SignatureState;
  /** The client's code when it refused. */
  readonly code?: string;
  /** Who signed: a key id, or a workflow. */
  readonly signer?: string;
  /** For a signature without a key: the run that made it, when, and the log entries that show it. */
  readonly keyless?: {
    readonly run?: string;
    readonly signedAt?: string;
    readonly entries: readonly string[];
  };
  /** One of many plugins that this build of the pages did not look at again. */
  readonly isLeftOut?: true;
  /** From the offline-signed list, once verified. */
  readonly tier?: 'built-in' | 'verified' | 'community' | 'local';
  readonly levels: readonly string[];
}
