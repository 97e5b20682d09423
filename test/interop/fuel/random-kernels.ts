// Random structured programs for the comparison with wasmtime; the same ones on every run.
import * as fc from 'fast-check';
import { type Program, program, programBytes } from '../../testkit/random-program.ts';
import type { Step } from './kernels.ts';

const BUDGETS: readonly number[] = [1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 377, 2_000];

export function randomKernels(count: number): { name: string; bytes: Uint8Array; steps: Step[] }[] {
  const programs: Program[] = fc.sample(program, { numRuns: count, seed: 20_261_120 });
  return programs.map((each, index) => ({
    name: `random ${index}`,
    bytes: programBytes(each),
    steps: BUDGETS.flatMap((budget) => [0, 1, 6].map((n): Step => ({ call: 'run', args: [n], budget }))),
  }));
}
