// The documents that only offline keys may change, derived from registry/. Tier is decided here and nowhere else: a publisher is
// verified when the offline-signed publishers.json says so.

import {
  type CosignKeys,
  type Mirrors,
  type Policy,
  parseJson,
  Revocations,
  type Upstreams,
  type VerifiedPublishers,
} from '@plugmark/schemas';
import { PublishError } from './error.ts';
import { type FileTree, jsonFile } from './file-tree.ts';
import { instant } from './instant.ts';
import type { KeySigner } from './key-signer.ts';
import type { RegistrySource } from './registry-source.ts';

type CosignIdentity = CosignKeys['identities'][number];
export type CosignWorkflow = Omit<Extract<CosignIdentity, { kind: 'keyless' }>, 'from' | 'to'>;

export interface Cosigner {
  /** A key, or the registry's own workflow. */
  readonly key: Pick<KeySigner, 'algorithm' | 'keyId' | 'spki'> | CosignWorkflow;
  readonly from: string;
}

export interface OfflineChoices {
  /** Whose co-signatures count, and since when. */
  readonly cosign: readonly Cosigner[];
  /** What this registry's overlay changes in the policy; a development registry has no waiting time. */
  readonly policy?: (policy: Policy) => Policy;
}

/** Documents of the top targets role by TUF path. */
export function offlineDocuments(
  source: RegistrySource,
  { cosign, policy = (same) => same }: OfflineChoices,
): FileTree {
  const { id, upstreams, mirrors } = source.registry;
  const keys: CosignKeys = {
    schemaVersion: 1,
    registry: id,
    verifier: `plugmark:${id}`,
    identities: cosign.map(cosignIdentity),
  };
  return new Map([
    ['publishers.json', jsonFile(verifiedPublishers(source))],
    ['policy.json', jsonFile(policy(source.policy))],
    ['upstreams.json', jsonFile({ schemaVersion: 1, registry: id, upstreams } satisfies Upstreams)],
    ['cosign-keys.json', jsonFile(keys)],
    ...mirrorList(id, mirrors),
    ...(source.trustedRoot === undefined ? [] : [['trusted_root.json', source.trustedRoot] as const]),
    ...[...source.hosts].map(([host, profile]): [string, Uint8Array] => [`hosts/${host}.json`, jsonFile(profile)]),
  ]);
}

/** A registry without a mirror signs no empty list of them. */
function mirrorList(id: string, mirrors: Mirrors['mirrors']): [string, Uint8Array][] {
  if (mirrors.length === 0) return [];
  return [['mirrors.json', jsonFile({ schemaVersion: 1, registry: id, mirrors } satisfies Mirrors)]];
}

function cosignIdentity({ key, from }: Cosigner): CosignIdentity {
  if ('kind' in key) return { ...key, from };
  const { algorithm, keyId, spki } = key;
  return { kind: 'key', algorithm, keyId, publicKey: Buffer.from(spki).toString('base64'), from };
}

function verifiedPublishers({ registry, publishers }: RegistrySource): VerifiedPublishers {
  const verified = [...publishers.values()].flatMap(({ publisher, title, identities, verified: mark }) =>
    mark === undefined ? [] : [[publisher, { title, since: mark.since, identities }] as const],
  );
  return { schemaVersion: 1, registry: registry.id, publishers: Object.fromEntries(verified) };
}

export interface Lift {
  readonly plugin: string;
  readonly version: string;
  readonly reason: string;
}

export interface RevocationHistory {
  /** `revocations.json` as it is in force. */
  readonly previous: Uint8Array | undefined;
  readonly lift?: readonly Lift[];
  readonly now: Date;
}

type Entry = Revocations['revocations'][number];

/**
 * What is revoked, once the revocations keys sign it: everything that was, and what status files ask for now. A status that is
 * withdrawn lifts nothing: lifting is a word of its own, which the holders of the keys see before they sign. Throws REVOCATION_INVALID.
 */
export function revocationsDocument(
  source: RegistrySource,
  { previous, lift = [], now }: RevocationHistory,
): Uint8Array {
  const { id } = source.registry;
  const before = previous === undefined ? [] : parseJson(Revocations, previous, 'revocations.json').revocations;
  const wished = wishedRevocations(source);
  const entries = new Map(before.map((entry) => [entryKey(entry), entry]));
  for (const wish of wished) {
    const known = entries.get(entryKey(wish));
    // A lifted one that is wished again is a new revocation; one that stands keeps the words that were signed.
    if (known === undefined || known.lifted !== undefined) entries.set(entryKey(wish), wish);
  }
  for (const { plugin, version, reason } of lift) {
    const found = [...entries.values()].filter((entry) => entry.plugin === plugin && entry.version === version);
    if (found.length === 0)
      throw new PublishError(
        'REVOCATION_INVALID',
        `${plugin}@${version}`,
        'is not revoked, so there is nothing to lift',
      );
    if (wished.some((entry) => entry.plugin === plugin && entry.version === version))
      throw new PublishError('REVOCATION_INVALID', `${plugin}@${version}`, 'is still revoked in its status.json');
    for (const entry of found) entries.set(entryKey(entry), { ...entry, lifted: { at: instant(now), reason } });
  }
  return jsonFile({ schemaVersion: 1, registry: id, revocations: [...entries.values()] } satisfies Revocations);
}

const entryKey = ({ sha256, plugin, version }: Entry): string => `${sha256} ${plugin}@${version}`;

function wishedRevocations({ plugins }: RegistrySource): Entry[] {
  return [...plugins.values()].flatMap(({ plugin, status, releases }) =>
    Object.entries(status?.versions ?? {}).flatMap(([version, state]): Entry[] => {
      const release = releases.get(version)?.release;
      if (state.state !== 'revoked' || release === undefined) return [];
      const { since, severity, reason, evidence, advisory } = state;
      const facts = { sha256: release.artifact.sha256, plugin, version, since, severity, reason, evidence };
      return [advisory === undefined ? facts : { ...facts, advisory }];
    }),
  );
}
