// Checks of what running the vectors showed. The sandbox reports and judges nothing; here it is judged. Without a run, or without
// the layers that policy requires around one, nothing is claimed.

import type { VectorRun } from '@plugmark/schemas';
import { type Check, type CheckResult, type Evidence, findingsOf, type RawFinding } from '../check.ts';
import { endingText, runMismatch } from '../runs/match-output.ts';
import type { RunEvidence, RunVector } from '../runs/run-evidence.ts';

type Judge = (run: RunEvidence, evidence: Evidence) => CheckResult;

/** Asks `judge` about a run that counts; answers for it when there is none. */
function ofRun(judge: Judge): Check {
  return (evidence) => {
    const { run, release } = evidence;
    if (run === undefined) {
      if (release === undefined) return { outcome: 'notApplicable', reason: 'a bare file has no vectors' };
      if (release.vectors.length === 0) return { outcome: 'notApplicable', reason: 'the release has no vectors' };
      return { outcome: 'inconclusive', reason: 'nobody ran the vectors' };
    }
    if ('reason' in run) return { outcome: 'inconclusive', reason: run.reason };
    if (run.vectors.length === 0) return { outcome: 'notApplicable', reason: 'the release has no vectors' };
    const [missing] = run.missingLayers;
    if (missing !== undefined)
      return { outcome: 'inconclusive', reason: `policy requires the layer ${missing} around a run; it was not there` };
    return judge(run, evidence);
  };
}

/** Each call gives what its vector promises, in every configuration. */
export const vectorOutputs: Check = ofRun(({ vectors }) => findingsOf(vectors.flatMap(outputFindings)));

function outputFindings({ name, vector, runs }: RunVector): RawFinding[] {
  const { expect } = vector;
  if (expect === undefined) return [{ ruleId: 'vector.nothing-expected', facts: { vector: name } }];
  for (const run of runs) {
    const found = runMismatch(expect, run);
    if (found === undefined) continue;
    const facts = { vector: name, call: found.call, entry: vector.calls[found.call - 1]?.entry ?? '' };
    return [{ ruleId: 'vector.output', facts: { ...facts, problem: found.problem } }];
  }
  return fuelFindings({ name, vector, runs });
}

/** Recorded fuel is the publisher's statement about these bytes; other fuel means other bytes or another schedule. */
function fuelFindings({ name, vector, runs }: Pick<RunVector, 'name' | 'vector' | 'runs'>): RawFinding[] {
  const used = runs[0].calls.map(({ fuel }) => fuel);
  const at = (vector.fuel ?? []).findIndex((recorded, i) => used[i] !== undefined && used[i] !== recorded);
  if (at < 0) return [];
  const facts = { vector: name, call: at + 1, recorded: vector.fuel?.[at] ?? 0, actual: used[at] ?? 0 };
  return [{ ruleId: 'vector.fuel', facts }];
}

/** How a run ends otherwise than well. What a vector promises is no finding. */
const STOPPED = {
  trap: 'run.trapped',
  outOfFuel: 'run.over-budget',
  outOfMemory: 'run.over-budget',
  outputLimit: 'run.over-budget',
  hostCallLimit: 'run.over-budget',
  linkError: 'run.not-linked',
  timeout: 'run.not-finished',
  crash: 'run.not-finished',
} as const satisfies Partial<Record<VectorRun['ending'], RawFinding['ruleId']>>;

/** The vectors stay within the host's limits and the release's own. */
export const runLimits: Check = ofRun(({ vectors }, { release, profile }) =>
  findingsOf(
    vectors.flatMap(({ name, vector, runs }) => [
      ...stoppedFindings(name, vector.expect?.at(-1), runs),
      ...declaredFindings(name, runs, { fuel: release?.limits?.fuel, host: profile?.title ?? '' }),
    ]),
  ),
);

function stoppedFindings(
  name: string,
  last: NonNullable<RunVector['vector']['expect']>[number] | undefined,
  runs: RunVector['runs'],
): RawFinding[] {
  const expected = last !== undefined && 'ending' in last ? last.ending : 'ok';
  const stopped = runs.find(({ ending }) => ending !== expected && Object.hasOwn(STOPPED, ending));
  if (stopped === undefined) return [];
  const facts = { vector: name, ending: endingText(stopped), ...(stopped.detail ? { detail: stopped.detail } : {}) };
  return [{ ruleId: STOPPED[stopped.ending as keyof typeof STOPPED], facts }];
}

function declaredFindings(
  name: string,
  runs: RunVector['runs'],
  { fuel, host }: { fuel: number | undefined; host: string },
): RawFinding[] {
  const most = Math.max(...runs.flatMap(({ calls }) => calls.map((call) => call.fuel ?? 0)));
  if (fuel === undefined || most <= fuel) return [];
  return [{ ruleId: 'run.over-declared', facts: { vector: name, host, actual: most, expected: fuel } }];
}

/** The same input gives the same result, in every configuration. Other seeds and times explain a difference only where they are granted. */
export const sameAnswersRuns: Check = ofRun((run, { map, profile }) => {
  const { vectors, configurations } = run;
  if (configurations < 2) return { outcome: 'inconclusive', reason: 'the vectors ran in one configuration only' };
  const classes = new Map(profile?.capabilities.map(({ id, class: of }) => [id, of]));
  const varying = [...(map?.derived.keys() ?? [])].filter((id) => ['clock', 'random'].includes(classes.get(id) ?? ''));
  return findingsOf(
    vectors.flatMap(({ name, vector, difference }) => {
      if (difference === undefined) return [];
      // The host promises nothing about these, or was told to give what changes.
      const isExplained = (map?.nondeterministic ?? []).length > 0 || varying.some((id) => vector.grants.includes(id));
      const ruleId = isExplained ? 'determinism.varies' : 'determinism.unexplained';
      return [{ ruleId, facts: { vector: name, difference } } as const];
    }),
  );
});
