// A run report on its way into the analysis. It comes from another process, perhaps another machine: it counts only for the bytes,
// the host profile and the vectors it names, and only with the layers that policy requires around it.

import type { EngineCount, RunReport, Vector, VectorResult, VectorRun } from '@plugmark/schemas';
import { countEngines } from './count-engines.ts';
import { firstDifference } from './first-difference.ts';
import { matchesExpected } from './match-output.ts';

/** What is submitted: a run, and the vectors by name with the digests of their files. */
export interface SubmittedRun {
  readonly report: RunReport;
  readonly vectors: ReadonlyMap<string, { readonly vector: Vector; readonly sha256: string }>;
}

/** One vector with its runs, one for each configuration; at least one. */
export interface RunVector {
  readonly name: string;
  readonly vector: Vector;
  readonly sha256: string;
  readonly runs: readonly [VectorRun, ...VectorRun[]];
  /** The first difference between the first run and another, with the configurations' names. */
  readonly difference: string | undefined;
}

/** A run that belongs to the submission. */
export interface RunEvidence {
  readonly vectors: readonly RunVector[];
  /** Configurations that ran every vector. */
  readonly configurations: number;
  /** The same by engine; without those that ran some vectors only. */
  readonly engines: readonly EngineCount[];
  /** Layers that policy requires and that were not active. */
  readonly missingLayers: readonly string[];
}

export interface RunSubject {
  readonly sha256: string;
  readonly host: string;
  readonly profileSha256: string | undefined;
  readonly manifestSha256: string | undefined;
  readonly requiredLayers: readonly string[];
}

/** The evidence in a run, or why it counts for nothing. */
export function runEvidence({ report, vectors }: SubmittedRun, subject: RunSubject): RunEvidence | { reason: string } {
  const foreign = whyForeign(report, subject);
  if (foreign !== undefined) return { reason: `the run is of another ${foreign}` };
  const counted = countedRuns(report, subject.requiredLayers);
  const found: RunVector[] = [];
  for (const [name, { vector, sha256 }] of vectors) {
    const [first, ...others] = counted.filter((run) => run.vector === name);
    if (first === undefined) return { reason: `vector ${name} was not run` };
    const runs = [first, ...others] as const;
    found.push({ name, vector, sha256, runs, difference: firstDifference(runs, report.engines) });
  }
  const active = new Set(report.layers.filter((state) => state.active).map(({ layer }) => layer));
  return {
    vectors: found,
    ...inAll(found, report),
    missingLayers: subject.requiredLayers.filter((layer) => !active.has(layer)),
  };
}

/** An engine without a layer that policy requires counts for nothing; that others ran with it is no help. */
function countedRuns({ runs, engines }: RunReport, required: readonly string[]): VectorRun[] {
  return runs.filter(({ engine }) => {
    const without = engines[engine]?.without ?? [];
    return !required.some((layer) => without.includes(layer));
  });
}

/** The configurations that no vector lacks, in all and by engine. */
function inAll(vectors: readonly RunVector[], { engines }: RunReport): Pick<RunEvidence, 'configurations' | 'engines'> {
  const used = engines.filter((_, number) => vectors.every(({ runs }) => runs.some(({ engine }) => engine === number)));
  return vectors.length === 0
    ? { configurations: 0, engines: [] }
    : { configurations: used.length, engines: countEngines(used) };
}

function whyForeign({ subject: of, host }: RunReport, subject: RunSubject): string | undefined {
  if (of.artifact.sha256 !== subject.sha256) return 'artifact';
  if (host.id !== subject.host || host.profileSha256 !== subject.profileSha256) return 'host profile';
  return of.manifest?.sha256 === subject.manifestSha256 ? undefined : 'manifest';
}

/** The figures of a vector that are the same on every machine; what the runs disagree in is left out. */
export function vectorResult({ name, sha256, vector, runs }: RunVector): VectorResult {
  const [first] = runs;
  const agreed = <Key extends keyof VectorRun>(key: Key): VectorRun[Key] | undefined =>
    runs.every((run) => run[key] === first[key]) ? first[key] : undefined;
  const [trap, outputSha256, fuel] = [agreed('trap'), agreed('outputSha256'), agreed('fuel')];
  const share = Math.max(...first.calls.map(({ budgetShare = -1 }) => budgetShare));
  const each = runs.map((run) => matchesExpected(vector, run));
  const matches = each[0] === undefined ? undefined : each.every((one) => one === true);
  return {
    name,
    sha256,
    ending: first.ending,
    ...(trap === undefined ? {} : { trap }),
    ...(outputSha256 === undefined ? {} : { outputSha256 }),
    ...(fuel === undefined ? {} : { fuel, ...(share < 0 ? {} : { budgetShare: share }) }),
    peakMemoryBytes: Math.max(...runs.map(({ peakMemoryBytes }) => peakMemoryBytes)),
    hostCalls: first.hostCalls,
    ...(matches === undefined ? {} : { matchesExpected: matches }),
  };
}
