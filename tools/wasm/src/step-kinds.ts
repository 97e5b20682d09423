/**
 * The opcode table as small numbers in a typed array: how the two loops over bodies step over each instruction.
 * Derived from OPCODES, never written by hand. What is not here is CAREFUL: the decoder of immediates.ts.
 */
import { type Instruction, numberedOpcodes, opcodeIndex, PREFIXES } from './opcodes.ts';

// Plain constants and not an object, so that a switch over them compiles to a jump table.
const CAREFUL = 0;
export const PLAIN = 1;
/** One index below a bound that is fixed in a function; {@link INDEX_KINDS} says which. */
export const LOCAL = 2;
export const GLOBAL = 3;
export const FUNCTION = 4;
export const LABEL = 5;
export const MEMARG = 6;
export const MEMARG_LANE = 7;
export const S32 = 8;
export const S64 = 9;
export const BYTES_4 = 10;
export const BYTES_8 = 11;
export const BYTES_16 = 12;
export const LANE = 13;
export const OPEN = 14;
export const ELSE = 15;
export const END = 16;
export const LABELS = 17;
export const CALL_INDIRECT = 18;
export const PREFIX = 19;
export const NOP = 20;
export const UNREACHABLE = 21;
export const SHUFFLE = 22;

/** The immediates of an instruction, joined -> kind; everything absent is CAREFUL. */
const KINDS_BY_IMMEDIATES: Readonly<Record<string, number>> = {
  '': PLAIN,
  local: LOCAL,
  global: GLOBAL,
  function: FUNCTION,
  label: LABEL,
  memarg: MEMARG,
  'memarg lane': MEMARG_LANE,
  s32: S32,
  s64: S64,
  f32: BYTES_4,
  f64: BYTES_8,
  v128: BYTES_16,
  lane: LANE,
  shuffle: SHUFFLE,
  blockType: OPEN,
  labels: LABELS,
  'functionType table': CALL_INDIRECT,
};

/** Instructions that are more than their immediates. Those of exceptions that nest are left to the careful decoder. */
const KINDS_BY_NAME: Readonly<Record<string, number>> = {
  nop: NOP,
  unreachable: UNREACHABLE,
  else: ELSE,
  end: END,
  try: CAREFUL,
  catch_all: CAREFUL,
  delegate: CAREFUL,
};

function kindOf(instruction: Instruction): number {
  return KINDS_BY_NAME[instruction.name] ?? KINDS_BY_IMMEDIATES[instruction.immediates.join(' ')] ?? CAREFUL;
}

/** Kind by index in OPCODES. */
export const KINDS: Uint8Array = numberedOpcodes(kindOf);
for (const prefix of PREFIXES) KINDS[prefix] = PREFIX;

/** Where the opcodes of a prefix byte start in OPCODES. */
export const PREFIX_BASES: Uint16Array = new Uint16Array(0x100);
for (const prefix of PREFIXES) PREFIX_BASES[prefix] = opcodeIndex(prefix, 0);

/** log2 of the natural alignment of a memory access, by index in OPCODES. */
export const ALIGNMENTS: Uint8Array = numberedOpcodes(({ access }) => Math.log2(access || 1));

/** Lanes a lane immediate may name, by index in OPCODES. */
export const LANES: Uint8Array = numberedOpcodes(({ lanes }) => lanes);
