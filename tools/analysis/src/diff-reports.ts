// What changed between two reports, as a table of contents. Pure; what one of the reports does not hold is left out, and that
// something may have been widened is never ruled out without having been looked at.

import type { AnalysisReport, ArtifactFacts, DiffSide, Release, ReportDiff } from '@plugmark/schemas';
import { diffCapabilities, isWider } from './diff-capabilities.ts';
import { diffFindings } from './diff-findings.ts';
import { diffItems, gainedAndLost } from './diff-items.ts';
import { diffVectors, percentChange } from './diff-vectors.ts';
import { memoryOf, toolchainOf } from './summary.ts';

export interface DiffOptions {
  /** The manifests, where both are at hand: licence, targets and the like are in no report. */
  readonly releases?: { readonly before: Release; readonly after: Release };
}

/** Compares two reports of one plugin. The order of the arguments is that of time. */
export function diffReports(before: AnalysisReport, after: AnalysisReport, { releases }: DiffOptions = {}): ReportDiff {
  const capabilities =
    before.capabilities && after.capabilities && diffCapabilities(before.capabilities, after.capabilities);
  return {
    schemaVersion: 1,
    before: sideOf(before),
    after: sideOf(after),
    widened: widening(before, after),
    verdict: { before: before.verdict, after: after.verdict },
    ...(capabilities === undefined ? {} : { capabilities }),
    findings: diffFindings(before, after),
    ...diffFacts(before.facts, after.facts),
    size: sizeOf(before.subject.artifact.size, after.subject.artifact.size),
    vectors: diffVectors(before.vectors, after.vectors),
    determinism: { before: before.determinism.word, after: after.determinism.word },
    manifest:
      releases === undefined ? [] : differing(manifestText(releases.before), manifestText(releases.after), 'field'),
    conditions: differing(conditionsOf(before), conditionsOf(after), 'name'),
  };
}

function widening(before: AnalysisReport, after: AnalysisReport): ReportDiff['widened'] {
  if (before.capabilities === undefined || after.capabilities === undefined) return 'unknown';
  if (before.host?.id !== after.host?.id) return 'unknown';
  const diff = diffCapabilities(before.capabilities, after.capabilities);
  return isWider(diff, before.capabilities, after.capabilities) ? 'yes' : 'no';
}

function sideOf({ subject: { plugin, version, artifact }, host }: AnalysisReport): DiffSide {
  return {
    ...(plugin === undefined ? {} : { plugin }),
    ...(version === undefined ? {} : { version }),
    ...artifact,
    ...(host === undefined ? {} : { host: host.id }),
  };
}

function sizeOf(before: number, after: number): ReportDiff['size'] {
  const percent = percentChange(before, after);
  return { before, after, ...(percent === undefined ? {} : { percent }) };
}

type FactsDiff = Pick<ReportDiff, 'imports' | 'exports' | 'files' | 'memory' | 'toolchain' | 'features'>;

function diffFacts(before: ArtifactFacts | undefined, after: ArtifactFacts | undefined): FactsDiff {
  const nothing = { gained: [], lost: [] };
  if (before === undefined || after === undefined)
    return { imports: [], exports: [], files: [], toolchain: nothing, features: nothing };
  return {
    ...diffItems(before, after),
    ...(before.kind === 'process' || after.kind === 'process'
      ? {}
      : { memory: { before: memoryOf(before), after: memoryOf(after) } }),
    toolchain: gainedAndLost(toolchainOf(before), toolchainOf(after)),
    features: gainedAndLost(featuresOf(before), featuresOf(after)),
  };
}

function featuresOf(facts: ArtifactFacts): string[] {
  if (facts.kind === 'process') return [];
  const all = facts.kind === 'core' ? facts.features : facts.modules.flatMap(({ features }) => features);
  return [...new Set(all)].sort();
}

type ManifestField = ReportDiff['manifest'][number]['field'];
type Condition = ReportDiff['conditions'][number]['name'];

/** Fields as text, so that a person can compare them. Order within a field means nothing. */
function manifestText({
  plugin,
  version,
  license,
  targets,
  dependencies,
  source,
  limits,
}: Release): Map<ManifestField, string> {
  const list = (entries: readonly string[]): string => [...entries].sort().join(', ');
  const texts: [ManifestField, string][] = [
    ['plugin', plugin],
    ['version', version],
    ['license', license],
    ['targets', list(targets.map(({ host, api }) => `${host} ${api}`))],
    ['dependencies', list(Object.entries(dependencies).map(([name, range]) => `${name} ${range}`))],
    ['repository', source?.repository ?? ''],
    ['limits', list(Object.entries(limits ?? {}).map(([name, limit]) => `${name} ${limit}`))],
  ];
  return new Map(texts.filter(([, text]) => text !== '').map(([field, text]) => [field, text.slice(0, 4000)]));
}

function conditionsOf({ analyser, host, policySha256 }: AnalysisReport): Map<Condition, string> {
  const conditions: [Condition, string | undefined][] = [
    ['analyser', `${analyser.name} ${analyser.version}`],
    ['host', host?.id],
    ['hostProfile', host?.profileSha256],
    ['policy', policySha256],
  ];
  return new Map(conditions.flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])));
}

/** The entries that differ, each as `{[label]: name, before, after}`. */
function differing<Name extends string, Label extends string>(
  before: ReadonlyMap<Name, string>,
  after: ReadonlyMap<Name, string>,
  label: Label,
): ({ readonly [L in Label]: Name } & { before?: string; after?: string })[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => before.get(name) !== after.get(name),
  );
  return names.map((name) => {
    const [then, now] = [before.get(name), after.get(name)];
    const sides = { ...(then === undefined ? {} : { before: then }), ...(now === undefined ? {} : { after: now }) };
    return { [label]: name, ...sides } as { readonly [L in Label]: Name } & { before?: string; after?: string };
  });
}
