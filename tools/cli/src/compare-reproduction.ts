// Whether what was computed here is what was promised: the vector's own outputs and fuel, and what the registry's report saw. Pure.
// What this machine could not find out is inconclusive, and never counts as the same.

import { firstDifference, runMismatch } from '@plugmark/analysis';
import type { ReproduceResult, RunObservation, Vector, VectorResult, VectorRun } from '@plugmark/schemas';
import { REPRODUCIBLE } from './reproducible-endings.ts';

export type ReproducedVector = ReproduceResult['vectors'][number];
type Outcome = ReproducedVector['outcome'];

export interface Compared {
  readonly vector: Vector;
  readonly sha256: string;
  /** The run in each configuration. */
  readonly runs: readonly VectorRun[];
  readonly engines: RunObservation['engines'];
  /** What the registry's report says of it. */
  readonly reported: VectorResult | undefined;
  /** The release is revoked, and the vector asks for something that it was not given. */
  readonly withheld: boolean;
}

export function compareReproduction({ vector, sha256, runs, engines, reported, withheld }: Compared): ReproducedVector {
  const [first] = runs;
  const base = { name: vector.name, sha256 };
  if (first === undefined) return { ...base, outcome: 'inconclusive', reason: 'it was not run' };
  const figures = {
    ...base,
    ending: first.ending,
    ...(first.fuel === undefined ? {} : { fuel: first.fuel }),
    ...(first.outputSha256 === undefined ? {} : { outputSha256: first.outputSha256 }),
    ...(vector.fuel === undefined ? {} : { recordedFuel: vector.fuel.reduce((sum, fuel) => sum + fuel, 0) }),
    ...(reported?.fuel === undefined ? {} : { reportedFuel: reported.fuel }),
  };
  const { outcome, reason } = judged({ vector, runs, engines, reported });
  // Less was given to it than to the one that was cited: a difference says nothing, and being the same says all.
  if (withheld && outcome === 'fail')
    return {
      ...figures,
      outcome: 'inconclusive',
      reason: `revoked, so run without ${vector.grants.join(', ')}: ${reason}`,
    };
  return { ...figures, outcome, ...(reason === undefined ? {} : { reason }) };
}

type Judged = { readonly outcome: Outcome; readonly reason?: string };

function judged({ vector, runs, engines, reported }: Omit<Compared, 'sha256' | 'withheld'>): Judged {
  const broken = runs.find(({ ending }) => !REPRODUCIBLE.has(ending));
  if (broken !== undefined)
    return {
      outcome: 'inconclusive',
      reason: `the run ended with ${broken.ending}: ${broken.detail ?? 'this machine’s doing'}`,
    };
  const { expect } = vector;
  for (const run of runs) {
    const mismatch = expect && runMismatch(expect, run);
    if (mismatch !== undefined) return { outcome: 'fail', reason: `call ${mismatch.call}: ${mismatch.problem}` };
  }
  const difference = firstDifference(runs, engines);
  if (difference !== undefined) return { outcome: 'fail', reason: `differs from run to run: ${difference}` };
  const unlike = fuelDifference(vector, runs) ?? reportDifference(reported, runs[0] as VectorRun);
  if (unlike !== undefined) return { outcome: 'fail', reason: unlike };
  if (expect !== undefined || reported?.outputSha256 !== undefined) return { outcome: 'pass' };
  return { outcome: 'inconclusive', reason: 'nothing says what it should give' };
}

function fuelDifference({ fuel }: Vector, runs: readonly VectorRun[]): string | undefined {
  for (const { calls } of runs)
    for (const [i, call] of calls.entries()) {
      const recorded = fuel?.[i];
      if (recorded !== undefined && call.fuel !== undefined && call.fuel !== recorded)
        return `call ${i + 1} used ${call.fuel} units of fuel, and ${recorded} are recorded`;
    }
  return undefined;
}

function reportDifference(reported: VectorResult | undefined, run: VectorRun): string | undefined {
  if (reported === undefined) return undefined;
  for (const what of ['ending', 'trap', 'outputSha256', 'fuel'] as const) {
    const [said, seen] = [reported[what], run[what]];
    if (said !== undefined && seen !== undefined && said !== seen)
      return `the report says ${what} ${said}, here it is ${seen}`;
  }
  return undefined;
}

/** One that differs decides; one that could not be compared leaves it open; none at all shows nothing. */
export function outcomeOf(vectors: readonly { readonly outcome: Outcome }[]): Outcome {
  if (vectors.some(({ outcome }) => outcome === 'fail')) return 'fail';
  return vectors.length > 0 && vectors.every(({ outcome }) => outcome === 'pass') ? 'pass' : 'inconclusive';
}
