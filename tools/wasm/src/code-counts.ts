/**
 * What the pass over all bodies of a module counts, in the form the loop can write cheaply. One object a module; the
 * loop adds to it, code-facts.ts turns it into plain data.
 */
import { OPCODE_COUNT, OPCODES } from './opcodes.ts';

/** A function with a large share of the instructions that mix bits, which hashes and ciphers are made of. */
export interface MixingFunction {
  /** Index of the function, imports first. */
  readonly function: number;
  readonly offset: number;
  readonly instructions: number;
  readonly mixing: number;
}

/** From how many instructions and from which share on a function is kept; the rules judge with numbers above these. */
const KEPT_INSTRUCTIONS = 200;
const KEPT_SHARE = 0.25;
const KEPT_FUNCTIONS = 64;

/** and, or, xor, shifts and rotations of integers */
export const MIXING_NAMES: RegExp = /^i(32|64)\.(and|or|xor|shl|shr_[su]|rot[lr])$/;

/** Indices of the instructions that mix bits. */
const MIXING: readonly number[] = OPCODES.flatMap((instruction, index) =>
  instruction !== undefined && MIXING_NAMES.test(instruction.name) ? [index] : [],
);

export class CodeCounts {
  /** How often each instruction occurs, by index in OPCODES. */
  readonly opcodes: Uint32Array = new Uint32Array(OPCODE_COUNT);
  /** Where an instruction occurs first; only of those that a proposal added is it always known. */
  readonly first: Uint32Array = new Uint32Array(OPCODE_COUNT);
  instructions = 0;
  deepestNesting = 0;
  longestNopRun = 0;
  longestUnreachableRun = 0;
  largestBranchTable = 0;
  largestBody = 0;
  locals = 0;
  readonly hashConstants: Map<string, number> = new Map();
  readonly mixingFunctions: MixingFunction[] = [];
  #mixed = 0;

  /** How many instructions that mix bits were met since this was last asked. */
  newMixing(): number {
    let sum = 0;
    for (const index of MIXING) sum += this.opcodes[index] as number;
    const before = this.#mixed;
    this.#mixed = sum;
    return sum - before;
  }

  /** Keeps a function if it mixes much; of too many the first stay. */
  addFunction(candidate: MixingFunction): void {
    const { instructions, mixing } = candidate;
    if (instructions < KEPT_INSTRUCTIONS || mixing < instructions * KEPT_SHARE) return;
    if (this.mixingFunctions.length < KEPT_FUNCTIONS) this.mixingFunctions.push(candidate);
  }

  addHashConstant(family: string | undefined): void {
    if (family !== undefined) this.hashConstants.set(family, (this.hashConstants.get(family) ?? 0) + 1);
  }
}
