import type { ObservedRuns } from '../determinism.ts';
import type { RunEvidence } from './run-evidence.ts';

/** Endings that depend on the machine: nothing follows from two of them being alike. */
const OF_THE_MACHINE: readonly string[] = ['timeout', 'crash'];

/** What the runs say about the same input giving the same result; undefined when nothing follows, because a run was cut off. */
export function observedRuns(run: RunEvidence | undefined): ObservedRuns | undefined {
  if (run === undefined || run.vectors.length === 0) return undefined;
  if (run.vectors.some(({ runs }) => runs.some(({ ending }) => OF_THE_MACHINE.includes(ending)))) return undefined;
  const counts = {
    inputs: run.vectors.length,
    runs: run.vectors.reduce((sum, { runs }) => sum + runs.length, 0),
    engines: run.engines,
  };
  const differing = run.vectors.find(({ difference }) => difference !== undefined);
  if (differing?.difference === undefined) return counts;
  return { ...counts, firstDifference: `${differing.name}: ${differing.difference}`.slice(0, 600) };
}
