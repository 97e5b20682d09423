// Public keys of certificates, logs and timestamp authorities over WebCrypto. The key decides its family and curve; the hash comes
// from a signed place (certificate, trusted root) or from the curve, never from the signature itself.
import { ClientError } from '../error.ts';
import { concatBytes, unshared } from '../trust/bytes.ts';
import { bitsOf, bodyOf, encodeDer, oidOf, partsOf, readDer, TAG } from './der.ts';

export type HashName = 'SHA-256' | 'SHA-384' | 'SHA-512';

export interface PublicKey {
  readonly kind: 'ecdsa' | 'rsa' | 'ed25519';
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  /** For ECDSA on P-256: the uncompressed point without its first byte, to check a signature over a digest. */
  readonly point: Uint8Array | undefined;
  /** The hash that goes with the key where nothing signed names another: by curve, SHA-256 for RSA. */
  readonly hash: HashName;
  /** False for any signature that does not verify; never throws. */
  verify(signature: Uint8Array, data: Uint8Array, hash?: HashName): Promise<boolean>;
}

interface Curve {
  readonly name: string;
  readonly size: number;
  readonly hash: HashName;
}

const EC_PUBLIC_KEY = '1.2.840.10045.2.1';
const RSA = '1.2.840.113549.1.1.1';
const ED25519 = '1.3.101.112';

const CURVES: ReadonlyMap<string, Curve> = new Map([
  ['1.2.840.10045.3.1.7', { name: 'P-256', size: 32, hash: 'SHA-256' }],
  ['1.3.132.0.34', { name: 'P-384', size: 48, hash: 'SHA-384' }],
  ['1.3.132.0.35', { name: 'P-521', size: 66, hash: 'SHA-512' }],
]);

/** Throws KEY_INVALID, KEY_UNSUPPORTED. */
export async function importPublicKey(spki: Uint8Array): Promise<PublicKey> {
  const [algorithm, key] = partsOf(readDer(spki, 'KEY_INVALID'));
  const [family, parameter] = partsOf(algorithm);
  const oid = oidOf(family, 'KEY_INVALID');
  const bits = bitsOf(key, 'KEY_INVALID');
  if (oid === ED25519) return usable(spki, { kind: 'ed25519', hash: 'SHA-512', import: { name: 'Ed25519' } });
  if (oid === RSA) return usable(spki, { kind: 'rsa', hash: 'SHA-256', import: { name: 'RSASSA-PKCS1-v1_5' } });
  const curve = oid === EC_PUBLIC_KEY ? CURVES.get(oidOf(parameter, 'KEY_INVALID')) : undefined;
  // Compressed and hybrid points would give one key several spellings.
  if (curve === undefined || bits[0] !== 4 || bits.length !== 1 + 2 * curve.size)
    throw new ClientError('KEY_UNSUPPORTED', { oid });
  const point = curve.size === 32 ? bits.subarray(1) : undefined;
  return usable(spki, {
    kind: 'ecdsa',
    hash: curve.hash,
    import: { name: 'ECDSA', namedCurve: curve.name },
    size: curve.size,
    point,
  });
}

interface Family {
  readonly kind: PublicKey['kind'];
  readonly hash: HashName;
  readonly import: { readonly name: string; readonly namedCurve?: string };
  readonly size?: number;
  readonly point?: Uint8Array | undefined;
}

async function usable(spki: Uint8Array, family: Family): Promise<PublicKey> {
  // RSA keys are imported for one hash; the others say it when they verify.
  const importFor = (hash: HashName): Promise<CryptoKey> =>
    crypto.subtle.importKey('spki', unshared(spki), { ...family.import, hash }, false, ['verify']);
  const first = await importFor(family.hash).catch((cause: Error) => {
    throw new ClientError(cause.name === 'NotSupportedError' ? 'KEY_UNSUPPORTED' : 'KEY_INVALID', {}, cause);
  });
  return {
    kind: family.kind,
    spki,
    point: family.point,
    hash: family.hash,
    async verify(signature, data, hash = family.hash) {
      try {
        const key = family.kind === 'rsa' && hash !== family.hash ? await importFor(hash) : first;
        const raw = family.size === undefined ? signature : rawSignature(signature, family.size);
        return (
          raw !== undefined &&
          (await crypto.subtle.verify({ ...family.import, hash }, key, unshared(raw), unshared(data)))
        );
      } catch {
        return false;
      }
    },
  };
}

/** WebCrypto takes r and s side by side; certificates, logs and bundles carry SEQUENCE { r INTEGER, s INTEGER }. */
export function rawSignature(der: Uint8Array, size: number): Uint8Array | undefined {
  try {
    const integers = partsOf(readDer(der, 'SIGNATURE_INVALID'));
    if (integers.length !== 2) return undefined;
    return concatBytes(...integers.map((integer) => unsigned(bodyOf(integer, TAG.integer, 'SIGNATURE_INVALID'), size)));
  } catch {
    return undefined;
  }
}

function unsigned(integer: Uint8Array, size: number): Uint8Array {
  const [first = 0x80, second = 0] = integer;
  const isPadded = first === 0 && integer.length > 1;
  const magnitude = isPadded ? integer.subarray(1) : integer;
  if (first > 0x7f || (isPadded && second < 0x80) || magnitude.length > size)
    throw new ClientError('SIGNATURE_INVALID');
  return concatBytes(new Uint8Array(size - magnitude.length), magnitude);
}

/** Old logs are listed by the bare RSA key (PKCS #1); as SubjectPublicKeyInfo it is that key in two envelopes. */
export function spkiFromPkcs1(pkcs1: Uint8Array): Uint8Array {
  const rsaEncryption = Uint8Array.of(0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, TAG.null, 0);
  return encodeDer(
    TAG.sequence,
    encodeDer(TAG.sequence, rsaEncryption),
    encodeDer(TAG.bitString, Uint8Array.of(0), pkcs1),
  );
}
