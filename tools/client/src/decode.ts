// Decoders of signed documents, on the readers of the trust core. Where those drop an unknown field, as TUF asks, these refuse it:
// a document is ours, and strict like the schema it mirrors.
import {
  anyObject,
  integer,
  map,
  optional as maybe,
  type Place,
  type Reader,
  list as readList,
  string as readString,
  refuse,
  where,
} from './trust/shape.ts';

export type Decoder<T> = Reader<T>;

type Shape = Readonly<Record<string, Decoder<unknown>>>;
type Decoded<S extends Shape> = { readonly [K in keyof S]: S[K] extends Decoder<infer T> ? T : never };

const OPTIONAL: unique symbol = Symbol('optional');

/** The member may be absent, and then stays absent. */
export function optional<T>(decode: Decoder<T>): Decoder<T | undefined> {
  return Object.assign(maybe(decode), { [OPTIONAL]: true });
}

/** An object with these members and no others. */
export function object<S extends Shape>(shape: S): Decoder<Decoded<S>> {
  return (value, at) => {
    const source = anyObject(value, at);
    for (const key of Object.keys(source)) if (!Object.hasOwn(shape, key)) refuse(member(at, key));
    const members = Object.entries(shape).flatMap(([key, decode]) => {
      const decoded = decode(Object.hasOwn(source, key) ? source[key] : undefined, member(at, key));
      return decoded === undefined && OPTIONAL in decode ? [] : [[key, decoded]];
    });
    return Object.fromEntries(members) as Decoded<S>;
  };
}

function member(at: Place, name: string): Place {
  return { code: at.code, path: `${at.path}.${name}` };
}

export function array<T>(
  decode: Decoder<T>,
  { min = 0, max = Number.POSITIVE_INFINITY }: { min?: number; max?: number } = {},
): Decoder<readonly T[]> {
  return where(readList(decode), ({ length }) => length >= min && length <= max);
}

/** An object used as a map; a Map, so that no key can be mistaken for an inherited member. */
export function mapOf<T>(
  key: RegExp,
  decode: Decoder<T>,
  { maxKey = Number.POSITIVE_INFINITY }: { maxKey?: number } = {},
): Decoder<ReadonlyMap<string, T>> {
  return where(map(decode), (found) => [...found.keys()].every((name) => name.length <= maxKey && key.test(name)));
}

/** A string of at most `max` code points (as JSON Schema counts) that `pattern` matches. */
export function text(pattern: RegExp, max: number): Decoder<string> {
  // A code point is one or two units: counted only where the answer depends on it, never for a string of megabytes.
  return where(
    readString,
    (value) => (value.length <= max || (value.length <= 2 * max && [...value].length <= max)) && pattern.test(value),
  );
}

export function oneOf<const T extends string | number | boolean>(...values: readonly T[]): Decoder<T> {
  return (value, at) => (values.includes(value as T) ? (value as T) : refuse(at));
}

/** An object whose member `tag` chooses how it is read. */
export function tagged<S extends Readonly<Record<string, Decoder<unknown>>>>(
  tag: string,
  cases: S,
): Decoder<S[keyof S] extends Decoder<infer T> ? T : never> {
  return (value, at) => {
    const name = anyObject(value, at)[tag];
    const decode = typeof name === 'string' && Object.hasOwn(cases, name) ? cases[name] : undefined;
    return (decode ?? refuse(member(at, tag)))(value, at) as never;
  };
}

/** A whole number from 0 that JSON carries exactly. */
export const count: Decoder<number> = integer(0);
/** Any text that has a UTF-8 form: half a surrogate pair would be hashed as another character. */
export const string: Decoder<string> = where(readString, (value) => /^\P{Surrogate}*$/u.test(value));
