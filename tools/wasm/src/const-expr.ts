/**
 * Constant expressions (core spec 3.3.13, 5.4.9), with extended-const, GC and SIMD: the initialisers of globals,
 * tables, elements and data. They are stepped over and their indices checked. Operand types are not checked: that is
 * the engine's validator's part.
 */
import type { ByteReader } from './byte-reader.ts';
import type { ReaderLimits } from './limits.ts';
import type { TypeTable } from './type-table.ts';
import { readHeapType } from './value-type.ts';

/** What an initialiser may refer to at its place in the file. */
export interface ConstScope {
  readonly types: TypeTable;
  readonly globals: readonly { readonly mutable: boolean }[];
  readonly functionTypes: { readonly length: number };
}

type Immediate =
  | 's32'
  | 's64'
  | 'bytes4'
  | 'bytes8'
  | 'bytes16'
  | 'global'
  | 'function'
  | 'heapType'
  | 'structType'
  | 'arrayType'
  | 'operands';

const IMMEDIATES: Readonly<Record<Immediate, (reader: ByteReader, scope: ConstScope, limits: ReaderLimits) => void>> = {
  s32: (reader) => reader.s32(),
  s64: (reader) => reader.s64(),
  bytes4: (reader) => reader.skip(4),
  bytes8: (reader) => reader.skip(8),
  bytes16: (reader) => reader.skip(16),
  global: readConstGlobal,
  function: (reader, { functionTypes }) => readIndex(reader, 'function', functionTypes.length),
  heapType: (reader, { types }) => readHeapType(reader, types.count),
  structType: (reader, { types }) => types.readIndex(reader, 'struct'),
  arrayType: (reader, { types }) => types.readIndex(reader, 'array'),
  operands: readOperands,
};

/** Opcode -> instruction; a prefixed opcode is `prefix << 8 | opcode`. Everything absent is not constant. */
const CONST_INSTRUCTIONS: Readonly<
  Record<number, { readonly name: string; readonly immediates: readonly Immediate[] }>
> = {
  0x23: { name: 'global.get', immediates: ['global'] },
  0x41: { name: 'i32.const', immediates: ['s32'] },
  0x42: { name: 'i64.const', immediates: ['s64'] },
  0x43: { name: 'f32.const', immediates: ['bytes4'] },
  0x44: { name: 'f64.const', immediates: ['bytes8'] },
  0x6a: { name: 'i32.add', immediates: [] },
  0x6b: { name: 'i32.sub', immediates: [] },
  0x6c: { name: 'i32.mul', immediates: [] },
  0x7c: { name: 'i64.add', immediates: [] },
  0x7d: { name: 'i64.sub', immediates: [] },
  0x7e: { name: 'i64.mul', immediates: [] },
  0xd0: { name: 'ref.null', immediates: ['heapType'] },
  0xd2: { name: 'ref.func', immediates: ['function'] },
  0xfb00: { name: 'struct.new', immediates: ['structType'] },
  0xfb01: { name: 'struct.new_default', immediates: ['structType'] },
  0xfb06: { name: 'array.new', immediates: ['arrayType'] },
  0xfb07: { name: 'array.new_default', immediates: ['arrayType'] },
  0xfb08: { name: 'array.new_fixed', immediates: ['arrayType', 'operands'] },
  0xfb1a: { name: 'any.convert_extern', immediates: [] },
  0xfb1b: { name: 'extern.convert_any', immediates: [] },
  0xfb1c: { name: 'ref.i31', immediates: [] },
  0xfd0c: { name: 'v128.const', immediates: ['bytes16'] },
};

const END = 0x0b;
const PREFIXES: readonly number[] = [0xfb, 0xfd];
const LARGEST_SUBOPCODE = 0xff;

/** Steps over one constant expression and its `end`. */
export function skipConstExpr(reader: ByteReader, scope: ConstScope, limits: ReaderLimits): void {
  const first = reader.offset;
  for (;;) {
    const start = reader.offset;
    const byte = reader.u8();
    if (byte === END) {
      if (start === first) throw reader.error('WASM_CONST_EXPR', 'an initialiser is empty', {}, start);
      return;
    }
    const opcode = PREFIXES.includes(byte) ? readSubopcode(reader, byte) : byte;
    const instruction = CONST_INSTRUCTIONS[opcode];
    if (instruction === undefined)
      throw reader.error('WASM_CONST_EXPR', 'an instruction is not constant', { opcode }, start);
    for (const immediate of instruction.immediates) IMMEDIATES[immediate](reader, scope, limits);
  }
}

/** Reads an index that must be below `count`. */
export function readIndex(reader: ByteReader, space: string, count: number): number {
  const start = reader.offset;
  const index = reader.u32();
  if (index < count) return index;
  throw reader.error('WASM_INDEX_OUT_OF_RANGE', `${space} ${index} is not defined`, { space, index, count }, start);
}

/** An opcode too large for the table gives the bare prefix, which the table does not hold either. */
function readSubopcode(reader: ByteReader, prefix: number): number {
  const subopcode = reader.u32();
  return subopcode > LARGEST_SUBOPCODE ? prefix : (prefix << 8) | subopcode;
}

function readConstGlobal(reader: ByteReader, { globals }: ConstScope): void {
  const start = reader.offset;
  const index = readIndex(reader, 'global', globals.length);
  if (globals[index]?.mutable) {
    throw reader.error('WASM_CONST_EXPR', `global ${index} can change and so is not constant`, { index }, start);
  }
}

function readOperands(reader: ByteReader, _scope: ConstScope, limits: ReaderLimits): void {
  const start = reader.offset;
  const count = reader.u32();
  if (count > limits.arrayOperands) throw reader.limit('arrayOperands', count, limits, start);
}
