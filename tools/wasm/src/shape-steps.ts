/**
 * Steps over instructions of known shape, for check-code.ts: those that nest, those with longer integers, those behind
 * a prefix. It answers for what it accepts; what is doubtful, or would end outside of the body, it hands to the careful
 * decoder.
 */
import type { CarefulSteps } from './careful-steps.ts';
import type { CodeCounts } from './code-counts.ts';
import type { CoreModule } from './core-module.ts';
import { ELSE_ARM, type Frames, IF } from './frames.ts';
import type { FrequentSteps } from './frequent-steps.ts';
import { hashFamily32, hashFamily64 } from './hash-constants.ts';
import type { ReaderLimits } from './limits.ts';
import * as kind from './step-kinds.ts';

const EMPTY_BLOCK = 0x40;
const F64 = 0x7c;
const I32 = 0x7f;
const MALFORMED = 0xffff_ffff;
/** What a step gives for an instruction that it does not accept. */
const DOUBTFUL = -1;
const SHUFFLE_LANES = 16;
/** Only a constant of full length can be malformed, or one of a hash function. */
const FULL_32 = 5;
const FULL_64 = 10;

interface Surroundings {
  readonly counts: CodeCounts;
  readonly limits: ReaderLimits;
  readonly frames: Frames;
  readonly frequent: FrequentSteps;
  readonly careful: CarefulSteps;
}

export class ShapeSteps {
  readonly #bytes: Uint8Array;
  readonly #counts: CodeCounts;
  readonly #limits: ReaderLimits;
  readonly #frames: Frames;
  readonly #frequent: FrequentSteps;
  readonly #careful: CarefulSteps;
  /** Bounds of LOCAL, GLOBAL, FUNCTION; labels have the depth. */
  readonly #bounds: Uint32Array = new Uint32Array(kind.LABEL);
  readonly #functionTypes: Uint8Array;
  readonly #hasTable: boolean;
  readonly #plainMemory: boolean;
  /** What the last instruction was, as its index in OPCODES. */
  index = 0;
  #end = 0;
  /** Behind the integer that was read last. */
  #cursor = 0;
  /** Where the last runs of `nop` and `unreachable` end, and how long they are. */
  #nopEnd = 0;
  #nopRun = 0;
  #stopEnd = 0;
  #stopRun = 0;

  constructor(module: CoreModule, { counts, limits, frames, frequent, careful }: Surroundings) {
    this.#bytes = module.bytes;
    this.#counts = counts;
    this.#limits = limits;
    this.#frames = frames;
    this.#frequent = frequent;
    this.#careful = careful;
    this.#bounds[kind.GLOBAL] = module.globals.length;
    this.#bounds[kind.FUNCTION] = module.functionTypes.length;
    const forms = { length: module.types.count };
    this.#functionTypes = Uint8Array.from(forms, (_, index) => Number(module.types.form(index) === 'function'));
    this.#hasTable = module.tables.length > 0;
    this.#plainMemory = module.memories[0]?.memory64 === false;
  }

  /** Starts a body with so many locals that ends there. */
  begin(locals: number, end: number): void {
    this.#end = end;
    this.#bounds[kind.LOCAL] = locals;
    this.#frequent.locals = locals;
    this.#frequent.labels = 1;
  }

  /** Checks one instruction, counts it and gives where the next one starts. */
  step(begin: number): number {
    const bytes = this.#bytes;
    let at = begin + 1;
    let index = bytes[begin] as number;
    let shape = kind.KINDS[index] as number;
    if (shape === (19 satisfies typeof kind.PREFIX)) {
      const low = bytes[at++] as number;
      const high = low < 0x80 ? 0 : (bytes[at++] as number);
      index = (kind.PREFIX_BASES[index] as number) + (low & 0x7f) + high * 0x80;
      shape = high < 0x80 ? (kind.KINDS[index] ?? 0) : 0;
    }
    let next = this.#over(shape, index, at);
    if (next === DOUBTFUL || next > this.#end) {
      next = this.#careful.read(begin);
      index = this.#careful.index;
      this.#frequent.labels = this.#frames.depth + 1;
    }
    this.index = index;
    const { opcodes, first } = this.#counts;
    const seen = opcodes[index] as number;
    opcodes[index] = seen + 1;
    if (seen === 0) {
      first[index] = begin;
      this.#frequent.met(index);
    }
    if (this.#frames.depth < 0) this.#careful.finish(next);
    return next;
  }

  /** The offset behind immediates that start at `at`, or DOUBTFUL. */
  #over(shape: number, index: number, at: number): number {
    switch (shape) {
      case 1 satisfies typeof kind.PLAIN:
        return at;
      case 2 satisfies typeof kind.LOCAL:
      case 3 satisfies typeof kind.GLOBAL:
      case 4 satisfies typeof kind.FUNCTION:
        return this.#u32(at) < (this.#bounds[shape] as number) ? this.#cursor : DOUBTFUL;
      case 5 satisfies typeof kind.LABEL:
        return this.#u32(at) <= this.#frames.depth ? this.#cursor : DOUBTFUL;
      case 6 satisfies typeof kind.MEMARG:
        return this.#memarg(index, at);
      case 7 satisfies typeof kind.MEMARG_LANE:
        return this.#lane(index, this.#memarg(index, at));
      case 8 satisfies typeof kind.S32:
        return this.#s32(at);
      case 9 satisfies typeof kind.S64:
        return this.#s64(at);
      case 10 satisfies typeof kind.BYTES_4:
        return at + 4;
      case 11 satisfies typeof kind.BYTES_8:
        return at + 8;
      case 12 satisfies typeof kind.BYTES_16:
        return at + 16;
      case 13 satisfies typeof kind.LANE:
        return this.#lane(index, at);
      case 14 satisfies typeof kind.OPEN:
        return this.#open(index, at);
      case 15 satisfies typeof kind.ELSE:
        return this.#else(at);
      case 16 satisfies typeof kind.END:
        this.#frequent.labels = this.#frames.depth--;
        return at;
      case 17 satisfies typeof kind.LABELS:
        return this.#labels(at);
      case 18 satisfies typeof kind.CALL_INDIRECT:
        return this.#callIndirect(at);
      case 20 satisfies typeof kind.NOP:
        return this.#nop(at);
      case 21 satisfies typeof kind.UNREACHABLE:
        return this.#unreachable(at);
      case 22 satisfies typeof kind.SHUFFLE:
        return this.#shuffle(at);
      default:
        return DOUBTFUL;
    }
  }

  /** An unsigned LEB128 of 32 bits, or MALFORMED; `#cursor` moves behind it. */
  #u32(at: number): number {
    const bytes = this.#bytes;
    const byte = bytes[at] as number;
    this.#cursor = at + 1;
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let scale = 0x80; scale < 2 ** 35; scale *= 0x80) {
      const next = bytes[this.#cursor++] as number;
      value += (next & 0x7f) * scale;
      if (next < 0x80) return value < 2 ** 32 ? value : MALFORMED;
    }
    return MALFORMED;
  }

  #memarg(index: number, at: number): number {
    if (!this.#plainMemory || (this.#bytes[at] as number) > (kind.ALIGNMENTS[index] as number)) return DOUBTFUL;
    return this.#u32(at + 1) === MALFORMED ? DOUBTFUL : this.#cursor;
  }

  #lane(index: number, at: number): number {
    return at !== DOUBTFUL && (this.#bytes[at] as number) < (kind.LANES[index] as number) ? at + 1 : DOUBTFUL;
  }

  #shuffle(at: number): number {
    for (let lane = at; lane < at + SHUFFLE_LANES; lane++) {
      if ((this.#bytes[lane] as number) >= 2 * SHUFFLE_LANES) return DOUBTFUL;
    }
    return at + SHUFFLE_LANES;
  }

  /** The offset behind a LEB128 of any length. */
  #skipLeb(at: number): number {
    let next = at;
    while ((this.#bytes[next++] as number) >= 0x80);
    return next;
  }

  #s32(at: number): number {
    const next = this.#skipLeb(at);
    if (next - at < FULL_32) return next;
    const last = ((this.#bytes[next - 1] as number) << 25) >> 25;
    if (next - at > FULL_32 || last < -8 || last > 7) return DOUBTFUL;
    this.#counts.addHashConstant(hashFamily32(this.#word(at) | (last << 28)));
    return next;
  }

  #s64(at: number): number {
    const bytes = this.#bytes;
    const next = this.#skipLeb(at);
    if (next - at < FULL_64 - 1) return next;
    const last = bytes[next - 1] as number;
    if (next - at > FULL_64 || (next - at === FULL_64 && last !== 0 && last !== 0x7f)) return DOUBTFUL;
    const middle = bytes[at + 4] as number;
    // Shifting to the left makes the sign of the shorter form the sign of all.
    const top = next - at === FULL_64 ? last << 31 : (last & 0x40) << 25;
    const high = ((middle & 0x70) >> 4) | (this.#word(at + 5) << 3) | top;
    this.#counts.addHashConstant(hashFamily64(this.#word(at) | (middle << 28), high));
    return next;
  }

  /** The 28 bits of four bytes of a LEB128. */
  #word(at: number): number {
    const bytes = this.#bytes;
    const [low, high] = [(bytes[at] as number) & 0x7f, ((bytes[at + 1] as number) & 0x7f) << 7];
    return low | high | (((bytes[at + 2] as number) & 0x7f) << 14) | (((bytes[at + 3] as number) & 0x7f) << 21);
  }

  #open(index: number, at: number): number {
    const type = this.#bytes[at] as number;
    if (type !== EMPTY_BLOCK && (type < F64 || type > I32)) return DOUBTFUL;
    const depth = this.#frames.push(index);
    this.#frequent.labels = depth + 1;
    if (depth > this.#counts.deepestNesting) this.#counts.deepestNesting = depth;
    return at + 1;
  }

  #else(at: number): number {
    const { opened, depth } = this.#frames;
    if (depth === 0 || opened[depth] !== IF) return DOUBTFUL;
    opened[depth] = ELSE_ARM;
    return at;
  }

  #labels(at: number): number {
    const count = this.#u32(at);
    if (count > this.#limits.branchTargets) return DOUBTFUL;
    if (count > this.#counts.largestBranchTable) this.#counts.largestBranchTable = count;
    for (let left = count; left >= 0; left--) {
      if (this.#u32(this.#cursor) > this.#frames.depth) return DOUBTFUL;
    }
    return this.#cursor;
  }

  #callIndirect(at: number): number {
    const type = this.#u32(at);
    const table = this.#u32(this.#cursor);
    return this.#functionTypes[type] === 1 && table === 0 && this.#hasTable ? this.#cursor : DOUBTFUL;
  }

  #nop(at: number): number {
    this.#nopRun = this.#nopEnd === at - 1 ? this.#nopRun + 1 : 1;
    this.#nopEnd = at;
    if (this.#nopRun > this.#counts.longestNopRun) this.#counts.longestNopRun = this.#nopRun;
    return at;
  }

  #unreachable(at: number): number {
    this.#stopRun = this.#stopEnd === at - 1 ? this.#stopRun + 1 : 1;
    this.#stopEnd = at;
    if (this.#stopRun > this.#counts.longestUnreachableRun) this.#counts.longestUnreachableRun = this.#stopRun;
    return at;
  }
}
