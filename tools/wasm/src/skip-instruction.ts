/**
 * Steps over what follows an opcode in a body that check-code.ts has accepted: no checks, only lengths. Never use it
 * on bytes that were not checked.
 */
import { type Immediate, OPCODES } from './opcodes.ts';
import * as kind from './step-kinds.ts';

const LAST_BYTE = 0x80;
/** Catch clauses with a tag before their label. */
const TAGGED_CATCHES = 2;

/** The offset behind a LEB128 of any width. */
export function skipLeb(bytes: Uint8Array, at: number): number {
  let next = at;
  while ((bytes[next++] as number) >= LAST_BYTE);
  return next;
}

/** The value of an unsigned LEB128 of up to 53 bits. */
export function lebAt(bytes: Uint8Array, at: number): number {
  let byte = bytes[at] as number;
  if (byte < LAST_BYTE) return byte;
  let value = byte & 0x7f;
  for (let scale = 0x80, next = at + 1; ; scale *= 0x80, next++) {
    byte = bytes[next] as number;
    value += (byte & 0x7f) * scale;
    if (byte < LAST_BYTE) return value;
  }
}

/** The index in OPCODES of the instruction at `at`. */
export function opcodeAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at] as number;
  if (kind.KINDS[byte] !== kind.PREFIX) return byte;
  return (kind.PREFIX_BASES[byte] as number) + lebAt(bytes, at + 1);
}

/** The offset behind the opcode at `at`. */
export function afterOpcode(bytes: Uint8Array, at: number): number {
  return kind.KINDS[bytes[at] as number] === kind.PREFIX ? skipLeb(bytes, at + 1) : at + 1;
}

/** The offset behind the immediates that start at `at`, for the instruction with this index in OPCODES. */
export function afterImmediates(bytes: Uint8Array, index: number, at: number): number {
  switch (kind.KINDS[index]) {
    case 1 satisfies typeof kind.PLAIN:
    case 15 satisfies typeof kind.ELSE:
    case 16 satisfies typeof kind.END:
    case 20 satisfies typeof kind.NOP:
    case 21 satisfies typeof kind.UNREACHABLE:
      return at;
    case 2 satisfies typeof kind.LOCAL:
    case 3 satisfies typeof kind.GLOBAL:
    case 4 satisfies typeof kind.FUNCTION:
    case 5 satisfies typeof kind.LABEL:
    case 8 satisfies typeof kind.S32:
    case 9 satisfies typeof kind.S64:
      return skipLeb(bytes, at);
    case 6 satisfies typeof kind.MEMARG:
      return afterMemarg(bytes, at);
    case 10 satisfies typeof kind.BYTES_4:
      return at + 4;
    case 11 satisfies typeof kind.BYTES_8:
      return at + 8;
    case 12 satisfies typeof kind.BYTES_16:
      return at + 16;
    case 13 satisfies typeof kind.LANE:
      return at + 1;
    case 18 satisfies typeof kind.CALL_INDIRECT:
      return skipLeb(bytes, skipLeb(bytes, at));
    default:
      return afterAll(bytes, index, at);
  }
}

/** The offset behind the instruction at `at`, which has this index in OPCODES. */
export function afterInstruction(bytes: Uint8Array, index: number, at: number): number {
  return afterImmediates(bytes, index, afterOpcode(bytes, at));
}

const MEMORY_INDEX_FLAG = 0x40;

function afterMemarg(bytes: Uint8Array, at: number): number {
  // The flags are below 128, but may be padded to more bytes.
  const hasIndex = ((bytes[at] as number) & MEMORY_INDEX_FLAG) !== 0;
  const behind = skipLeb(bytes, at);
  return skipLeb(bytes, hasIndex ? skipLeb(bytes, behind) : behind);
}

type Skip = (bytes: Uint8Array, at: number) => number;
const skipByte: Skip = (_bytes, at) => at + 1;

const SKIPS: Readonly<Record<Immediate, Skip>> = {
  blockType: skipType,
  label: skipLeb,
  labels(bytes, at) {
    let next = skipLeb(bytes, at);
    for (let left = lebAt(bytes, at); left >= 0; left--) next = skipLeb(bytes, next);
    return next;
  },
  catches(bytes, at) {
    let next = skipLeb(bytes, at);
    for (let left = lebAt(bytes, at); left > 0; left--) {
      const tagged = (bytes[next] as number) < TAGGED_CATCHES;
      next = skipLeb(bytes, tagged ? skipLeb(bytes, next + 1) : next + 1);
    }
    return next;
  },
  function: skipLeb,
  functionType: skipLeb,
  structType: skipLeb,
  arrayType: skipLeb,
  field: skipLeb,
  table: skipLeb,
  memory: skipLeb,
  memarg: afterMemarg,
  local: skipLeb,
  global: skipLeb,
  tag: skipLeb,
  data: skipLeb,
  element: skipLeb,
  heapType: skipLeb,
  castFlags: skipByte,
  valueTypes: (bytes, at) => skipType(bytes, skipLeb(bytes, at)),
  operands: skipLeb,
  s32: skipLeb,
  s64: skipLeb,
  f32: (_bytes, at) => at + 4,
  f64: (_bytes, at) => at + 8,
  v128: (_bytes, at) => at + 16,
  lane: skipByte,
  shuffle: (_bytes, at) => at + 16,
  zero: skipByte,
};

/** A value type is one byte, or `ref` or `ref null` with a heap type; a block type may also be an index. */
export function skipType(bytes: Uint8Array, at: number): number {
  const byte = bytes[at] as number;
  return byte === 0x63 || byte === 0x64 ? skipLeb(bytes, at + 1) : skipLeb(bytes, at);
}

function afterAll(bytes: Uint8Array, index: number, at: number): number {
  let next = at;
  for (const immediate of OPCODES[index]?.immediates ?? []) next = SKIPS[immediate](bytes, next);
  return next;
}
