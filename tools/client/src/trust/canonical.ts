// Two canonical JSON forms: RFC 8785 for our own documents, and the OLPC form that TUF signatures cover.
// They differ in string escapes and numbers. Both must refuse what would give two values the same bytes.
import { ClientError } from '../error.ts';
import { utf8 } from './bytes.ts';

/** Metadata is canonicalised before its signature is known to be good: a nest of brackets must not end the stack. */
const MAX_DEPTH = 100;

interface Dialect {
  readonly string: (text: string) => string;
  readonly isNumber: (value: number) => boolean;
}

/** RFC 8785 (JCS), which defers to ECMAScript for strings and numbers. Throws JSON_UNREPRESENTABLE. */
export function canonicalJson(value: unknown): Uint8Array {
  return utf8(encode(value, { string: JSON.stringify, isNumber: Number.isFinite }, 0));
}

/**
 * The form TUF 1.0 section 4.2 signs: only quote and backslash are escaped, other control characters stand for
 * themselves; integers only, and only those a double holds exactly: beyond them another language would have signed a
 * number we cannot see. Throws JSON_UNREPRESENTABLE.
 */
export function olpcJson(value: unknown): Uint8Array {
  const string = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;
  return utf8(encode(value, { string, isNumber: Number.isSafeInteger }, 0));
}

function encode(value: unknown, dialect: Dialect, depth: number): string {
  if (typeof value === 'string') return encodeString(value, dialect);
  if (typeof value === 'boolean' || value === null) return String(value);
  if (typeof value === 'number' && dialect.isNumber(value)) return JSON.stringify(value);
  if (typeof value !== 'object') throw unrepresentable(typeof value);
  if (depth === MAX_DEPTH) throw unrepresentable(`nesting beyond ${MAX_DEPTH}`);
  // Spread first, since map leaves holes out and `[,]` is not JSON.
  if (Array.isArray(value)) return `[${[...value].map((item) => encode(item, dialect, depth + 1)).join()}]`;
  // RFC 8785 section 3.2.3 sorts by UTF-16 code units, as sort() does. OLPC leaves it open; the implementations differ
  // only where a surrogate pair meets U+E000 and above, and there a signature fails to verify, nothing more.
  const members = Object.keys(value).sort();
  return `{${members.map((key) => `${encodeString(key, dialect)}:${encode(value[key as never], dialect, depth + 1)}`).join()}}`;
}

/** UTF-8 has no lone surrogates: the encoder writes U+FFFD for each, so two different texts would share a signature. */
function encodeString(text: string, dialect: Dialect): string {
  // Nearly every text stands for itself in both forms, and asking that first halves the time of a refresh.
  if (!/[\p{Cc}"\\\p{Surrogate}]/u.test(text)) return `"${text}"`;
  if (/\p{Surrogate}/u.test(text)) throw unrepresentable('a lone surrogate');
  return dialect.string(text);
}

function unrepresentable(what: string): ClientError {
  return new ClientError('JSON_UNREPRESENTABLE', { what });
}
