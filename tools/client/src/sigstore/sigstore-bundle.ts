// Sigstore bundles as they are met: v0.1 to v0.3, by certificate or by key, over an envelope or a message. What this project writes is
// v0.3 with an envelope (trust/dsse.ts); the older forms are read because other people's bundles have them.
import { fromBase64, toHex } from '../trust/bytes.ts';
import { preAuthEncoding } from '../trust/dsse.ts';
import { list, object, optional, type Place, type Reader, readJson, refuse, string, where } from '../trust/shape.ts';

interface InclusionProof {
  readonly logIndex: number;
  readonly treeSize: number;
  readonly rootHash: Uint8Array;
  readonly hashes: readonly Uint8Array[];
  readonly checkpoint: string;
}

export interface LogEntry {
  readonly logIndex: number;
  /** Hexadecimal. */
  readonly logId: string;
  readonly kind: string;
  readonly version: string;
  /** Seconds since 1970 as the log claims; worth something only under a promise that verifies. */
  readonly integratedTime: number | undefined;
  readonly promise: Uint8Array | undefined;
  readonly proof: InclusionProof | undefined;
  readonly body: Uint8Array;
}

/** What was signed. A message's digest is a hint that nothing protects. */
export type SignedContent =
  | {
      readonly kind: 'envelope';
      readonly payloadType: string;
      readonly payload: Uint8Array;
      /** The bytes under the signature. */
      readonly encoded: Uint8Array;
      readonly signature: Uint8Array;
    }
  | { readonly kind: 'message'; readonly digest: Uint8Array | undefined; readonly signature: Uint8Array };

export interface SigstoreBundle {
  /** DER. Exactly one of `certificate` and `hint` is there. */
  readonly certificate: Uint8Array | undefined;
  /** The certificates an older bundle brought along; they vouch for nothing. */
  readonly others: readonly Uint8Array[];
  readonly hint: string | undefined;
  readonly entries: readonly LogEntry[];
  readonly timestamps: readonly Uint8Array[];
  readonly content: SignedContent;
}

const MEDIA_TYPES: ReadonlyMap<string, 1 | 2 | 3> = new Map([
  ['application/vnd.dev.sigstore.bundle+json;version=0.1', 1],
  ['application/vnd.dev.sigstore.bundle+json;version=0.2', 2],
  ['application/vnd.dev.sigstore.bundle+json;version=0.3', 3],
  ['application/vnd.dev.sigstore.bundle.v0.3+json', 3],
]);

/** Throws BUNDLE_MALFORMED. */
export function parseSigstoreBundle(bytes: Uint8Array): SigstoreBundle {
  const at: Place = { code: 'BUNDLE_MALFORMED', path: 'bundle' };
  const { mediaType, verificationMaterial: material, ...content } = readJson(bytes, at, BUNDLE);
  const version = MEDIA_TYPES.get(mediaType) ?? refuse({ ...at, path: 'bundle.mediaType' });
  const chain = material.x509CertificateChain?.certificates;
  const [certificate, ...others] = chain ?? (material.certificate ? [material.certificate] : []);
  const hint = material.publicKey === undefined ? undefined : (material.publicKey.hint ?? '');
  const isOneKey = (certificate === undefined) !== (hint === undefined);
  // v0.3 has one certificate; a chain there, or both forms at once, would be read differently by two readers.
  if (!isOneKey || (chain && (version === 3 || material.certificate))) refuse(at);
  for (const { promise, proof } of material.tlogEntries)
    if (version === 1 ? promise === undefined : proof === undefined) refuse(at);
  return {
    certificate: certificate?.rawBytes,
    others: others.map(({ rawBytes }) => rawBytes),
    hint,
    entries: material.tlogEntries,
    timestamps:
      material.timestampVerificationData?.rfc3161Timestamps.map(({ signedTimestamp }) => signedTimestamp) ?? [],
    content: readContent(content, at),
  };
}

interface Content {
  readonly dsseEnvelope: Envelope | undefined;
  readonly messageSignature: Message | undefined;
}

function readContent({ dsseEnvelope, messageSignature }: Content, at: Place): SignedContent {
  if ((dsseEnvelope === undefined) === (messageSignature === undefined)) refuse(at);
  if (messageSignature !== undefined) {
    const { messageDigest, signature } = messageSignature;
    return { kind: 'message', digest: messageDigest?.digest, signature };
  }
  const { payloadType, payload, signatures } = dsseEnvelope ?? refuse(at);
  const [first, ...more] = signatures;
  if (first === undefined || more.length > 0) return refuse(at);
  return {
    kind: 'envelope',
    payloadType,
    payload,
    encoded: preAuthEncoding(payloadType, payload),
    signature: first.sig,
  };
}

const base64: Reader<Uint8Array> = (value, at) => fromBase64(string(value, at)) ?? refuse(at);
const filled: Reader<Uint8Array> = where(base64, ({ length }) => length > 0);

/** Protobuf's JSON writes 64-bit integers as strings; what a double cannot hold is refused. */
const int64: Reader<number> = (value, at) => {
  const isText = typeof value === 'string' && /^(0|[1-9]\d{0,15})$/.test(value);
  const number = isText ? Number(value) : value;
  return Number.isSafeInteger(number) && (number as number) >= 0 ? (number as number) : refuse(at);
};
/** A member that protobuf's JSON leaves out when it is zero. */
const orZero: Reader<number> = (value, at) => int64(value ?? 0, at);
const atMost =
  <T>(limit: number, item: Reader<T>): Reader<T[]> =>
  (value, at) =>
    where(list(item), ({ length }) => length <= limit)(value ?? [], at);

const PROOF = object({
  logIndex: orZero,
  treeSize: int64,
  rootHash: base64,
  // A tree of 2^63 leaves has paths of 63.
  hashes: atMost(64, base64),
  checkpoint: optional(object({ envelope: where(string, ({ length }) => length < 10_000) })),
});

const RAW_ENTRY = object({
  logIndex: orZero,
  logId: object({ keyId: filled }),
  kindVersion: object({ kind: string, version: string }),
  integratedTime: optional(int64),
  inclusionPromise: optional(object({ signedEntryTimestamp: filled })),
  inclusionProof: optional(PROOF),
  canonicalizedBody: filled,
});

const ENTRY: Reader<LogEntry> = (value, at) => {
  const { logIndex, logId, kindVersion, integratedTime, ...evidence } = RAW_ENTRY(value, at);
  const { inclusionPromise, inclusionProof, canonicalizedBody } = evidence;
  const { checkpoint } = inclusionProof ?? {};
  return {
    logIndex,
    logId: toHex(logId.keyId),
    ...kindVersion,
    integratedTime,
    promise: inclusionPromise?.signedEntryTimestamp,
    // Without a checkpoint a path leads to a root that nobody signed; the oldest bundles have such.
    proof: inclusionProof && checkpoint && { ...inclusionProof, checkpoint: checkpoint.envelope },
    body: canonicalizedBody,
  };
};

interface Envelope {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signatures: readonly { readonly sig: Uint8Array }[];
}

interface Message {
  readonly messageDigest: { readonly algorithm: string; readonly digest: Uint8Array } | undefined;
  readonly signature: Uint8Array;
}

const CERTIFICATE = object({ rawBytes: filled });

const BUNDLE = object({
  mediaType: string,
  verificationMaterial: object({
    certificate: optional(CERTIFICATE),
    x509CertificateChain: optional(
      object({ certificates: where(list(CERTIFICATE), ({ length }) => length > 0 && length <= 8) }),
    ),
    publicKey: optional(object({ hint: optional(string) })),
    tlogEntries: atMost(10, ENTRY),
    timestampVerificationData: optional(object({ rfc3161Timestamps: atMost(10, object({ signedTimestamp: filled })) })),
  }),
  dsseEnvelope: optional<Envelope>(
    object({ payloadType: string, payload: base64, signatures: atMost(10, object({ sig: filled })) }),
  ),
  messageSignature: optional<Message>(
    object({
      messageDigest: optional(object({ algorithm: string, digest: base64 })),
      signature: filled,
    }),
  ),
});
