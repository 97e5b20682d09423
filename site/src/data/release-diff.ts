// What changed from one release of a plugin to another, for whoever decides whether to take it. The package document is enough for the
// answer; where both full reports are at hand, imports, exports and findings are compared too. Pure.

import { diffReports, sayDeterminism, sayFinding, sayShare } from '@plugmark/analysis';
import type { SignatureState } from '@plugmark/client';
import type {
  AnalysisReport,
  AnalysisSummary,
  DocumentRelease,
  HostProfile,
  PackageDocument,
  ReportDiff,
} from '@plugmark/schemas';
import { type PermissionPanel, permissionPanel } from './permission-panel.ts';
import { sayBytes, sayDay, sayMany } from './say-numbers.ts';

export interface ReleaseDiff {
  readonly plugin: string;
  readonly before: string;
  readonly after: string;
  readonly verdict: { readonly state: 'pass' | 'review' | 'fail'; readonly title: string; readonly says: string };
  readonly rows: readonly {
    readonly name: string;
    readonly before: string;
    readonly after: string;
    readonly isSame: boolean;
  }[];
  readonly hosts: readonly HostDiff[];
}

export interface HostDiff {
  readonly id: string;
  readonly title: string;
  readonly panel: PermissionPanel;
  /** Each with its sign. Absent when a full report was not at hand. */
  readonly items?: { readonly imports: readonly string[]; readonly exports: readonly string[] };
  readonly findings?: { readonly new: readonly string[]; readonly fixed: readonly string[] };
}

export interface ReportPair {
  readonly before: AnalysisReport;
  readonly after: AnalysisReport;
}

/** Whose signature a release carries, as the page found it. */
export interface Signer {
  readonly state: SignatureState;
  /** A key id or a workflow. */
  readonly name?: string;
  /** Why it does not count. */
  readonly code?: string;
}

export interface DiffInput {
  readonly document: PackageDocument;
  readonly before: DocumentRelease;
  readonly after: DocumentRelease;
  readonly hosts: ReadonlyMap<string, HostProfile>;
  /** By host. */
  readonly reports: ReadonlyMap<string, ReportPair>;
  readonly signers: { readonly before: Signer; readonly after: Signer };
}

export function releaseDiff({ document, before, after, hosts, reports, signers }: DiffInput): ReleaseDiff {
  const parts = after.analysis.flatMap((summary) => {
    const profile = hosts.get(summary.host);
    return profile === undefined
      ? []
      : [hostDiff({ summary, profile, before, after, pair: reports.get(summary.host) })];
  });
  return {
    plugin: document.plugin,
    before: before.release.version,
    after: after.release.version,
    verdict: signatureVerdict(signers) ?? verdictOf(before, after, parts) ?? signerVerdict(signers) ?? NO_MORE,
    rows: rowsOf(before, after, signers),
    hosts: parts,
  };
}

function verdictOf(
  before: DocumentRelease,
  after: DocumentRelease,
  parts: readonly HostDiff[],
): ReleaseDiff['verdict'] | undefined {
  const more = parts.filter(({ panel }) =>
    [...panel.prominent, ...panel.others].some(({ change }) => change !== undefined),
  );
  const [marked, unmarked] = [before.attestations.registry !== undefined, after.attestations.registry === undefined];
  if (after.analysis.some(({ host }) => !before.analysis.some((summary) => summary.host === host)))
    return {
      state: 'review',
      title: 'It is for another host too',
      says: 'What it can do there, nobody was asked before.',
    };
  if (more.length > 0)
    return { state: 'review', title: 'It can do more', says: 'Hosts ask their users again before they take it.' };
  if (marked && unmarked)
    return {
      state: 'review',
      title: 'It lost a mark',
      says: 'The earlier version carries the registry’s mark, the later one does not.',
    };
  return undefined;
}

const NO_MORE: ReleaseDiff['verdict'] = {
  state: 'pass',
  title: 'It can do no more than before',
  says: 'No capability was added, and none became wider.',
};

function signatureVerdict({ before, after }: DiffInput['signers']): ReleaseDiff['verdict'] | undefined {
  if (![before, after].some(({ state }) => state === 'verificationFailed')) return undefined;
  return {
    state: 'fail',
    title: 'A signature does not fit',
    says: 'It is not by anybody the publisher lists, or not about this release. No host takes it.',
  };
}

function signerVerdict({ before, after }: DiffInput['signers']): ReleaseDiff['verdict'] | undefined {
  if (before.name === after.name) return undefined;
  return {
    state: 'review',
    title: 'Somebody else signed it',
    says: 'Both are on the publisher’s list, and it can do no more than before. Ask the publisher if you did not expect the change.',
  };
}

/** The summary of a host in a release, or that there is none. */
const summaryFor = (release: DocumentRelease, host: string): AnalysisSummary | undefined =>
  release.analysis.find((summary) => summary.host === host);

interface HostInput {
  readonly summary: AnalysisSummary;
  readonly profile: HostProfile;
  readonly before: DocumentRelease;
  readonly after: DocumentRelease;
  readonly pair: ReportPair | undefined;
}

function hostDiff({ summary, profile, before, after, pair }: HostInput): HostDiff {
  const earlier = summaryFor(before, summary.host);
  const previous = earlier === undefined ? undefined : { version: before.release.version, summary: earlier };
  const panel = permissionPanel({ summary, host: profile, release: after.release, previous });
  const head = { id: profile.host, title: profile.title, panel };
  if (pair === undefined) return head;
  const diff = diffReports(pair.before, pair.after);
  return {
    ...head,
    items: { imports: diff.imports.map(sayItem), exports: diff.exports.map(sayItem) },
    findings: { new: diff.findings.new.map(sayFinding), fixed: diff.findings.fixed.map(sayFinding) },
  };
}

const SIGNS = { added: '+', removed: '−', changed: '~' } as const;

function sayItem({ change, module, name, before, after }: ReportDiff['imports'][number]): string {
  const whole = module === undefined || name === '' ? (module ?? name) : `${module}.${name}`;
  const types = change === 'changed' && before !== undefined && after !== undefined ? ` (${before} → ${after})` : '';
  return `${SIGNS[change]} ${whole}${types}`;
}

type Fact = readonly [string, (release: DocumentRelease) => string];

const first = ({ analysis }: DocumentRelease): AnalysisSummary | undefined => analysis[0];

/** What a reader compares, one line each; lines that are the same are kept, so that nothing looks left out. */
const FACTS: readonly Fact[] = [
  ['Published', ({ publishedAt }) => sayDay(publishedAt)],
  ['Size', ({ release }) => sayBytes(release.artifact.size)],
  ['SHA-256', ({ release }) => release.artifact.sha256],
  ['Licence', ({ release }) => release.license],
  ['For', ({ release }) => release.targets.map(({ host, api }) => `${host} ${api}`).join(', ')],
  ['Risk', (release) => first(release)?.capabilities.risk ?? 'unknown'],
  ['Verdict', (release) => first(release)?.verdict ?? 'unknown'],
  ['Findings', (release) => sayFindings(first(release))],
  ['Same answer each time', (release) => sayWord(first(release))],
  ['Dearest call', (release) => sayBudget(first(release))],
  ['Memory at start', (release) => sayBytes(first(release)?.memory.minBytes ?? 0)],
  ['Toolchain', (release) => first(release)?.toolchain.join(', ') || 'not named'],
  ['Registry’s mark', ({ attestations }) => (attestations.registry === undefined ? 'none' : 'struck')],
  ['Status', ({ status }) => status.state],
];

function rowsOf(before: DocumentRelease, after: DocumentRelease, signers: DiffInput['signers']): ReleaseDiff['rows'] {
  const [left, right] = [saySigner(signers.before), saySigner(signers.after)];
  const signer = { name: 'Signed by', before: left, after: right, isSame: left === right };
  return [signer, ...factRows(before, after)];
}

function saySigner({ state, name, code }: Signer): string {
  if (name !== undefined) return name;
  return code === undefined ? 'nobody' : `${state === 'notChecked' ? 'not checked' : 'refused'} (${code})`;
}

function factRows(before: DocumentRelease, after: DocumentRelease): ReleaseDiff['rows'] {
  return FACTS.map(([name, say]) => {
    const [left, right] = [say(before), say(after)];
    const isSame = left === right;
    return { name, before: left, after: name === 'Size' ? `${right}${percent(before, after)}` : right, isSame };
  });
}

function percent(before: DocumentRelease, after: DocumentRelease): string {
  const [a, b] = [before.release.artifact.size, after.release.artifact.size];
  if (a === 0 || a === b) return '';
  const change = Math.round(((b - a) / a) * 1000) / 10;
  return ` (${change > 0 ? '+' : '−'}${Math.abs(change)} %)`;
}

function sayFindings(summary: AnalysisSummary | undefined): string {
  if (summary === undefined) return 'unknown';
  const { error, warning, info } = summary.findings;
  return [sayMany(error, 'error'), sayMany(warning, 'warning'), sayMany(info, 'remark')].join(', ');
}

const sayWord = (summary: AnalysisSummary | undefined): string =>
  summary === undefined ? 'unknown' : `${summary.determinism.word}: ${sayDeterminism(summary.determinism)}`;

const sayBudget = (summary: AnalysisSummary | undefined): string =>
  summary?.budgetShare === undefined ? 'not run' : `${sayShare(summary.budgetShare)} of the host’s budget`;
