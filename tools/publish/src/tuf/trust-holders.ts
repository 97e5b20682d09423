// Who holds which role, by public keys. What a ceremony works towards; what is in force stands in the signed root and targets.

import { PublishError } from '../error.ts';
import type { KeySigner } from '../key-signer.ts';
import { type SignedRole, type TufKey, tufKey, tufKeyId } from './role.ts';
import { readableKeyId } from './signatures.ts';

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

/** Who holds a role as signed metadata has it. */
export interface SignedHolders {
  /** TUF's ids. */
  readonly keyids: readonly string[];
  /** The same keys as people know them, in the same order. */
  readonly keys: readonly string[];
  readonly threshold: number;
}

/** `targets` is the top targets file. Throws TRUST_MISMATCH. */
export function signedHolders(
  root: SignedRole<'root'>,
  targets: SignedRole<'targets'>,
): Readonly<Record<HeldRole, SignedHolders>> {
  const { delegations } = targets;
  const revocations = delegations?.roles.find(({ name }) => name === 'revocations');
  if (revocations === undefined)
    throw new PublishError('TRUST_MISMATCH', 'targets.json', 'delegates revocations to nobody');
  const held = (
    { keyids, threshold }: { keyids: string[]; threshold: number },
    keys: SignedRole<'root'>['keys'],
  ): SignedHolders => ({
    keyids,
    keys: keyids.map((keyid) => readableKeyId(keyid, Object.hasOwn(keys, keyid) ? keys[keyid] : undefined)),
    threshold,
  });
  return {
    root: held(root.roles.root, root.keys),
    targets: held(root.roles.targets, root.keys),
    revocations: held(revocations, delegations?.keys ?? {}),
    online: held(root.roles.timestamp, root.keys),
  };
}
