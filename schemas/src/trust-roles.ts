// registry/trust/roles.json: who should hold which role, as its maintainers write it down. What is in force is what the signed root
// says; a ceremony brings it to what stands here.

import * as z from 'zod/mini';
import { Base64, Instant, line, SchemaVersion, Sha256 } from './primitives.ts';

/** `keyId` is the sha256 of the SPKI DER in `publicKey`. `holder` is a name for people: a person, a machine, a token. */
export const RoleKey = z.strictObject({
  algorithm: z.enum(['ecdsa-p256', 'ed25519']),
  keyId: Sha256,
  publicKey: Base64,
  holder: z.optional(line(100)),
  from: Instant,
});
export type RoleKey = z.output<typeof RoleKey>;

const Held = z.strictObject({
  keys: z.array(RoleKey).check(z.minLength(1), z.maxLength(20)),
  /** So many of the keys must sign. */
  threshold: z.int().check(z.positive()),
});

export const TrustRoles = z.strictObject({
  schemaVersion: SchemaVersion,
  root: Held,
  targets: Held,
  revocations: Held,
  /** Signs documents, snapshot and timestamp in the publishing job. */
  online: Held,
  /** Whose co-signatures count; any one of them. Absent where registry.json says that the registry’s own workflow co-signs. */
  cosign: z.optional(Held),
});
export type TrustRoles = z.output<typeof TrustRoles>;
