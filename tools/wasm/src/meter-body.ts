/**
 * Adds fuel to one function body so that what others see of the counter is, at every moment, what wasmtime's compiler
 * would have stored (its func_environ.rs): costs are collected while compiling, subtracted from a local before control
 * flow, written to the global before calls and at the end, checked on entry and at every turn of a loop. It reads only
 * bodies that check-code.ts has accepted, and never recurses.
 */
import { ByteWriter } from './byte-writer.ts';
import type { CoreModule } from './core-module.ts';
import { type FuelTargets, FuelWriter } from './fuel-writer.ts';
import * as frame from './meter-frames.ts';
import * as step from './meter-steps.ts';
import { writeCanonical } from './nan-canonical.ts';
import { OPCODES } from './opcodes.ts';
import { afterImmediates, afterOpcode, lebAt, opcodeAt, skipLeb, skipType } from './skip-instruction.ts';

/** What bodies refer to in the module as it is written, and how they are to be metered. */
export interface MeterTargets extends FuelTargets {
  readonly bulk: 'flat' | 'perUnit';
  readonly canonicalizeNaNs: boolean;
  /** Global that becomes 1 when a memory cannot grow. */
  readonly growthFailed: number | undefined;
  /** The block type without parameters and with the results of a function type, encoded. */
  readonly blockType: (functionType: number) => readonly number[];
}

const BLOCK = 0x02;
const END = 0x0b;
const BR_TABLE = 0x0e;
const I32_CONST = 0x41;
const I64_CONST = 0x42;
const IF = 0x04;
const EMPTY = 0x40;
/** Of the last byte of a signed LEB128. */
const SIGN_BIT = 0x40;
const LOCAL_GET = 0x20;
const LOCAL_TEE = 0x22;
const GLOBAL_SET = 0x24;
const TRY = 0x06;
const TRY_TABLE = 0x1f;
const PREFIXES_FROM = 0xfb;
const MEMORY_INDEX_FLAG = 0x40;
const TAGGED_CATCHES = 2;
/** wasmtime copies up to so many bytes in line and without a check when their number is a constant. */
const UNCHECKED_COPY = 128;
/** A memory of this size has room for every offset of two bytes. */
const ROOMY = 2 ** 14 + 16;

export class BodyMeter {
  readonly #module: CoreModule;
  readonly #targets: MeterTargets;
  readonly #out: ByteWriter;
  /** The instructions of the body at hand; what stands before them is known only at its end. */
  readonly #code: ByteWriter = new ByteWriter(1 << 16);
  readonly #head: ByteWriter = new ByteWriter();
  readonly #fuel: FuelWriter;
  #frames = new frame.MeterFrames();
  /** Bytes each memory can have at most. */
  readonly #sizes: readonly number[];
  #reachable = true;
  /**
   * Cost may stay pending over a label: then the first path to it need not settle, and others only the difference.
   * wasmtime settles before every branch, but in a local, where nobody can see it.
   */
  #carries = true;
  /** Two labels of one br_table expect different things; the body is written once more without carrying. */
  #conflict = false;
  /** try_table blocks around the instruction. */
  #tries = 0;
  #leftByBranch = false;
  /** The original is copied up to here. */
  #copied = 0;
  /** Where the instruction before the present one starts. */
  #before = 0;

  constructor(module: CoreModule, targets: MeterTargets, out: ByteWriter) {
    this.#module = module;
    this.#targets = targets;
    this.#out = out;
    this.#fuel = new FuelWriter(this.#code, targets);
    this.#sizes = module.memories.map(({ maxPages, pageSize, memory64 }) => {
      if (maxPages !== undefined) return maxPages * pageSize;
      return memory64 ? Number.POSITIVE_INFINITY : 2 ** 32;
    });
  }

  /** Writes the body of the function with this number among those the module defines, with its size before it. */
  meterBody(number: number): void {
    const { bytes, bodies, functionTypes, importedFunctionCount, types } = this.#module;
    const offset = bodies[number * 2] as number;
    const end = offset + (bodies[number * 2 + 1] as number);
    const type = functionTypes[importedFunctionCount + number] as number;
    const declarations = skipLeb(bytes, offset);
    let start = declarations;
    let locals = types.parameterCount(type);
    for (let left = lebAt(bytes, offset); left > 0; left--) {
      locals += lebAt(bytes, start);
      start = skipType(bytes, skipLeb(bytes, start));
    }
    this.#carries = true;
    for (let done = false; !done; this.#carries = false) {
      this.#begin(locals, start);
      done = this.#walk(start, end);
    }
    this.#write({ groups: lebAt(bytes, offset), declarations, start, type });
  }

  #begin(locals: number, start: number): void {
    this.#code.clear();
    this.#fuel.begin(locals);
    this.#frames.clear();
    this.#conflict = false;
    this.#reachable = true;
    this.#tries = 0;
    this.#leftByBranch = false;
    this.#copied = start;
  }

  /** The size, the locals with those that were added, the check of the entry, then the instructions. */
  #write(body: {
    readonly groups: number;
    readonly declarations: number;
    readonly start: number;
    readonly type: number;
  }): void {
    const head = this.#head;
    head.clear();
    const added = this.#fuel.addedTypes();
    head.u32(body.groups + added.length);
    head.span(this.#module.bytes, body.declarations, body.start);
    for (const type of added) head.pair(1, type);
    this.#fuel.checkEntry(head);
    if (this.#leftByBranch) {
      head.u8(BLOCK);
      head.list(this.#targets.blockType(body.type));
    }
    this.#out.u32(head.length + this.#code.length);
    this.#out.append(head);
    this.#out.append(this.#code);
  }

  /** Writes the instructions; false when it has to be done again. */
  #walk(start: number, end: number): boolean {
    const { bytes } = this.#module;
    const { STEPS, COSTS } = step;
    const fuel = this.#fuel;
    const roomy = (this.#sizes[0] ?? 0) >= ROOMY;
    let at = start;
    let cost = 0;
    let before = start;
    while (at < end) {
      const begin = at;
      let index = bytes[at] as number;
      let from = at + 1;
      if (index >= PREFIXES_FROM) {
        index = opcodeAt(bytes, at);
        from = afterOpcode(bytes, at);
      }
      at = afterImmediates(bytes, index, from);
      const action = STEPS[index] as number;
      cost += COSTS[index] as number;
      if (
        action > (1 satisfies typeof step.FREE) &&
        !(action === (12 satisfies typeof step.ACCESS) && roomy && at - from <= 3)
      ) {
        if (this.#reachable) fuel.pending += cost;
        cost = 0;
        this.#before = before;
        this.#act(action, index, { begin, from, at });
        if (this.#conflict && this.#carries) return false;
      }
      before = begin;
    }
    return true;
  }

  #act(
    action: number,
    index: number,
    place: { readonly begin: number; readonly from: number; readonly at: number },
  ): void {
    const { begin, from, at } = place;
    if (action === step.END && this.#frames.depth === 0) this.#endFunction(begin);
    else if (action === step.END) this.#endBlock(begin);
    else if (action === step.ELSE) this.#nextArm(begin, frame.ELSE);
    else if (action === step.HANDLER) this.#nextArm(begin, frame.TRY);
    else if (action === step.OPEN) this.#open(index, from);
    else if (action === step.DELEGATE) this.#endBlock(begin);
    else if (action === step.LOOP || action === step.IF) this.#openFlushed(action, begin, at);
    else if (this.#reachable) this.#leave(action, index, place);
  }

  /** Everything that stays in its block, or leaves it by other ways than its end. */
  #leave(
    action: number,
    index: number,
    { begin, from, at }: { readonly begin: number; readonly from: number; readonly at: number },
  ): void {
    const fuel = this.#fuel;
    if (action === step.CALL || action === step.STOP) {
      this.#copyTo(begin);
      fuel.save({ keepLocal: this.#tries > 0 });
      if (action === step.STOP) this.#stop();
    } else if (action === step.BRANCH || action === step.JUMP) {
      this.#copyTo(begin);
      if (index === BR_TABLE) this.#branchTable(from);
      else this.#branch(OPCODES[index]?.immediates[0] === 'castFlags' ? from + 1 : from);
      if (action === step.JUMP) this.#stop();
    } else if (action === step.NAN) {
      const { nan } = OPCODES[index] as { nan: 'f32' };
      if (!this.#targets.canonicalizeNaNs) return;
      this.#copyTo(at);
      writeCanonical(this.#code, nan, (name) => fuel.local(name));
    } else if (action === step.GROW) {
      if (this.#targets.growthFailed !== undefined) this.#growth(from, at, this.#targets.growthFailed);
    } else if (action === step.ACCESS) {
      this.#access(index, begin, from);
    } else if (action === step.BULK && this.#targets.bulk === 'perUnit') {
      this.#bulk(index, { begin, from, at });
    }
  }

  #copyTo(offset: number): void {
    this.#code.span(this.#module.bytes, this.#copied, offset);
    this.#copied = offset;
  }

  /** What follows cannot run until a block ends that something else leads to. */
  #stop(): void {
    this.#reachable = false;
    this.#fuel.pending = 0;
    this.#fuel.inGlobal = false;
  }

  #running(): number {
    return this.#reachable ? frame.HEAD_RUNS : 0;
  }

  #open(index: number, from: number): void {
    if (index === TRY_TABLE) {
      if (this.#reachable) this.#branchCatches(from);
      this.#tries += 1;
      this.#frames.push(frame.TRY_TABLE, this.#running(), frame.OPEN);
    } else {
      this.#frames.push(index === TRY ? frame.TRY : frame.BLOCK, this.#running(), frame.OPEN);
    }
  }

  #openFlushed(action: number, begin: number, at: number): void {
    const { pending } = this.#fuel;
    // No code can stand where an if without else is passed by, so its label expects what is pending here.
    const expected = action === step.IF && this.#carries ? pending : 0;
    if (this.#reachable) {
      this.#copyTo(begin);
      this.#fuel.settle(expected);
    }
    this.#frames.push(action === step.LOOP ? frame.LOOP : frame.IF, this.#running(), expected);
    if (this.#reachable && action === step.LOOP) {
      this.#copyTo(at);
      this.#fuel.check();
    }
  }

  /** `else`, and the handlers of the older exceptions: one arm ends, the next starts as its block did. */
  #nextArm(begin: number, kind: number): void {
    const { top } = this.#frames;
    const atStart = kind === frame.ELSE ? this.#frames.pendingAt(0) : 0;
    // With an else nothing passes by, so as long as no branch relied on it the label may expect something else.
    if (kind === frame.ELSE && (top & frame.BRANCHED) === 0) this.#frames.setPending(0, frame.OPEN);
    if (this.#reachable) {
      this.#copyTo(begin);
      this.#settleFor(0);
    }
    const ends = this.#reachable ? frame.FIRST_ARM_ENDS : 0;
    this.#stop();
    this.#reachable = (top & frame.HEAD_RUNS) !== 0;
    if (this.#reachable) this.#fuel.pending = atStart;
    // What a handler catches has written the counter to the global.
    this.#fuel.inGlobal = this.#reachable && kind === frame.TRY;
    this.#frames.top = (top & (frame.HEAD_RUNS | frame.BRANCHED)) | ends | kind;
  }

  #endBlock(begin: number): void {
    const ended = this.#frames.pop();
    const kind = frame.frameKind(ended);
    if (kind === frame.LOOP) return;
    if (kind === frame.TRY_TABLE) this.#tries -= 1;
    const otherPaths =
      kind === frame.IF || kind === frame.TRY ? frame.HEAD_RUNS : frame.BRANCHED | frame.FIRST_ARM_ENDS;
    // Without another path the counter may stay as it is, pending cost and all.
    if ((ended & otherPaths) === 0) return;
    if (this.#reachable) {
      this.#copyTo(begin);
      this.#settleFor(-1);
    }
    this.#reachable = true;
    this.#fuel.inGlobal = false;
    this.#fuel.pending = Math.max(0, this.#frames.pendingAt(-1));
  }

  /** Settles for a label: by what it expects, or if it is the first path there, so that it expects what is now. */
  #settleFor(label: number): void {
    const expected = this.#frames.pendingAt(label);
    if (expected !== frame.OPEN) {
      this.#fuel.settle(expected);
    } else {
      const now = this.#carries ? this.#fuel.pending : 0;
      this.#fuel.settle(now);
      this.#frames.setPending(label, now);
    }
  }

  #endFunction(begin: number): void {
    this.#copyTo(begin);
    if (this.#leftByBranch) {
      if (this.#reachable) this.#settleFor(0);
      this.#code.u8(END);
      this.#fuel.inGlobal = false;
      this.#fuel.pending = this.#frames.pendingAt(0);
      this.#fuel.save({ keepLocal: false });
    } else if (this.#reachable) {
      this.#fuel.save({ keepLocal: false });
    }
    this.#code.u8(END);
  }

  #branch(at: number): void {
    const label = lebAt(this.#module.bytes, at);
    this.#settleFor(label);
    if (!this.#frames.branch(label)) this.#leftByBranch = true;
  }

  /** One settlement must suit all labels, so those that expect something must agree. */
  #branchTable(from: number): void {
    const { bytes } = this.#module;
    const first = skipLeb(bytes, from);
    const count = lebAt(bytes, from) + 1;
    let expected: number = frame.OPEN;
    for (let left = count, at = first; left > 0; left--, at = skipLeb(bytes, at)) {
      const pending = this.#frames.pendingAt(lebAt(bytes, at));
      if (pending !== frame.OPEN && expected !== frame.OPEN && pending !== expected) this.#conflict = true;
      if (pending !== frame.OPEN) expected = pending;
    }
    if (expected === frame.OPEN) expected = this.#carries ? this.#fuel.pending : 0;
    this.#fuel.settle(expected);
    for (let left = count, at = first; left > 0; left--, at = skipLeb(bytes, at)) {
      const label = lebAt(bytes, at);
      this.#frames.setPending(label, expected);
      if (!this.#frames.branch(label)) this.#leftByBranch = true;
    }
  }

  #branchCatches(from: number): void {
    const { bytes } = this.#module;
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
    const expected = this.#frames.pendingAt(label);
    if (expected > 0) this.#conflict = true;
    this.#frames.setPending(label, 0);
    if (!this.#frames.branch(label)) this.#leftByBranch = true;
  }

  /** An access that no size of the memory allows is compiled to a trap, before which wasmtime saves. */
  #access(index: number, begin: number, from: number): void {
    const { bytes } = this.#module;
    const indexed = ((bytes[from] as number) & MEMORY_INDEX_FLAG) !== 0;
    const memory = indexed ? lebAt(bytes, from + 1) : 0;
    const offset = lebAt(bytes, indexed ? skipLeb(bytes, from + 1) : from + 1);
    if (offset + (OPCODES[index]?.access ?? 0) <= (this.#sizes[memory] as number)) return;
    this.#copyTo(begin);
    this.#fuel.save({ keepLocal: this.#tries > 0 });
    this.#stop();
  }

  /** The answer stays on the stack; what it is when there is no more memory is noted. */
  #growth(from: number, at: number, growthFailed: number): void {
    const fuel = this.#fuel;
    const wide = this.#module.memories[lebAt(this.#module.bytes, from)]?.memory64 === true;
    const result = wide ? 'result64' : 'result';
    this.#copyTo(at);
    fuel.access(LOCAL_TEE, fuel.local(result));
    fuel.access(LOCAL_GET, fuel.local(result));
    // i32.const -1; i32.eq, or the same in 64 bits
    this.#code.list(wide ? [I64_CONST, 0x7f, 0x51] : [I32_CONST, 0x7f, 0x46]);
    this.#code.list([IF, EMPTY, I32_CONST, 1, GLOBAL_SET]);
    this.#code.u32(growthFailed);
    this.#code.u8(END);
  }

  /**
   * Counts the bytes or elements after the instruction: it then has trapped if it is out of bounds, which wasmtime
   * finds out before it counts. What wasmtime would have refused to start for want of fuel has then been done.
   */
  #bulk(index: number, place: { readonly begin: number; readonly from: number; readonly at: number }): void {
    const name = OPCODES[index]?.name ?? '';
    const constant = name === 'memory.copy' || name === 'memory.init' ? this.#constantLength() : undefined;
    if (constant !== undefined) {
      this.#fuel.pending += constant;
      return;
    }
    const fuel = this.#fuel;
    const length = this.#isWide(name, place.from) ? 'length64' : 'length';
    this.#copyTo(place.begin);
    if (name === 'table.grow') fuel.settle(0);
    fuel.access(LOCAL_TEE, fuel.local(length));
    this.#copyTo(place.at);
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
    const fuel = this.#fuel;
    const result = length === 'length' ? 'result' : 'result64';
    fuel.access(LOCAL_TEE, fuel.local(result));
    fuel.differs(result, -1);
    this.#code.pair(IF, EMPTY);
    fuel.charge(length);
    fuel.checkUnlessEmpty(length);
    this.#code.u8(END);
  }

  /** The length that the instruction before pushed, if it is a constant that makes wasmtime skip the check. */
  #constantLength(): number | undefined {
    const { bytes } = this.#module;
    const opcode = bytes[this.#before];
    if (opcode !== I32_CONST && opcode !== I64_CONST) return undefined;
    const [first, second] = [bytes[this.#before + 1] as number, bytes[this.#before + 2] as number];
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
