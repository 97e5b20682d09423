/**
 * Value, storage and reference types (core spec 5.3.1 - 5.3.9) as the text of the text format: `i32`, `funcref`,
 * `(ref null 4)`. The same type always gives the same text, whichever of its encodings the file uses.
 */
import type { ByteReader } from './byte-reader.ts';
import type { FeatureId } from './features.ts';

/** One byte -> the text of the type it stands for. Vectors and numbers; references are in {@link HEAP_TYPES}. */
const NUMBER_TYPES: Readonly<Record<number, string>> = {
  0x7f: 'i32',
  0x7e: 'i64',
  0x7d: 'f32',
  0x7c: 'f64',
  0x7b: 'v128',
};

/** Types that only a field may have. */
const PACKED_TYPES: Readonly<Record<number, string>> = { 0x78: 'i8', 0x77: 'i16' };

/** An abstract heap type; `feature` is what even a table of such references needs. */
export interface HeapType {
  readonly heap: string;
  readonly nullable: string;
  readonly feature?: FeatureId;
}

/** One byte -> an abstract heap type and the short name of its nullable reference. */
const HEAP_TYPES: Readonly<Record<number, HeapType>> = {
  0x74: { heap: 'noexn', nullable: 'nullexnref', feature: 'exceptions' },
  0x73: { heap: 'nofunc', nullable: 'nullfuncref', feature: 'gc' },
  0x72: { heap: 'noextern', nullable: 'nullexternref', feature: 'gc' },
  0x71: { heap: 'none', nullable: 'nullref', feature: 'gc' },
  0x70: { heap: 'func', nullable: 'funcref' },
  0x6f: { heap: 'extern', nullable: 'externref', feature: 'reference-types' },
  0x6e: { heap: 'any', nullable: 'anyref', feature: 'gc' },
  0x6d: { heap: 'eq', nullable: 'eqref', feature: 'gc' },
  0x6c: { heap: 'i31', nullable: 'i31ref', feature: 'gc' },
  0x6b: { heap: 'struct', nullable: 'structref', feature: 'gc' },
  0x6a: { heap: 'array', nullable: 'arrayref', feature: 'gc' },
  0x69: { heap: 'exn', nullable: 'exnref', feature: 'exceptions' },
};

/** Bytes that start a type of a proposal we do not read, so that the error can name it. */
const UNSUPPORTED_TYPES: Readonly<Record<number, string>> = {
  0x75: 'stack-switching',
  0x68: 'stack-switching',
  0x67: 'stringref',
  0x66: 'stringref',
  0x65: 'shared-everything-threads',
  0x62: 'custom-descriptors',
};

const V128 = 0x7b;
const REF = 0x64;
const REF_NULL = 0x63;

/** Reads a value type; an index must be below `typeCount`. */
export function readValueType(reader: ByteReader, typeCount: number): string {
  const byte = reader.bytes[reader.offset] ?? 0;
  const text = NUMBER_TYPES[byte];
  if (text === undefined) {
    reader.use('reference-types', reader.offset);
    return readReferenceType(reader, typeCount);
  }
  if (byte === V128) reader.use('simd', reader.offset);
  reader.u8();
  return text;
}

/** Reads the type of a field: a value type, `i8` or `i16`. */
export function readStorageType(reader: ByteReader, typeCount: number): string {
  const byte = reader.bytes[reader.offset] ?? 0;
  const text = PACKED_TYPES[byte];
  if (text === undefined) return readValueType(reader, typeCount);
  reader.u8();
  return text;
}

/** Reads a reference type; anything else is WASM_MALFORMED. */
export function readReferenceType(reader: ByteReader, typeCount: number): string {
  const start = reader.offset;
  const byte = reader.u8();
  const abstract = HEAP_TYPES[byte];
  if (abstract !== undefined) {
    if (abstract.feature !== undefined) reader.use(abstract.feature, start);
    return abstract.nullable;
  }
  if (byte !== REF && byte !== REF_NULL) throw unknownType(reader, byte, start);
  reader.use('typed-function-references', start);
  const heap = readHeapType(reader, typeCount);
  if (byte === REF) return `(ref ${typeof heap === 'number' ? heap : heap.heap})`;
  return typeof heap === 'number' ? `(ref null ${heap})` : heap.nullable;
}

/** Whether a table of this type has no default and so needs an initialiser (core spec 3.2.3). */
export function isNullable(referenceType: string): boolean {
  return !referenceType.startsWith('(ref ') || referenceType.startsWith('(ref null ');
}

/** Reads a heap type: a type index, or the entry of {@link HEAP_TYPES}. */
export function readHeapType(reader: ByteReader, typeCount: number): number | HeapType {
  const start = reader.offset;
  const index = reader.s33();
  if (index >= typeCount) {
    throw reader.error(
      'WASM_INDEX_OUT_OF_RANGE',
      `type ${index} is not defined here`,
      { space: 'type', index, count: typeCount },
      start,
    );
  }
  if (index >= 0) return index;
  const byte = index + 0x80;
  const abstract = HEAP_TYPES[byte];
  // An abstract heap type is one byte; only indices are LEB128 (core spec 5.3.3).
  if (abstract === undefined || reader.offset - start !== 1) throw unknownType(reader, byte, start);
  if (abstract.feature !== undefined) reader.use(abstract.feature, start);
  return abstract;
}

function unknownType(reader: ByteReader, byte: number, offset: number): Error {
  const feature = UNSUPPORTED_TYPES[byte];
  if (feature === undefined)
    return reader.error('WASM_MALFORMED', 'no type starts with this byte', { what: 'type', byte }, offset);
  return reader.error('WASM_UNSUPPORTED_FEATURE', `a type of the proposal ${feature}`, { feature, byte }, offset);
}
