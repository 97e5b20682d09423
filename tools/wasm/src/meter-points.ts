/**
 * Where the meter acts in a body, found by check-code.ts on its way: the instruction's offset and what all
 * instructions up to and with it cost. So the bytes between are decoded once and not twice.
 */

import { ONE_BYTE_OPCODES } from './frequent-steps.ts';
import * as step from './meter-steps.ts';
import { STEPS } from './meter-steps.ts';
import { OPCODE_COUNT } from './opcodes.ts';

const FIRST_SIZE = 4_096;

export class MeterPoints {
  /** Offset and cost of each point. */
  list: Int32Array = new Int32Array(FIRST_SIZE);
  length = 0;
  /** For each instruction that works in bulk, where the one before it starts. */
  readonly predecessors: number[] = [];
  /** Whether the instruction with this index in OPCODES is a point. */
  readonly acts: Uint8Array;

  /** One-byte opcodes that must not be passed over unseen: the points, and those that cost nothing. */
  readonly opcodes: readonly number[];

  /** `roomy`: the first memory has room for every offset of one byte, so such an access needs no look. */
  constructor({ canonicalizeNaNs, roomy }: { readonly canonicalizeNaNs: boolean; readonly roomy: boolean }) {
    this.acts = Uint8Array.from({ length: OPCODE_COUNT }, (_, index) => {
      const action = STEPS[index] as number;
      return Number(action > step.FREE && (canonicalizeNaNs || action !== step.NAN));
    });
    this.opcodes = [...this.acts.keys()].filter((opcode) => {
      if (opcode >= ONE_BYTE_OPCODES || (roomy && STEPS[opcode] === step.ACCESS)) return false;
      return STEPS[opcode] === step.FREE || this.acts[opcode] === 1;
    });
  }

  clear(): void {
    this.length = 0;
    this.predecessors.length = 0;
  }

  add(index: number, begin: number, { cost, before }: { readonly cost: number; readonly before: number }): void {
    if (this.length === this.list.length) {
      const larger = new Int32Array(this.list.length * 2);
      larger.set(this.list);
      this.list = larger;
    }
    this.list[this.length++] = begin;
    this.list[this.length++] = cost;
    if (STEPS[index] === step.BULK) this.predecessors.push(before);
  }
}
