// An encrypted private key: PKCS#8 DER sealed with AES-256-GCM under a key that scrypt makes of a passphrase (RFC 7914). Every other
// member, in canonical form and without `sealed`, is the additional authenticated data: none of them can be exchanged.

import * as z from 'zod/mini';
import { Base64, SchemaVersion, Sha256 } from './primitives.ts';

// Base64 of exactly 16 and 12 bytes.
const Salt = z.string().check(z.maxLength(24), z.regex(/^[A-Za-z0-9+/]{21}[AQgw]==$/));
const Nonce = z.string().check(z.maxLength(16), z.regex(/^[A-Za-z0-9+/]{16}$/));

export const KeyFile = z.strictObject({
  schemaVersion: SchemaVersion,
  kind: z.literal('plugmark-private-key'),
  algorithm: z.enum(['ecdsa-p256', 'ed25519']),
  /** sha256 of the SPKI DER in `publicKey`. */
  keyId: Sha256,
  publicKey: Base64,
  /** Cost 2^logN; the bounds keep a hostile file from taking the memory of whoever opens it. 128 * r * 2^logN bytes: 128 MiB at 17. */
  kdf: z.strictObject({
    name: z.literal('scrypt'),
    logN: z.int().check(z.minimum(14), z.maximum(20)),
    r: z.literal(8),
    p: z.int().check(z.minimum(1), z.maximum(4)),
    salt: Salt,
  }),
  cipher: z.strictObject({ name: z.literal('aes-256-gcm'), nonce: Nonce }),
  /** Ciphertext and the 16 bytes of the tag. */
  sealed: Base64,
});
export type KeyFile = z.output<typeof KeyFile>;
