// Keys that a host on this machine trusts for detached signatures, apart from any registry: what `plugmark trust` keeps.

import * as z from 'zod/mini';
import { Base64, Count, Instant, line, SchemaVersion, Sha256 } from './primitives.ts';

export const TrustedKey = z.strictObject({
  /** sha256 of the SPKI DER. */
  keyId: Sha256,
  algorithm: z.literal('ed25519'),
  /** SubjectPublicKeyInfo, DER, base64. */
  publicKey: Base64,
  /** Whose key it is, in the words of whoever added it. */
  name: line(120),
  added: Instant,
});
export type TrustedKey = z.output<typeof TrustedKey>;

export const TrustedKeys = z.strictObject({
  schemaVersion: SchemaVersion,
  keys: z.array(TrustedKey).check(z.maxLength(1000)),
});
export type TrustedKeys = z.output<typeof TrustedKeys>;

/** `plugmark verify FILE --signature FILE.sig --json`: what the keys of this machine say about a file. */
export const DetachedResult = z.strictObject({
  sha256: Sha256,
  size: Count,
  state: z.enum(['verified', 'notSigned', 'verificationFailed']),
  /** The trusted key that signed it. */
  signer: z.optional(z.strictObject({ keyId: Sha256, name: line(120) })),
});
export type DetachedResult = z.output<typeof DetachedResult>;
