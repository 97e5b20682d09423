/**
 * Fuel where control flow splits and joins. Every label expects the counter in the local with a certain cost still
 * pending; whoever goes there settles the difference. wasmtime settles everything before a branch, but in a local,
 * where nobody can see it, so the first path to a label may decide what is pending there and pays nothing.
 */
import type { CoreModule } from './core-module.ts';
import * as frame from './meter-frames.ts';
import type { MeterState } from './meter-state.ts';
import { lebAt, skipLeb, skipType } from './skip-instruction.ts';

const END = 0x0b;
const TRY = 0x06;
const TRY_TABLE = 0x1f;
const TAGGED_CATCHES = 2;

export class ControlMeter {
  readonly #bytes: Uint8Array;
  readonly #state: MeterState;

  constructor({ bytes }: CoreModule, state: MeterState) {
    this.#bytes = bytes;
    this.#state = state;
  }

  /** A block that nothing flows around; `from` is where its immediates start. */
  open(index: number, from: number): void {
    const { frames, reachable } = this.#state;
    if (index === TRY_TABLE) {
      if (reachable) this.#branchCatches(from);
      this.#state.tries += 1;
    }
    const kind = index === TRY_TABLE ? frame.TRY_TABLE : index === TRY ? frame.TRY : frame.BLOCK;
    frames.push(kind, this.#running(), frames.nextExpects(frame.OPEN));
  }

  /**
   * `if`, and `loop` with its check. No code can stand where an if without else is passed by, so its label expects
   * what is pending here; so does the label of a loop, and its check compares with that.
   */
  openSettled(kind: typeof frame.IF | typeof frame.LOOP, begin: number): void {
    const { frames, fuel, reachable } = this.#state;
    const expected = frames.nextExpects(fuel.pending);
    if (reachable) {
      this.#state.copyTo(begin);
      fuel.settle(expected);
    }
    frames.push(kind, this.#running(), expected);
    if (reachable && kind === frame.LOOP) {
      this.#state.copyTo(skipType(this.#bytes, begin + 1));
      fuel.check();
    }
  }

  /** `else`, and the handlers of the older exceptions: one arm ends, the next starts as its block did. */
  nextArm(begin: number, kind: typeof frame.ELSE | typeof frame.TRY): void {
    const state = this.#state;
    const { frames, fuel } = state;
    const { top } = frames;
    const atStart = kind === frame.ELSE ? frames.pendingAt(0) : 0;
    // With an else nothing passes by, so as long as no branch relied on it the label may expect something else.
    if (kind === frame.ELSE && (top & frame.BRANCHED) === 0) frames.reopen();
    if (state.reachable) {
      state.copyTo(begin);
      this.#settleFor(0);
    }
    const ends = state.reachable ? frame.FIRST_ARM_ENDS : 0;
    state.stop();
    state.reachable = (top & frame.HEAD_RUNS) !== 0;
    if (state.reachable) fuel.pending = atStart;
    // What a handler catches has written the counter to the global.
    fuel.inGlobal = state.reachable && kind === frame.TRY;
    frames.top = (top & (frame.HEAD_RUNS | frame.BRANCHED)) | ends | kind;
  }

  endBlock(begin: number): void {
    const state = this.#state;
    const { frames, fuel } = state;
    const ended = frames.pop();
    const kind = frame.frameKind(ended);
    if (kind === frame.LOOP) return;
    if (kind === frame.TRY_TABLE) state.tries -= 1;
    const otherPaths =
      kind === frame.IF || kind === frame.TRY ? frame.HEAD_RUNS : frame.BRANCHED | frame.FIRST_ARM_ENDS;
    // Without another path the counter may stay as it is, pending cost and all.
    if ((ended & otherPaths) === 0) return;
    if (state.reachable) {
      state.copyTo(begin);
      this.#settleFor(-1);
    }
    state.reachable = true;
    fuel.inGlobal = false;
    fuel.pending = Math.max(0, frames.pendingAt(-1));
  }

  endFunction(begin: number): void {
    const state = this.#state;
    const { fuel } = state;
    state.copyTo(begin);
    if (state.leftByBranch) {
      if (state.reachable) this.#settleFor(0);
      state.code.u8(END);
      fuel.inGlobal = false;
      fuel.pending = state.frames.pendingAt(0);
      fuel.save({ keepLocal: false });
    } else if (state.reachable) {
      fuel.save({ keepLocal: false });
    }
    state.code.u8(END);
  }

  /** A branch whose label stands at `at`. */
  branch(at: number): void {
    const label = lebAt(this.#bytes, at);
    this.#settleFor(label);
    this.#leadsTo(label);
  }

  /** One settlement must suit all labels, so those that expect something must agree. */
  branchTable(from: number): void {
    const bytes = this.#bytes;
    const { frames, fuel } = this.#state;
    const first = skipLeb(bytes, from);
    const count = lebAt(bytes, from) + 1;
    let expected: number = frame.OPEN;
    let agree = true;
    for (let left = count, at = first; left > 0; left--, at = skipLeb(bytes, at)) {
      const pending = frames.pendingAt(lebAt(bytes, at));
      if (pending === frame.OPEN) continue;
      if (expected !== frame.OPEN && pending !== expected) agree = false;
      expected = pending;
    }
    if (expected === frame.OPEN) expected = frames.carries ? fuel.pending : 0;
    fuel.settle(expected);
    for (let left = count, at = first; left > 0; left--, at = skipLeb(bytes, at)) {
      const label = lebAt(bytes, at);
      if (!agree) frames.settleFromNow(label);
      frames.setPending(label, expected);
      this.#leadsTo(label);
    }
    if (!agree) this.#state.conflict = true;
  }

  #branchCatches(from: number): void {
    const bytes = this.#bytes;
    const count = skipType(bytes, from);
    let at = skipLeb(bytes, count);
    for (let left = lebAt(bytes, count); left > 0; left--) {
      const label = (bytes[at] as number) < TAGGED_CATCHES ? skipLeb(bytes, at + 1) : at + 1;
      this.#catchAt(lebAt(bytes, label));
      at = skipLeb(bytes, label);
    }
  }

  /** What is thrown was saved before with nothing pending. */
  #catchAt(label: number): void {
    const { frames } = this.#state;
    if (frames.pendingAt(label) > 0) {
      this.#state.conflict = true;
      frames.settleFromNow(label);
    }
    frames.setPending(label, 0);
    this.#leadsTo(label);
  }

  #leadsTo(label: number): void {
    if (!this.#state.frames.branch(label)) this.#state.leftByBranch = true;
  }

  #running(): number {
    return this.#state.reachable ? frame.HEAD_RUNS : 0;
  }

  /** Settles for a label: by what it expects, or if it is the first path there, so that it expects what is now. */
  #settleFor(label: number): void {
    const { frames, fuel } = this.#state;
    const expected = frames.pendingAt(label);
    if (expected !== frame.OPEN) {
      fuel.settle(expected);
    } else {
      const now = frames.carries ? fuel.pending : 0;
      fuel.settle(now);
      frames.setPending(label, now);
    }
  }
}
