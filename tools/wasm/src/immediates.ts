/**
 * What follows an opcode, read with every check the format demands (core spec 5.4.1 - 5.4.9): the careful decoder of
 * one instruction. Initialisers always go through it; bodies only for rare instructions and to explain a refusal, since
 * check-code.ts steps over the frequent ones itself.
 */
import type { ByteReader } from './byte-reader.ts';
import type { CoreModule } from './core-module.ts';
import type { ReaderLimits } from './limits.ts';
import { type Immediate, type Instruction, isPrefix, OPCODES, opcodeIndex, UNSUPPORTED_OPCODES } from './opcodes.ts';
import { readIndex } from './read-index.ts';
import { readHeapType, readValueType } from './value-type.ts';

/** What an instruction may refer to at its place. */
export interface InstructionScope {
  readonly module: CoreModule;
  readonly limits: ReaderLimits;
  /** Locals of the function, parameters included. */
  readonly locals: number;
  /** Labels in scope, that of the function included. */
  readonly labels: number;
}

type ImmediateReader = (reader: ByteReader, scope: InstructionScope, instruction: Instruction) => void;

const MEMORY_INDEX_FLAG = 0x40;
const EMPTY_BLOCK = 0x40;
const SHUFFLE_LANES = 16;
/** The kinds of catch clause of try_table, by their byte: whether a tag stands before the label. */
const CATCHES: readonly boolean[] = [true, true, false, false];
/** Whether the source and the target of a cast are nullable; the other bits have no meaning. */
const CAST_FLAGS = 0x03;

const IMMEDIATES: Readonly<Record<Immediate, ImmediateReader>> = {
  blockType: readBlockType,
  label: (reader, { labels }) => readIndex(reader, 'label', labels),
  labels: readLabels,
  catches: readCatches,
  function: (reader, { module }) => readIndex(reader, 'function', module.functionTypes.length),
  functionType: (reader, { module }) => module.types.readIndex(reader, 'function'),
  structType: (reader, { module }) => module.types.readIndex(reader, 'struct'),
  arrayType: (reader, { module }) => module.types.readIndex(reader, 'array'),
  field: (reader, { limits }) => readIndex(reader, 'field', limits.structFields),
  table: readTable,
  memory: readMemory,
  memarg: readMemarg,
  local: (reader, { locals }) => readIndex(reader, 'local', locals),
  global: (reader, { module }) => readIndex(reader, 'global', module.globals.length),
  tag: (reader, { module }) => readIndex(reader, 'tag', module.tags.length),
  data: readData,
  element: (reader, { module }) => readIndex(reader, 'element', module.elementSegments),
  heapType: (reader, { module }) => readHeapType(reader, module.types.count),
  castFlags: readCastFlags,
  valueTypes: readValueTypes,
  operands: readOperands,
  s32: (reader) => reader.s32(),
  s64: (reader) => reader.s64(),
  f32: (reader) => reader.skip(4),
  f64: (reader) => reader.skip(8),
  v128: (reader) => reader.skip(16),
  lane: readLane,
  shuffle(reader, scope, instruction) {
    for (let left = SHUFFLE_LANES; left > 0; left--) readLane(reader, scope, instruction);
  },
  zero: readZero,
};

/** Reads an opcode with its prefix and gives its index in OPCODES; one that nobody defines is refused. */
export function readOpcode(reader: ByteReader): number {
  const start = reader.offset;
  const byte = reader.u8();
  const opcode = isPrefix(byte) ? reader.u32() : byte;
  const index = isPrefix(byte) ? opcodeIndex(byte, opcode) : byte;
  if (OPCODES[index] !== undefined) return index;
  const prefix = isPrefix(byte) ? byte : 0;
  const unsupported = UNSUPPORTED_OPCODES[prefix]?.find(([from, to]) => opcode >= from && opcode <= to);
  const details = { ...(prefix > 0 && { prefix }), opcode };
  if (unsupported === undefined) {
    throw reader.error('WASM_MALFORMED', 'no instruction has this opcode', { what: 'opcode', ...details }, start);
  }
  const [, , feature] = unsupported;
  throw reader.error(
    'WASM_UNSUPPORTED_FEATURE',
    `an instruction of the proposal ${feature}`,
    { feature, ...details },
    start,
  );
}

/** Reads what follows the opcode. */
export function readImmediates(reader: ByteReader, index: number, scope: InstructionScope): void {
  const instruction = OPCODES[index];
  if (instruction === undefined) return;
  for (const immediate of instruction.immediates) IMMEDIATES[immediate](reader, scope, instruction);
}

function readBlockType(reader: ByteReader, { module }: InstructionScope): void {
  const start = reader.offset;
  const byte = reader.bytes[start] ?? 0;
  if (byte === EMPTY_BLOCK) {
    reader.u8();
  } else if (byte > EMPTY_BLOCK && byte < 0x80) {
    readValueType(reader, module.types.count);
  } else {
    // A type index is a positive s33 (core spec 5.4.1).
    const index = reader.s33();
    const form = index < 0 ? undefined : module.types.form(index);
    if (form === 'function') reader.use('multi-value', start);
    else throw blockTypeError(reader, index, { module, start, form });
  }
}

function blockTypeError(
  reader: ByteReader,
  index: number,
  { module, start, form }: { readonly module: CoreModule; readonly start: number; readonly form: string | undefined },
): Error {
  if (index < 0) return reader.error('WASM_MALFORMED', 'no block has this type', { what: 'blockType', index }, start);
  const details = { space: 'type', index, count: module.types.count };
  return form === undefined
    ? reader.error('WASM_INDEX_OUT_OF_RANGE', `type ${index} is not defined`, details, start)
    : reader.error('WASM_TYPE_MISMATCH', `type ${index} is a ${form}, not a function`, { index, found: form }, start);
}

function readLabels(reader: ByteReader, { labels, limits }: InstructionScope): void {
  for (let left = reader.count('branchTargets', limits); left > 0; left--) readIndex(reader, 'label', labels);
  readIndex(reader, 'label', labels);
}

/** The labels of the clauses are outside of the try_table, so `labels` does not yet count it (core spec 3.3.8). */
function readCatches(reader: ByteReader, { module, labels, limits }: InstructionScope): void {
  for (let left = reader.count('branchTargets', limits, 2); left > 0; left--) {
    const start = reader.offset;
    const byte = reader.u8();
    const withTag = CATCHES[byte];
    if (withTag === undefined)
      throw reader.error('WASM_MALFORMED', 'no catch clause has this byte', { what: 'catch', byte }, start);
    if (withTag) readIndex(reader, 'tag', module.tags.length);
    readIndex(reader, 'label', labels);
  }
}

function readTable(reader: ByteReader, { module }: InstructionScope): void {
  const start = reader.offset;
  if (readIndex(reader, 'table', module.tables.length) > 0) reader.use('reference-types', start);
}

function readMemory(reader: ByteReader, { module }: InstructionScope): void {
  readIndex(reader, 'memory', module.memories.length);
}

const LARGEST_U32 = 0xffff_ffffn;

/** Alignment, with the index of the memory when it is not the first, and offset (core spec 5.4.6). */
function readMemarg(reader: ByteReader, { module }: InstructionScope, { access }: Instruction): void {
  const start = reader.offset;
  const flags = reader.u32();
  const alignment = flags & ~MEMORY_INDEX_FLAG;
  if (flags >= 2 * MEMORY_INDEX_FLAG || 2 ** alignment > access) {
    throw reader.error('WASM_MALFORMED', 'no memory access has this alignment', { what: 'alignment', flags }, start);
  }
  const index = flags & MEMORY_INDEX_FLAG ? reader.u32() : 0;
  const memory = module.memories[index];
  if (memory === undefined) {
    const details = { space: 'memory', index, count: module.memories.length };
    throw reader.error('WASM_INDEX_OUT_OF_RANGE', `memory ${index} is not defined`, details, start);
  }
  const offsetStart = reader.offset;
  // Of 64 bits in every memory since memories of 64 bits are part of the format, so it may be padded to ten bytes.
  const offset = reader.u64();
  if (offset > LARGEST_U32 && !memory.memory64)
    throw reader.error('WASM_LEB_OVERLONG', 'the offset is too large for its memory', { type: 'u32' }, offsetStart);
}

/** Data segments stand after the code, so an index means something only where their count is declared before it. */
function readData(reader: ByteReader, { module }: InstructionScope): void {
  const { declaredDataSegments } = module;
  if (declaredDataSegments === undefined) {
    throw reader.error('WASM_COUNT_MISMATCH', 'an instruction names a data segment and no count is declared', {
      what: 'dataCount',
    });
  }
  readIndex(reader, 'data', declaredDataSegments);
}

function readCastFlags(reader: ByteReader): void {
  const start = reader.offset;
  const byte = reader.u8();
  if (byte & ~CAST_FLAGS)
    throw reader.error('WASM_MALFORMED', 'these flags have no meaning here', { what: 'cast', byte }, start);
}

/** A select names exactly one type (core spec 3.3.4). */
function readValueTypes(reader: ByteReader, { module }: InstructionScope): void {
  const start = reader.offset;
  const count = reader.u32();
  if (count !== 1) throw reader.error('WASM_MALFORMED', 'a select has one type', { what: 'select', count }, start);
  readValueType(reader, module.types.count);
}

function readOperands(reader: ByteReader, { limits }: InstructionScope): void {
  const start = reader.offset;
  const count = reader.u32();
  if (count > limits.arrayOperands) throw reader.limit('arrayOperands', count, limits, start);
}

function readLane(reader: ByteReader, _scope: InstructionScope, { lanes }: Instruction): void {
  const start = reader.offset;
  const index = reader.u8();
  if (index < lanes) return;
  const details = { space: 'lane', index, count: lanes };
  throw reader.error('WASM_INDEX_OUT_OF_RANGE', `the vector has no lane ${index}`, details, start);
}

function readZero(reader: ByteReader): void {
  const start = reader.offset;
  const byte = reader.u8();
  if (byte !== 0) throw reader.error('WASM_MALFORMED', 'this byte must be 0', { what: 'zero', byte }, start);
}
