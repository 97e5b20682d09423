// Public keys: those of TUF metadata and those of publishers, as one small interface over WebCrypto.
// Exactly three algorithms; nothing here may ever choose an algorithm from what a signature says.
import { ClientError } from '../error.ts';
import { concatBytes, fromBase64, fromHex, sha256, toHex, unshared } from './bytes.ts';

/** A public key ready to verify with. */
export interface VerifyKey {
  /** The key's numbers: equal for one key however it was spelt, so that a threshold counts keys. */
  identity(): Promise<string>;
  /** False for any signature that does not verify, malformed ones included; never throws. */
  verify(signature: Uint8Array, data: Uint8Array): Promise<boolean>;
}

/** A key as TUF metadata lists it (TUF 1.0 section 4.2.1). Unknown types are kept and never count. */
export interface TufKey {
  readonly keytype: string;
  readonly scheme: string;
  /** Hex (Ed25519) or PEM. */
  readonly keyval: { readonly public: string | undefined };
}

// One object serves importKey and verify; each ignores the members it does not know.
const ED25519 = { name: 'Ed25519' };
const ECDSA_P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const RSA_PSS = { name: 'RSA-PSS', hash: 'SHA-256', saltLength: 32 };
type Algorithm = typeof ED25519 | typeof ECDSA_P256 | typeof RSA_PSS;

/** By `keytype/scheme`: both are signed by the delegator, neither comes with the signature. */
const TUF_ALGORITHMS: ReadonlyMap<string, Algorithm> = new Map<string, Algorithm>([
  ['ed25519/ed25519', ED25519],
  ['ecdsa/ecdsa-sha2-nistp256', ECDSA_P256],
  ['ecdsa-sha2-nistp256/ecdsa-sha2-nistp256', ECDSA_P256],
  ['rsa/rsassa-pss-sha256', RSA_PSS],
]);

/** The one spelling of a publisher's key, in hex: a DER SPKI (RFC 8410; RFC 5480 with an uncompressed point). */
const PUBLISHER_SPKI: readonly (readonly [RegExp, Algorithm])[] = [
  [/^302a300506032b6570032100.{64}$/, ED25519],
  [/^3059301306072a8648ce3d020106082a8648ce3d03010703420004.{128}$/, ECDSA_P256],
];

/** Undefined for a key that this client or this runtime cannot use: it counts as not having signed. */
export async function importTufKey({ keytype, scheme, keyval }: TufKey): Promise<VerifyKey | undefined> {
  const algorithm = TUF_ALGORITHMS.get(`${keytype}/${scheme}`);
  const text = keyval.public ?? '';
  const raw = algorithm === ED25519 ? fromHex(text) : undefined;
  const bytes = raw ?? fromPem(text);
  try {
    return algorithm && bytes && (await importKey(raw ? 'raw' : 'spki', bytes, algorithm));
  } catch {
    return undefined;
  }
}

/**
 * A publisher's key from its DER SPKI, P-256 or Ed25519, in one spelling, so that a key has one id: OpenSSL reads others.
 * Throws KEY_INVALID; KEY_UNSUPPORTED where WebCrypto lacks the algorithm (Ed25519 in older webviews).
 */
export async function importPublisherKey(spki: Uint8Array): Promise<VerifyKey> {
  const hex = toHex(spki);
  const algorithm = PUBLISHER_SPKI.find(([spelling]) => spelling.test(hex))?.[1];
  if (!algorithm) throw new ClientError('KEY_INVALID');
  try {
    return await importKey('spki', spki, algorithm);
  } catch (cause) {
    const code = (cause as Error).name === 'NotSupportedError' ? 'KEY_UNSUPPORTED' : 'KEY_INVALID';
    throw new ClientError(code, { algorithm: algorithm.name }, cause);
  }
}

/** The id of a publisher's key: lower-case hex of the SHA-256 of its DER SPKI. */
export async function keyId(spki: Uint8Array): Promise<string> {
  return toHex(await sha256(spki));
}

async function importKey(format: 'raw' | 'spki', bytes: Uint8Array, algorithm: Algorithm): Promise<VerifyKey> {
  const key = await crypto.subtle.importKey(format, unshared(bytes), algorithm, true, ['verify']);
  return {
    async identity() {
      // Not the SPKI: Node writes a point back as it was spelt, and a hybrid point would count as a second key.
      const { x, y, n, e } = await crypto.subtle.exportKey('jwk', key);
      return JSON.stringify([x, y, n, e]);
    },
    async verify(signature, data) {
      try {
        const raw = algorithm === ECDSA_P256 ? rawFromDer(signature) : signature;
        return raw !== undefined && (await crypto.subtle.verify(algorithm, key, unshared(raw), unshared(data)));
      } catch {
        return false;
      }
    },
  };
}

/** Whatever the label says, the import decides whether it is a public key. */
function fromPem(pem: string): Uint8Array | undefined {
  return fromBase64(pem.replace(/-----[A-Z ]+-----|\s/g, ''));
}

/**
 * WebCrypto wants r and s as 32 bytes each; TUF and Sigstore carry ASN.1 DER, SEQUENCE of two INTEGERs (RFC 3279 2.2.3).
 * One spelling only, as in OpenSSL: short lengths, minimal positive integers, nothing after. Undefined otherwise.
 */
export function rawFromDer(der: Uint8Array): Uint8Array | undefined {
  const raw = new Uint8Array(64);
  let at = 2;
  for (const end of [32, 64]) {
    const [tag, length = 0, first = 0, second = 0] = der.subarray(at);
    // A leading zero is there exactly when the integer would read as negative without it.
    const padding = first === 0 && length > 1 ? 1 : 0;
    const isMinimal = padding ? second > 0x7f : first < 0x80;
    if (tag !== 2 || !isMinimal || length === 0 || length - padding > 32 || at + 2 + length > der.length)
      return undefined;
    raw.set(der.subarray(at + 2 + padding, at + 2 + length), end - length + padding);
    at += 2 + length;
  }
  return der[0] === 0x30 && der[1] === at - 2 && der.length === at ? raw : undefined;
}

/** The inverse of rawFromDer, for signers over WebCrypto. */
export function derFromRaw(raw: Uint8Array): Uint8Array {
  const integers = [raw.subarray(0, 32), raw.subarray(32)].map((half) => {
    const first = half.findIndex((byte) => byte !== 0);
    const magnitude = first < 0 ? half.subarray(-1) : half.subarray(first);
    const body = (magnitude[0] ?? 0) < 0x80 ? magnitude : concatBytes(Uint8Array.of(0), magnitude);
    return concatBytes(Uint8Array.of(2, body.length), body);
  });
  const body = concatBytes(...integers);
  return concatBytes(Uint8Array.of(0x30, body.length), body);
}
