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
  #bytes: Uint8Array = new Uint8Array(FIRST_SIZE);
  /** Cost that is pending wherever control arrives at the label of a block; number 0 is the function's own. */
  #pending: Int32Array = new Int32Array(FIRST_SIZE + 1);

  /** Starts a function. */
  clear(): void {
    this.depth = 0;
    this.#pending[0] = OPEN;
  }

  push(kind: number, flags: number, pending: number): void {
    if (this.depth === this.#bytes.length) this.#grow();
    this.#bytes[this.depth++] = kind | flags;
    this.#pending[this.depth] = pending;
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

  #grow(): void {
    const bytes = new Uint8Array(this.#bytes.length * 4);
    const pending = new Int32Array(bytes.length + 1);
    bytes.set(this.#bytes);
    pending.set(this.#pending);
    this.#bytes = bytes;
    this.#pending = pending;
  }
}

export function frameKind(frame: number): number {
  return frame & KIND;
}
