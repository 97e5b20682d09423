/**
 * The type section (core spec 5.3.10 - 5.3.13, 5.5.4): recursion groups, subtypes, functions, structs and arrays.
 * A type is kept as its form and offset, not as an object, since a file of a few megabytes can declare a million of
 * them; it is decoded again only for what an import, export or tag names.
 */
import { ByteReader } from './byte-reader.ts';
import type { ReaderLimits } from './limits.ts';
import { readStorageType, readValueType } from './value-type.ts';

export type TypeForm = 'function' | 'struct' | 'array';

/** The forms of a composite type, by their byte. */
const TYPE_FORMS: Readonly<Record<number, TypeForm>> = { 0x60: 'function', 0x5f: 'struct', 0x5e: 'array' };

/** Bytes that start a type definition of a proposal we do not read. */
const UNSUPPORTED_FORMS: Readonly<Record<number, string>> = {
  0x65: 'shared-everything-threads',
  0x5d: 'stack-switching',
  0x4d: 'custom-descriptors',
  0x4c: 'custom-descriptors',
};

const RECURSION_GROUP = 0x4e;
const SUBTYPE_FINAL = 0x4f;
const SUBTYPE = 0x50;

export interface FunctionType {
  readonly parameters: readonly string[];
  readonly results: readonly string[];
  /** `(i32, i64) -> (f32)` */
  readonly text: string;
}

export class TypeTable {
  readonly #bytes: Uint8Array;
  readonly #forms: TypeForm[] = [];
  readonly #starts: number[] = [];
  readonly #extensible: boolean[] = [];
  readonly #depths: number[] = [];
  // A million tags may share a type of a thousand parameters, so what is decoded is kept.
  readonly #functions = new Map<number, FunctionType>();

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get count(): number {
    return this.#forms.length;
  }

  /** The form of a type, or undefined where none has this index. */
  form(index: number): TypeForm | undefined {
    return this.#forms[index];
  }

  /** Reads a type index and refuses one that is not defined or, if `form` is given, has another form. */
  readIndex(reader: ByteReader, form?: TypeForm): number {
    const start = reader.offset;
    const index = reader.u32();
    const found = this.#forms[index];
    if (found === undefined) {
      const details = { space: 'type', index, count: this.count };
      throw reader.error('WASM_INDEX_OUT_OF_RANGE', `type ${index} is not defined`, details, start);
    }
    if (form !== undefined && found !== form) {
      throw reader.error(
        'WASM_TYPE_MISMATCH',
        `type ${index} is a ${found}, not a ${form}`,
        { index, expected: form, found },
        start,
      );
    }
    return index;
  }

  /** How many parameters a type has that is known to be a function; nothing is kept for it. */
  parameterCount(index: number): number {
    return this.#readerAt(index).u32();
  }

  /** The results of a type that is known to be a function, as they stand in the file: a count and types. */
  resultBytes(index: number): Uint8Array {
    const reader = this.#readerAt(index);
    const skip = (): void => {
      for (let left = reader.u32(); left > 0; left--) readValueType(reader, this.count);
    };
    skip();
    const start = reader.offset;
    skip();
    return this.#bytes.subarray(start, reader.offset);
  }

  /** The parameters and results of a type that is known to be a function. */
  functionType(index: number): FunctionType {
    const known = this.#functions.get(index);
    if (known !== undefined) return known;
    const reader = this.#readerAt(index);
    const list = (): string[] => Array.from({ length: reader.u32() }, () => readValueType(reader, this.count));
    const [parameters, results] = [list(), list()];
    const found = { parameters, results, text: `(${parameters.join(', ')}) -> (${results.join(', ')})` };
    this.#functions.set(index, found);
    return found;
  }

  #readerAt(index: number): ByteReader {
    const start = this.#starts[index] ?? 0;
    return new ByteReader(this.#bytes, { start, end: this.#bytes.length, overrun: 'WASM_SECTION_SIZE' });
  }

  /** Reads the whole section; to be called once. */
  readSection(reader: ByteReader, limits: ReaderLimits): void {
    const groups = reader.count('types', limits);
    for (let group = 0; group < groups; group++) this.#readGroup(reader, limits);
  }

  #readGroup(reader: ByteReader, limits: ReaderLimits): void {
    let size = 1;
    if (reader.bytes[reader.offset] === RECURSION_GROUP) {
      reader.use('gc', reader.offset);
      reader.u8();
      size = reader.count('types', limits);
    }
    // A type may refer to every type of its own group, but to none after it (core spec 3.2.11).
    const visible = this.count + size;
    if (visible > limits.types) throw reader.limit('types', visible, limits);
    for (let index = 0; index < size; index++) this.#readSubtype(reader, visible, limits);
  }

  #readSubtype(reader: ByteReader, visible: number, limits: ReaderLimits): void {
    const start = reader.offset;
    const prefix = reader.bytes[start];
    const declared = prefix === SUBTYPE || prefix === SUBTYPE_FINAL;
    const supertype = declared ? this.#readSupertype(reader) : undefined;
    const form = this.#readForm(reader);
    if (declared || form !== 'function') reader.use('gc', start);
    if (supertype !== undefined) this.#checkSupertype(reader, { supertype, form, start, limits });
    this.#depths.push(supertype === undefined ? 0 : (this.#depths[supertype] ?? 0) + 1);
    this.#extensible.push(prefix === SUBTYPE);
    this.#forms.push(form);
    this.#starts.push(reader.offset);
    BODIES[form](reader, visible, limits);
  }

  #readSupertype(reader: ByteReader): number | undefined {
    reader.u8();
    const start = reader.offset;
    const count = reader.u32();
    if (count > 1)
      throw reader.error('WASM_MALFORMED', 'a type has at most one supertype', { what: 'supertypes', count }, start);
    return count === 0 ? undefined : this.readIndex(reader);
  }

  #readForm(reader: ByteReader): TypeForm {
    const start = reader.offset;
    const byte = reader.u8();
    const form = TYPE_FORMS[byte];
    if (form !== undefined) return form;
    const feature = UNSUPPORTED_FORMS[byte];
    if (feature === undefined)
      throw reader.error('WASM_MALFORMED', 'no type definition starts with this byte', { what: 'type', byte }, start);
    throw reader.error(
      'WASM_UNSUPPORTED_FEATURE',
      `a type definition of the proposal ${feature}`,
      { feature, byte },
      start,
    );
  }

  #checkSupertype(
    reader: ByteReader,
    given: { supertype: number; form: TypeForm; start: number; limits: ReaderLimits },
  ): void {
    const { supertype, form, start, limits } = given;
    const depth = (this.#depths[supertype] ?? 0) + 1;
    if (depth > limits.subtypingDepth) throw reader.limit('subtypingDepth', depth, limits, start);
    if (this.#extensible[supertype] && this.#forms[supertype] === form) return;
    throw reader.error(
      'WASM_TYPE_MISMATCH',
      `type ${supertype} cannot be the supertype of a ${form}`,
      { index: supertype, expected: form },
      start,
    );
  }
}

/** What follows the form byte; the result is not kept. */
const BODIES: Readonly<Record<TypeForm, (reader: ByteReader, visible: number, limits: ReaderLimits) => void>> = {
  function(reader, visible, limits) {
    for (let left = reader.count('parameters', limits); left > 0; left--) readValueType(reader, visible);
    const start = reader.offset;
    const results = reader.count('results', limits);
    if (results > 1) reader.use('multi-value', start);
    for (let left = results; left > 0; left--) readValueType(reader, visible);
  },
  struct(reader, visible, limits) {
    for (let left = reader.count('structFields', limits, 2); left > 0; left--) readField(reader, visible);
  },
  array: (reader, visible) => readField(reader, visible),
};

function readField(reader: ByteReader, visible: number): void {
  readStorageType(reader, visible);
  readMutability(reader);
}

/** Whether a field or global may be changed (core spec 5.3.9). */
export function readMutability(reader: ByteReader): boolean {
  const start = reader.offset;
  const byte = reader.u8();
  if (byte > 1) throw reader.error('WASM_MALFORMED', 'mutability is 0 or 1', { what: 'mutability', byte }, start);
  return byte === 1;
}
