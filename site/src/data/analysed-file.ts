// What /analyse/ says about a file somebody dropped: the parts of a plugin's page that need no registry. Pure.

import { sayFinding, summarizeReport } from '@plugmark/analysis';
import type { AnalysisReport, HostProfile } from '@plugmark/schemas';
import { type AnalysisTable, analysisTable } from './analysis-table.ts';
import { type PermissionPanel, permissionPanel } from './permission-panel.ts';
import { sayBytes } from './say-numbers.ts';

export interface AnalysedFile {
  readonly name: string;
  readonly host: { readonly id: string; readonly title: string };
  readonly verdict: { readonly word: string; readonly says: string; readonly state: AnalysisReport['verdict'] };
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** Absent when the bytes could not be read. */
  readonly parts?: { readonly panel: PermissionPanel; readonly table: AnalysisTable };
  /** Why the verdict is not a pass: what failed, then what could not be decided. */
  readonly problems: readonly string[];
}

/** One line of the comparison of hosts. */
export interface HostFit {
  readonly id: string;
  readonly title: string;
  readonly verdict: AnalysisReport['verdict'];
  readonly word: string;
  readonly why: string;
}

const VERDICTS: Readonly<Record<AnalysisReport['verdict'], { readonly word: string; readonly says: string }>> = {
  pass: { word: 'It would pass', says: 'Every check that this registry requires and that a bare file allows passed.' },
  review: { word: 'A person would look at it', says: 'Something could not be decided by rules alone.' },
  fail: { word: 'It would be refused', says: 'A check that this registry requires failed.' },
};

const FIT_WORDS = { pass: 'Pass', review: 'Review', fail: 'Refused' } as const;

const KINDS = {
  core: 'WebAssembly core module',
  component: 'WebAssembly component',
  process: 'zip of a process plugin',
} as const;

export function analysedFile(name: string, report: AnalysisReport, host: HostProfile): AnalysedFile {
  const { artifact } = report.subject;
  const summary = summarizeReport(report);
  const { kind, size } = artifact;
  return {
    name,
    host: { id: host.host, title: host.title },
    verdict: { ...VERDICTS[report.verdict], state: report.verdict },
    facts: [
      { name: 'File', value: name },
      { name: 'Kind', value: kind === undefined ? 'not recognised' : KINDS[kind] },
      { name: 'Size', value: sayBytes(size) },
      { name: 'SHA-256', value: artifact.sha256 },
    ],
    ...(summary === undefined || kind === undefined
      ? {}
      : {
          parts: {
            panel: permissionPanel({ summary, host, release: { artifact: { kind, size } } }),
            table: analysisTable({ summary, report, titleOf: (id) => titleOf(host, id) }),
          },
        }),
    problems: problemsOf(report),
  };
}

/** Best first: what passes, then what needs a person, then what fits least badly. */
export function hostFits(reports: readonly AnalysisReport[], titles: ReadonlyMap<string, string>): readonly HostFit[] {
  const rank = { pass: 0, review: 1, fail: 2 } as const;
  return reports
    .map((report) => ({ report, problems: problemsOf(report) }))
    .sort((a, b) => rank[a.report.verdict] - rank[b.report.verdict] || a.problems.length - b.problems.length)
    .map(({ report, problems }) => ({
      id: report.host?.id ?? '',
      title: titles.get(report.host?.id ?? '') ?? '',
      verdict: report.verdict,
      word: FIT_WORDS[report.verdict],
      why: problems[0] ?? 'Everything it imports and exports is what this host knows.',
    }));
}

function problemsOf({ outcomes }: AnalysisReport): readonly string[] {
  const failed = outcomes.flatMap(({ findings }) => findings.filter(({ effect }) => effect !== 'note').map(sayFinding));
  const open = outcomes.filter(({ outcome, required }) => required && outcome === 'inconclusive');
  return [...failed, ...open.flatMap(({ reason }) => (reason === undefined ? [] : [reason]))];
}

const titleOf = (host: HostProfile, id: string): string =>
  host.capabilities.find((capability) => capability.id === id)?.title ?? id;
