// A file and its detached signature against the keys this machine trusts: no registry, no name, no version.

import { createHash } from 'node:crypto';
import { detachedSigner } from '@plugmark/publish';
import type { DetachedResult, TrustedKeys } from '@plugmark/schemas';

/** `signature` undefined: there is no such file. */
export function verifyDetached(
  bytes: Uint8Array,
  signature: Uint8Array | undefined,
  { keys }: TrustedKeys,
): DetachedResult {
  const about = { sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length };
  if (signature === undefined) return { ...about, state: 'notSigned' };
  const identities = keys.map(({ keyId, publicKey, algorithm, added }) => ({
    kind: 'key' as const,
    keyId,
    publicKey,
    algorithm,
    from: added,
  }));
  const signer = detachedSigner(signature, bytes, identities);
  const key = keys.find(({ keyId }) => keyId === signer);
  if (key === undefined) return { ...about, state: 'verificationFailed' };
  return { ...about, state: 'verified', signer: { keyId: key.keyId, name: key.name } };
}
