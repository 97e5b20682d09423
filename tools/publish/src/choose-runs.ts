// Which run reports count for a release. Runs are made by a job without secrets, on one machine or more; here they are only read,
// as hostile data. What the ledger kept is used again while it is of the same bytes, manifest, profile and analyser, so that a
// build after another has the same bytes although every run took other times.

import { ANALYSER_VERSION, runsAgree, type SubmittedRun } from '@plugmark/analysis';
import { canonicalBytes, type HostProfile, type Policy, parseJson, RunReport, Vector } from '@plugmark/schemas';
import { sha256 } from './digest.ts';
import { PublishError } from './error.ts';
import type { ReleaseSource } from './registry-source.ts';

interface StoredRun {
  readonly report: RunReport;
  readonly bytes: Uint8Array;
}

/** The runs of a release under one host: one a machine, the first is the one that is analysed and has most engines. */
export interface ChosenRuns {
  readonly host: string;
  readonly runs: readonly StoredRun[];
  /** Two machines or more, and they saw the same. */
  readonly agreed: boolean;
}

export interface RunChoice {
  readonly source: ReleaseSource;
  /** Reports kept in the ledger for this release. */
  readonly kept: readonly Uint8Array[];
  /** New ones, one a machine. */
  readonly offered: readonly Uint8Array[];
}

export interface RunRules {
  readonly hosts: ReadonlyMap<string, HostProfile>;
  readonly policy: Pick<Policy, 'sandbox'>;
}

/** For each target host the runs that count; a host without any is left out. Throws SchemaError, RUN_FOREIGN. */
export function chooseRuns(choice: RunChoice, { hosts, policy }: RunRules): ChosenRuns[] {
  const { source } = choice;
  const fits = (run: StoredRun): boolean => runFits(run.report, source, hosts.get(run.report.host.id));
  const kept = choice.kept.map(readRun).filter(fits);
  const offered = distinct(choice.offered.map(readRun));
  for (const { report } of offered) requireOf(report, source);
  return source.release.targets.flatMap(({ host }) => {
    const ofHost = (runs: readonly StoredRun[]): StoredRun[] => runs.filter(({ report }) => report.host.id === host);
    const [old, fresh] = [ofHost(kept), ofHost(offered.filter(fits))];
    const runs = richestFirst(isMore(fresh, old) ? fresh : old);
    const [first, ...others] = runs;
    if (first === undefined) return [];
    const isHeld = ({ report }: StoredRun): boolean => hasLayers(report, policy.sandbox.requiredLayers);
    const agreed =
      others.length > 0 && runs.every(isHeld) && others.every(({ report }) => runsAgree(first.report, report));
    return [{ host, runs, agreed }];
  });
}

const enginesIn = (runs: readonly StoredRun[]): number =>
  new Set(runs.flatMap(({ report }) => report.engines.map(({ name }) => name))).size;

/** The first is analysed: the one with most engines, so that what only its machine can see is seen. */
const richestFirst = (runs: readonly StoredRun[]): StoredRun[] =>
  [...runs].sort((a, b) => enginesIn([b]) - enginesIn([a]));

/** Another machine is worth more than another engine, since the observed level needs two; as many of both replace nothing. */
function isMore(fresh: readonly StoredRun[], old: readonly StoredRun[]): boolean {
  return fresh.length === old.length ? enginesIn(fresh) > enginesIn(old) : fresh.length > old.length;
}

const readRun = (bytes: Uint8Array): StoredRun => ({ report: parseJson(RunReport, bytes, 'run.json'), bytes });

/** One report handed in twice is one machine. */
function distinct(runs: readonly StoredRun[]): StoredRun[] {
  return [...new Map(runs.map((run) => [JSON.stringify(run.report), run])).values()];
}

/** A run without a layer that policy asks for says little about code that may have escaped: it confirms nothing. */
function hasLayers({ layers }: RunReport, required: readonly string[]): boolean {
  return required.every((name) => layers.some(({ layer, active }) => layer === name && active));
}

/**
 * Whether a report is of these bytes and this manifest, under this profile, by the analyser that asks. Which engines it has does not
 * matter: what one saw stays true on a machine without it.
 */
export function runFits(report: RunReport, source: ReleaseSource, profile: HostProfile | undefined): boolean {
  return (
    isOfRelease(report, source) &&
    report.analyser.version === ANALYSER_VERSION &&
    profile !== undefined &&
    report.host.profileSha256 === sha256(canonicalBytes(profile))
  );
}

const isOfRelease = ({ subject }: RunReport, { release, manifestSha256 }: ReleaseSource): boolean =>
  subject.artifact.sha256 === release.artifact.sha256 && subject.manifest?.sha256 === manifestSha256;

/** A report under the name of a release that speaks of another is a mistake in the job, or an attempt. */
function requireOf(report: RunReport, source: ReleaseSource): void {
  if (isOfRelease(report, source)) return;
  const { plugin, version } = source.release;
  throw new PublishError('RUN_FOREIGN', `${plugin} ${version}`, 'its run report is of another artifact or manifest');
}

/** The run as the analysis takes it: the report and the vectors it was made with. */
export function submittedRun(
  { host, runs }: ChosenRuns | { host: string; runs: readonly [] },
  { release, vectors }: Pick<ReleaseSource, 'release' | 'vectors'>,
): SubmittedRun | undefined {
  const [first] = runs;
  if (first === undefined) return undefined;
  const named = release.vectors.flatMap(({ name, sha256: digest }) => {
    const bytes = vectors.get(name);
    const vector = bytes === undefined ? undefined : parseJson(Vector, bytes, `vectors/${name}.json`);
    return vector?.host === host ? [[name, { vector, sha256: digest }] as const] : [];
  });
  return { report: first.report, vectors: new Map(named) };
}
