// Small combinators over JsonCursor: from them the decoders of signed documents are built. Strict like the schemas they mirror:
// an unknown member, a wrong pattern or a wrong length is refused with the path that is wrong.
import type { JsonCursor } from './trust/json-cursor.ts';

export type Decoder<T> = (at: JsonCursor) => T;

type Shape = Readonly<Record<string, Decoder<unknown>>>;
type Decoded<S extends Shape> = { readonly [K in keyof S]: S[K] extends Decoder<infer T> ? T : never };

const OPTIONAL: unique symbol = Symbol('optional');

/** The member may be absent. */
export function optional<T>(decode: Decoder<T>): Decoder<T | undefined> {
  const decoder: Decoder<T | undefined> & { [OPTIONAL]?: true } = (at) => at.optional(decode);
  decoder[OPTIONAL] = true;
  return decoder;
}

/** An object with these members and no others. Absent optional members stay absent. */
export function object<S extends Shape>(shape: S): Decoder<Decoded<S>> {
  return (at) => {
    for (const key of Object.keys(at.object())) if (!Object.hasOwn(shape, key)) at.at(key).fail('absent (unknown field)');
    const members = Object.entries(shape).flatMap(([key, decode]) => {
      const value = decode(at.at(key));
      return value === undefined && OPTIONAL in decode ? [] : [[key, value]];
    });
    return Object.fromEntries(members) as Decoded<S>;
  };
}

export function array<T>(decode: Decoder<T>, { min = 0, max = Number.POSITIVE_INFINITY }: { min?: number; max?: number } = {}): Decoder<readonly T[]> {
  return (at) => {
    const items = at.items();
    if (items.length < min || items.length > max) at.fail(`a list of ${min} to ${max}`);
    return items.map(decode);
  };
}

/** An object used as a map; a Map, so that no key can be mistaken for an inherited member. */
export function mapOf<T>(key: RegExp, decode: Decoder<T>, { maxKey = Number.POSITIVE_INFINITY }: { maxKey?: number } = {}): Decoder<ReadonlyMap<string, T>> {
  return (at) =>
    new Map(
      at.entries().map(([name, value]) => {
        if (name.length > maxKey || !key.test(name)) value.fail('under another name');
        return [name, decode(value)] as const;
      }),
    );
}

/** A string of at most `max` UTF-16 units that `pattern` matches. */
export function text(pattern: RegExp, max: number): Decoder<string> {
  return (at) => {
    if (at.string().length > max) at.fail(`at most ${max} characters`);
    return at.match(pattern, `of the form ${pattern.source}`);
  };
}

export function oneOf<const T extends string | number | boolean>(...values: readonly T[]): Decoder<T> {
  return (at) => (values.includes(at.value as T) ? (at.value as T) : at.fail(values.join(' or ')));
}

/** An object whose member `tag` chooses how it is read. */
export function tagged<S extends Readonly<Record<string, Decoder<unknown>>>>(tag: string, cases: S): Decoder<S[keyof S] extends Decoder<infer T> ? T : never> {
  return (at) => {
    const name = at.at(tag).string();
    const decode = Object.hasOwn(cases, name) ? cases[name] : undefined;
    return (decode ?? at.at(tag).fail(Object.keys(cases).join(' or ')))(at) as never;
  };
}

/** A whole number from 0 that JSON carries exactly. */
export const count: Decoder<number> = (at) => at.integer(0);
export const positive: Decoder<number> = (at) => at.integer(1);
export const boolean: Decoder<boolean> = (at) => at.boolean();
export const string: Decoder<string> = (at) => at.string();
