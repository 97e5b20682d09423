/**
 * The instructions that make up nine tenths of real code, as numbers: how long one is when its immediates take one
 * byte each, and what the two bytes behind its opcode must stay below for it to be that long and within its bounds.
 * One comparison then stands for decoding and checking. A bound of 0 means that the instruction is never taken so.
 */
import type { CoreModule } from './core-module.ts';
import { type Instruction, OPCODES } from './opcodes.ts';
import * as kind from './step-kinds.ts';

/** Any byte is below this. */
const ANY = 0x100;
/** A LEB128 of one byte is below this. */
const ONE_BYTE = 0x80;
const ONE_BYTE_OPCODES = 0x100;
/** The longest of these instructions. */
export const LONGEST = 3;

/** Kind -> bytes of the instruction. Only these can be frequent. */
const LENGTH_BY_KIND: Readonly<Record<number, number>> = {
  [kind.PLAIN]: 1,
  [kind.LOCAL]: 2,
  [kind.GLOBAL]: 2,
  [kind.FUNCTION]: 2,
  [kind.LABEL]: 2,
  [kind.S32]: 2,
  [kind.S64]: 2,
  [kind.MEMARG]: 3,
};

const kindOf = (opcode: number): number => kind.KINDS[opcode] as number;
const oneByteOpcodes = (numberOf: (opcode: number) => number): Uint16Array =>
  Uint16Array.from({ length: ONE_BYTE_OPCODES }, (_, opcode) => numberOf(opcode));

/** Bytes of an instruction by its opcode. */
export const LENGTHS: Uint16Array = oneByteOpcodes((opcode) => LENGTH_BY_KIND[kindOf(opcode)] ?? 0);
/** What the byte after the next must be below: the offset of a memory access. */
export const SECOND_BOUNDS: Uint16Array = oneByteOpcodes((opcode) => (kindOf(opcode) === kind.MEMARG ? ONE_BYTE : ANY));

// By number and not from the table, since these bounds change with every block.
const BR = 0x0c;
const BR_IF = 0x0d;
const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const LOCAL_TEE = 0x22;

/** Where the first use of an instruction is wanted, it is left to the other way until it was met. */
function waits(instruction: Instruction | undefined): boolean {
  return instruction?.feature !== undefined;
}

export class FrequentSteps {
  /** What the byte behind an opcode must be below. */
  readonly bounds: Uint16Array = new Uint16Array(ONE_BYTE_OPCODES);

  constructor(module: CoreModule) {
    const plainMemory = module.memories[0]?.memory64 === false;
    const boundOf: Readonly<Record<number, (opcode: number) => number>> = {
      [kind.PLAIN]: () => ANY,
      [kind.GLOBAL]: () => oneByte(module.globals.length),
      [kind.FUNCTION]: () => oneByte(module.functionTypes.length),
      [kind.S32]: () => ONE_BYTE,
      [kind.S64]: () => ONE_BYTE,
      [kind.MEMARG]: (opcode) => (plainMemory ? (kind.ALIGNMENTS[opcode] as number) + 1 : 0),
    };
    OPCODES.slice(0, ONE_BYTE_OPCODES).forEach((instruction, opcode) => {
      if (!waits(instruction)) this.bounds[opcode] = boundOf[kindOf(opcode)]?.(opcode) ?? 0;
    });
  }

  /** How many locals there are in the function that follows. */
  set locals(count: number) {
    const bound = oneByte(count);
    this.bounds[LOCAL_GET] = bound;
    this.bounds[LOCAL_SET] = bound;
    this.bounds[LOCAL_TEE] = bound;
  }

  /** How many labels are in scope. */
  set labels(count: number) {
    const bound = oneByte(count);
    this.bounds[BR] = bound;
    this.bounds[BR_IF] = bound;
  }

  /** The instruction was met, so its first use is known. */
  met(index: number): void {
    if (index < ONE_BYTE_OPCODES && kindOf(index) === kind.PLAIN) this.bounds[index] = ANY;
  }
}

function oneByte(count: number): number {
  return Math.min(count, ONE_BYTE);
}
