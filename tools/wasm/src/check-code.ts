/**
 * Walks every function body of a module once: instructions decoded, indices below their bounds, blocks closed, the
 * body ending where its size says; counts what later passes want to know. No recursion, and nothing is allocated for
 * an instruction. Three ways, each slower and rarer: the loop over frequent instructions in their shortest form, the
 * steps over known shapes, and the careful decoder of immediates.ts, which takes everything doubtful and throws.
 * The loop stands here twice, so that the plain one has no branch for the notes that a meter wants. Operand types are
 * the engine's part.
 */
import { CarefulSteps } from './careful-steps.ts';
import type { CodeCounts } from './code-counts.ts';
import type { CoreModule } from './core-module.ts';
import { Frames } from './frames.ts';
import { FrequentSteps, LENGTHS, LONGEST, SECOND_BOUNDS } from './frequent-steps.ts';
import type { ReaderLimits } from './limits.ts';
import { BULK, FREE, type MeterPoints, POINT } from './meter-points.ts';
import { ShapeSteps } from './shape-steps.ts';

export class CodeChecker {
  readonly #module: CoreModule;
  readonly #counts: CodeCounts;
  readonly #frames = new Frames();
  readonly #frequent: FrequentSteps;
  readonly #careful: CarefulSteps;
  readonly #shapes: ShapeSteps;
  readonly #points: MeterPoints | undefined;

  /** With `points` it notes in every body where a meter has to act. */
  constructor(
    module: CoreModule,
    counts: CodeCounts,
    how: { readonly limits: ReaderLimits; readonly points?: MeterPoints },
  ) {
    const { limits, points } = how;
    this.#module = module;
    this.#counts = counts;
    this.#points = points;
    this.#frequent = new FrequentSteps(module);
    const known = { counts, limits, frames: this.#frames };
    this.#careful = new CarefulSteps(module, known);
    this.#shapes = new ShapeSteps(module, { ...known, frequent: this.#frequent, careful: this.#careful });
  }

  /** Checks the body of the function with this number among those the module defines. */
  checkBody(number: number): void {
    const { bodies, functionTypes, importedFunctionCount, types } = this.#module;
    const counts = this.#counts;
    const offset = bodies[number * 2] as number;
    const size = bodies[number * 2 + 1] as number;
    const index = importedFunctionCount + number;
    this.#frames.depth = 0;
    this.#careful.begin(offset + size);
    const start = this.#careful.declarations(offset, types.parameterCount(functionTypes[index] as number));
    const { locals } = this.#careful;
    if (locals > counts.locals) counts.locals = locals;
    this.#shapes.begin(locals, offset + size);
    const points = this.#points;
    const end = offset + size;
    const instructions = points === undefined ? this.#walk(start, end) : this.#walkNoting(start, end, points);
    counts.instructions += instructions;
    if (size > counts.largestBody) counts.largestBody = size;
    counts.addFunction({ function: index, offset, instructions, mixing: counts.newMixing() });
  }

  /** Gives the number of instructions. */
  #walk(start: number, end: number): number {
    const { bytes } = this.#module;
    const { opcodes } = this.#counts;
    const { bounds } = this.#frequent;
    const shapes = this.#shapes;
    const frames = this.#frames;
    const lengths = LENGTHS;
    const secondBounds = SECOND_BOUNDS;
    // So far behind an opcode are bytes of the same body.
    const last = end - LONGEST;
    let instructions = 0;
    let at = start;
    while (frames.depth >= 0) {
      while (at <= last) {
        const opcode = bytes[at] as number;
        const first = bytes[at + 1] as number;
        if (first >= (bounds[opcode] as number) || (bytes[at + 2] as number) >= (secondBounds[opcode] as number)) break;
        opcodes[opcode] = (opcodes[opcode] as number) + 1;
        at += lengths[opcode] as number;
        instructions += 1;
      }
      if (at >= end) break;
      at = shapes.step(at);
      instructions += 1;
    }
    if (frames.depth >= 0) this.#careful.finish(at);
    return instructions;
  }

  /**
   * The same loop once more, so that the other one does not pay for the notes. Every instruction is written down and the place moves
   * on only behind a point: a branch that no processor can foresee would cost more than the writing.
   */
  #walkNoting(start: number, end: number, points: MeterPoints): number {
    const { bytes } = this.#module;
    const { opcodes } = this.#counts;
    const { bounds } = this.#frequent;
    const shapes = this.#shapes;
    const frames = this.#frames;
    const { kinds, frequentKinds } = points;
    const list = points.listFor(end - start);
    const lengths = LENGTHS;
    const secondBounds = SECOND_BOUNDS;
    const last = end - LONGEST;
    let instructions = 0;
    let free = 0;
    let length = 0;
    let at = start;
    let before = start;
    while (frames.depth >= 0) {
      while (at <= last) {
        const opcode = bytes[at] as number;
        const first = bytes[at + 1] as number;
        if (first >= (bounds[opcode] as number) || (bytes[at + 2] as number) >= (secondBounds[opcode] as number)) break;
        opcodes[opcode] = (opcodes[opcode] as number) + 1;
        instructions += 1;
        const noted = frequentKinds[opcode] as number;
        free += (noted & FREE) >> 1;
        list[length] = at;
        list[length + 1] = instructions - free;
        length += (noted & POINT) << 1;
        before = at;
        at += lengths[opcode] as number;
      }
      if (at >= end) break;
      const begin = at;
      at = shapes.step(begin);
      instructions += 1;
      const noted = kinds[shapes.index] as number;
      free += (noted & FREE) >> 1;
      list[length] = begin;
      list[length + 1] = instructions - free;
      length += (noted & POINT) << 1;
      if ((noted & BULK) !== 0) points.predecessors.push(before);
      before = begin;
    }
    points.length = length;
    if (frames.depth >= 0) this.#careful.finish(at);
    return instructions;
  }
}

/** Checks every body of the module and counts into `counts`. */
export function checkCode(module: CoreModule, counts: CodeCounts, limits: ReaderLimits): void {
  const checker = new CodeChecker(module, counts, { limits });
  for (let number = 0; number < module.bodies.length / 2; number++) checker.checkBody(number);
}
