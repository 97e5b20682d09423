// The report as a table for terminals: status | property | expected | actual | class | severity, and under each finding its
// sentence. Narrow terminals leave out expected and actual, which the sentence repeats. No line is wider than the terminal.

import type { AnalysisReport, CheckOutcome, Finding } from '@plugmark/schemas';
import { CHECKS } from '../checks/table.ts';
import { importText } from '../import-text.ts';
import { grouped, RULES, type Rule, sayFinding } from '../rules.ts';
import { clip, padTo, shorten, textWidth, visible, wrap } from './text-columns.ts';

export type TerminalStyle = 'good' | 'bad' | 'warn' | 'dim' | 'bold';

export interface TerminalOptions {
  /** Columns of the terminal; 60 to 160 are used. 100 when it is not known. */
  readonly columns?: number;
  /** Emphasis by mark, e.g. colour; identity when the terminal has none. */
  readonly paint?: (style: TerminalStyle, text: string) => string;
}

interface Row {
  /** In the order of COLUMNS. */
  readonly cells: readonly string[];
  /** Under the cells, over the whole width. */
  readonly sentence: string;
  readonly style: TerminalStyle;
}

const COLUMNS = ['status', 'property', 'expected', 'actual', 'class', 'severity'] as const;
const COMPARED: readonly string[] = ['expected', 'actual'];
const GAP = '  ';
/** Below this the columns to compare would be too narrow to tell two digests apart. */
const WIDE_FROM = 110;
/** What is shown of a check that found more; the report itself has all. */
const SHOWN_FINDINGS = 10;
const SHOWN_IMPORTS = 8;
/** Characters of one sentence. A name may have 100,000. */
const SENTENCE = 400;

const MARKS = { pass: '✓ pass', fail: '✗ fail', inconclusive: '? inconclusive', notApplicable: '– n/a' } as const;
const OUTCOME_STYLES = { pass: 'good', fail: 'bad', inconclusive: 'warn', notApplicable: 'dim' } as const;
const VERDICTS = {
  pass: { style: 'good', words: 'PASS' },
  review: { style: 'warn', words: 'REVIEW: a person has to look' },
  fail: { style: 'bad', words: 'FAIL' },
} as const;

export function renderTerminal(report: AnalysisReport, { columns = 100, paint = (_, text) => text }: TerminalOptions = {}): string {
  const page = Math.min(160, Math.max(60, Math.floor(columns)));
  const { style, words } = VERDICTS[report.verdict];
  const lines = [
    ...subjectLines(report, page),
    '',
    ...table(report.outcomes.flatMap(outcomeRows), page, paint),
    '',
    ...capabilityLines(report).flatMap((text) => hanging(text, page, '    ')),
    `verdict  ${paint(style, words)}`,
  ];
  return `${lines.join('\n')}\n`;
}

function subjectLines({ subject, host }: AnalysisReport, page: number): string[] {
  const { kind, size, sha256 } = subject.artifact;
  const name = subject.plugin === undefined ? 'file' : `${subject.plugin} ${subject.version}`;
  const parts = [name, kind ?? 'unreadable', `${grouped(size)} bytes`, ...(host === undefined ? [] : [`for ${host.id}`])];
  return [...hanging(visible(parts.join(GAP)), page, GAP), `sha256:${sha256}`.slice(0, page)];
}

function outcomeRows({ check, outcome, reason = '', findings }: CheckOutcome): Row[] {
  const title = Object.hasOwn(CHECKS, check) ? CHECKS[check as keyof typeof CHECKS].title : check;
  const rest = findings.length - SHOWN_FINDINGS;
  return [
    { cells: [MARKS[outcome], title], sentence: visible(clip(reason, SENTENCE)), style: OUTCOME_STYLES[outcome] },
    ...findings.slice(0, SHOWN_FINDINGS).map(findingRow),
    ...(rest > 0 ? [{ cells: ['', `and ${grouped(rest)} more`], sentence: '', style: 'dim' } as const] : []),
  ];
}

const EFFECTS = { fail: { mark: '✗', style: 'bad' }, review: { mark: '!', style: 'warn' }, note: { mark: '·', style: 'dim' } } as const;

function findingRow(finding: Finding): Row {
  const { ruleId, severity, facts, exception, effect } = finding;
  const known: Rule | undefined = Object.hasOwn(RULES, ruleId) ? RULES[ruleId as keyof typeof RULES] : undefined;
  const { mark, style } = EFFECTS[exception === undefined ? effect : 'note'];
  const accepted = exception === undefined ? '' : ` (accepted until ${exception.expires}: ${clip(exception.reason, SENTENCE)})`;
  const cell = (value: unknown): string => (value === undefined ? '' : visible(clip(typeof value === 'number' ? grouped(value) : String(value), SENTENCE)));
  return {
    cells: [`  ${mark}`, ruleId, cell(facts['expected']), cell(facts['actual']), known?.class ?? '', severity],
    sentence: visible(clip(sayFinding(finding), SENTENCE) + accepted),
    style,
  };
}

function table(rows: readonly Row[], page: number, paint: NonNullable<TerminalOptions['paint']>): string[] {
  const widths = columnWidths(rows, page);
  const line = (cells: readonly string[]): string =>
    widths
      .flatMap((width, column) => (width === 0 ? [] : [padTo(shorten(cells[column] ?? '', width), width)]))
      .join(GAP)
      .trimEnd();
  const indent = ' '.repeat(GAP.length + (widths[0] ?? 0));
  const body = rows.flatMap(({ cells, sentence, style }) => {
    const below = sentence === '' ? [] : wrap(sentence, page - indent.length).map((text) => indent + text);
    return [line(cells), ...below].map((text) => paint(style, text));
  });
  return [paint('bold', line(COLUMNS)), ...body];
}

/** Columns as wide as their content, the two to compare as wide as is left; zero leaves a column out. */
function columnWidths(rows: readonly Row[], page: number): number[] {
  const natural = COLUMNS.map((name, column) => rows.reduce((most, { cells }) => Math.max(most, textWidth(cells[column] ?? '')), name.length));
  const others = natural.reduce((sum, width, column) => (isCompared(column) ? sum : sum + width + GAP.length), 0);
  const compared = rows.some(({ cells }) => COLUMNS.some((_, column) => isCompared(column) && (cells[column] ?? '') !== ''));
  const each = page < WIDE_FROM || !compared ? 0 : Math.floor((page - others) / 2) - GAP.length;
  return natural.map((width, column) => (isCompared(column) ? Math.min(width, Math.max(0, each)) : width));
}

const isCompared = (column: number): boolean => COMPARED.includes(COLUMNS[column] ?? '');

function capabilityLines({ capabilities }: AnalysisReport): string[] {
  if (capabilities === undefined) return [];
  const { derived, runtime, undeclared, unbounded, risk } = capabilities;
  const can = derived.map(({ id, imports }) => {
    const flag = undeclared.includes(id) ? '  NOT DECLARED' : '';
    return `  ${id}${flag}  from ${importList(imports)}`;
  });
  const helpers = runtime.length === 0 ? [] : [`  runtime only (no risk): ${importList(runtime)}`];
  const bound = unbounded.length === 0 ? [] : [`  not bounded by its imports: ${someOf(unbounded.map(({ detail }) => detail), '; ')}`];
  const nothing = can.length === 0 && bound.length === 0 ? ['  nothing outside its own memory'] : [];
  return [`can do (seen in the code), risk ${risk}:`, ...can, ...nothing, ...helpers, ...bound, ''].map(visible);
}

// A version only follows an interface; the profile's names, which these are, never start a core name with a digit after a slash.
function importList(imports: readonly { readonly module: string; readonly name: string }[]): string {
  const texts = imports.map(({ module, name }) => importText({ module, name, kind: module.includes('/') && /^\d/.test(name) ? 'instance' : 'function' }));
  return someOf(texts, ', ');
}

function someOf(texts: readonly string[], separator: string): string {
  const rest = texts.length - SHOWN_IMPORTS;
  return texts.slice(0, SHOWN_IMPORTS).join(separator) + (rest > 0 ? `${separator}and ${grouped(rest)} more` : '');
}

/** A line wrapped to the page, what follows the first line moved in. */
function hanging(text: string, page: number, indent: string): string[] {
  const start = /^ */.exec(text)?.[0] ?? '';
  const [first = '', ...rest] = wrap(text.slice(start.length), page - indent.length);
  return [start + first, ...rest.map((line) => indent + line)];
}
