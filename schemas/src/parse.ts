// The one door through which foreign data enters: bytes or unknown values become typed values here or are refused with a
// SchemaError. Nothing else in the project casts JSON to a type.

import * as z from 'zod/mini';
import { canonicalBytes, hasLoneSurrogate, MAX_DEPTH } from './canonical.ts';
import { SchemaError, type SchemaIssue } from './error.ts';

/** The schema version every file of this generation carries. */
export const SCHEMA_VERSION = 1;

const MAX_ISSUES = 20;

/** A value as its schema types it. Throws SchemaError: SCHEMA_VERSION before SCHEMA_INVALID. `where` names the file or URL. */
export function parse<S extends z.ZodMiniType>(schema: S, input: unknown, where: string): z.output<S> {
  refuseUnknownVersion(input, where);
  refuseUnsafeShape(input, where);
  const result = z.safeParse(schema, input);
  if (result.success) return result.data;
  throw new SchemaError('SCHEMA_INVALID', where, result.error.issues.slice(0, MAX_ISSUES).map(describeIssue));
}

/** For data that we made of somebody else's names: whether a file may hold it. */
export function isValid(schema: z.ZodMiniType, input: unknown): boolean {
  return z.safeParse(schema, input).success;
}

/** Bytes of a JSON file as its schema types them. Throws SchemaError: JSON_MALFORMED, SCHEMA_VERSION, SCHEMA_INVALID. */
export function parseJson<S extends z.ZodMiniType>(schema: S, bytes: Uint8Array, where: string): z.output<S> {
  return parse(schema, decodeJson(bytes, where), where);
}

/** As parseJson, for files that are signed: the bytes must be the canonical form, so that no two parsers can read them differently. Throws also NOT_CANONICAL. */
export function parseCanonical<S extends z.ZodMiniType>(schema: S, bytes: Uint8Array, where: string): z.output<S> {
  const value = decodeJson(bytes, where);
  const parsed = parse(schema, value, where);
  if (!sameBytes(canonicalBytes(value), bytes)) {
    const problem = 'not in canonical form (RFC 8785: sorted keys, no white space, no trailing newline)';
    throw new SchemaError('NOT_CANONICAL', where, [{ path: '', problem }]);
  }
  return parsed;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function decodeJson(bytes: Uint8Array, where: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw new SchemaError('JSON_MALFORMED', where, [{ path: '', problem: 'not valid UTF-8 JSON' }], { cause });
  }
}

function refuseUnknownVersion(input: unknown, where: string): void {
  if (typeof input !== 'object' || input === null || !Object.hasOwn(input, 'schemaVersion')) return;
  const version = (input as { schemaVersion: unknown }).schemaVersion;
  if (version === SCHEMA_VERSION) return;
  const problem = `version ${JSON.stringify(version)} is unknown here (this software reads ${SCHEMA_VERSION}); update it`;
  throw new SchemaError('SCHEMA_VERSION', where, [{ path: 'schemaVersion', problem }]);
}

interface Place {
  readonly value: unknown;
  readonly depth: number;
  readonly key: string;
  /** Where it lies; undefined for the whole. A path is written out only when something is wrong there. */
  readonly in: Place | undefined;
}

/** What zod would pass over or die of; after this the value has a canonical form. */
function refuseUnsafeShape(input: unknown, where: string): void {
  const open: Place[] = [{ value: input, depth: 0, key: '', in: undefined }];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const problem = unsafe(place);
    if (problem !== undefined) throw new SchemaError('SCHEMA_INVALID', where, [{ path: pathOf(place), problem }]);
    const { value, depth } = place;
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, item] of Object.entries(value)) open.push({ value: item, depth: depth + 1, key, in: place });
  }
}

function pathOf(place: Place): string {
  const path = place.in === undefined ? '' : pathOf(place.in);
  return path === '' ? place.key : `${path}.${place.key}`;
}

function unsafe({ value, depth }: Place): string | undefined {
  if (typeof value === 'string') return hasLoneSurrogate(value) ? 'must not hold half of a surrogate pair' : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === MAX_DEPTH) return `nested more than ${MAX_DEPTH} deep`; // recursion would end the stack
  if (Object.hasOwn(value, '__proto__')) return 'unknown field "__proto__"'; // zod's maps drop it without a word
  return Object.keys(value).some(hasLoneSurrogate) ? 'has a key that is not allowed' : undefined;
}

function describeIssue(issue: z.core.$ZodIssue): SchemaIssue {
  const describe = ISSUE_WORDS[issue.code] ?? (() => 'not allowed here');
  return { path: issue.path.map(String).join('.'), problem: describe(issue as never) };
}

const ISSUE_WORDS: {
  readonly [C in z.core.$ZodIssue['code']]?: (issue: Extract<z.core.$ZodIssue, { code: C }>) => string;
} = {
  invalid_type: (issue) => `must be ${article(issue.expected)}`,
  invalid_value: (issue) => `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`,
  invalid_format: (issue) => `does not match the form ${issue.pattern ?? issue.format}`,
  unrecognized_keys: (issue) => `unknown field ${issue.keys.map((key) => JSON.stringify(key.slice(0, 60))).join(', ')}`,
  too_big: (issue) => `too large (at most ${issue.maximum})`,
  too_small: (issue) => `too small (at least ${issue.minimum})`,
  invalid_union: () => 'matches none of the allowed forms',
  invalid_key: () => 'has a key that is not allowed',
  custom: (issue) => issue.message ?? 'not allowed here',
};

function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}
