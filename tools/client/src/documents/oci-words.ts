// Beside the other words, since a client that only verifies carries those and never meets these.
import { type Decoder, text } from '../decode.ts';

/** A repository of an OCI registry, the registry's host before it. */
export const ociRepository: Decoder<string> = text(
  /^[a-z0-9.-]+(?::\d{1,5})?(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)+$/,
  300,
);
export const ociDigest: Decoder<string> = text(/^sha256:[0-9a-f]{64}$/, 71);
