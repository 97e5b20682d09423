// The documents that only offline keys may change, derived from registry/. Tier is decided here and nowhere else: a publisher is
// verified when the offline-signed publishers.json says so.

import type { CosignKeys, Policy, Revocations, Upstreams, VerifiedPublishers } from '@plugmark/schemas';
import { type FileTree, jsonFile } from './file-tree.ts';
import type { KeySigner } from './key-signer.ts';
import type { RegistrySource } from './registry-source.ts';

type CosignIdentity = CosignKeys['identities'][number];
export type CosignWorkflow = Omit<Extract<CosignIdentity, { kind: 'keyless' }>, 'from' | 'to'>;

export interface OfflineChoices {
  /** Whose co-signatures count: a key, or the registry's own workflow. */
  readonly cosign: Pick<KeySigner, 'algorithm' | 'keyId' | 'spki'> | CosignWorkflow;
  readonly cosignFrom: string;
  /** What this registry's overlay changes in the policy; a development registry has no waiting time. */
  readonly policy?: (policy: Policy) => Policy;
}

/** Documents of the top targets role by TUF path. */
export function offlineDocuments(
  source: RegistrySource,
  { cosign, cosignFrom, policy = (same) => same }: OfflineChoices,
): FileTree {
  const { id, upstreams } = source.registry;
  const keys: CosignKeys = {
    schemaVersion: 1,
    registry: id,
    verifier: `plugmark:${id}`,
    identities: [cosignIdentity(cosign, cosignFrom)],
  };
  return new Map([
    ['publishers.json', jsonFile(verifiedPublishers(source))],
    ['policy.json', jsonFile(policy(source.policy))],
    ['upstreams.json', jsonFile({ schemaVersion: 1, registry: id, upstreams } satisfies Upstreams)],
    ['cosign-keys.json', jsonFile(keys)],
    ...(source.trustedRoot === undefined ? [] : [['trusted_root.json', source.trustedRoot] as const]),
    ...[...source.hosts].map(([host, profile]): [string, Uint8Array] => [`hosts/${host}.json`, jsonFile(profile)]),
  ]);
}

function cosignIdentity(cosign: OfflineChoices['cosign'], from: string): CosignIdentity {
  if ('kind' in cosign) return { ...cosign, from };
  const { algorithm, keyId, spki } = cosign;
  return { kind: 'key', algorithm, keyId, publicKey: Buffer.from(spki).toString('base64'), from };
}

function verifiedPublishers({ registry, publishers }: RegistrySource): VerifiedPublishers {
  const verified = [...publishers.values()].flatMap(({ publisher, title, identities, verified: mark }) =>
    mark === undefined ? [] : [[publisher, { title, since: mark.since, identities }] as const],
  );
  return { schemaVersion: 1, registry: registry.id, publishers: Object.fromEntries(verified) };
}

/** What status files ask to revoke; it takes effect when the revocations key signs it. */
export function revocationsDocument({ registry, plugins }: RegistrySource): Uint8Array {
  const revocations = [...plugins.values()].flatMap(({ plugin, status, releases }) =>
    Object.entries(status?.versions ?? {}).flatMap(([version, state]): Revocations['revocations'] => {
      const release = releases.get(version)?.release;
      if (state.state !== 'revoked' || release === undefined) return [];
      const { since, severity, reason, evidence, advisory } = state;
      return [
        {
          sha256: release.artifact.sha256,
          plugin,
          version,
          since,
          severity,
          reason,
          evidence,
          ...(advisory === undefined ? {} : { advisory }),
        },
      ];
    }),
  );
  return jsonFile({ schemaVersion: 1, registry: registry.id, revocations } satisfies Revocations);
}
