// Who holds which role, by public keys. What a ceremony works towards; what is in force stands in the signed root and targets.

import { PublishError } from '../error.ts';
import type { KeySigner } from '../key-signer.ts';
import { type SignedRole, type TufKey, tufKey, tufKeyId } from './role.ts';

export type PublicKey = Pick<KeySigner, 'algorithm' | 'publicPem' | 'spki'>;

export interface Holders {
  readonly keys: readonly PublicKey[];
  /** So many of them must sign. */
  readonly threshold: number;
}

export const HELD_ROLES = ['root', 'targets', 'revocations', 'online'] as const;
export type HeldRole = (typeof HELD_ROLES)[number];

/** `online` signs documents, snapshot and timestamp. */
export type TrustHolders = Readonly<Record<HeldRole, Holders>>;

export type KeyEntry = readonly [keyid: string, key: TufKey];

export function keyEntry(key: PublicKey): KeyEntry {
  const entry = tufKey(key);
  return [tufKeyId(entry), entry];
}

/** As TUF lists a role's holders. Throws TRUST_MISMATCH for a threshold that its keys cannot meet. */
export function roleKeys({ keys, threshold }: Holders, role: string): { keyids: string[]; threshold: number } {
  const keyids = [...new Set(keys.map((key) => keyEntry(key)[0]))].sort();
  if (threshold >= 1 && threshold <= keyids.length) return { keyids, threshold };
  throw new PublishError('TRUST_MISMATCH', role, `asks for ${threshold} signatures and has ${keyids.length} keys`);
}

/** The keys and threshold of each role as signed metadata has them. `targets` is the top targets file. */
export function signedHolders(
  root: SignedRole<'root'>,
  targets: SignedRole<'targets'>,
): Readonly<Record<HeldRole, { readonly keyids: readonly string[]; readonly threshold: number }>> {
  const revocations = targets.delegations?.roles.find(({ name }) => name === 'revocations');
  if (revocations === undefined)
    throw new PublishError('TRUST_MISMATCH', 'targets.json', 'delegates revocations to nobody');
  return { root: root.roles.root, targets: root.roles.targets, revocations, online: root.roles.timestamp };
}
