/**
 * One instruction of a body at a time, read with every check: for what the fast ways of check-code.ts leave over, and
 * for whatever is wrong. Every refusal of a body comes from here.
 */
import { ByteReader } from './byte-reader.ts';
import type { CodeCounts } from './code-counts.ts';
import type { CoreModule } from './core-module.ts';
import { CATCH_ARM, type Frames, TRY } from './frames.ts';
import { readImmediates, readOpcode } from './immediates.ts';
import type { ReaderLimits } from './limits.ts';
import { OPCODES } from './opcodes.ts';
import { readValueType } from './value-type.ts';

const F64 = 0x7c;
const I32 = 0x7f;

export class CarefulSteps {
  readonly #module: CoreModule;
  readonly #limits: ReaderLimits;
  readonly #counts: CodeCounts;
  readonly #frames: Frames;
  #reader: ByteReader | undefined;
  #end = 0;
  /** Locals of the function, parameters included. */
  locals = 0;
  /** What the last instruction was, as its index in OPCODES. */
  index = 0;

  constructor(
    module: CoreModule,
    { counts, frames, limits }: { readonly counts: CodeCounts; readonly frames: Frames; readonly limits: ReaderLimits },
  ) {
    this.#module = module;
    this.#frames = frames;
    this.#limits = limits;
    this.#counts = counts;
  }

  /** Starts with the body that ends there. */
  begin(end: number): void {
    this.#reader = undefined;
    this.#end = end;
  }

  /** Reads the declarations of locals and gives where instructions start; `locals` counts them and the parameters. */
  declarations(offset: number, parameters: number): number {
    const { bytes } = this.#module;
    this.locals = parameters;
    const groups = bytes[offset] as number;
    let at = offset + 1;
    // Two bytes a group is what nearly all have.
    for (let left = groups; left > 0; left--, at += 2) {
      const count = bytes[at] as number;
      const type = bytes[at + 1] as number;
      if (count >= 0x80 || type < F64 || type > I32 || at + 1 >= this.#end) {
        return this.#declarationsWithCare(offset, parameters);
      }
      this.locals += count;
    }
    const few = groups < 0x80 && Math.max(groups, this.locals) <= this.#limits.locals;
    return few ? at : this.#declarationsWithCare(offset, parameters);
  }

  #declarationsWithCare(offset: number, parameters: number): number {
    const reader = this.#readerAt(offset);
    this.locals = parameters;
    for (let groups = reader.count('locals', this.#limits, 2); groups > 0; groups--) {
      const start = reader.offset;
      this.locals += reader.u32();
      if (this.locals > this.#limits.locals) throw reader.limit('locals', this.locals, this.#limits, start);
      const type = reader.bytes[reader.offset] as number;
      if (type >= F64 && type <= I32) reader.skip(1);
      else readValueType(reader, this.#module.types.count);
    }
    return reader.offset;
  }

  /** Reads one instruction; sets `index`, keeps the nesting and gives where the next one starts. */
  read(begin: number): number {
    const reader = this.#readerAt(begin);
    this.index = readOpcode(reader);
    const scope = { module: this.#module, limits: this.#limits, locals: this.locals, labels: this.#frames.depth + 1 };
    readImmediates(reader, this.index, scope);
    this.#nest(reader, begin);
    return reader.offset;
  }

  /** What the instruction does to the nesting; the `end` of a frame never comes here. */
  #nest(reader: ByteReader, begin: number): void {
    const instruction = OPCODES[this.index];
    const flow = instruction?.flow;
    const { opened, depth } = this.#frames;
    const top = depth > 0 ? opened[depth] : undefined;
    if (flow === 'open' || flow === 'loop' || flow === 'if') {
      this.#counts.deepestNesting = Math.max(this.#counts.deepestNesting, this.#frames.push(this.index));
    } else if (flow === 'handler' && (top === TRY || top === CATCH_ARM)) {
      opened[depth] = CATCH_ARM;
    } else if (flow === 'delegate' && top === TRY) {
      this.#frames.depth -= 1;
    } else if (flow === 'handler' || flow === 'delegate' || flow === 'else') {
      const name = instruction?.name;
      throw reader.error('WASM_MALFORMED', `there is no block for this ${name}`, { what: 'nesting', name }, begin);
    }
  }

  /** Refuses a body whose `end` stands before its last byte, or whose blocks are still open there. */
  finish(at: number): void {
    if (this.#frames.depth >= 0) {
      const details = { depth: this.#frames.depth + 1 };
      throw this.#readerAt(at).error('WASM_SECTION_SIZE', 'a function body ends inside a block', details, at);
    }
    if (at === this.#end) return;
    const details = { remaining: this.#end - at };
    throw this.#readerAt(at).error('WASM_SECTION_SIZE', 'a function ends before its body does', details, at);
  }

  /** A reader of the body from `offset` on, made when a function first needs one. */
  #readerAt(offset: number): ByteReader {
    const { bytes, features } = this.#module;
    if (this.#reader === undefined) {
      this.#reader = new ByteReader(bytes, { start: offset, end: this.#end, overrun: 'WASM_SECTION_SIZE' });
      this.#reader.uses = features;
    }
    this.#reader.offset = offset;
    return this.#reader;
  }
}
