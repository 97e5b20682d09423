// `<plugin>.wasm.sig`: 64 bytes, the publisher's Ed25519 signature over the file as it is. For hosts that check a plugin without a
// registry; it binds no name and no version, so it never stands in for the publisher's statement.

import { createPublicKey, verify } from 'node:crypto';
import type { Publisher } from '@plugmark/schemas';
import type { KeySigner } from './key-signer.ts';

const DETACHED_BYTES = 64;

/** Undefined for a key of another kind: such hosts know Ed25519 alone. */
export function detachedSignature(artifact: Uint8Array, signer: KeySigner): Uint8Array | undefined {
  return signer.algorithm === 'ed25519' ? signer.sign(artifact) : undefined;
}

/** The id of the listed Ed25519 key that made it; undefined when none did. */
export function detachedSigner(
  signature: Uint8Array,
  artifact: Uint8Array,
  identities: Publisher['identities'],
): string | undefined {
  if (signature.length !== DETACHED_BYTES) return undefined;
  const signed = identities.find(
    (identity) => identity.kind === 'key' && identity.algorithm === 'ed25519' && isSignedBy(identity.publicKey),
  );
  return signed?.kind === 'key' ? signed.keyId : undefined;

  function isSignedBy(publicKey: string): boolean {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    return verify(null, artifact, key, signature);
  }
}
