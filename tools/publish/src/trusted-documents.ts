// What the offline keys signed, as the build reads it: policy and profiles, who is verified, what is revoked, whose co-signature
// counts. A change in the working folder counts from the next ceremony on.

import { keylessVerifier } from '@plugmark/client/node';
import {
  CosignKeys,
  HostProfile,
  Policy,
  type Publisher,
  parseJson,
  Revocations,
  VerifiedPublishers,
} from '@plugmark/schemas';
import type { Rules } from './admit.ts';
import { sha256 } from './digest.ts';
import { PublishError } from './error.ts';
import type { OfflineMetadata } from './tuf/offline.ts';

function document({ files }: OfflineMetadata, path: string): Uint8Array {
  const bytes = files.get(path);
  if (bytes !== undefined) return bytes;
  throw new PublishError('TRUST_MISSING', path, 'is not among the signed documents');
}

/** The policy as it was signed; its digest goes into co-signatures. */
export function policyBytes(offline: OfflineMetadata): Uint8Array {
  return document(offline, 'policy.json');
}

export async function trustedRules(registry: string, offline: OfflineMetadata): Promise<Rules> {
  const hosts = [...offline.files].flatMap(([path, bytes]) =>
    path.startsWith('hosts/') ? [{ profile: parseJson(HostProfile, bytes, path), digest: sha256(bytes) }] : [],
  );
  const trustedRoot = offline.files.get('trusted_root.json');
  return {
    digests: {
      policy: sha256(policyBytes(offline)),
      hosts: new Map(hosts.map(({ profile, digest }) => [profile.host, digest])),
    },
    registry,
    policy: parseJson(Policy, policyBytes(offline), 'policy.json'),
    hosts: new Map(hosts.map(({ profile }) => [profile.host, profile])),
    trustedRootSha256: trustedRoot && sha256(trustedRoot),
    keyless: trustedRoot && (await keylessVerifier(trustedRoot)),
  };
}

export function verifiedPublishers(offline: OfflineMetadata): VerifiedPublishers {
  return parseJson(VerifiedPublishers, document(offline, 'publishers.json'), 'publishers.json');
}

export function revokedDigests(offline: OfflineMetadata): ReadonlySet<string> {
  const { revocations } = parseJson(Revocations, document(offline, 'revocations.json'), 'revocations.json');
  return new Set(revocations.filter(({ lifted }) => lifted === undefined).map(({ sha256: digest }) => digest));
}

/** Whose signature counts: for a verified publisher the offline-signed list, as at the client. */
export function acceptedIdentities(
  { publisher, identities }: Publisher,
  { publishers }: VerifiedPublishers,
): Publisher['identities'] {
  return Object.hasOwn(publishers, publisher) ? (publishers[publisher]?.identities ?? []) : identities;
}

/** Whose co-signatures count. */
export interface Cosigners {
  readonly keys: ReadonlySet<string>;
  readonly listed: CosignKeys;
}

export function cosignersOf(offline: OfflineMetadata): Cosigners {
  const listed = parseJson(CosignKeys, document(offline, 'cosign-keys.json'), 'cosign-keys.json');
  return {
    keys: new Set(listed.identities.flatMap((identity) => (identity.kind === 'key' ? [identity.keyId] : []))),
    listed,
  };
}
