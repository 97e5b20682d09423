// Readers of parsed JSON: small functions that return a typed value or refuse, naming the place (never a wording: this is
// the largest part of the smallest bundle). Only own properties exist for them, so `__proto__` and `constructor` are
// ordinary names; unknown fields are dropped, as TUF and Sigstore ask.
import { ClientError, type ClientErrorCode } from '../error.ts';
import { fromUtf8 } from './bytes.ts';

/** Where a value stands, and the code to refuse it with. */
export interface Place {
  readonly code: ClientErrorCode;
  readonly path: string;
}

export type Reader<T> = (value: unknown, at: Place) => T;

export function refuse(at: Place, cause?: unknown): never {
  throw new ClientError(at.code, { path: at.path }, cause);
}

/** Strict UTF-8, strict JSON. */
export function readJson<T>(bytes: Uint8Array, at: Place, reader: Reader<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(fromUtf8(bytes));
  } catch (cause) {
    refuse(at, cause);
  }
  return reader(value, at);
}

export const string: Reader<string> = check((value) => typeof value === 'string');
export const boolean: Reader<boolean> = check((value) => typeof value === 'boolean');
export const anyObject: Reader<Record<string, unknown>> = check(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

export function integer(minimum: number, maximum: number = Number.MAX_SAFE_INTEGER): Reader<number> {
  return check((value) => Number.isSafeInteger(value) && (value as number) >= minimum && (value as number) <= maximum);
}

export function matching(pattern: RegExp): Reader<string> {
  return check((value) => typeof value === 'string' && pattern.test(value));
}

export function literal<T extends string>(accepted: T): Reader<T> {
  return check((value) => value === accepted);
}

export function optional<T>(reader: Reader<T>): Reader<T | undefined> {
  return (value, at) => (value === undefined ? undefined : reader(value, at));
}

export function list<T>(item: Reader<T>): Reader<T[]> {
  return (value, at) => (Array.isArray(value) ? value.map((v, i) => item(v, inside(at, i))) : refuse(at));
}

/** An object whose member names are data, as a Map. */
export function map<T>(item: Reader<T>): Reader<Map<string, T>> {
  return (value, at) =>
    new Map(Object.entries(anyObject(value, at)).map(([name, member]) => [name, item(member, inside(at, name))]));
}

/** An object with these members; a reader sees undefined for one that is absent. */
export function object<T extends object>(readers: { readonly [K in keyof T]: Reader<T[K]> }): Reader<T> {
  const members = Object.entries<Reader<unknown>>(readers);
  return (value, at) => {
    const source = anyObject(value, at);
    const own = (name: string): unknown => (Object.hasOwn(source, name) ? source[name] : undefined);
    // Not by assignment, which would run into a setter of a polluted prototype.
    return Object.fromEntries(members.map(([name, reader]) => [name, reader(own(name), inside(at, name))])) as T;
  };
}

/** `reader`, then a condition on the whole. */
export function where<T>(reader: Reader<T>, holds: (value: T) => boolean): Reader<T> {
  return (value, at) => {
    const result = reader(value, at);
    return holds(result) ? result : refuse(at);
  };
}

/** A list in which no two items have the same `key`. */
export function distinct<T>(item: Reader<T>, key: (item: T) => string): Reader<T[]> {
  return where(list(item), (items) => new Set(items.map(key)).size === items.length);
}

function check<T>(holds: (value: unknown) => boolean): Reader<T> {
  return (value, at) => (holds(value) ? (value as T) : refuse(at));
}

function inside(at: Place, name: string | number): Place {
  return { code: at.code, path: `${at.path}.${name}` };
}
