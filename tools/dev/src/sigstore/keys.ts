// The private keys of the stand-ins. Made on first use in an ignored folder, or derived by tests; they vouch for nothing outside.

import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { bits, element, oid, sequence } from './der.ts';

/** What each service signs with: the kinds of key that the public services have. */
export const KEY_KINDS = {
  'fulcio-root': 'p384',
  'fulcio-intermediate': 'p384',
  'certificate-log': 'p256',
  'rekor-v1': 'p256',
  'rekor-v2': 'ed25519',
  'timestamp-root': 'p384',
  timestamp: 'p256',
  oidc: 'rsa',
} as const;
export type ServiceName = keyof typeof KEY_KINDS;
export type ServiceKeys = { readonly [S in ServiceName]: KeyObject };

const GENERATE = {
  p256: () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' }),
  p384: () => generateKeyPairSync('ec', { namedCurve: 'secp384r1' }),
  ed25519: () => generateKeyPairSync('ed25519'),
  rsa: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
} as const;

/** PEM of a new private key for a service. */
export function generateServiceKey(service: ServiceName): string {
  return GENERATE[KEY_KINDS[service]]().privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

export function readServiceKeys(pem: (service: ServiceName) => string): ServiceKeys {
  const names = Object.keys(KEY_KINDS) as ServiceName[];
  return Object.fromEntries(names.map((name) => [name, createPrivateKey(pem(name))])) as unknown as ServiceKeys;
}

/** SubjectPublicKeyInfo, DER. */
export function spkiOf(key: KeyObject): Uint8Array {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
}

export function digest(bytes: Uint8Array, algorithm: 'sha1' | 'sha256' = 'sha256'): Uint8Array {
  return new Uint8Array(createHash(algorithm).update(bytes).digest());
}

/** By curve: hash, and the signature algorithm as an AlgorithmIdentifier. */
const ECDSA = {
  prime256v1: { hash: 'sha256', oid: '1.2.840.10045.4.3.2' },
  secp384r1: { hash: 'sha384', oid: '1.2.840.10045.4.3.3' },
} as const;

function ecdsaOf(key: KeyObject): (typeof ECDSA)[keyof typeof ECDSA] {
  return ECDSA[key.asymmetricKeyDetails?.namedCurve as keyof typeof ECDSA];
}

export function signatureAlgorithm(key: KeyObject): Uint8Array {
  return sequence(oid(ecdsaOf(key).oid));
}

/** ECDSA in DER with the hash of the curve; Ed25519 over the data itself. */
export function signWith(key: KeyObject, data: Uint8Array): Uint8Array {
  return new Uint8Array(sign(key.asymmetricKeyType === 'ed25519' ? null : ecdsaOf(key).hash, data, key));
}

/** SEQUENCE { signed, algorithm, signature }, the envelope of every certificate. */
export function signedSequence(signed: Uint8Array, key: KeyObject): Uint8Array {
  return sequence(signed, signatureAlgorithm(key), bits(signWith(key, signed)));
}

/** The last 20 bytes of a key's name in certificates (RFC 5280 4.2.1.2, method 1). */
export function keyIdentifier(spki: Uint8Array): Uint8Array {
  return digest(spki, 'sha1');
}

export const NULL: Uint8Array = element(0x05);
