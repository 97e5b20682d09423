/**
 * Where the meter acts in a body, found by check-code.ts on its way: the instruction's offset and what all
 * instructions up to and with it cost. So the bytes between are decoded once and not twice.
 */

import * as step from './meter-steps.ts';
import { COSTS, STEPS } from './meter-steps.ts';
import { OPCODE_COUNT } from './opcodes.ts';

/** The meter acts here. */
export const POINT = 1;
/** Costs nothing. */
export const FREE = 2;
/** Costs by an operand; where the instruction before it starts is wanted too. */
export const BULK = 4;
const FIRST_SIZE = 4_096;

export interface PointOptions {
  readonly canonicalizeNaNs: boolean;
  readonly observesGrowth: boolean;
  /** The first memory has room for every offset of one byte, so such an access needs no look. */
  readonly roomy: boolean;
}

export class MeterPoints {
  /** Offset of each point, and what all instructions up to and with it cost. */
  list: Int32Array = new Int32Array(FIRST_SIZE);
  length = 0;
  /** For each instruction that works in bulk, where the one before it starts. */
  readonly predecessors: number[] = [];
  /** What an instruction is by its index in OPCODES: bits that say whether it is a point and whether it costs nothing. */
  readonly kinds: Uint8Array;
  /** The same for instructions in their shortest form. */
  readonly frequentKinds: Uint8Array;

  constructor({ canonicalizeNaNs, observesGrowth, roomy }: PointOptions) {
    this.kinds = Uint8Array.from({ length: OPCODE_COUNT }, (_, index) => {
      const action = STEPS[index] as number;
      if (action === step.NAN) return canonicalizeNaNs ? POINT : 0;
      if (action === step.GROW) return observesGrowth ? POINT : 0;
      if (action === step.FREE) return FREE;
      if (action === step.BULK) return POINT | BULK;
      return action > step.FREE ? (COSTS[index] === 0 ? POINT | FREE : POINT) : 0;
    });
    this.frequentKinds = this.kinds.map((of, index) => (roomy && STEPS[index] === step.ACCESS ? 0 : of));
  }

  /** Starts a body of so many bytes; the list has room for a point at each of them, and for one behind the last. */
  listFor(bodyBytes: number): Int32Array {
    const needed = 2 * bodyBytes + 2;
    if (this.list.length < needed) this.list = new Int32Array(Math.max(needed, this.list.length * 2));
    this.length = 0;
    this.predecessors.length = 0;
    return this.list;
  }
}
