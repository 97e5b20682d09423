// Findings told apart over versions: which are the same one, which are new, which are gone. The key leaves out what a rebuild
// changes (sizes, digests, offsets, counts), so that the same fault keeps its name until it is mended.

import type { AnalysisReport, Finding, ReportDiff } from '@plugmark/schemas';

/** Facts that say how a fault shows this time, not which fault it is. Numbers are left out whatever their name. */
const CIRCUMSTANCES: ReadonlySet<string> = new Set([
  'actual',
  'added',
  'code',
  'expected',
  'imports',
  'problem',
  'purpose',
  'reason',
  'since',
  'targets',
  'versions',
]);

/** A key for each finding, in their order; equal ones are counted, so that no two in a report are the same. */
export function findingKeys(findings: readonly Finding[]): string[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const key = keyOf(finding);
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    return times === 1 ? key : `${key}#${times}`;
  });
}

function keyOf({ ruleId, facts, location }: Finding): string {
  const lasting = Object.entries(facts)
    .filter(([name, value]) => !CIRCUMSTANCES.has(name) && typeof value !== 'number' && typeof value !== 'boolean')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [name, Array.isArray(value) ? value.slice(0, LISTED).map(start) : start(value)]);
  return JSON.stringify([ruleId, location?.file ?? '', lasting]);
}

// Enough to tell names apart; a hostile one has 100,000 characters.
const start = (value: unknown): string => String(value).slice(0, 1000);
const LISTED = 20;

export const allFindings = ({ outcomes }: AnalysisReport): Finding[] => outcomes.flatMap(({ findings }) => findings);

export function diffFindings(before: AnalysisReport, after: AnalysisReport): ReportDiff['findings'] {
  const [had, has] = [keyed(before), keyed(after)];
  const kept = [...has].flatMap(([key, now]) => {
    const then = had.get(key);
    return then === undefined ? [] : [{ before: then, after: now }];
  });
  const changed = kept.filter((pair) => weight(pair.before) !== weight(pair.after));
  return {
    new: [...has].filter(([key]) => !had.has(key)).map(([, finding]) => finding),
    fixed: [...had].filter(([key]) => !has.has(key)).map(([, finding]) => finding),
    changed,
    unchanged: kept.length - changed.length,
  };
}

function keyed(report: AnalysisReport): Map<string, Finding> {
  const findings = allFindings(report);
  return new Map(findingKeys(findings).map((key, at) => [key, findings[at] as Finding]));
}

const weight = ({ effect, severity, exception }: Finding): string =>
  `${effect} ${severity} ${exception === undefined ? '' : 'accepted'}`;
