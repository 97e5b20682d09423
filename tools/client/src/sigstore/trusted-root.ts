// trusted_root.json: whose certificates, logs and timestamps count, and when. It is signed offline as a TUF target; every entry must
// say from when it counts, because an entry without a beginning would count for ever.
import { fromBase64, toHex } from '../trust/bytes.ts';
import { list, object, optional, type Place, type Reader, readJson, refuse, string, where } from '../trust/shape.ts';
import { type Certificate, parseCertificate } from './certificate.ts';
import { importPublicKey, type PublicKey, spkiFromPkcs1 } from './public-key.ts';

/** Milliseconds since 1970, both ends inclusive. */
export interface Window {
  readonly start: number;
  readonly end: number | undefined;
}

export interface Log {
  /** Hexadecimal. */
  readonly id: string;
  /** Host of its address: the name it signs checkpoints with. */
  readonly name: string;
  readonly key: PublicKey;
  readonly window: Window;
}

export interface Authority {
  /** From the lowest listed to the anchor. */
  readonly chain: readonly Certificate[];
  readonly window: Window;
}

/** Logs and authorities of a Sigstore instance, each with the time in which it counts. */
export interface TrustedRoot {
  readonly logs: readonly Log[];
  readonly certificateLogs: readonly Log[];
  readonly authorities: readonly Authority[];
  readonly timestampAuthorities: readonly Authority[];
}

export function isWithin({ start, end }: Window, at: number): boolean {
  return start <= at && (end === undefined || at <= end);
}

/** Throws TRUSTED_ROOT_MALFORMED. A log whose key type this runtime lacks is left out: it vouches for nothing. */
export async function parseTrustedRoot(bytes: Uint8Array): Promise<TrustedRoot> {
  const at: Place = { code: 'TRUSTED_ROOT_MALFORMED', path: 'trustedRoot' };
  const root = readJson(bytes, at, ROOT);
  const [logs, certificateLogs] = await Promise.all([readLogs(root.tlogs), readLogs(root.ctlogs)]);
  return {
    logs,
    certificateLogs,
    authorities: root.certificateAuthorities.map((entry) => readAuthority(entry, at)),
    timestampAuthorities: root.timestampAuthorities.map((entry) => readAuthority(entry, at)),
  };
}

// Of nanoseconds a Date keeps milliseconds; windows are compared with whole seconds.
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;

const instant: Reader<number> = (value, at) => {
  const text = string(value, at);
  const time = INSTANT.test(text) ? Date.parse(text.replace(/(\.\d{3})\d+Z$/, '$1Z')) : Number.NaN;
  return Number.isFinite(time) ? time : refuse(at);
};
const base64: Reader<Uint8Array> = (value, at) => fromBase64(string(value, at)) ?? refuse(at);
/** Protobuf's JSON may write null for what is not there. */
const nullable =
  <T>(reader: Reader<T>): Reader<T | undefined> =>
  (value, at) =>
    optional(reader)(value ?? undefined, at);

const WINDOW: Reader<Window> = object({ start: instant, end: nullable(instant) });
const host: Reader<string> = (value, at) => {
  const text = string(value, at);
  return URL.canParse(text) ? new URL(text).host : refuse(at);
};

interface LogEntry {
  readonly baseUrl: string;
  readonly publicKey: { readonly rawBytes: Uint8Array; readonly keyDetails: string; readonly validFor: Window };
  readonly logId: { readonly keyId: Uint8Array };
}

const LOG: Reader<LogEntry> = object({
  baseUrl: host,
  publicKey: object({ rawBytes: base64, keyDetails: string, validFor: WINDOW }),
  logId: object({ keyId: where(base64, ({ length }) => length >= 4 && length <= 32) }),
});

interface AuthorityEntry {
  readonly certChain: { readonly certificates: readonly { readonly rawBytes: Uint8Array }[] };
  readonly validFor: Window;
}

const AUTHORITY: Reader<AuthorityEntry> = object({
  certChain: object({
    certificates: where(list(object({ rawBytes: base64 })), ({ length }) => length > 0 && length <= 8),
  }),
  validFor: WINDOW,
});

/** Lists that protobuf's JSON leaves out when they are empty. */
const few =
  <T>(item: Reader<T>): Reader<readonly T[]> =>
  (value, at) =>
    where(list(item), ({ length }) => length <= 100)(value ?? [], at);

const ROOT = object({
  mediaType: where(string, (type) =>
    /^application\/vnd\.dev\.sigstore\.trustedroot(\+json;version=0\.1|\.v0\.[12]\+json)$/.test(type),
  ),
  tlogs: few(LOG),
  ctlogs: few(LOG),
  certificateAuthorities: few(AUTHORITY),
  timestampAuthorities: few(AUTHORITY),
});

async function readLogs(entries: readonly LogEntry[]): Promise<Log[]> {
  const logs = await Promise.all(
    entries.map(async ({ baseUrl, publicKey, logId }): Promise<Log[]> => {
      const isPkcs1 = publicKey.keyDetails.startsWith('PKCS1_');
      const spki = isPkcs1 ? spkiFromPkcs1(publicKey.rawBytes) : publicKey.rawBytes;
      const key = await importPublicKey(spki).catch(() => undefined);
      return key ? [{ id: toHex(logId.keyId), name: baseUrl, key, window: publicKey.validFor }] : [];
    }),
  );
  return logs.flat();
}

function readAuthority({ certChain, validFor }: AuthorityEntry, at: Place): Authority {
  try {
    return { chain: certChain.certificates.map(({ rawBytes }) => parseCertificate(rawBytes)), window: validFor };
  } catch (cause) {
    return refuse(at, cause);
  }
}
