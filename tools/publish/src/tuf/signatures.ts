// Whose signatures a metadata file carries: counted as keys, checked with node:crypto. For files that are collected from several
// machines, before any client sees them.

import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { olpcJson } from '@plugmark/client/trust';
import { parseJson, TufMetadata } from '@plugmark/schemas';
import { sha256 } from '../digest.ts';
import type { TufKey } from './role.ts';

const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** The ids among `keyids` under which a signature of the file verifies, no key counted twice. */
export function validSigners(
  file: Uint8Array,
  keyids: readonly string[],
  keys: Readonly<Record<string, TufKey>>,
): string[] {
  const { signed, signatures } = parseJson(TufMetadata, file, 'metadata');
  const message = olpcJson(signed);
  const seen = new Set<string>();
  return keyids.filter((keyid) => {
    const key = Object.hasOwn(keys, keyid) ? publicKey(keys[keyid] as TufKey) : undefined;
    const signature = signatures.find((entry) => entry.keyid === keyid)?.sig;
    if (key === undefined || signature === undefined) return false;
    const algorithm = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
    if (!verify(algorithm, message, key, Buffer.from(signature, 'hex'))) return false;
    // One key under two ids counts once.
    const identity = JSON.stringify(key.export({ format: 'jwk' }));
    return !seen.has(identity) && seen.add(identity) !== undefined;
  });
}

/** A key as people know it: the sha256 of its SPKI, as in roles.json; of one that cannot be read, TUF's own id. */
export function readableKeyId(keyid: string, key: TufKey | undefined): string {
  const spki = key && publicKey(key)?.export({ type: 'spki', format: 'der' });
  return spki === undefined ? keyid : sha256(spki);
}

function publicKey({ keytype, keyval }: TufKey): KeyObject | undefined {
  try {
    if (keytype !== 'ed25519') return createPublicKey(keyval.public);
    const der = Buffer.concat([ED25519_SPKI, Buffer.from(keyval.public, 'hex')]);
    return createPublicKey({ key: der, format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}
