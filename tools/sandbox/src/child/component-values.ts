// JSON as vectors write it, to the values that a component's glue takes, and back: records by their WIT names, variants as
// `{"tag", "val"}`, 64-bit numbers as numbers or decimal text, bytes as lists, `option` as null or the value (inside another option as
// `{"tag": "some", "val"}`), a failed `result` as `{"err"}`.

import type { WitInterface, WitType } from '@plugmark/wasm';
import { trapped } from './faults.ts';
import type { Json } from './request.ts';

/** Finds what a name stands for. */
export type Names = (name: string) => WitType | undefined;

/** Names of one interface; those of others are written with it before a dot. */
export function namesIn(own: WitInterface | undefined, all: readonly WitInterface[]): Names {
  return (name) => {
    const dot = name.lastIndexOf('.');
    const where = dot < 0 ? own : all.find((candidate) => candidate.name === name.slice(0, dot));
    const local = name.slice(dot + 1).replace(/^%/, '');
    return where?.types.find((type) => type.name === local)?.type;
  };
}

type Kind = Exclude<WitType, string>;
const is = <K extends string>(type: WitType, kind: K): type is Extract<Kind, Record<K, unknown>> =>
  typeof type === 'object' && kind in type;

export const camelCase = (name: string): string =>
  name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const WIDE = new Set(['u64', 's64']);

export function toGuest(value: unknown, type: WitType, names: Names): unknown {
  if (typeof type === 'string') {
    const meaning = names(type);
    if (meaning !== undefined) return toGuest(value, meaning, names);
    return WIDE.has(type) ? BigInt(value as number | string) : value;
  }
  if (is(type, 'list')) {
    const items = asList(value);
    return type.list === 'u8'
      ? Uint8Array.from(items as number[])
      : items.map((item) => toGuest(item, type.list, names));
  }
  if (is(type, 'tuple')) return type.tuple.map((part, i) => toGuest(asList(value)[i], part, names));
  if (is(type, 'record')) {
    const members = asRecord(value);
    return Object.fromEntries(
      type.record.map((field) => [camelCase(field.name), toGuest(members[field.name], field.type, names)]),
    );
  }
  if (is(type, 'option')) {
    if (isOption(type.option, names)) {
      if (value === null || value === undefined) return { tag: 'none' };
      return { tag: 'some', val: toGuest(asRecord(value)['val'], type.option, names) };
    }
    return value === null || value === undefined ? undefined : toGuest(value, type.option, names);
  }
  if (is(type, 'variant')) {
    const { tag, val } = asRecord(value) as { tag?: string; val?: unknown };
    const found = type.variant.find(({ name }) => name === tag);
    return found?.type === undefined ? { tag } : { tag, val: toGuest(val, found.type, names) };
  }
  if (is(type, 'flags')) {
    const set = new Set(asList(value));
    return Object.fromEntries(type.flags.map((name) => [camelCase(name), set.has(name)]));
  }
  if (is(type, 'result')) {
    const members = asRecord(value);
    const [tag, inner] = 'err' in members ? (['err', type.result.err] as const) : (['ok', type.result.ok] as const);
    return inner === undefined ? { tag } : { tag, val: toGuest(members[tag], inner, names) };
  }
  if (is(type, 'enum')) return value;
  throw trapped('bad-answer', 'a vector cannot hold a value of this type');
}

/** What a call returned. Strings are well-formed; a number JSON has no form for is text. */
export function fromGuest(value: unknown, type: WitType | undefined, names: Names): Json {
  if (type === undefined) return null;
  if (typeof type === 'string') {
    const meaning = names(type);
    return meaning === undefined ? plain(value) : fromGuest(value, meaning, names);
  }
  if (is(type, 'list')) return Array.from(value as Iterable<unknown>, (item) => fromGuest(item, type.list, names));
  if (is(type, 'tuple')) return type.tuple.map((part, i) => fromGuest((value as unknown[])[i], part, names));
  if (is(type, 'record')) {
    const members = value as Record<string, unknown>;
    return Object.fromEntries(
      type.record.map((field) => [field.name, fromGuest(members[camelCase(field.name)], field.type, names)]),
    );
  }
  if (is(type, 'option')) {
    if (!isOption(type.option, names)) return value === undefined ? null : fromGuest(value, type.option, names);
    const { tag, val } = value as { tag: string; val?: unknown };
    return tag === 'none' ? null : { tag, val: fromGuest(val, type.option, names) };
  }
  if (is(type, 'variant')) {
    const { tag, val } = value as { tag: string; val?: unknown };
    const found = type.variant.find(({ name }) => name === tag);
    return found?.type === undefined ? { tag } : { tag, val: fromGuest(val, found.type, names) };
  }
  if (is(type, 'flags')) {
    const set = value as Record<string, boolean>;
    return type.flags.filter((name) => set[camelCase(name)] === true);
  }
  if (is(type, 'result')) {
    const { tag, val } = value as { tag: 'ok' | 'err'; val?: unknown };
    return { [tag]: fromGuest(val, type.result[tag], names) };
  }
  return is(type, 'enum') ? plain(value) : 'resource';
}

function isOption(type: WitType, names: Names): boolean {
  const meaning = typeof type === 'string' ? names(type) : type;
  return meaning !== undefined && typeof meaning === 'object' && 'option' in meaning;
}

function plain(value: unknown): Json {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0) ? value : textOfNumber(value);
  return typeof value === 'boolean' ? value : null;
}

const textOfNumber = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

function asList(value: unknown): unknown[] {
  if (!Array.isArray(value))
    throw trapped('bad-answer', 'the input of the vector has no list where the function takes one');
  return value;
}

function asRecord(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw trapped('bad-answer', 'the input of the vector has no object where the function takes one');
}
