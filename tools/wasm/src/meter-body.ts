/**
 * Adds fuel to one function body so that what others see of the counter is, at every moment, what wasmtime's compiler
 * would have stored (its func_environ.rs): costs are collected while compiling, subtracted from a local before control
 * flow, written to the global before calls and at the end, checked on entry and at every turn of a loop. It reads only
 * bodies that check-code.ts has accepted, and never recurses.
 */
import { ByteWriter } from './byte-writer.ts';
import type { CoreModule } from './core-module.ts';
import type { FuelTargets } from './fuel-writer.ts';
import { ControlMeter } from './meter-control.ts';
import * as frame from './meter-frames.ts';
import { MemoryMeter } from './meter-memory.ts';
import type { MeterPoints } from './meter-points.ts';
import { MeterState } from './meter-state.ts';
import * as step from './meter-steps.ts';
import { writeCanonical } from './nan-canonical.ts';
import { type NanType, OPCODES } from './opcodes.ts';
import { afterInstruction, afterOpcode, lebAt, opcodeAt, skipLeb, skipType } from './skip-instruction.ts';

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
const BR_TABLE = 0x0e;
/** How often a body is written with cost carried over labels before every label is made to expect nothing. */
const ATTEMPTS = 3;

export class BodyMeter {
  readonly #module: CoreModule;
  readonly #targets: MeterTargets;
  readonly #out: ByteWriter;
  readonly #head: ByteWriter = new ByteWriter();
  readonly #state: MeterState;
  readonly #control: ControlMeter;
  readonly #memory: MemoryMeter;
  /** Instructions that work in bulk and were met in the body. */
  #bulks = 0;
  /** Those of the body at hand. */
  readonly #points: MeterPoints;

  constructor(module: CoreModule, targets: MeterTargets, out: ByteWriter, points: MeterPoints) {
    this.#module = module;
    this.#targets = targets;
    this.#out = out;
    this.#state = new MeterState(module.bytes, targets);
    this.#control = new ControlMeter(module, this.#state);
    this.#memory = new MemoryMeter(module, this.#state);
    this.#points = points;
  }

  /** Writes the body of the function with this number, with its size before it; `points` hold what acts in it. */
  meterBody(number: number): void {
    const { bytes, bodies, functionTypes, importedFunctionCount, types } = this.#module;
    const offset = bodies[number * 2] as number;
    const type = functionTypes[importedFunctionCount + number] as number;
    const declarations = skipLeb(bytes, offset);
    let start = declarations;
    let locals = types.parameterCount(type);
    for (let left = lebAt(bytes, offset); left > 0; left--) {
      locals += lebAt(bytes, start);
      start = skipType(bytes, skipLeb(bytes, start));
    }
    this.#writeCode(locals, start);
    this.#write({ groups: lebAt(bytes, offset), declarations, start, type });
  }

  /** Writes the instructions, again if tables of labels ask for it; without carrying none can. */
  #writeCode(locals: number, start: number): void {
    const { frames } = this.#state;
    frames.begin();
    for (let attempt = 1; ; attempt++) {
      this.#state.begin(locals, start);
      this.#walk();
      if (!this.#state.conflict || !frames.carries) return;
      frames.carries = attempt < ATTEMPTS;
      frames.restart();
    }
  }

  /** The size, the locals with those that were added, the check of the entry, then the instructions. */
  #write(body: {
    readonly groups: number;
    readonly declarations: number;
    readonly start: number;
    readonly type: number;
  }): void {
    const { code, fuel, leftByBranch } = this.#state;
    const head = this.#head;
    head.clear();
    const added = fuel.addedTypes();
    head.u32(body.groups + added.length);
    head.span(this.#module.bytes, body.declarations, body.start);
    for (const type of added) head.pair(1, type);
    fuel.checkEntry(head);
    if (leftByBranch) {
      head.u8(BLOCK);
      head.list(this.#targets.blockType(body.type));
    }
    this.#out.u32(head.length + code.length);
    this.#out.append(head);
    this.#out.append(code);
  }

  #walk(): void {
    const { bytes, fuel } = this.#state;
    const { list, length } = this.#points;
    let counted = 0;
    this.#bulks = 0;
    for (let point = 0; point < length; point += 2) {
      const begin = list[point] as number;
      const cost = list[point + 1] as number;
      if (this.#state.reachable) fuel.pending += cost - counted;
      counted = cost;
      const index = opcodeAt(bytes, begin);
      this.#act(step.STEPS[index] as number, index, begin);
    }
  }

  #act(action: number, index: number, begin: number): void {
    const control = this.#control;
    switch (action) {
      case 6 satisfies typeof step.END:
        if (this.#state.frames.depth === 0) control.endFunction(begin);
        else control.endBlock(begin);
        break;
      case 2 satisfies typeof step.OPEN:
        control.open(index, begin + 1);
        break;
      case 3 satisfies typeof step.LOOP:
        control.openSettled(frame.LOOP, begin);
        break;
      case 4 satisfies typeof step.IF:
        control.openSettled(frame.IF, begin);
        break;
      case 5 satisfies typeof step.ELSE:
        control.nextArm(begin, frame.ELSE);
        break;
      case 13 satisfies typeof step.HANDLER:
        control.nextArm(begin, frame.TRY);
        break;
      case 14 satisfies typeof step.DELEGATE:
        control.endBlock(begin);
        break;
      default:
        if (this.#state.reachable) this.#leave(action, index, begin);
        if (action === step.BULK) this.#bulks += 1;
    }
  }

  /** Everything that stays in its block, or leaves it by other ways than its end. */
  #leave(action: number, index: number, begin: number): void {
    const state = this.#state;
    if (action === step.CALL || action === step.STOP) {
      state.copyTo(begin);
      state.save();
      if (action === step.STOP) state.stop();
    } else if (action === step.BRANCH || action === step.JUMP) {
      state.copyTo(begin);
      const from = afterOpcode(state.bytes, begin);
      if (index === BR_TABLE) this.#control.branchTable(from);
      else this.#control.branch(OPCODES[index]?.immediates[0] === 'castFlags' ? from + 1 : from);
      if (action === step.JUMP) state.stop();
    } else if (action === step.NAN) {
      this.#canonicalize(index, begin);
    } else if (action === step.GROW) {
      if (this.#targets.growthFailed !== undefined) this.#memory.grow(index, begin, this.#targets.growthFailed);
    } else if (action === step.ACCESS) {
      this.#memory.access(index, begin);
    } else if (action === step.BULK && this.#targets.bulk === 'perUnit') {
      this.#memory.bulk(index, begin, this.#points.predecessors[this.#bulks] as number);
    }
  }

  #canonicalize(index: number, begin: number): void {
    const { bytes, code, fuel } = this.#state;
    this.#state.copyTo(afterInstruction(bytes, index, begin));
    writeCanonical(code, (OPCODES[index] as { nan: NanType }).nan, (name) => fuel.local(name));
  }
}
