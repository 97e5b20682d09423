// How the offline keys list whoever co-signs: a key, unless registry.json names the registry's own workflow. And since when: what is
// listed already keeps its date, so that a ceremony without a change signs nothing.

import {
  type Cosigner,
  type CosignWorkflow,
  type OfflineMetadata,
  PublishError,
  type RegistrySource,
} from '@plugmark/publish';
import { CosignKeys, parseJson } from '@plugmark/schemas';

/** Undefined where a key co-signs. Throws TRUST_MISMATCH. */
export function cosignWorkflow({ registry }: RegistrySource): CosignWorkflow | undefined {
  const { mode, issuer, subject, repositoryId } = registry.cosign;
  if (mode === 'key') return undefined;
  if (issuer !== undefined && subject !== undefined && repositoryId !== undefined)
    return { kind: 'keyless', issuer, subject, repositoryId };
  const problem = 'co-signs keyless: it needs cosign.issuer, subject and repositoryId';
  throw new PublishError('TRUST_MISMATCH', 'registry.json', problem);
}

export function listedCosigner(key: Cosigner['key'], current: OfflineMetadata | undefined, now: Date): Cosigner {
  const bytes = current?.files.get('cosign-keys.json');
  const known =
    bytes && parseJson(CosignKeys, bytes, 'cosign-keys.json').identities.find((identity) => isSame(identity, key));
  return { key, from: known?.from ?? `${now.toISOString().slice(0, 19)}Z` };
}

function isSame(identity: CosignKeys['identities'][number], key: Cosigner['key']): boolean {
  if (identity.kind === 'key') return 'keyId' in key && identity.keyId === key.keyId;
  return (
    'kind' in key &&
    identity.issuer === key.issuer &&
    identity.subject === key.subject &&
    identity.repositoryId === key.repositoryId
  );
}
