import type { ArtifactKind } from '../documents/release.ts';
import type { Host } from '../resolve.ts';

/** What is to be inspected: bytes, and for which host. */
export interface InspectSubject {
  readonly bytes: Uint8Array;
  /** By the first bytes of the file. */
  readonly kind: ArtifactKind;
  readonly host: Host;
  /** The host's profile, as it was given or signed. */
  readonly profile: unknown;
  /** What the author declares, in our field names; absent where there is no manifest. Nobody signed it. */
  readonly manifest?: unknown;
}

/**
 * Derives what a plugin can do from its bytes, for those that no registry analysed: `@plugmark/analysis` does. Answers an analysis
 * summary, as package documents have one, which is decoded as strictly as theirs; undefined for bytes that cannot be read.
 */
export type InspectPort = (subject: InspectSubject) => Promise<unknown>;
