/**
 * The blocks open around an instruction that is being metered, and what is known of the paths that leave them. One
 * byte a block. Reachability is Cranelift's: what stands after a jump is dead until its block ends.
 */

/** What opened a block; in the low bits of its byte. */
export const BLOCK = 0;
export const LOOP = 1;
export const IF = 2;
export const ELSE = 3;
export const TRY = 4;
export const TRY_TABLE = 5;
const KIND = 7;

/** The start of the block can run; a branch leaves it; the arm before `else` runs to its end. */
export const HEAD_RUNS = 8;
export const BRANCHED = 16;
export const FIRST_ARM_ENDS = 32;

/** Not yet decided: the first path to a label decides. */
export const OPEN = -1;

const FIRST_SIZE = 256;

export class MeterFrames {
  depth = 0;
  /** Cost may stay pending over a label; without it every label expects nothing. */
  carries = true;
  #bytes: Uint8Array = new Uint8Array(FIRST_SIZE);
  /** Cost that is pending wherever control arrives at the label of a block; number 0 is the function's own. */
  #pending: Int32Array = new Int32Array(FIRST_SIZE + 1);
  /** Which block of the function it is, counted from 1; the function itself is 0. */
  #numbers: Int32Array = new Int32Array(FIRST_SIZE + 1);
  #opened = 0;
  /** Numbers of the blocks whose label must expect nothing, since a table of labels leads there. */
  readonly #settled = new Set<number>();

  /** Starts a function. */
  begin(): void {
    this.#settled.clear();
    this.carries = true;
    this.restart();
  }

  /** Starts the same function again: what was learnt of its labels stays. */
  restart(): void {
    this.depth = 0;
    this.#opened = 0;
    this.#pending[0] = this.#expectation(0, OPEN);
  }

  /** What the label of the next block is to expect, if `pending` suits the block best. */
  nextExpects(pending: number): number {
    return this.#expectation(this.#opened + 1, pending);
  }

  push(kind: number, flags: number, pending: number): void {
    if (this.depth === this.#bytes.length) this.#grow();
    this.#bytes[this.depth++] = kind | flags;
    this.#pending[this.depth] = pending;
    this.#numbers[this.depth] = ++this.#opened;
  }

  /** Closes the innermost block; what is pending at its label is `pendingAt(-1)` until the next push. */
  pop(): number {
    return this.#bytes[--this.depth] as number;
  }

  /** What is pending at a label, or {@link OPEN} as long as nothing has led there. */
  pendingAt(label: number): number {
    return this.#pending[this.depth - label] as number;
  }

  setPending(label: number, pending: number): void {
    this.#pending[this.depth - label] = pending;
  }

  /** Lets the first path that comes decide once more what the innermost label expects. */
  reopen(): void {
    this.#pending[this.depth] = this.#expectation(this.#numbers[this.depth] as number, OPEN);
  }

  /** Makes a label expect nothing from the next {@link restart} on. */
  settleFromNow(label: number): void {
    const at = this.depth - label;
    this.#settled.add(at === 0 ? 0 : (this.#numbers[at] as number));
  }

  /** The innermost block. */
  get top(): number {
    return this.#bytes[this.depth - 1] as number;
  }

  set top(frame: number) {
    this.#bytes[this.depth - 1] = frame;
  }

  /** Notes a branch to a label; false when it is the function's own. */
  branch(label: number): boolean {
    if (label >= this.depth) return false;
    const at = this.depth - 1 - label;
    this.#bytes[at] = (this.#bytes[at] as number) | BRANCHED;
    return true;
  }

  #expectation(number: number, pending: number): number {
    if (!this.carries) return pending === OPEN ? OPEN : 0;
    return this.#settled.size > 0 && this.#settled.has(number) ? 0 : pending;
  }

  #grow(): void {
    const bytes = new Uint8Array(this.#bytes.length * 4);
    const pending = new Int32Array(bytes.length + 1);
    const numbers = new Int32Array(bytes.length + 1);
    bytes.set(this.#bytes);
    pending.set(this.#pending);
    numbers.set(this.#numbers);
    this.#bytes = bytes;
    this.#pending = pending;
    this.#numbers = numbers;
  }
}

export function frameKind(frame: number): number {
  return frame & KIND;
}
