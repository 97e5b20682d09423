// Addresses in data: of web pages and sockets, of hidden services, of machines.

import { asciiText, at, BASE32, DIGIT, HOST, isIn, span, spanBefore, WORD } from './byte-sets.ts';
import type { Candidate, Look, Sighting } from './look.ts';

/** A name has at most 253 characters (RFC 1035 2.3.4 without the root's dot). */
const LONGEST_NAME = 253;

/** `http://` and a name with a top-level domain: the name, since that is what would be contacted. */
export const lookAtUrl: Look = ({ bytes, start, end }) => {
  const length = span(bytes, end, { set: HOST, most: LONGEST_NAME });
  if (length < 4) return undefined;
  const name = asciiText(bytes.subarray(end, end + length)).toLowerCase();
  const domain = /^(?:[a-z0-9-]+\.)+[a-z]{2,24}(?=\.?$)/.exec(name)?.[0];
  return domain === undefined ? undefined : { text: domain, start, length: end - start + length };
};

/** The same for sockets; a word that only ends in `ws://` is another scheme. */
export const lookAtSocket: Look = (candidate) => {
  const { bytes, start } = candidate;
  return isIn(at(bytes, start - 1), WORD) ? undefined : lookAtUrl(candidate);
};

/** `.onion` behind a key of 16 or 56 characters (Tor rend-spec-v2 and -v3). */
export const lookAtOnion: Look = ({ bytes, start, end }) => {
  const length = spanBefore(bytes, start, { set: BASE32, most: 57 });
  if ((length !== 16 && length !== 56) || isIn(at(bytes, end), WORD)) return undefined;
  return { text: asciiText(bytes.subarray(start - length, end)), start: start - length, length: length + end - start };
};

/** Four numbers with dots that are an address on the public internet and not a version. The candidate is one of the dots. */
export const lookAtIpAddress: Look = ({ bytes, start }) => {
  const first = start + 1 - spanBefore(bytes, start + 1, { set: DIGIT, most: 4 });
  const before = at(bytes, first - 1);
  if (isIn(before, HOST) || isIn(before, WORD)) return undefined;
  const octets: number[] = [];
  let cursor = first;
  for (; octets.length < 4; cursor += 1) {
    const length = span(bytes, cursor, { set: DIGIT, most: 4 });
    if (length === 0 || length > 3 || (length > 1 && bytes[cursor] === ZERO)) return undefined;
    octets.push(Number(asciiText(bytes.subarray(cursor, cursor + length))));
    cursor += length;
    if (octets.length < 4 && bytes[cursor] !== DOT) return undefined;
  }
  return addressOf({ bytes, start: first, end: cursor - 1 }, octets);
};

const DOT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const SLASH = 0x2f;

function addressOf({ bytes, start, end }: Candidate, octets: readonly number[]): Sighting | undefined {
  const after = at(bytes, end);
  if (isIn(after, WORD) || (isIn(after, HOST) && isIn(at(bytes, end + 1), WORD))) return undefined;
  if (octets.some((octet) => octet > 255) || !isPublic(octets)) return undefined;
  const asAddress = after === COLON || at(bytes, start - 1) === SLASH;
  if (!asAddress && octets.every((octet) => octet < VERSION_LIKE)) return undefined;
  return { text: octets.join('.'), start, length: end - start };
}

/** Versions of four parts stand in the data of honest files; their parts are small. */
const VERSION_LIKE = 32;

/** Ranges that are nobody's machine on the internet (IANA special-purpose registry, RFC 6890), first two or three numbers. */
const SPECIAL: readonly ((octets: readonly number[]) => boolean)[] = [
  ([a = 0]) => a === 0 || a === 10 || a === 127 || a >= 224,
  ([a, b = 0]) => a === 100 && b >= 64 && b < 128,
  ([a, b]) => (a === 169 && b === 254) || (a === 192 && b === 168),
  ([a, b = 0]) => (a === 172 && b >= 16 && b < 32) || (a === 198 && (b === 18 || b === 19)),
  ([a, b, c]) => a === 192 && b === 0 && (c === 0 || c === 2),
  ([a, b, c]) => (a === 198 && b === 51 && c === 100) || (a === 203 && b === 0 && c === 113),
];

const isPublic = (octets: readonly number[]): boolean => !SPECIAL.some((matches) => matches(octets));
