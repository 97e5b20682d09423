// Long-lived keys: Ed25519 and P-256, as PEM files. A signer signs bytes and says which public key checks them; the private key
// never leaves it.

import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { PublishError } from './error.ts';

export type KeyAlgorithm = 'ecdsa-p256' | 'ed25519';

export interface KeySigner {
  readonly algorithm: KeyAlgorithm;
  /** sha256 of the SPKI DER, hexadecimal: our key id and the bundle's hint. */
  readonly keyId: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
  readonly publicPem: string;
  /** Where signatures are timestamped: a key whose listing has an end counts only at a trusted time. */
  readonly timestampUrl?: string | undefined;
  /** Ed25519: 64 bytes. P-256: ASN.1 DER over SHA-256, as Sigstore bundles and TUF carry it. */
  sign(data: Uint8Array): Uint8Array;
}

/** A signer from a PKCS#8 PEM private key. Throws KEY_INVALID; `where` names the file, never its content. */
export function keySigner(pem: string, where: string): KeySigner {
  const privateKey = readPrivateKey(pem, where);
  const facts = publicFacts(createPublicKey(privateKey), where);
  const { algorithm } = facts;
  return {
    ...facts,
    sign: (data) => new Uint8Array(sign(algorithm === 'ed25519' ? null : 'sha256', data, privateKey)),
  };
}

/** The public side of a signer. */
export type PublicSide = Omit<KeySigner, 'sign'>;

/** From SubjectPublicKeyInfo, DER. Throws KEY_INVALID. */
export function publicSide(spki: Uint8Array, where: string): PublicSide {
  try {
    return publicFacts(createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }), where);
  } catch (cause) {
    if (cause instanceof PublishError) throw cause;
    throw new PublishError('KEY_INVALID', where, 'not a public key', { cause });
  }
}

function publicFacts(publicKey: KeyObject, where: string): PublicSide {
  const algorithm = algorithmOf(publicKey, where);
  const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
  return {
    algorithm,
    keyId: createHash('sha256').update(spki).digest('hex'),
    spki,
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

function readPrivateKey(pem: string, where: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new PublishError('KEY_INVALID', where, 'not an unencrypted private key in PEM form', { cause });
  }
}

function algorithmOf(key: KeyObject, where: string): KeyAlgorithm {
  if (key.asymmetricKeyType === 'ed25519') return 'ed25519';
  if (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return 'ecdsa-p256';
  throw new PublishError('KEY_INVALID', where, `a ${key.asymmetricKeyType} key; use Ed25519 or P-256`);
}

/** A new private key, PKCS#8 PEM. */
export function generateKey(algorithm: KeyAlgorithm): string {
  const pair =
    algorithm === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
