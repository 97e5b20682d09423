// DER as certificates and timestamps need it (X.690 section 10): one spelling for each value, read without recursion, so that no
// nest of brackets can end the stack. Whoever walks a structure says how deep it goes.
import { ClientError, type ClientErrorCode } from '../error.ts';
import { concatBytes, toHex } from '../trust/bytes.ts';

/** One element: `body` without the header, `raw` with it. `code` is what a malformed part of it is refused with. */
export interface Der {
  readonly tag: number;
  readonly body: Uint8Array;
  readonly raw: Uint8Array;
  readonly code: ClientErrorCode;
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Context-specific and constructed, as `[n]` in ASN.1; primitive ones lack the 0x20. */
export const context = (n: number): number => 0xa0 + n;

// A certificate has about 30 extensions, a timestamp token a handful of parts.
const MAX_CHILDREN = 200;

export function malformed(code: ClientErrorCode, what: string): never {
  throw new ClientError(code, { what });
}

/** Exactly one element, nothing after it. */
export function readDer(bytes: Uint8Array, code: ClientErrorCode): Der {
  const { element, end } = elementAt(bytes, 0, code);
  if (end !== bytes.length) malformed(code, 'bytes after the last element');
  return element;
}

function elementAt(bytes: Uint8Array, start: number, code: ClientErrorCode): { element: Der; end: number } {
  const [tag, first] = bytes.subarray(start);
  // Tag numbers above 30 take more bytes; nothing read here has one.
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return malformed(code, 'element header');
  const extra = first < 0x80 ? 0 : first - 0x80;
  if (first === 0x80 || extra > 3) malformed(code, 'length');
  const from = start + 2 + extra;
  let length = first < 0x80 ? first : 0;
  for (const byte of bytes.subarray(start + 2, from)) length = length * 256 + byte;
  // X.690 10.1: the shortest form, so a length has one spelling.
  if (extra > 0 && (length < 0x80 || length < 256 ** (extra - 1))) malformed(code, 'length');
  const end = from + length;
  if (end > bytes.length) malformed(code, 'length');
  return { element: { tag, code, body: bytes.subarray(from, end), raw: bytes.subarray(start, end) }, end };
}

/** The parts of a constructed element with this tag. */
export function partsOf(element: Der | undefined, tag: number = TAG.sequence): Der[] {
  if (element === undefined || element.tag !== tag) return malformed(element?.code ?? 'BUNDLE_MALFORMED', `tag ${tag}`);
  return elementsOf(element.body, element.code);
}

function elementsOf(bytes: Uint8Array, code: ClientErrorCode): Der[] {
  const parts: Der[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { element, end } = elementAt(bytes, at, code);
    if (parts.push(element) > MAX_CHILDREN) malformed(code, 'too many parts');
    at = end;
  }
  return parts;
}

/** The body of a primitive element with this tag. */
export function bodyOf(element: Der | undefined, tag: number, code: ClientErrorCode): Uint8Array {
  return element?.tag === tag ? element.body : malformed(code, `tag ${tag}`);
}

/** A BIT STRING of whole bytes. */
export function bitsOf(element: Der | undefined, code: ClientErrorCode): Uint8Array {
  const body = bodyOf(element, TAG.bitString, code);
  return body[0] === 0 ? body.subarray(1) : malformed(code, 'bit string');
}

/** Dotted form. */
export function oidOf(element: Der | undefined, code: ClientErrorCode): string {
  const body = bodyOf(element, TAG.oid, code);
  const arcs: number[] = [];
  let value = 0;
  for (const [i, byte] of body.entries()) {
    if ((value === 0 && byte === 0x80) || value > 2 ** 40 || (i === body.length - 1 && byte > 0x7f))
      malformed(code, 'oid');
    value = value * 128 + (byte & 0x7f);
    if (byte > 0x7f) continue;
    arcs.push(value);
    value = 0;
  }
  const [first = 0, ...rest] = arcs;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - 40 * top, ...rest].join('.');
}

/** An INTEGER's bytes as lower-case hexadecimal: enough to compare, and minimal by X.690 8.3.2. */
export function integerOf(element: Der | undefined, code: ClientErrorCode): string {
  const body = bodyOf(element, TAG.integer, code);
  const [first, second = 0] = body;
  const isPadded = body.length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second > 0x7f));
  return first === undefined || isPadded ? malformed(code, 'integer') : toHex(body);
}

// X.690 11.7 and 11.8: Zulu time with seconds; a fraction has no trailing zero.
const UTC_TIME = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
const GENERALIZED_TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{0,8}[1-9])?Z$/;

/** Milliseconds since 1970. RFC 5280 4.1.2.5.1: two digits of a year mean 1950 to 2049. */
export function timeOf(element: Der | undefined, code: ClientErrorCode): number {
  const text = new TextDecoder().decode(element?.body);
  const short = element?.tag === TAG.utcTime ? UTC_TIME.exec(text) : null;
  const long = element?.tag === TAG.generalizedTime ? GENERALIZED_TIME.exec(text) : null;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', fraction = '.0'] = short ?? long ?? [];
  const century = short === null ? '' : Number(year) < 50 ? '20' : '19';
  const milliseconds = fraction.slice(1, 4).padEnd(3, '0');
  const iso = `${century}${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}Z`;
  const time = Date.parse(iso);
  // 30 February becomes another day, which the round trip shows.
  if (!Number.isFinite(time) || new Date(time).toISOString() !== iso) malformed(code, 'time');
  return time;
}

/** An element of these parts, for what must be hashed or verified in another form than it was carried. */
export function encodeDer(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = concatBytes(...parts);
  const digits: number[] = [];
  for (let rest = body.length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  const length = body.length < 0x80 ? [body.length] : [0x80 + digits.length, ...digits];
  return concatBytes(Uint8Array.of(tag, ...length), body);
}
