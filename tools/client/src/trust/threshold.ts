// Whether enough distinct keys signed a metadata file (TUF 1.0 section 4.2, 5.3.4 and its siblings).
import { ClientError } from '../error.ts';
import { importTufKey } from './keys.ts';
import type { Delegator, Envelope, Role } from './metadata.ts';

/**
 * Throws METADATA_SIGNATURE when fewer than `role.threshold` keys signed.
 *
 * Keys are counted, not key ids: TUF lets a delegator choose ids freely, so one key under two ids would otherwise meet
 * a threshold of two.
 */
export async function verifyThreshold(
  envelope: Envelope,
  delegator: Delegator,
  role: Role & { readonly name: string },
): Promise<void> {
  const signers = new Set<string>();
  for (const keyId of role.keyids) {
    const key = delegator.keys.get(keyId);
    const signature = envelope.signatures.get(keyId);
    const verifier = key && signature && (await importTufKey(key));
    if (!verifier || !(await verifier.verify(signature, envelope.payload))) continue;
    // Whose signature it is matters only among several.
    if (role.threshold > 1) signers.add(await verifier.identity());
    if (role.threshold === 1 || signers.size >= role.threshold) return;
  }
  throw new ClientError('METADATA_SIGNATURE', { role: role.name, signers: signers.size, threshold: role.threshold });
}
