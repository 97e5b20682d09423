// The report as a GitHub comment: a marker by which it is found and edited, what this is, the verdict with its checks, what the
// plugin can do (and what changed), what to do about each failure, and what the report was made with. The author's words stand
// in code spans only (markdown-text.ts).

import {
  type AnalysisReport,
  type CapabilityFacts,
  type CheckOutcome,
  type Finding,
  PROCESS_SENTENCE,
} from '@plugmark/schemas';
import { CHECKS } from '../checks/table.ts';
import { diffCapabilities } from '../diff-capabilities.ts';
import { allFindings } from '../diff-findings.ts';
import { diffReports } from '../diff-reports.ts';
import { importText } from '../import-text.ts';
import { isProcess } from '../process-capabilities.ts';
import { grouped } from '../rules/rule.ts';
import { cell, diffHead, diffRow } from './diff-markdown.ts';
import { capabilityRows, statePieces } from './diff-sections.ts';
import { type Block, layOut, ROWS, tableHead, tableRow } from './markdown-page.ts';
import { code, findingSentence, prose, words } from './markdown-text.ts';
import { knownRule, rulePage } from './rule-page.ts';
import { sayDeterminism, VECTOR_COLUMNS, vectorRow } from './run-words.ts';

/** First line of the comment, by which it is found again. */
export const MARKDOWN_MARKER = '<!-- plugmark:analysis v1 -->';

export interface MarkdownOptions {
  /** The report of the last release for this host, to say what changed since. */
  readonly previous?: AnalysisReport;
  /** Where the whole, signed report is. Ours, not the plugin's. */
  readonly reportUrl?: string;
}

const VERDICTS = {
  pass: '✅ Verdict: pass',
  review: '🟡 Verdict: review, a person has to look',
  fail: '❌ Verdict: fail',
} as const;
const OUTCOMES = {
  pass: '✅ pass',
  fail: '❌ fail',
  review: '🟡 review',
  inconclusive: '❔ inconclusive',
  notApplicable: '➖ not applicable',
} as const;
const EFFECTS = { fail: '❌', review: '🟡', note: 'ℹ️' } as const;

export function renderMarkdown(report: AnalysisReport, { previous, reportUrl }: MarkdownOptions = {}): string {
  return layOut([
    { open: [MARKDOWN_MARKER, ...headLines(report, previous), ''] },
    {
      open: [`### ${VERDICTS[report.verdict]}`, '', ...tableHead(['result', 'check', ''])],
      rows: report.outcomes.map(checkRow),
      close: [''],
    },
    ...(previous === undefined ? [] : changeBlocks(previous, report)),
    ...capabilityBlocks(report),
    ...runBlocks(report),
    ...adviceBlocks(report),
    { open: ['---', '', footer(report, reportUrl)] },
  ]);
}

function headLines({ subject, host }: AnalysisReport, previous: AnalysisReport | undefined): string[] {
  const { plugin, version = '', artifact } = subject;
  const what = plugin === undefined ? 'File' : previous === undefined ? 'First release' : 'New release';
  const name = plugin === undefined ? '' : `: ${code(plugin)} ${code(version)}`;
  const place = host === undefined ? '' : ` for ${code(host.id)}`;
  const since = previous?.subject.version === undefined ? '' : ` Compared with ${code(previous.subject.version)}.`;
  const kind = { core: 'Core module', component: 'Component', process: 'Process plugin' }[artifact.kind ?? 'core'];
  const about = `${artifact.kind === undefined ? 'Unreadable' : kind}, ${grouped(artifact.size)} bytes, sha256 ${code(artifact.sha256)}.`;
  return [`## ${what}${name}${place}`, '', about + since];
}

function checkRow({ check, outcome, required, reason = '', findings }: CheckOutcome): string {
  const title = Object.hasOwn(CHECKS, check) ? prose(CHECKS[check as keyof typeof CHECKS].title) : code(check);
  const asks =
    outcome === 'fail' && findings.every(({ effect, exception }) => effect !== 'fail' || exception !== undefined);
  const count =
    findings.length === 0 ? '' : `${grouped(findings.length)} ${findings.length === 1 ? 'finding' : 'findings'}`;
  const optional = outcome === 'inconclusive' && !required ? ' (not required)' : '';
  return tableRow([OUTCOMES[asks ? 'review' : outcome], title, (reason === '' ? count : words(reason)) + optional]);
}

/** The table of what changed, and in one line what else did. */
export function changeBlocks(previous: AnalysisReport, report: AnalysisReport): Block[] {
  const { capabilities, size, memory, toolchain } = diffReports(previous, report);
  if (capabilities === undefined) return [{ open: ['### Capability change', '', 'Could not be compared.', ''] }];
  const rows = capabilityRows(capabilities).map(diffRow);
  const started =
    memory === undefined ? [] : [['memory at start', memory.before.minBytes, memory.after.minBytes] as const];
  const figures = [['size', size.before, size.after] as const, ...started].filter(([, then, now]) => then !== now);
  const others = [
    ...figures.map(([name, then, now]) => `${name} ${grouped(then)} → ${grouped(now)} bytes`),
    ...toolchain.gained.slice(0, 5).map((name) => `made with ${code(name)}`),
  ];
  const also = others.length === 0 ? [] : [`Also: ${others.join('; ')}.`, ''];
  const table =
    rows.length === 0
      ? { open: ['### Capability change', '', 'None.'] }
      : { open: ['### Capability change', '', ...diffHead('capability')], rows };
  return [{ ...table, close: ['', ...also] }];
}

export function capabilityBlocks({ capabilities }: AnalysisReport): Block[] {
  if (capabilities === undefined) return [{ open: ['### What it can do', '', 'Not known.', ''] }];
  if (isProcess(capabilities)) return processBlocks(capabilities);
  const { unknown, unbounded, runtime, risk } = capabilities;
  const states = diffCapabilities(NO_CAPABILITIES, capabilities).changes;
  const open = unknown.length > 0 || unbounded.length > 0;
  const title = `### What it can do (risk: ${open ? (risk === 'none' ? 'not known' : `at least ${risk}`) : risk})`;
  const rows = states.map(({ id, risk: itsRisk = '', after }) =>
    tableRow([code(id), itsRisk, cell(statePieces(after)), reasonOf(capabilities, id)]),
  );
  const nothing = open ? 'No capability the host knows.' : 'Nothing outside its own memory.';
  return [
    rows.length === 0
      ? { open: [title, '', nothing, ''] }
      : { open: [title, '', ...tableHead(['capability', 'risk', 'how', 'reason given'])], rows, close: [''] },
    ...listBlock(
      'Unknown or forbidden, so nobody can say what they do:',
      unknown.map((item) => code(importText(item))),
    ),
    ...listBlock(
      'Its imports do not bound what it can reach:',
      unbounded.map(({ detail }) => code(detail)),
    ),
    ...(runtime.length === 0 ? [] : [{ open: [`Runtime imports, without risk: ${grouped(runtime.length)}.`, ''] }]),
  ];
}

/** The sentence first; what is declared is the author's word and stands under it. */
function processBlocks({ declared = [], risk }: CapabilityFacts): Block[] {
  const head = [
    `### What it can do (risk: ${risk})`,
    '',
    `⚠️ **${PROCESS_SENTENCE}.** It runs as a program of its own, and its bytes do not show what it does.`,
    '',
  ];
  if (declared.length === 0) return [{ open: head }];
  const rows = declared.map(({ id, reason }) => tableRow([code(id), words(reason)]));
  return [{ open: [...head, ...tableHead(['its author says it uses', 'reason given'])], rows, close: [''] }];
}

const NO_CAPABILITIES: CapabilityFacts = {
  derived: [],
  runtime: [],
  undeclared: [],
  unused: [],
  unknown: [],
  unbounded: [],
  hash: '',
  risk: 'none',
};

function reasonOf({ declared = [] }: CapabilityFacts, id: string): string {
  const reason = declared.find((one) => one.id === id)?.reason;
  return reason === undefined ? '' : words(reason);
}

function listBlock(title: string, items: readonly string[]): Block[] {
  return items.length === 0 ? [] : [{ open: [title, ''], rows: items.map((item) => `- ${item}`), close: [''] }];
}

function runBlocks({ determinism, vectors }: AnalysisReport): Block[] {
  const said = `**Determinism: ${determinism.word}.** ${sentence(words(sayDeterminism(determinism)))}`;
  if (vectors.length === 0) return [{ open: ['### Runs', '', said, ''] }];
  const rows = vectors.map((vector) => {
    const [name = '', ...figures] = vectorRow(vector);
    return tableRow([code(name), ...figures.map(words)]);
  });
  return [{ open: ['### Runs', '', said, '', ...tableHead([...VECTOR_COLUMNS])], rows, close: [''] }];
}

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;

const ORDER = ['fail', 'review', 'note'] as const;

/** One fold per rule: what it found, why it matters, what to do. What blocks comes first and is open. */
export function adviceBlocks(report: AnalysisReport, heading?: string): Block[] {
  const all = allFindings(report);
  const byRule = new Map(all.map(({ ruleId }) => [ruleId, all.filter((one) => one.ruleId === ruleId)]));
  const weight = (findings: readonly Finding[]): number =>
    Math.min(...findings.map((one) => ORDER.indexOf(effectOf(one))));
  const rules = [...byRule].sort(([, a], [, b]) => weight(a) - weight(b));
  const title = heading ?? (report.verdict === 'pass' ? '### Notes' : '### What to do next');
  return rules.length === 0
    ? []
    : [
        { open: [title, ''] },
        ...rules.map(([ruleId, findings]) => fold(ruleId, findings, ORDER[weight(findings)] ?? 'note')),
      ];
}

const effectOf = ({ effect, exception }: Finding): Finding['effect'] => (exception === undefined ? effect : 'note');

function fold(ruleId: string, findings: readonly Finding[], effect: Finding['effect']): Block {
  const rule = knownRule(ruleId);
  const title = rule === undefined ? 'A rule of a later version' : html(rule.title);
  const advice = rule === undefined ? [] : [`**Why:** ${prose(rule.why)}`, '', `**What to do:** ${prose(rule.fix)}`];
  return {
    open: [
      `<details${effect === 'fail' ? ' open' : ''}>`,
      `<summary>${EFFECTS[effect]} ${title} (<code>${html(ruleId)}</code>)</summary>`,
      '',
    ],
    total: findings.length,
    rows: findings
      .slice(0, ROWS)
      .map((finding) => `- ${findingSentence(finding)}${placeOf(finding)}${acceptance(finding)}`),
    close: ['', ...advice, '', `[More about this rule](${rulePage(ruleId)})`, '', '</details>', ''],
  };
}

function placeOf({ location }: Finding): string {
  if (location === undefined) return '';
  const { offset, file } = location;
  return `${file === undefined ? '' : ` in ${code(file)}`} at byte ${grouped(offset)}`;
}

function acceptance({ exception }: Finding): string {
  return exception === undefined ? '' : ` (accepted until ${exception.expires}: ${words(exception.reason)})`;
}

// Our own words and ids of our own form; in the summary there is no Markdown, so no code span would protect anything.
export const html = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

function footer({ analyser, host, policySha256, subject }: AnalysisReport, reportUrl: string | undefined): string {
  const parts = [
    `${analyser.name} ${analyser.version}`,
    `policy ${code(policySha256.slice(0, 16))}`,
    ...(host === undefined ? [] : [`host profile ${code(host.profileSha256.slice(0, 16))}`]),
    ...(subject.manifest === undefined ? [] : [`manifest ${code(subject.manifest.sha256)}`]),
    ...(reportUrl === undefined
      ? []
      : [
          `[whole report](${reportUrl.replace(/[()<>\s]/g, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`)})`,
        ]),
  ];
  return parts.join(' · ');
}
