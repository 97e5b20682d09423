// The roles of a registry and their keys as a ceremony names them: which are kept offline, what their files are called, and how they
// stand in roles.json.

import type { KeySigner, PublicSide } from '@plugmark/publish';
import type { RoleKey, TrustRoles } from '@plugmark/schemas';

export const OFFLINE = ['root', 'targets', 'revocations'] as const;
/** Used by the publishing job, which nobody types a passphrase into: they belong into its secret store. */
export const ONLINE = ['online', 'cosign'] as const;
export type RoleName = (typeof OFFLINE)[number] | (typeof ONLINE)[number];

export interface Holder {
  readonly side: PublicSide;
  readonly name: string;
  /** Where the private key lies here and is open. */
  readonly signer?: KeySigner;
}

export type HoldersByRole = Readonly<Record<RoleName, Holder[]>>;

export const isOffline = (role: RoleName): role is (typeof OFFLINE)[number] => OFFLINE.some((name) => name === role);
export const keyFileOf = (role: RoleName): string => (isOffline(role) ? `${role}.key.json` : `${role}.pem`);

export function rolesOf(keys: HoldersByRole, thresholds: ReadonlyMap<RoleName, number>, now: Date): TrustRoles {
  const held = (role: RoleName) => ({
    keys: keys[role].map(({ side, name }) => roleKey(side, name, now)),
    threshold: thresholds.get(role) ?? 1,
  });
  return {
    schemaVersion: 1,
    root: held('root'),
    targets: held('targets'),
    revocations: held('revocations'),
    online: held('online'),
    ...(keys.cosign.length === 0 ? {} : { cosign: held('cosign') }),
  };
}

export function roleKey({ algorithm, keyId, spki }: PublicSide, name: string, now: Date): RoleKey {
  const holder = name.split(/[\\/]/).at(-1) ?? name;
  return {
    algorithm,
    keyId,
    publicKey: Buffer.from(spki).toString('base64'),
    holder,
    from: `${now.toISOString().slice(0, 19)}Z`,
  };
}
