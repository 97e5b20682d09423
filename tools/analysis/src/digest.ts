import { canonicalBytes } from '@plugmark/schemas';

/** Lower-case hexadecimal SHA-256, through WebCrypto. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const known = new WeakMap<object, Promise<string>>();

/** The digest of a document's canonical form, worked out once for an object: documents are never changed, and a host's has thousands of lines. */
export function documentDigest(document: object): Promise<string> {
  const digest = known.get(document) ?? sha256(canonicalBytes(document));
  known.set(document, digest);
  return digest;
}
