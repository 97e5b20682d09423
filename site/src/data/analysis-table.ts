// The assay: what the analyser found, from the summary in the signed document and, where it is at hand, the full report. Pure.

import { RULES, type RuleName, sayDeterminism, sayFinding } from '@plugmark/analysis';
import type { AnalysisReport, AnalysisSummary, Finding } from '@plugmark/schemas';
import { importName } from './permission-rows.ts';
import { sayMany } from './say-numbers.ts';

interface FindingRow {
  readonly ruleId: string;
  /** Not for a rule that only a later version has. */
  readonly hasPage: boolean;
  readonly severity: Finding['severity'];
  readonly title: string;
  readonly says: string;
  /** Why an accepted exception covers it, and until when. */
  readonly exception?: string;
}

export interface AnalysisTable {
  readonly verdict: { readonly word: string; readonly says: string };
  readonly checks: string;
  readonly imports: readonly { readonly group: string; readonly names: readonly string[] }[];
  /** Where there are none. */
  readonly noImports: string;
  readonly findings: readonly FindingRow[];
  /** What is only good to know: by name, the text is in the report. */
  readonly remarks: readonly string[];
  /** Counted in the document, but the report with their text is not loose in the tree. */
  readonly unlisted: number;
  readonly toolchain: readonly string[];
  readonly determinism: string;
  readonly report: string;
}

const VERDICTS: Readonly<Record<AnalysisSummary['verdict'], { readonly word: string; readonly says: string }>> = {
  pass: { word: 'Pass', says: 'every required check passed' },
  review: { word: 'Review', says: 'a person had to look at it' },
  fail: { word: 'Fail', says: 'a required check failed' },
};

export interface AnalysisInput {
  readonly summary: AnalysisSummary;
  readonly report: AnalysisReport | undefined;
  /** Path of the report below the tree. */
  readonly path: string;
  readonly titleOf: (capability: string) => string;
}

export function analysisTable({ summary, report, path, titleOf }: AnalysisInput): AnalysisTable {
  const findings = report?.outcomes.flatMap((outcome) => outcome.findings) ?? [];
  const { error, warning, info } = summary.findings;
  return {
    verdict: VERDICTS[summary.verdict],
    checks: report === undefined ? '' : sayChecks(report),
    noImports: summary.capabilities.unbounded.some(({ cause }) => cause === 'process')
      ? 'none that could be seen: it is no WebAssembly'
      : 'none',
    imports: importGroups(summary, { titleOf, isComponent: report?.subject.artifact.kind === 'component' }),
    findings: findings.filter(isShown).map(findingRow),
    remarks: [...new Set(findings.filter((finding) => !isShown(finding)).map((finding) => findingRow(finding).title))],
    unlisted: report === undefined ? error + warning + info : 0,
    toolchain: summary.toolchain,
    determinism: `${summary.determinism.word}: ${sayDeterminism(summary.determinism)}`,
    report: path,
  };
}

function sayChecks({ outcomes }: AnalysisReport): string {
  const parts = (Object.keys(OUTCOME_WORDS) as (keyof typeof OUTCOME_WORDS)[]).flatMap((outcome) => {
    const count = outcomes.filter((candidate) => candidate.outcome === outcome).length;
    return count === 0 ? [] : [`${count} ${OUTCOME_WORDS[outcome]}`];
  });
  return `${sayMany(outcomes.length, 'check')}: ${parts.join(', ')}`;
}

const OUTCOME_WORDS = {
  pass: 'passed',
  fail: 'failed',
  inconclusive: 'undecided',
  notApplicable: 'not applicable',
} as const;

function importGroups(
  { capabilities }: AnalysisSummary,
  { titleOf, isComponent }: { titleOf: (id: string) => string; isComponent: boolean },
): AnalysisTable['imports'] {
  const name = (item: { module: string; name: string }): string => importName(item, { isComponent });
  const groups = capabilities.derived.map(({ id, imports }) => ({
    group: titleOf(id),
    names: imports.map(name).sort(),
  }));
  const runtime = capabilities.runtime.map(name).sort();
  return runtime.length === 0 ? groups : [...groups, { group: 'Runtime, no risk', names: runtime }];
}

/** What asks for attention, and what somebody accepted. */
const isShown = ({ severity, exception }: Finding): boolean => severity !== 'info' || exception !== undefined;

function findingRow(finding: Finding): FindingRow {
  const { ruleId, severity, exception } = finding;
  const hasPage = Object.hasOwn(RULES, ruleId);
  const title = hasPage ? RULES[ruleId as RuleName].title : ruleId;
  const accepted =
    exception === undefined
      ? {}
      : { exception: `Accepted until ${exception.expires.slice(0, 10)}: ${exception.reason}` };
  return { ruleId, hasPage, severity, title, says: sayFinding(finding), ...accepted };
}
