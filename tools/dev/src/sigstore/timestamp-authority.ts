// The timestamp authority (RFC 3161): says that a digest existed at this second.

import { DevError } from '../dev-error.ts';
import { distinguishedName, issue, keyNames, makeRoot, PURPOSE, purposes, SIGNS_DATA } from './certificates.ts';
import { generalizedTime, integer, octets, oid, sequence, setOf, tagged } from './der.ts';
import { digest, keyIdentifier, NULL, type ServiceKeys, signatureAlgorithm, signWith, spkiOf } from './keys.ts';

const SHA256 = sequence(oid('2.16.840.1.101.3.4.2.1'), NULL);
const TIMESTAMP_INFO = '1.2.840.113549.1.9.16.1.4';
const POLICY = '1.3.6.1.4.1.57264.2';
const ROOT_NAME = distinguishedName('plugmark loopback', 'timestamp root');
const NAME = distinguishedName('plugmark loopback', 'timestamp authority');

export interface TimestampAuthority {
  /** The signing certificate, then the root, DER. */
  readonly chain: readonly Uint8Array[];
  /** The JSON body of POST /api/v1/timestamp to a TimeStampResp. Throws REQUEST_INVALID. */
  stamp(request: unknown): Uint8Array;
}

export interface TimestampOptions {
  readonly keys: ServiceKeys;
  readonly from: Date;
  readonly now: () => Date;
  /** The authority's certificates where they exist already. */
  readonly chain?: readonly Uint8Array[] | undefined;
}

export function openTimestampAuthority({
  keys,
  from,
  now,
  chain = authorityChain(keys, from),
}: TimestampOptions): TimestampAuthority {
  const [leaf = new Uint8Array()] = chain;
  const serial = keyIdentifier(spkiOf(keys.timestamp));
  let count = 0;
  return {
    chain,
    stamp(request) {
      count += 1;
      const info = timestampInfo(readDigest(request), count, now());
      return response(info, { keys, leaf, serial });
    },
  };
}

function authorityChain(keys: ServiceKeys, from: Date): Uint8Array[] {
  const rootKey = keys['timestamp-root'];
  const spki = spkiOf(keys.timestamp);
  const notAfter = new Date(from);
  notAfter.setUTCFullYear(from.getUTCFullYear() + 9);
  const leaf = issue(
    {
      issuer: ROOT_NAME,
      subject: NAME,
      spki,
      notBefore: from,
      notAfter,
      serial: keyIdentifier(spki),
      extensions: [SIGNS_DATA, purposes(PURPOSE.timeStamping, true), ...keyNames(spki, spkiOf(rootKey))],
    },
    rootKey,
  );
  return [leaf, makeRoot({ name: ROOT_NAME, key: rootKey }, from, 10)];
}

function readDigest(request: unknown): Uint8Array {
  const { artifactHash, hashAlgorithm } = request as { artifactHash?: unknown; hashAlgorithm?: unknown };
  const hash = Buffer.from(typeof artifactHash === 'string' ? artifactHash : '', 'base64');
  if (hashAlgorithm === 'sha256' && hash.length === 32) return new Uint8Array(hash);
  throw new DevError('REQUEST_INVALID', 'a timestamp is made of a SHA-256 digest');
}

function timestampInfo(hash: Uint8Array, count: number, now: Date): Uint8Array {
  const imprint = sequence(SHA256, octets(hash));
  return sequence(integer(1), oid(POLICY), imprint, integer(count), generalizedTime(now));
}

/** SignedData (RFC 5652) over the info; the attributes name its type and digest, and this certificate (RFC 5816). */
function response(
  info: Uint8Array,
  { keys, leaf, serial }: { readonly keys: ServiceKeys; readonly leaf: Uint8Array; readonly serial: Uint8Array },
): Uint8Array {
  const attribute = (type: string, value: Uint8Array): Uint8Array => sequence(oid(type), setOf(value));
  const attributes = [
    attribute('1.2.840.113549.1.9.3', oid(TIMESTAMP_INFO)),
    attribute('1.2.840.113549.1.9.4', octets(digest(info))),
    attribute('1.2.840.113549.1.9.16.2.47', sequence(sequence(sequence(octets(digest(leaf)))))),
  ];
  const set = setOf(...attributes);
  // The signature is over the attributes as a SET; the message carries them as [0].
  const carried = Uint8Array.from(set);
  carried[0] = 0xa0;
  const signer = sequence(
    integer(1),
    sequence(ROOT_NAME, integer(serial)),
    SHA256,
    carried,
    signatureAlgorithm(keys.timestamp),
    octets(signWith(keys.timestamp, set)),
  );
  const content = sequence(oid(TIMESTAMP_INFO), tagged(0, octets(info)));
  const signedData = sequence(integer(3), setOf(SHA256), content, setOf(signer));
  const granted = sequence(integer(0));
  return sequence(granted, sequence(oid('1.2.840.113549.1.7.2'), tagged(0, signedData)));
}
