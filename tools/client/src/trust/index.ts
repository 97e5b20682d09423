// The trust core: TUF metadata, DSSE bundles signed by key, in-toto statements. WebCrypto only, any runtime.
export { CLIENT_ERROR_CODES, ClientError, type ClientErrorCode, type ClientErrorDetails } from '../error.ts';
export { type FetchBytesOptions, fetchBytes } from '../fetch.ts';
export {
  concatBytes,
  equalBytes,
  fromBase64,
  fromBase64Url,
  fromHex,
  fromUtf8,
  sha256,
  toBase64,
  toBase64Url,
  toHex,
  utf8,
} from './bytes.ts';
export { canonicalJson, olpcJson } from './canonical.ts';
export { matchesPath } from './delegations.ts';
export {
  type Bundle,
  type PublisherKey,
  parseBundle,
  preAuthEncoding,
  type SignedPayload,
  verifyKeyBundle,
} from './dsse.ts';
export { derFromRaw, importPublisherKey, keyId, rawFromDer, type VerifyKey } from './keys.ts';
export type { Statement, StatementSubject } from './statement.ts';
export { IN_TOTO_PAYLOAD_TYPE, matchSubject, parseStatement } from './statement.ts';
export type { TrustStore } from './trust-store.ts';
export type { TargetInfo, TufClient, TufState } from './tuf-client.ts';
export { loadTrusted, refreshMetadata, type TufOptions } from './update.ts';
