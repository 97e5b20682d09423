// A log takes an entry only when its signature verifies: who floods it must at least sign.

import { createPublicKey, type KeyObject, verify, X509Certificate } from 'node:crypto';
import { preAuthEncoding } from '@plugmark/client/trust';
import { DevError } from '../dev-error.ts';

export interface EntrySigner {
  readonly key: KeyObject;
  /** The verifier as it was given, for the entry's body. */
  readonly der: Uint8Array;
  readonly kind: 'certificate' | 'key';
}

/** From a PEM certificate or public key. Throws REQUEST_INVALID. */
export function signerFromPem(pem: string): EntrySigner {
  const der = new Uint8Array(Buffer.from(pem.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64'));
  return pem.includes('BEGIN CERTIFICATE')
    ? signerFromCertificate(der)
    : read(() => ({ key: createPublicKey(pem), der, kind: 'key' }));
}

export function signerFromCertificate(der: Uint8Array): EntrySigner {
  return read(() => ({ key: new X509Certificate(der).publicKey, der, kind: 'certificate' }));
}

function read(make: () => EntrySigner): EntrySigner {
  try {
    return make();
  } catch (cause) {
    throw new DevError('REQUEST_INVALID', 'the verifier is neither a certificate nor a public key', cause);
  }
}

export interface DsseEnvelope {
  readonly payloadType: string;
  /** Base64. */
  readonly payload: string;
  readonly signatures: readonly { readonly sig: string }[];
}

/** The payload and the one signature, which must verify. Throws REQUEST_INVALID, SIGNATURE_INVALID. */
export function checkEnvelope(
  { payloadType, payload, signatures }: DsseEnvelope,
  { key }: EntrySigner,
): { readonly payload: Uint8Array; readonly signature: string } {
  const [first, ...more] = signatures;
  if (first === undefined || more.length > 0) throw new DevError('REQUEST_INVALID', 'an envelope has one signature');
  const bytes = new Uint8Array(Buffer.from(payload, 'base64'));
  const signed = preAuthEncoding(payloadType, bytes);
  const hash = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  if (!verify(hash, signed, key, Buffer.from(first.sig, 'base64')))
    throw new DevError('SIGNATURE_INVALID', 'the envelope’s signature does not verify');
  return { payload: bytes, signature: first.sig };
}
