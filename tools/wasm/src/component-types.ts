/**
 * The type section of a component (component model, Binary.md, "Type Definitions"): values, functions, resources.
 * Types refer to earlier types by index only, so reading is a loop; component and instance types have a file of
 * their own.
 */
import type { ByteReader } from './byte-reader.ts';
import {
  defineType,
  type TypeDef,
  type TypePart,
  type TypeRef,
  type ValueForm,
  type ValueType,
} from './component-entities.ts';
import { readCounted, readResourceRef, readValueTypeRef, type Scope } from './component-scope.ts';
import type { Budget, ReaderLimits } from './limits.ts';
import { readValueType as readCoreValueType } from './value-type.ts';
import { isLabel } from './wit-names.ts';

/** The primitives by their byte, as WIT names them. */
const PRIMITIVES: Readonly<Record<number, string>> = {
  0x7f: 'bool',
  0x7e: 's8',
  0x7d: 'u8',
  0x7c: 's16',
  0x7b: 'u16',
  0x7a: 's32',
  0x79: 'u32',
  0x78: 's64',
  0x77: 'u64',
  0x76: 'f32',
  0x75: 'f64',
  0x74: 'char',
  0x73: 'string',
  0x64: 'error-context',
};

/** A byte as the negative number it stands for where a type index could stand as well. */
const negative = (byte: number): number => byte - 0x80;

/** What is read beside a type: where its indices point and what it may cost. */
export interface TypeContext {
  readonly scope: Scope;
  readonly budget: Budget;
}

type Body = (reader: ByteReader, context: TypeContext) => readonly TypePart[];
const one = (type: ValueType | undefined): readonly TypePart[] => [type === undefined ? {} : { type }];

/** The byte of a compound type -> its form and what follows. */
const COMPOUNDS: Readonly<Record<number, { readonly form: ValueForm; readonly body: Body }>> = {
  0x72: { form: 'record', body: (reader, context) => readFields(reader, context, 'componentFields') },
  0x71: { form: 'variant', body: readCases },
  0x70: { form: 'list', body: (reader, { scope }) => one(readValueType(reader, scope)) },
  0x67: { form: 'fixed-list', body: (reader, { scope }) => one(readValueType(reader, scope)) },
  0x6f: { form: 'tuple', body: readElements },
  0x6e: { form: 'flags', body: readFlags },
  0x6d: { form: 'enum', body: readLabels },
  0x6b: { form: 'option', body: (reader, { scope }) => one(readValueType(reader, scope)) },
  0x6a: { form: 'result', body: readResult },
  0x69: { form: 'own', body: (reader, { scope }) => one(readResourceRef(scope, reader)) },
  0x68: { form: 'borrow', body: (reader, { scope }) => one(readResourceRef(scope, reader)) },
  0x66: { form: 'stream', body: (reader, { scope }) => one(readOptionalType(reader, scope)) },
  0x65: { form: 'future', body: (reader, { scope }) => one(readOptionalType(reader, scope)) },
  0x63: { form: 'map', body: readMap },
};

const RESOURCE = 0x3f;
const RESOURCE_ASYNC = 0x3e;
/** The bytes of function types. */
const FUNCTIONS: Readonly<Record<number, { readonly async: boolean }>> = {
  0x40: { async: false },
  0x43: { async: true },
};

/** Reads a definition whose first byte was read; component and instance types are the caller's. */
export function readTypeDefinition(reader: ByteReader, context: TypeContext, byte: number): TypeRef {
  const start = reader.offset - 1;
  return defineType(readDefinition(reader, context, byte, start), reader, context.budget);
}

function readDefinition(reader: ByteReader, context: TypeContext, byte: number, start: number): TypeDef {
  const primitive = PRIMITIVES[byte];
  if (primitive !== undefined) return { form: 'primitive', parts: [{ type: primitive }] };
  const compound = COMPOUNDS[byte];
  if (compound !== undefined) {
    const parts = compound.body(reader, context);
    return { form: compound.form, parts, ...(compound.form === 'fixed-list' && { length: readLength(reader) }) };
  }
  const func = FUNCTIONS[byte];
  if (func !== undefined) return readFunction(reader, context, func);
  if (byte === RESOURCE) return readResource(reader, context);
  if (byte === RESOURCE_ASYNC) {
    const details = { feature: 'component-async-destructor', byte };
    throw reader.error('WASM_UNSUPPORTED_FEATURE', 'a resource with an asynchronous destructor', details, start);
  }
  throw reader.error('WASM_MALFORMED', 'no type definition starts with this byte', { what: 'type', byte }, start);
}

function readFunction(reader: ByteReader, context: TypeContext, { async }: { readonly async: boolean }): TypeDef {
  const parts = readFields(reader, context, 'parameters');
  const result = readResultList(reader, context.scope);
  return { form: 'function', parts, async, ...(result !== undefined && { result }) };
}

/** The result of a function: `0x00` and a type, or `0x01 0x00` for none. */
export function readResultList(reader: ByteReader, scope: Scope): ValueType | undefined {
  const start = reader.offset;
  const byte = reader.u8();
  if (byte === 0x00) return readValueType(reader, scope);
  const count = byte === 0x01 ? reader.u8() : byte;
  if (byte === 0x01 && count === 0x00) return undefined;
  // Named results were dropped from the model before its first release.
  const details = { feature: 'component-named-results', byte, count };
  if (byte === 0x01) throw reader.error('WASM_UNSUPPORTED_FEATURE', 'a function with named results', details, start);
  throw reader.error('WASM_MALFORMED', 'a result list has no such byte', { what: 'result list', byte }, start);
}

function readResource(reader: ByteReader, { scope }: TypeContext): TypeDef {
  readCoreValueType(reader, 0);
  if (readFlag(reader, 'destructor')) readCounted(scope, reader, 'function');
  return { form: 'resource', parts: [] };
}

/** A primitive or the index of a value type. */
export function readValueType(reader: ByteReader, scope: Scope): ValueType {
  const start = reader.offset;
  const index = reader.s33();
  if (index >= 0) return readValueTypeRef(scope, index, reader, start);
  const byte = index + 0x80;
  const primitive = reader.offset - start === 1 && index === negative(byte) ? PRIMITIVES[byte] : undefined;
  if (primitive !== undefined) return primitive;
  throw reader.error('WASM_MALFORMED', 'no value type has this byte', { what: 'value type', byte }, start);
}

function readOptionalType(reader: ByteReader, scope: Scope): ValueType | undefined {
  return readFlag(reader, 'option') ? readValueType(reader, scope) : undefined;
}

/** A byte that says whether something follows or holds. */
export function readFlag(reader: ByteReader, what: string): boolean {
  const start = reader.offset;
  const byte = reader.u8();
  if (byte <= 1) return byte === 1;
  throw reader.error('WASM_MALFORMED', `a ${what} is 0 or 1`, { what, byte }, start);
}

function readFields(
  reader: ByteReader,
  { scope, budget }: TypeContext,
  limit: 'componentFields' | 'parameters',
): TypePart[] {
  const { limits } = budget;
  const names = new Set<string>();
  const empty = limit === 'parameters';
  return list(reader, { limits, limit, itemBytes: 2, empty }, () => ({
    name: readLabel(reader, names, limits),
    type: readValueType(reader, scope),
  }));
}

function readCases(reader: ByteReader, { scope, budget: { limits } }: TypeContext): TypePart[] {
  const names = new Set<string>();
  return list(reader, { limits, limit: 'componentFields', itemBytes: 3, empty: false }, () => {
    const name = readLabel(reader, names, limits);
    const type = readOptionalType(reader, scope);
    const start = reader.offset;
    const refines = reader.u8();
    if (refines !== 0)
      throw reader.error('WASM_MALFORMED', 'a case ends with 0', { what: 'case', byte: refines }, start);
    return { name, ...(type !== undefined && { type }) };
  });
}

function readElements(reader: ByteReader, { scope, budget: { limits } }: TypeContext): TypePart[] {
  const type = (): TypePart => ({ type: readValueType(reader, scope) });
  return list(reader, { limits, limit: 'componentFields', itemBytes: 1, empty: false }, type);
}

function readLabels(reader: ByteReader, { budget: { limits } }: TypeContext): TypePart[] {
  const names = new Set<string>();
  const label = (): TypePart => ({ name: readLabel(reader, names, limits) });
  return list(reader, { limits, limit: 'componentFields', itemBytes: 1, empty: false }, label);
}

/** More flags than bits of an i32 have no layout (Binary.md, defvaltype). */
const MOST_FLAGS = 32;

function readFlags(reader: ByteReader, context: TypeContext): TypePart[] {
  const start = reader.offset;
  const flags = readLabels(reader, context);
  if (flags.length <= MOST_FLAGS) return flags;
  throw reader.error('WASM_MALFORMED', 'more than 32 flags', { what: 'flags', count: flags.length }, start);
}

function readResult(reader: ByteReader, { scope }: TypeContext): TypePart[] {
  return ['ok', 'err'].map((name) => {
    const type = readOptionalType(reader, scope);
    return { name, ...(type !== undefined && { type }) };
  });
}

function readMap(reader: ByteReader, { scope }: TypeContext): TypePart[] {
  return [{ type: readValueType(reader, scope) }, { type: readValueType(reader, scope) }];
}

function readLength(reader: ByteReader): number {
  const start = reader.offset;
  const length = reader.u32();
  if (length > 0) return length;
  throw reader.error('WASM_MALFORMED', 'a list of no elements', { what: 'list length' }, start);
}

function readLabel(reader: ByteReader, seen: Set<string>, limits: ReaderLimits): string {
  const start = reader.offset;
  const name = reader.name(limits);
  if (!isLabel(name))
    throw reader.error('WASM_MALFORMED', 'a label is words joined by -', { what: 'label', name }, start);
  // Labels that differ in case alone are one name in most languages (Explainer.md, "Name Uniqueness").
  const unique = name.toLowerCase();
  if (seen.has(unique)) throw reader.error('WASM_MALFORMED', 'a label occurs twice', { what: 'label', name }, start);
  seen.add(unique);
  return name;
}

interface ListRules {
  readonly limits: ReaderLimits;
  readonly limit: 'componentFields' | 'parameters';
  readonly itemBytes: number;
  readonly empty: boolean;
}

function list(reader: ByteReader, { limits, limit, itemBytes, empty }: ListRules, item: () => TypePart): TypePart[] {
  const start = reader.offset;
  const count = reader.count(limit, limits, itemBytes);
  if (count === 0 && !empty)
    throw reader.error('WASM_MALFORMED', 'a type without parts', { what: 'type', count }, start);
  return Array.from({ length: count }, item);
}
