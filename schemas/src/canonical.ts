// Canonical JSON after RFC 8785 (JCS): keys sorted by UTF-16 code unit, no white space, ECMAScript number and string forms.
// Every file that is signed, hashed or compared is written with it. It must never accept a value JSON cannot carry.

import { SchemaError } from './error.ts';

/** As deep as a client reads; deeper values would be signed and then refused. */
export const MAX_DEPTH = 100;

/** A value JSON can carry. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** The RFC 8785 text of a value. Members that are `undefined` are left out, as JSON.stringify does. Throws JSON_UNREPRESENTABLE for anything else JSON cannot carry. */
export function canonicalJson(value: unknown): string {
  return encode(value, 0);
}

function encode(value: unknown, depth: number): string {
  if (typeof value === 'string') return encodeString(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (typeof value !== 'object') throw unrepresentable(`a ${typeof value}`);
  if (depth === MAX_DEPTH) throw unrepresentable(`nesting beyond ${MAX_DEPTH}`);
  // Array.from, since map leaves holes out and `[,]` is not JSON.
  if (Array.isArray(value)) return `[${Array.from(value, (item) => encode(item, depth + 1)).join(',')}]`;
  const members = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${encodeString(key)}:${encode(item, depth + 1)}`);
  return `{${members.join(',')}}`;
}

/** RFC 8785 section 3.2.2.2: a lone surrogate ends the work; it has no UTF-8 form. */
function encodeString(text: string): string {
  if (/\p{Surrogate}/u.test(text)) throw unrepresentable('a lone surrogate');
  return JSON.stringify(text);
}

function unrepresentable(what: string): SchemaError {
  return new SchemaError('JSON_UNREPRESENTABLE', 'canonical JSON', [{ path: '', problem: `cannot carry ${what}` }]);
}

/** The UTF-8 bytes of `canonicalJson(value)`, without a trailing newline. */
export function canonicalBytes(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(canonicalJson(value));
}
