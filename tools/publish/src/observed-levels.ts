// Whether separate machines saw a plugin do the same, and so whether the registry may say that it observed it. Pure: reports come in,
// an outcome goes out; one machine alone, or a run that did not get to its end, is never enough.

import type { RunReport, VerifiedLevel } from '@plugmark/schemas';

export type RunComparison =
  | { readonly outcome: 'pass'; readonly inputs: number; readonly runs: number }
  | { readonly outcome: 'fail'; readonly difference: string }
  | { readonly outcome: 'inconclusive'; readonly reason: string };

export interface ComparisonRules {
  /** Sandbox layers the policy asks for: a run without one of them says little about code that may have escaped. */
  readonly requiredLayers?: readonly string[];
}

type Run = RunReport['runs'][number];

/** What must be the same everywhere; times and resident memory are the machine's own. */
const COMPARED = [
  'ending',
  'outputSha256',
  'memorySha256',
  'hostCallLogSha256',
  'fuel',
] as const satisfies readonly (keyof Run)[];

/** These depend on the machine: a run that ended so shows nothing about the plugin. */
const UNFINISHED: ReadonlySet<Run['ending']> = new Set(['timeout', 'crash', 'linkError']);

/** The levels that these reports, each from a machine of its own, allow to claim. */
export function observedLevels(reports: readonly RunReport[], rules: ComparisonRules = {}): VerifiedLevel[] {
  return compareRuns(reports, rules).outcome === 'pass' ? ['PLUGMARK_OBSERVED_DETERMINISTIC'] : [];
}

export function compareRuns(
  reports: readonly RunReport[],
  { requiredLayers = [] }: ComparisonRules = {},
): RunComparison {
  const [first, ...others] = reports;
  const reason =
    first === undefined ? 'no machine reported' : (incomplete(reports, requiredLayers) ?? unlike(first, others));
  if (first === undefined || reason !== undefined) return { outcome: 'inconclusive', reason: reason ?? '' };
  const expected = new Map(first.runs.map((run) => [run.vector, run]));
  for (const [machine, report] of reports.entries())
    for (const run of report.runs) {
      const difference = differs(expected.get(run.vector) ?? run, run);
      if (difference !== undefined)
        return {
          outcome: 'fail',
          difference: `${run.vector}: ${difference}, machine ${machine + 1}, engine ${run.engine + 1}`,
        };
    }
  return { outcome: 'pass', inputs: expected.size, runs: reports.reduce((sum, { runs }) => sum + runs.length, 0) };
}

function differs(expected: Run, actual: Run): string | undefined {
  const field = COMPARED.find((name) => expected[name] !== actual[name]);
  return field && `${field} is ${actual[field] ?? 'missing'}, not ${expected[field] ?? 'missing'}`;
}

function incomplete(reports: readonly RunReport[], requiredLayers: readonly string[]): string | undefined {
  if (reports.length < 2) return 'one machine reported, and it takes two';
  for (const { runs, layers } of reports) {
    if (runs.length === 0) return 'a machine ran nothing';
    const unfinished = runs.find(({ ending }) => UNFINISHED.has(ending));
    if (unfinished !== undefined) return `${unfinished.vector} ended with ${unfinished.ending}`;
    const missing = requiredLayers.find((name) => !layers.some(({ layer, active }) => layer === name && active));
    if (missing !== undefined) return `a machine ran without the layer ${missing}`;
  }
  return undefined;
}

/** Reports of other bytes, another host or other inputs cannot be compared; one report handed in twice is one machine. */
function unlike(first: RunReport, others: readonly RunReport[]): string | undefined {
  const all = [first, ...others];
  const about = all.map(({ subject, host, analyser, runs }) =>
    JSON.stringify([
      subject.artifact.sha256,
      subject.manifest?.sha256,
      host,
      analyser.version,
      runs.map(({ vector, engine }) => `${vector} ${engine}`).sort(),
    ]),
  );
  if (new Set(about).size > 1) return 'the reports are about different things';
  const runs = all.map(({ observedAt, runs: measured }) => JSON.stringify([observedAt, measured]));
  return new Set(runs).size < all.length ? 'the same report was given twice' : undefined;
}
