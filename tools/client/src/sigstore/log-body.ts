// What a log entry says was logged, compared with what the bundle says was signed: an entry about another signature, key or artifact
// proves nothing about this one. One reader for each kind and version of entry.
import { ClientError } from '../error.ts';
import { equalBytes, fromBase64, fromHex, fromUtf8, sha256 } from '../trust/bytes.ts';
import {
  anyObject,
  list,
  literal,
  object,
  optional,
  type Place,
  type Reader,
  readJson,
  refuse,
  string,
} from '../trust/shape.ts';
import type { LogEntry, SignedContent } from './sigstore-bundle.ts';

/** What every kind of entry has to agree about. */
interface Logged {
  readonly signature: Uint8Array;
  /** DER of the certificate, or of the key. */
  readonly signer: Uint8Array;
  /** Of the message, of the envelope's payload, or of its pre-authentication encoding, by `over`. */
  readonly digest: Uint8Array;
  readonly over: 'message' | 'payload' | 'encoded';
}

const AT: Place = { code: 'LOG_ENTRY_MISMATCH', path: 'body' };

/** Throws LOG_ENTRY_MISMATCH. `signer` is the DER of the certificate or key that the bundle was verified with. */
export async function requireLogged(
  entry: LogEntry,
  content: SignedContent,
  { signer, artifactSha256 }: { readonly signer: Uint8Array; readonly artifactSha256: Uint8Array | undefined },
): Promise<void> {
  const logged = readLogged(entry, content.kind);
  if (!equalBytes(logged.signature, content.signature)) throw mismatch('signature');
  if (!equalBytes(logged.signer, signer)) throw mismatch('signer');
  const digest = await signedDigest(content, logged.over, artifactSha256);
  if (digest === undefined || !equalBytes(logged.digest, digest)) throw mismatch('digest');
}

function mismatch(what: string): ClientError {
  return new ClientError('LOG_ENTRY_MISMATCH', { what });
}

async function signedDigest(
  content: SignedContent,
  over: Logged['over'],
  artifactSha256: Uint8Array | undefined,
): Promise<Uint8Array | undefined> {
  if (content.kind === 'message') return artifactSha256 ?? content.digest;
  return sha256(over === 'payload' ? content.payload : content.encoded);
}

/** Throws LOG_ENTRY_MISMATCH for a kind or version nobody here knows, or one that does not go with the content. */
function readLogged({ kind, version, body }: LogEntry, content: SignedContent['kind']): Logged {
  const read = READERS.get(`${kind} ${version} ${content}`);
  if (read === undefined) throw mismatch(`kind ${kind} ${version}`);
  const { spec } = readJson(body, AT, object({ kind: literal(kind), apiVersion: literal(version), spec: anyObject }));
  return read(spec, AT);
}

const base64: Reader<Uint8Array> = (value, at) => fromBase64(string(value, at)) ?? refuse(at);
const hex: Reader<Uint8Array> = (value, at) => fromHex(string(value, at)) ?? refuse(at);
/** Base64 of a PEM text: its DER. */
const pem: Reader<Uint8Array> = (value, at) => {
  const text = asText(base64(value, at), at);
  const [, body = ''] =
    /^-----BEGIN (?:CERTIFICATE|PUBLIC KEY)-----([A-Za-z0-9+/=\s]+)-----END [A-Z ]+-----\s*$/.exec(text) ?? [];
  return fromBase64(body.replace(/\s/g, '')) ?? refuse(at);
};

function asText(bytes: Uint8Array, at: Place): string {
  try {
    return fromUtf8(bytes);
  } catch (cause) {
    return refuse(at, cause);
  }
}

/** The only item of a list: entries about several signatures do not say which one counts. */
const only =
  <T>(item: Reader<T>): Reader<T> =>
  (value, at) => {
    const [first, ...more] = list(item)(value, at);
    return first === undefined || more.length > 0 ? refuse(at) : first;
  };

const SHA256_VALUE = object({ algorithm: literal('sha256'), value: hex });
const SHA2_256_DIGEST = object({ algorithm: literal('SHA2_256'), digest: base64 });
const RAW = object({ rawBytes: base64 });

const VERIFIER: Reader<Uint8Array> = (value, at) => {
  const { x509Certificate, publicKey } = object({ x509Certificate: optional(RAW), publicKey: optional(RAW) })(
    value,
    at,
  );
  return (x509Certificate ?? publicKey ?? refuse(at)).rawBytes;
};

const hashedrekord1: Reader<Omit<Logged, 'over'>> = (value, at) => {
  const { data, signature } = object({
    data: object({ hash: SHA256_VALUE }),
    signature: object({ content: base64, publicKey: object({ content: pem }) }),
  })(value, at);
  return { signature: signature.content, signer: signature.publicKey.content, digest: data.hash.value };
};

const hashedrekord2: Reader<Omit<Logged, 'over'>> = (value, at) => {
  const { hashedRekordV002 } = object({
    hashedRekordV002: object({ data: SHA2_256_DIGEST, signature: object({ content: base64, verifier: VERIFIER }) }),
  })(value, at);
  const { data, signature } = hashedRekordV002;
  return { signature: signature.content, signer: signature.verifier, digest: data.digest };
};

const dsse1: Reader<Omit<Logged, 'over'>> = (value, at) => {
  const { payloadHash, signatures } = object({
    payloadHash: SHA256_VALUE,
    signatures: only(object({ signature: base64, verifier: pem })),
  })(value, at);
  return { signature: signatures.signature, signer: signatures.verifier, digest: payloadHash.value };
};

const dsse2: Reader<Omit<Logged, 'over'>> = (value, at) => {
  const { dsseV002 } = object({
    dsseV002: object({
      payloadHash: SHA2_256_DIGEST,
      signatures: only(object({ content: base64, verifier: VERIFIER })),
    }),
  })(value, at);
  const { payloadHash, signatures } = dsseV002;
  return { signature: signatures.content, signer: signatures.verifier, digest: payloadHash.digest };
};

/** The old envelope type carries its signature in base64 twice. */
const twice: Reader<Uint8Array> = (value, at) => base64(asText(base64(value, at), at), at);

const intoto2: Reader<Omit<Logged, 'over'>> = (value, at) => {
  const { content } = object({
    content: object({
      payloadHash: SHA256_VALUE,
      envelope: object({ signatures: only(object({ sig: twice, publicKey: pem })) }),
    }),
  })(value, at);
  const { sig, publicKey } = content.envelope.signatures;
  return { signature: sig, signer: publicKey, digest: content.payloadHash.value };
};

const of =
  (over: Logged['over'], reader: Reader<Omit<Logged, 'over'>>): Reader<Logged> =>
  (value, at) => ({ ...reader(value, at), over });

/** By kind, version and content. */
const READERS: ReadonlyMap<string, Reader<Logged>> = new Map([
  ['hashedrekord 0.0.1 message', of('message', hashedrekord1)],
  ['hashedrekord 0.0.2 message', of('message', hashedrekord2)],
  ['hashedrekord 0.0.2 envelope', of('encoded', hashedrekord2)],
  ['dsse 0.0.1 envelope', of('payload', dsse1)],
  ['dsse 0.0.2 envelope', of('payload', dsse2)],
  ['intoto 0.0.2 envelope', of('payload', intoto2)],
]);
