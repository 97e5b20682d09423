/**
 * The blocks that are open at a place in a body, one byte each, so that a file cannot make them expensive: a body of
 * the largest size holds a few million. It grows and is used again for every function.
 */

/** What opened a frame, as the byte of its opcode; `else` and `catch` replace the one they continue. */
export const IF = 0x04;
export const ELSE_ARM = 0x05;
export const TRY = 0x06;
export const CATCH_ARM = 0x07;
const FIRST_SIZE = 256;

export class Frames {
  opened: Uint8Array = new Uint8Array(FIRST_SIZE);
  /** How many are open; -1 once the function has ended. The innermost one stands at `opened[depth]`. */
  depth = 0;

  /** Opens a block by the instruction with this index and gives the new depth. */
  push(index: number): number {
    this.depth += 1;
    if (this.depth === this.opened.length) {
      const larger = new Uint8Array(this.opened.length * 4);
      larger.set(this.opened);
      this.opened = larger;
    }
    this.opened[this.depth] = index;
    return this.depth;
  }
}
