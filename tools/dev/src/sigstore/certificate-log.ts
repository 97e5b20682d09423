// A certificate transparency log's answer to a certificate that is about to be issued (RFC 6962 section 3.2).

import type { KeyObject } from 'node:crypto';
import type { ExtensionValue } from './certificates.ts';
import { octets } from './der.ts';
import { digest, signWith, spkiOf } from './keys.ts';

const SCT_LIST = '1.3.6.1.4.1.11129.2.4.2';

const uint = (value: number, bytes: number): Uint8Array =>
  Uint8Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** (bytes - 1 - i)) % 256);
const vector = (bytes: Uint8Array, lengthBytes: number): Uint8Array =>
  Buffer.concat([uint(bytes.length, lengthBytes), bytes]);

/** The extension that goes into the certificate: one signed timestamp over the certificate as it is without it. */
export function certificateTimestamp(
  toBeSigned: Uint8Array,
  issuerSpki: Uint8Array,
  { key, now }: { readonly key: KeyObject; readonly now: Date },
): ExtensionValue {
  const time = uint(now.getTime(), 8);
  const noExtensions = uint(0, 2);
  // v1, certificate_timestamp, time, precert_entry { issuer_key_hash, tbs }, extensions.
  const signed = Buffer.concat([
    Uint8Array.of(0, 0),
    time,
    uint(1, 2),
    digest(issuerSpki),
    vector(toBeSigned, 3),
    noExtensions,
  ]);
  // sha256, ecdsa.
  const signature = Buffer.concat([Uint8Array.of(4, 3), vector(signWith(key, signed), 2)]);
  const sct = Buffer.concat([Uint8Array.of(0), digest(spkiOf(key)), time, noExtensions, signature]);
  return { oid: SCT_LIST, value: octets(vector(vector(sct, 2), 2)) };
}
