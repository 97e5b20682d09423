/**
 * Walks every function body of a module once: instructions decoded, indices below their bounds, blocks closed, the
 * body ending where its size says; counts what later passes want to know. No recursion, and nothing is allocated for
 * an instruction. Frequent instructions in their usual encoding are stepped over here; everything else, and everything
 * doubtful, goes to the careful decoder of immediates.ts, which throws. Operand types are the engine's part.
 */
import { ByteReader } from './byte-reader.ts';
import type { CodeCounts } from './code-counts.ts';
import type { CoreModule } from './core-module.ts';
import { CATCH_ARM, ELSE_ARM, Frames, IF, TRY } from './frames.ts';
import { hashFamily32, hashFamily64 } from './hash-constants.ts';
import { readImmediates, readOpcode } from './immediates.ts';
import type { ReaderLimits } from './limits.ts';
import { OPCODES } from './opcodes.ts';
import * as kind from './step-kinds.ts';
import { readValueType } from './value-type.ts';

const EMPTY_BLOCK = 0x40;
const F64 = 0x7c;
const I32 = 0x7f;
const MALFORMED = 0xffff_ffff;

class CodeChecker {
  readonly #module: CoreModule;
  readonly #limits: ReaderLimits;
  readonly #counts: CodeCounts;
  readonly #frames = new Frames();
  /** Bounds of LOCAL, GLOBAL, FUNCTION; labels have theirs in `#depth`. */
  readonly #bounds: Uint32Array = new Uint32Array(kind.LABEL);
  readonly #functionTypes: Uint8Array;
  readonly #plainMemory: boolean;
  #reader: ByteReader | undefined;
  #end = 0;
  #depth = 0;
  #index = 0;
  #cursor = 0;

  constructor(module: CoreModule, counts: CodeCounts, limits: ReaderLimits) {
    this.#module = module;
    this.#limits = limits;
    this.#counts = counts;
    this.#bounds[kind.GLOBAL] = module.globals.length;
    this.#bounds[kind.FUNCTION] = module.functionTypes.length;
    const forms = { length: module.types.count };
    this.#functionTypes = Uint8Array.from(forms, (_, index) => Number(module.types.form(index) === 'function'));
    this.#plainMemory = module.memories[0]?.memory64 === false;
  }

  /** Checks the body of the function with this number among those the module defines. */
  checkBody(number: number): void {
    const { bodies, functionTypes, importedFunctionCount, types } = this.#module;
    const offset = bodies[number * 2] as number;
    const size = bodies[number * 2 + 1] as number;
    this.#reader = undefined;
    this.#end = offset + size;
    this.#depth = 0;
    const index = importedFunctionCount + number;
    const start = this.#readLocals(offset, types.parameterCount(functionTypes[index] as number));
    const counts = this.#counts;
    const mixing = counts.mixing();
    const instructions = this.#walk(start);
    counts.instructions += instructions;
    if (size > counts.largestBody) counts.largestBody = size;
    counts.addFunction({ function: index, offset, instructions, mixing: counts.mixing() - mixing });
  }

  /** Reads the declarations of locals and gives where the instructions start. */
  #readLocals(offset: number, parameters: number): number {
    const { bytes } = this.#module;
    let locals = parameters;
    let at = offset;
    if (bytes[at] === 0) {
      at += 1;
    } else {
      const reader = this.#careful(offset);
      for (let groups = reader.count('locals', this.#limits, 2); groups > 0; groups--) {
        const start = reader.offset;
        locals += reader.u32();
        if (locals > this.#limits.locals) throw reader.limit('locals', locals, this.#limits, start);
        const type = bytes[reader.offset] as number;
        if (type >= F64 && type <= I32) reader.skip(1);
        else readValueType(reader, this.#module.types.count);
      }
      at = reader.offset;
    }
    this.#bounds[kind.LOCAL] = locals;
    if (locals > this.#counts.locals) this.#counts.locals = locals;
    return at;
  }

  /** The loop; gives the number of instructions. Long because its variables must stay in registers. */
  #walk(start: number): number {
    const { bytes } = this.#module;
    const { KINDS, PREFIX_BASES, ALIGNMENTS, LANES } = kind;
    const { opcodes, first } = this.#counts;
    const bounds = this.#bounds;
    const end = this.#end;
    const plainMemory = this.#plainMemory;
    let opened = this.#frames.opened;
    let instructions = 0;
    let depth = 0;
    let nopEnd = 0;
    let nopRun = 0;
    let stopEnd = 0;
    let stopRun = 0;
    let at = start;
    while (at < end) {
      const begin = at;
      let index = bytes[at++] as number;
      let step = KINDS[index] as number;
      if (step === (19 satisfies typeof kind.PREFIX)) {
        const low = bytes[at++] as number;
        const high = low < 0x80 ? 0 : (bytes[at++] as number);
        index = (PREFIX_BASES[index] as number) + (low & 0x7f) + high * 0x80;
        step = high < 0x80 ? (KINDS[index] ?? 0) : 0;
      }
      instructions += 1;
      let done = true;
      switch (step) {
        case 1 satisfies typeof kind.PLAIN:
          break;
        case 2 satisfies typeof kind.LOCAL:
        case 3 satisfies typeof kind.GLOBAL:
        case 4 satisfies typeof kind.FUNCTION: {
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = this.#leb(value, at);
            at = this.#cursor;
          }
          done = value < (bounds[step] as number);
          break;
        }
        case 5 satisfies typeof kind.LABEL: {
          let value = bytes[at++] as number;
          if (value >= 0x80) {
            value = this.#leb(value, at);
            at = this.#cursor;
          }
          done = value <= depth;
          break;
        }
        case 6 satisfies typeof kind.MEMARG:
        case 7 satisfies typeof kind.MEMARG_LANE: {
          done = plainMemory && (bytes[at++] as number) <= (ALIGNMENTS[index] as number);
          const value = bytes[at++] as number;
          if (value >= 0x80) {
            done = this.#leb(value, at) !== MALFORMED && done;
            at = this.#cursor;
          }
          if (step === (7 satisfies typeof kind.MEMARG_LANE))
            done = (bytes[at++] as number) < (LANES[index] as number) && done;
          break;
        }
        case 8 satisfies typeof kind.S32: {
          const from = at;
          while ((bytes[at++] as number) >= 0x80);
          // Only a constant of full length can be malformed, or one of a hash function.
          if (at - from > 4) done = false;
          break;
        }
        case 9 satisfies typeof kind.S64: {
          const from = at;
          while ((bytes[at++] as number) >= 0x80);
          if (at - from > 8) done = false;
          break;
        }
        case 10 satisfies typeof kind.BYTES_4:
          at += 4;
          break;
        case 11 satisfies typeof kind.BYTES_8:
          at += 8;
          break;
        case 12 satisfies typeof kind.BYTES_16:
          at += 16;
          break;
        case 13 satisfies typeof kind.LANE:
          done = (bytes[at++] as number) < (LANES[index] as number);
          break;
        case 14 satisfies typeof kind.OPEN: {
          const type = bytes[at++] as number;
          done = type === EMPTY_BLOCK || (type >= F64 && type <= I32);
          if (!done) break;
          depth += 1;
          if (depth >= opened.length) opened = this.#frames.grow(depth);
          opened[depth] = index;
          if (depth > this.#counts.deepestNesting) this.#counts.deepestNesting = depth;
          break;
        }
        case 15 satisfies typeof kind.ELSE:
          done = opened[depth] === IF && depth > 0;
          if (done) opened[depth] = ELSE_ARM;
          break;
        case 16 satisfies typeof kind.END:
          depth -= 1;
          if (depth < 0) {
            opcodes[index] = (opcodes[index] as number) + 1;
            if (first[index] === 0) first[index] = begin;
            if (at === end) return instructions;
            throw this.#leftOver(at);
          }
          break;
        case 20 satisfies typeof kind.NOP:
          nopRun = nopEnd === begin ? nopRun + 1 : 1;
          nopEnd = at;
          if (nopRun > this.#counts.longestNopRun) this.#counts.longestNopRun = nopRun;
          break;
        case 21 satisfies typeof kind.UNREACHABLE:
          stopRun = stopEnd === begin ? stopRun + 1 : 1;
          stopEnd = at;
          if (stopRun > this.#counts.longestUnreachableRun) this.#counts.longestUnreachableRun = stopRun;
          break;
        case 17 satisfies typeof kind.LABELS:
          done = this.#labels(at, depth);
          at = this.#cursor;
          break;
        case 18 satisfies typeof kind.CALL_INDIRECT:
          done = this.#callIndirect(at);
          at = this.#cursor;
          break;
        default:
          done = false;
      }
      if (!done || at > end) {
        this.#depth = depth;
        at = this.#readCarefully(begin);
        index = this.#index;
        depth = this.#depth;
        opened = this.#frames.opened;
        if (depth > this.#counts.deepestNesting) this.#counts.deepestNesting = depth;
      }
      const seen = opcodes[index] as number;
      if (seen === 0) first[index] = begin;
      opcodes[index] = seen + 1;
    }
    throw this.#careful(at).error('WASM_SECTION_SIZE', 'a function body ends inside a block', { depth: depth + 1 }, at);
  }

  /** The rest of an unsigned LEB128 of 32 bits whose first byte is given; `#cursor` moves behind it. */
  #leb(byte: number, at: number): number {
    const { bytes } = this.#module;
    let value = byte & 0x7f;
    let cursor = at;
    for (let scale = 0x80; scale < 2 ** 35; scale *= 0x80) {
      const next = bytes[cursor++] as number;
      value += (next & 0x7f) * scale;
      if (next < 0x80) {
        this.#cursor = cursor;
        return value < 2 ** 32 ? value : MALFORMED;
      }
    }
    this.#cursor = cursor;
    return MALFORMED;
  }

  #u32(at: number): number {
    const byte = this.#module.bytes[at] as number;
    this.#cursor = at + 1;
    return byte < 0x80 ? byte : this.#leb(byte, at + 1);
  }

  #labels(at: number, depth: number): boolean {
    const count = this.#u32(at);
    if (count > this.#limits.branchTargets) return false;
    if (count > this.#counts.largestBranchTable) this.#counts.largestBranchTable = count;
    for (let left = count; left >= 0; left--) {
      if (this.#u32(this.#cursor) > depth) return false;
    }
    return true;
  }

  #callIndirect(at: number): boolean {
    const type = this.#u32(at);
    const table = this.#u32(this.#cursor);
    return this.#functionTypes[type] === 1 && table === 0 && this.#module.tables.length > 0;
  }

  /** A reader of the body from `offset` on, made when a function first needs one. */
  #careful(offset: number): ByteReader {
    const { bytes, features } = this.#module;
    if (this.#reader === undefined) {
      this.#reader = new ByteReader(bytes, { start: offset, end: this.#end, overrun: 'WASM_SECTION_SIZE' });
      this.#reader.uses = features;
    }
    this.#reader.offset = offset;
    return this.#reader;
  }

  /** Reads one instruction with every check; sets `#index` and `#depth` and gives where the next one starts. */
  #readCarefully(begin: number): number {
    const reader = this.#careful(begin);
    const index = readOpcode(reader);
    const locals = this.#bounds[kind.LOCAL] as number;
    readImmediates(reader, index, { module: this.#module, limits: this.#limits, locals, labels: this.#depth + 1 });
    this.#index = index;
    this.#nest(reader, index, begin);
    this.#noteConstant(reader, begin);
    return reader.offset;
  }

  /** What the instruction does to the nesting; the `end` of a frame never comes here. */
  #nest(reader: ByteReader, index: number, begin: number): void {
    const flow = OPCODES[index]?.flow;
    const top = this.#depth > 0 ? this.#frames.opened[this.#depth] : undefined;
    if (flow === 'open' || flow === 'loop' || flow === 'if') {
      this.#depth += 1;
      this.#frames.grow(this.#depth)[this.#depth] = index;
    } else if (flow === 'handler' && (top === TRY || top === CATCH_ARM)) {
      this.#frames.opened[this.#depth] = CATCH_ARM;
    } else if (flow === 'delegate' && top === TRY) {
      this.#depth -= 1;
    } else if (flow === 'handler' || flow === 'delegate' || flow === 'else') {
      const name = OPCODES[index]?.name;
      throw reader.error('WASM_MALFORMED', `there is no block for this ${name}`, { what: 'nesting', name }, begin);
    }
  }

  #noteConstant(reader: ByteReader, begin: number): void {
    const after = reader.offset;
    if (this.#index === I32_CONST || this.#index === I64_CONST) {
      reader.offset = begin + 1;
      const narrow = this.#index === I32_CONST;
      this.#counts.addHashConstant(narrow ? hashFamily32(reader.s32()) : hashFamily64(reader.s64()));
      reader.offset = after;
    }
  }

  #leftOver(at: number): Error {
    const details = { remaining: this.#end - at };
    return this.#careful(at).error('WASM_SECTION_SIZE', 'a function ends before its body does', details, at);
  }
}

const I32_CONST = 0x41;
const I64_CONST = 0x42;

/** Checks every body of the module and counts into `counts`. */
export function checkCode(module: CoreModule, counts: CodeCounts, limits: ReaderLimits): void {
  const checker = new CodeChecker(module, counts, limits);
  for (let number = 0; number < module.bodies.length / 2; number++) checker.checkBody(number);
}
