/**
 * Adds fuel to one function body so that what others see of the counter is, at every moment, what wasmtime's compiler
 * would have stored (its func_environ.rs): costs are collected while compiling, subtracted from a local before control
 * flow, written to the global before calls and at the end, checked on entry and at every turn of a loop. It reads only
 * bodies that check-code.ts has accepted, and never recurses.
 */
import { ByteWriter } from './byte-writer.ts';
import type { CoreModule } from './core-module.ts';
import { LENGTHS, LONGEST, SECOND_BOUNDS } from './frequent-steps.ts';
import type { FuelTargets } from './fuel-writer.ts';
import { ControlMeter } from './meter-control.ts';
import * as frame from './meter-frames.ts';
import { MemoryMeter, type Place } from './meter-memory.ts';
import { MeterState } from './meter-state.ts';
import * as step from './meter-steps.ts';
import { writeCanonical } from './nan-canonical.ts';
import { type NanType, OPCODES } from './opcodes.ts';
import { afterImmediates, afterOpcode, lebAt, opcodeAt, skipLeb, skipType } from './skip-instruction.ts';

/** What bodies refer to in the module as it is written, and how they are to be metered. */
export interface MeterTargets extends FuelTargets {
  readonly bulk: 'flat' | 'perUnit';
  readonly canonicalizeNaNs: boolean;
  /** The block type without parameters and with the results of a function type, encoded. */
  readonly blockType: (functionType: number) => readonly number[];
}

const BLOCK = 0x02;
const BR_TABLE = 0x0e;
const PREFIXES_FROM = 0xfb;
/** A memory of this size has room for every offset of one byte. */
const ROOMY = 0x80 + 16;
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
  /** What the byte behind an opcode must be below for the instruction to be stepped over at once. */
  readonly #bounds: Uint16Array;

  constructor(module: CoreModule, targets: MeterTargets, out: ByteWriter) {
    this.#module = module;
    this.#targets = targets;
    this.#out = out;
    this.#state = new MeterState(module.bytes, targets);
    this.#control = new ControlMeter(module, this.#state);
    this.#memory = new MemoryMeter(module, this.#state);
    this.#bounds = step.countedBounds({ nan: !targets.canonicalizeNaNs, access: this.#memory.firstSize >= ROOMY });
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
    this.#writeCode(locals, start, end);
    this.#write({ groups: lebAt(bytes, offset), declarations, start, type });
  }

  /** Writes the instructions, again if tables of labels ask for it; without carrying none can. */
  #writeCode(locals: number, start: number, end: number): void {
    const { frames } = this.#state;
    frames.begin();
    for (let attempt = 1; ; attempt++) {
      this.#state.begin(locals, start);
      this.#walk(start, end);
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

  /** The loop over instructions: those that only cost are counted here, the others acted on. */
  #walk(start: number, end: number): void {
    const { bytes } = this.#module;
    const { COSTS } = step;
    const lengths = LENGTHS;
    const secondBounds = SECOND_BOUNDS;
    const bounds = this.#bounds;
    const state = this.#state;
    const last = end - LONGEST;
    let at = start;
    let cost = 0;
    let before = start;
    while (at < end) {
      while (at <= last) {
        const opcode = bytes[at] as number;
        const first = bytes[at + 1] as number;
        if (first >= (bounds[opcode] as number) || (bytes[at + 2] as number) >= (secondBounds[opcode] as number)) break;
        cost += COSTS[opcode] as number;
        before = at;
        at += lengths[opcode] as number;
      }
      if (at >= end) return;
      const begin = at;
      let index = bytes[at] as number;
      let from = at + 1;
      if (index >= PREFIXES_FROM) {
        index = opcodeAt(bytes, at);
        from = afterOpcode(bytes, at);
      }
      at = afterImmediates(bytes, index, from);
      cost += COSTS[index] as number;
      const action = step.STEPS[index] as number;
      if (action > (1 satisfies typeof step.FREE)) {
        if (state.reachable) state.fuel.pending += cost;
        cost = 0;
        this.#act(action, index, { before, begin, from, at });
      }
      before = begin;
    }
  }

  #act(action: number, index: number, place: Place): void {
    const { begin, from, at } = place;
    const control = this.#control;
    switch (action) {
      case 6 satisfies typeof step.END:
        if (this.#state.frames.depth === 0) control.endFunction(begin);
        else control.endBlock(begin);
        break;
      case 2 satisfies typeof step.OPEN:
        control.open(index, from);
        break;
      case 3 satisfies typeof step.LOOP:
        control.openSettled(frame.LOOP, begin, at);
        break;
      case 4 satisfies typeof step.IF:
        control.openSettled(frame.IF, begin, at);
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
        if (this.#state.reachable) this.#leave(action, index, place);
    }
  }

  /** Everything that stays in its block, or leaves it by other ways than its end. */
  #leave(action: number, index: number, place: Place): void {
    const state = this.#state;
    if (action === step.CALL || action === step.STOP) {
      state.copyTo(place.begin);
      state.save();
      if (action === step.STOP) state.stop();
    } else if (action === step.BRANCH || action === step.JUMP) {
      state.copyTo(place.begin);
      if (index === BR_TABLE) this.#control.branchTable(place.from);
      else this.#control.branch(OPCODES[index]?.immediates[0] === 'castFlags' ? place.from + 1 : place.from);
      if (action === step.JUMP) state.stop();
    } else if (action === step.NAN) {
      if (this.#targets.canonicalizeNaNs) this.#canonicalize(index, place.at);
    } else if (action === step.ACCESS) {
      this.#memory.access(index, place.begin, place.from);
    } else if (action === step.BULK && this.#targets.bulk === 'perUnit') {
      this.#memory.bulk(index, place);
    }
  }

  #canonicalize(index: number, at: number): void {
    const { code, fuel } = this.#state;
    this.#state.copyTo(at);
    writeCanonical(code, (OPCODES[index] as { nan: NanType }).nan, (name) => fuel.local(name));
  }
}
