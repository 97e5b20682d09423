import type { Determinism } from '@plugmark/schemas';
import type { RunEvidence } from './run-evidence.ts';

/** Endings that depend on the machine: nothing follows from two of them being alike. */
const OF_THE_MACHINE: readonly string[] = ['timeout', 'crash'];

/** What the runs say about the same input giving the same result. One configuration proves nothing, nor does a run that was cut off. */
export function observedDeterminism(run: RunEvidence | undefined): Determinism {
  const untested: Determinism = { word: 'untested', inputs: 0, runs: 0, causes: [] };
  if (run === undefined || run.vectors.length === 0) return untested;
  const counts = { inputs: run.vectors.length, runs: run.vectors.reduce((sum, { runs }) => sum + runs.length, 0) };
  const differing = run.vectors.find(({ difference }) => difference !== undefined);
  const isCutOff = run.vectors.some(({ runs }) => runs.some(({ ending }) => OF_THE_MACHINE.includes(ending)));
  if (differing?.difference !== undefined && !isCutOff) {
    const firstDifference = `${differing.name}: ${differing.difference}`.slice(0, 600);
    return { word: 'nondeterministic', ...counts, causes: [], firstDifference };
  }
  if (isCutOff || run.configurations < 2) return untested;
  return { word: 'observed', ...counts, causes: [] };
}
