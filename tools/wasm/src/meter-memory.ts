/**
 * Fuel of instructions on memories and tables that need more than their one unit: accesses that can only trap, and
 * those that cost by the byte or element in the schedules from version 46 on.
 */
import type { CoreModule } from './core-module.ts';
import type { MemoryFacts } from './facts.ts';
import type { MeterState } from './meter-state.ts';
import { OPCODES } from './opcodes.ts';
import { afterInstruction, afterOpcode, lebAt, skipLeb } from './skip-instruction.ts';

const END = 0x0b;
const IF = 0x04;
const EMPTY = 0x40;
const I32_CONST = 0x41;
const I64_CONST = 0x42;
const LOCAL_GET = 0x20;
const LOCAL_TEE = 0x22;
const GLOBAL_SET = 0x24;
/** Of the last byte of a signed LEB128. */
const SIGN_BIT = 0x40;
const MEMORY_INDEX_FLAG = 0x40;
/** wasmtime copies up to so many bytes in line and without a check when their number is a constant. */
const UNCHECKED_COPY = 128;
/** The largest offset of one byte, and the widest access behind it. */
const ROOMY = 0x7f + 16;

export class MemoryMeter {
  readonly #module: CoreModule;
  readonly #state: MeterState;
  /** Bytes each memory can have at most. */
  readonly #sizes: readonly number[];

  constructor(module: CoreModule, state: MeterState) {
    this.#module = module;
    this.#state = state;
    this.#sizes = module.memories.map(largestSize);
  }

  /** An access that no size of the memory allows is compiled to a trap, before which wasmtime saves. */
  access(index: number, begin: number): void {
    const { bytes } = this.#state;
    const from = afterOpcode(bytes, begin);
    const indexed = ((bytes[from] as number) & MEMORY_INDEX_FLAG) !== 0;
    const memory = indexed ? lebAt(bytes, from + 1) : 0;
    const offset = lebAt(bytes, indexed ? skipLeb(bytes, from + 1) : from + 1);
    if (offset + (OPCODES[index]?.access ?? 0) <= (this.#sizes[memory] as number)) return;
    this.#state.copyTo(begin);
    this.#state.save();
    this.#state.stop();
  }

  /** The answer stays on the stack; what it is when there is no more memory is noted. */
  grow(index: number, begin: number, growthFailed: number): void {
    const { bytes, code, fuel } = this.#state;
    const wide = this.#module.memories[lebAt(bytes, afterOpcode(bytes, begin))]?.memory64 === true;
    const result = wide ? 'result64' : 'result';
    this.#state.copyTo(afterInstruction(bytes, index, begin));
    fuel.access(LOCAL_TEE, fuel.local(result));
    fuel.access(LOCAL_GET, fuel.local(result));
    // i32.const -1; i32.eq, or the same in 64 bits
    code.list(wide ? [I64_CONST, 0x7f, 0x51] : [I32_CONST, 0x7f, 0x46]);
    code.list([IF, EMPTY, I32_CONST, 1, GLOBAL_SET]);
    code.u32(growthFailed);
    code.u8(END);
  }

  /**
   * Counts the bytes or elements after the instruction: it then has trapped if it is out of bounds, which wasmtime
   * finds out before it counts. What wasmtime would have refused to start for want of fuel has then been done.
   * `before` is where the instruction before it starts.
   */
  bulk(index: number, begin: number, before: number): void {
    const state = this.#state;
    const { bytes, fuel } = state;
    const name = OPCODES[index]?.name ?? '';
    const constant = name === 'memory.copy' || name === 'memory.init' ? this.#constantAt(before) : undefined;
    if (constant !== undefined) {
      fuel.pending += constant;
      return;
    }
    const length = this.#isWide(name, afterOpcode(bytes, begin)) ? 'length64' : 'length';
    state.copyTo(begin);
    if (name === 'table.grow') fuel.settle(0);
    fuel.access(LOCAL_TEE, fuel.local(length));
    state.copyTo(afterInstruction(bytes, index, begin));
    if (name === 'table.grow') {
      this.#chargeGrowth(length);
      return;
    }
    fuel.charge(length);
    if (name.startsWith('memory')) fuel.check();
    else fuel.checkUnlessEmpty(length);
  }

  /** Only a table that did grow is filled. */
  #chargeGrowth(length: 'length' | 'length64'): void {
    const { code, fuel } = this.#state;
    const result = length === 'length' ? 'result' : 'result64';
    fuel.access(LOCAL_TEE, fuel.local(result));
    fuel.differs(result, -1);
    code.pair(IF, EMPTY);
    fuel.charge(length);
    fuel.checkUnlessEmpty(length);
    code.u8(END);
  }

  /** The length pushed by the instruction there, if it is a constant that makes wasmtime skip the check. */
  #constantAt(at: number): number | undefined {
    const { bytes } = this.#state;
    const opcode = bytes[at];
    if (opcode !== I32_CONST && opcode !== I64_CONST) return undefined;
    const [first, second] = [bytes[at + 1] as number, bytes[at + 2] as number];
    if (first < SIGN_BIT) return first;
    const value = (first & 0x7f) + second * 0x80;
    return first >= 0x80 && second < SIGN_BIT && value <= UNCHECKED_COPY ? value : undefined;
  }

  /** Whether the length is an i64: for a copy only if both sides are addressed so. */
  #isWide(name: string, from: number): boolean {
    const { bytes, memories, tables } = this.#module;
    const [first, second] = [lebAt(bytes, from), lebAt(bytes, skipLeb(bytes, from))];
    if (name.endsWith('init')) return false;
    const wide = (index: number): boolean =>
      name.startsWith('memory') ? memories[index]?.memory64 === true : tables[index]?.table64 === true;
    return name.endsWith('copy') ? wide(first) && wide(second) : wide(first);
  }
}

/** Whether the first memory surely has room for an access whose offset takes one byte. */
export function hasRoom({ memories: [memory] }: CoreModule): boolean {
  return memory !== undefined && largestSize(memory) >= ROOMY;
}

function largestSize({ maxPages, pageSize, memory64 }: MemoryFacts): number {
  if (maxPages !== undefined) return maxPages * pageSize;
  return memory64 ? Number.POSITIVE_INFINITY : 2 ** 32;
}
