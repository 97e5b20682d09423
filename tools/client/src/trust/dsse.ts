// Sigstore bundles v0.3 around one DSSE envelope, and their check by a known public key.
// A signature says who signed these bytes; what the bytes say (statement.ts) and who may say it are other questions.
import { ClientError } from '../error.ts';
import { concatBytes, fromBase64, utf8 } from './bytes.ts';
import { importPublisherKey, keyId } from './keys.ts';
import { list, literal, object, optional, type Place, type Reader, readJson, refuse, string } from './shape.ts';

/** The parts that matter for a check by key. */
export interface Bundle {
  /** How to find the key: unsigned, so it only chooses among keys that are accepted already. Absent when keyless. */
  readonly hint: string | undefined;
  /** DER, for the keyless verifier. Exactly one of `hint` and `certificate` is there. */
  readonly certificate: Uint8Array | undefined;
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

/** As publishers.json and the co-signing keys list it. */
export interface PublisherKey {
  /** Lower-case hex of the SHA-256 of the SPKI. */
  readonly keyId: string;
  /** Base64 of the DER SubjectPublicKeyInfo. */
  readonly spki: string;
}

/** A payload whose signature verified. */
export interface SignedPayload {
  readonly keyId: string;
  readonly payloadType: string;
  readonly payload: Uint8Array;
}

/** Throws BUNDLE_MALFORMED, also for a bundle over a message digest: those cannot be checked from a digest. */
export function parseBundle(bytes: Uint8Array): Bundle {
  const at: Place = { code: 'BUNDLE_MALFORMED', path: 'bundle' };
  const { verificationMaterial, dsseEnvelope } = readJson(bytes, at, BUNDLE);
  const { payloadType, payload, signatures } = dsseEnvelope;
  const hint = verificationMaterial.publicKey?.hint;
  const certificate = verificationMaterial.certificate?.rawBytes;
  const [signature] = signatures;
  // With several signatures "it verifies" would not say which one did; none is left to the caller to notice.
  if (!signature || signatures.length > 1 || !hint === !certificate) return refuse(at);
  return { hint, certificate, payloadType, payload, signature: signature.sig };
}

/**
 * Checks a bundle signed by a long-lived key against the accepted keys.
 *
 * Throws BUNDLE_KEYLESS, KEY_UNKNOWN, KEY_INVALID, KEY_UNSUPPORTED, SIGNATURE_INVALID. The caller must still compare
 * `payloadType` and what the payload says.
 */
export async function verifyKeyBundle(bundle: Bundle, keys: readonly PublisherKey[]): Promise<SignedPayload> {
  const { hint, payloadType, payload, signature } = bundle;
  if (hint === undefined) throw new ClientError('BUNDLE_KEYLESS');
  const details = { keyId: hint };
  const listed = keys.find((key) => key.keyId === hint);
  if (!listed) throw new ClientError('KEY_UNKNOWN', details);
  const spki = fromBase64(listed.spki);
  if (!spki || (await keyId(spki)) !== listed.keyId) throw new ClientError('KEY_INVALID', details);
  const key = await importPublisherKey(spki);
  const signed = await key.verify(signature, preAuthEncoding(payloadType, payload));
  if (!signed) throw new ClientError('SIGNATURE_INVALID', details);
  return { keyId: listed.keyId, payloadType, payload };
}

/** DSSE v1: lengths before both parts, so that no other split of the same bytes has the same encoding. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const header = `DSSEv1 ${utf8(payloadType).length} ${payloadType} ${payload.length} `;
  return concatBytes(utf8(header), payload);
}

const base64: Reader<Uint8Array> = (value, at) => fromBase64(string(value, at)) ?? refuse(at);

const BUNDLE = object({
  mediaType: literal('application/vnd.dev.sigstore.bundle.v0.3+json'),
  verificationMaterial: object({
    publicKey: optional(object({ hint: string })),
    certificate: optional(object({ rawBytes: base64 })),
  }),
  dsseEnvelope: object({ payloadType: string, payload: base64, signatures: list(object({ sig: base64 })) }),
});
