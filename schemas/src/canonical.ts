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
  return Array.isArray(value) ? encodeList(value, depth + 1) : encodeMembers(value as Members, depth + 1);
}

type Members = Readonly<Record<string, unknown>>;

// Text is put together as it comes: most of what a build writes goes through here, and lists of members cost more than they help.
function encodeList(list: readonly unknown[], depth: number): string {
  let text = '';
  // Not `map`, which leaves holes out; `[,]` is not JSON.
  for (let i = 0; i < list.length; i++) text += i === 0 ? encode(list[i], depth) : `,${encode(list[i], depth)}`;
  return `[${text}]`;
}

function encodeMembers(value: Members, depth: number): string {
  let text = '';
  for (const key of sortedKeys(value)) {
    const item = value[key];
    if (item === undefined) continue;
    const member = `${encodeString(key)}:${encode(item, depth)}`;
    text += text === '' ? member : `,${member}`;
  }
  return `{${text}}`;
}

/** By UTF-16 code unit, which is how strings compare; what was parsed from canonical JSON is sorted already. */
function sortedKeys(value: Members): string[] {
  const keys = Object.keys(value);
  for (let i = 1; i < keys.length; i++) if ((keys[i - 1] as string) > (keys[i] as string)) return keys.sort();
  return keys;
}

/** RFC 8785 section 3.2.2.2: a lone surrogate ends the work; it has no UTF-8 form. */
function encodeString(text: string): string {
  if (hasLoneSurrogate(text)) throw unrepresentable('a lone surrogate');
  return JSON.stringify(text);
}

/** Few texts have any surrogate, and looking for one is much cheaper than looking for a lone one. */
export function hasLoneSurrogate(text: string): boolean {
  return /[\ud800-\udfff]/.test(text) && /\p{Surrogate}/u.test(text);
}

function unrepresentable(what: string): SchemaError {
  return new SchemaError('JSON_UNREPRESENTABLE', 'canonical JSON', [{ path: '', problem: `cannot carry ${what}` }]);
}

/** The UTF-8 bytes of `canonicalJson(value)`, without a trailing newline. */
export function canonicalBytes(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(canonicalJson(value));
}
