// Bytes out of the store, never believed for being there: looked up among what is revoked, and hashed anew.
import { ClientError } from './error.ts';
import { recallRevocations } from './revocation-memory.ts';
import { findRevocation } from './standing.ts';
import { sha256, toHex } from './trust/bytes.ts';
import type { TrustStore } from './trust/trust-store.ts';
import { markVerified, type VerifiedBytes } from './verified-bytes.ts';

export const blobName = (digest: string): string => `blobs/sha256/${digest}`;

/** Throws REVOKED, NOT_INSTALLED, ARTIFACT_DIGEST. */
export async function loadBytes(digest: string, store: TrustStore): Promise<VerifiedBytes> {
  await requireNotRevoked(digest, store);
  const bytes = /^[0-9a-f]{64}$/.test(digest) ? await store.get(blobName(digest)) : undefined;
  if (bytes === undefined) throw new ClientError('NOT_INSTALLED', { sha256: digest });
  const actual = toHex(await sha256(bytes));
  if (actual !== digest) throw new ClientError('ARTIFACT_DIGEST', { expected: digest, actual });
  return markVerified(bytes);
}

/** From memory: loading what is installed never waits for the network, and a fresh process knows what an earlier one saw. */
export async function requireNotRevoked(digest: string, store: TrustStore): Promise<void> {
  const known = await recallRevocations(store);
  const revoked = known && findRevocation(known, digest);
  if (revoked !== undefined) throw new ClientError('REVOKED', { sha256: digest, reason: revoked.reason });
}
