// The assay: what the analyser found, from the summary in the signed document and, where it is at hand, the full report. Pure.

import { RULES, type RuleName, sayDeterminism, sayFinding, sayShare } from '@plugmark/analysis';
import type { AnalysisReport, AnalysisSummary, Finding } from '@plugmark/schemas';
import { importName } from './permission-rows.ts';
import { sayBytes, sayMany } from './say-numbers.ts';

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
  /** What was done to find all this. */
  readonly how: string;
  /** What running its vectors cost, dearest first; empty when they were not run. */
  readonly costs: readonly string[];
  /** The same, vector by vector, where there are several. */
  readonly vectors: readonly { readonly name: string; readonly share: string; readonly memory: string }[];
  /** What its host calls; of a process, nothing. */
  readonly exports: readonly string[];
  /** Path of the report below the tree; absent for one that was made here and now. */
  readonly report?: string;
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
  readonly path?: string;
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
    how: sayHow(summary),
    costs: sayCosts(report, summary),
    vectors: vectorCosts(report),
    exports: exportsOf(report),
    ...(path === undefined ? {} : { report: path }),
  };
}

function sayHow({ determinism: { inputs, runs } }: AnalysisSummary): string {
  const read = 'What the analyser read from the bytes';
  return inputs === 0
    ? `${read}. The code was not run for this, and nobody has read it.`
    : `${read}, and saw in ${sayMany(runs, 'run')} of ${sayMany(inputs, 'test vector')} in a sandbox. Nobody has read the code.`;
}

const MAX_VECTORS = 8;

function vectorCosts(report: AnalysisReport | undefined): AnalysisTable['vectors'] {
  const costs = (report?.vectors ?? []).flatMap(({ name, budgetShare, peakMemoryBytes }) =>
    budgetShare === undefined ? [] : [{ name, budgetShare, peakMemoryBytes }],
  );
  if (costs.length < 2) return [];
  return costs
    .sort((a, b) => b.budgetShare - a.budgetShare)
    .slice(0, MAX_VECTORS)
    .map(({ name, budgetShare, peakMemoryBytes }) => ({
      name,
      share: sayShare(budgetShare),
      memory: sayBytes(peakMemoryBytes),
    }));
}

const MAX_EXPORTS = 20;

function exportsOf(report: AnalysisReport | undefined): readonly string[] {
  const facts = report?.facts;
  if (facts === undefined || facts.kind === 'process') return [];
  const names = facts.exports.map(({ name }) => name);
  return names.length > MAX_EXPORTS
    ? [...names.slice(0, MAX_EXPORTS), `and ${names.length - MAX_EXPORTS} more`]
    : names;
}

/** Most people want one number: the dearest input, as a share of what the host allows a call. */
function sayCosts(report: AnalysisReport | undefined, { host }: AnalysisSummary): string[] {
  const costs = (report?.vectors ?? []).flatMap(({ name, fuel, budgetShare, peakMemoryBytes }) =>
    fuel === undefined || budgetShare === undefined ? [] : [{ name, fuel, budgetShare, peakMemoryBytes }],
  );
  const [most] = costs.sort((a, b) => b.budgetShare - a.budgetShare);
  if (most === undefined) return [];
  const memory = Math.max(...costs.map(({ peakMemoryBytes }) => peakMemoryBytes));
  return [
    `at most ${sayShare(most.budgetShare)} of ${host}’s budget for a call (${most.name}: ${most.fuel.toLocaleString('en')} units of fuel)`,
    `at most ${Math.ceil(memory / 1024).toLocaleString('en')} KiB of memory`,
  ];
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
