// Signed certificate timestamps (RFC 6962 section 3): that a certificate was shown to a public log before it was issued, so that a
// certificate authority cannot issue one in secret.
import { ClientError } from '../error.ts';
import { concatBytes, sha256, toHex } from '../trust/bytes.ts';
import type { Certificate } from './certificate.ts';
import { bodyOf, context, type Der, encodeDer, malformed, oidOf, partsOf, readDer, TAG } from './der.ts';
import { isWithin, type Log } from './trusted-root.ts';

const SCT_LIST = '1.3.6.1.4.1.11129.2.4.2';
const CODE = 'CERTIFICATE_MALFORMED';

interface Sct {
  readonly logId: string;
  readonly timestamp: Uint8Array;
  readonly extensions: Uint8Array;
  readonly signature: Uint8Array;
}

/** At least one timestamp of a listed log must verify. Throws CERTIFICATE_UNLOGGED, CERTIFICATE_MALFORMED. */
export async function requireLoggedCertificate(
  leaf: Certificate,
  issuer: Certificate,
  logs: readonly Log[],
): Promise<void> {
  const extension = leaf.extensions.get(SCT_LIST);
  if (extension === undefined) throw new ClientError('CERTIFICATE_UNLOGGED', { what: 'no certificate timestamp' });
  const entry = await preCertificate(leaf, issuer);
  for (const sct of readScts(bodyOf(readDer(extension.value, CODE), TAG.octetString, CODE))) {
    const log = logs.find(({ id }) => id === sct.logId);
    if (log === undefined || !isWithin(log.window, uint(sct.timestamp))) continue;
    // RFC 6962 3.2: version 1, certificate_timestamp, time, precert_entry, then the entry and the extensions.
    const head = concatBytes(Uint8Array.of(0, 0), sct.timestamp, Uint8Array.of(0, 1));
    if (await log.key.verify(sct.signature, concatBytes(head, entry, sized(sct.extensions, 2)), 'SHA-256')) return;
  }
  throw new ClientError('CERTIFICATE_UNLOGGED', { what: 'no timestamp of a listed log verifies' });
}

/** What the log signed: the issuer's key and the certificate as it was before the timestamps were put into it. */
async function preCertificate({ parts, extensions }: Certificate, issuer: Certificate): Promise<Uint8Array> {
  const raw = parts.map((part) => (part.tag === context(3) ? withoutScts(part) : part.raw));
  const signed = encodeDer(TAG.sequence, ...raw);
  if (!extensions.has(SCT_LIST)) malformed(CODE, 'certificate timestamps');
  return concatBytes(await sha256(issuer.spki), sized(signed, 3));
}

function withoutScts(wrapper: Der): Uint8Array {
  const kept = partsOf(partsOf(wrapper, context(3))[0]).filter((item) => oidOf(partsOf(item)[0], CODE) !== SCT_LIST);
  return encodeDer(context(3), encodeDer(TAG.sequence, ...kept.map(({ raw }) => raw)));
}

/** TLS vectors: each with its length before it; every byte is accounted for. */
function readScts(list: Uint8Array): Sct[] {
  const outer = reader(list);
  const items = reader(outer.vector(2));
  outer.end();
  const scts: Sct[] = [];
  while (!items.isEmpty()) {
    const sct = reader(items.vector(2));
    const version = uint(sct.take(1));
    const [logId, timestamp, extensions] = [toHex(sct.take(32)), sct.take(8), sct.vector(2)];
    // RFC 5246 7.4.1.4.1: SHA-256 (4) with RSA (1) or ECDSA (3); RFC 6962 allows no other hash.
    const [hash] = sct.take(2);
    const signature = sct.vector(2);
    sct.end();
    if (version === 0 && hash === 4) scts.push({ logId, timestamp, extensions, signature });
  }
  return scts;
}

interface TlsReader {
  take(count: number): Uint8Array;
  vector(lengthBytes: number): Uint8Array;
  isEmpty(): boolean;
  end(): void;
}

function reader(bytes: Uint8Array): TlsReader {
  let at = 0;
  const take = (count: number): Uint8Array => {
    if (at + count > bytes.length) malformed(CODE, 'certificate timestamp');
    at += count;
    return bytes.subarray(at - count, at);
  };
  const isEmpty = (): boolean => at === bytes.length;
  return {
    take,
    isEmpty,
    vector: (lengthBytes) => take(uint(take(lengthBytes))),
    end: () => (isEmpty() ? undefined : malformed(CODE, 'certificate timestamp')),
  };
}

function uint(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

function sized(bytes: Uint8Array, lengthBytes: number): Uint8Array {
  const length = Array.from(
    { length: lengthBytes },
    (_, i) => Math.floor(bytes.length / 256 ** (lengthBytes - 1 - i)) % 256,
  );
  return concatBytes(Uint8Array.from(length), bytes);
}
