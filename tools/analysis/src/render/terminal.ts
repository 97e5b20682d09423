// The report as a table for terminals: status | property | expected | actual | class | severity, and under each finding its
// sentence. Narrow terminals leave out expected and actual, which the sentence repeats. No line but
// the file's digest, which is there to be copied whole, is wider than the terminal.

import type { AnalysisReport, CapabilityFacts, CheckOutcome, Finding } from '@plugmark/schemas';
import { CHECKS } from '../checks/table.ts';
import { importText } from '../import-text.ts';
import { isProcess } from '../process-capabilities.ts';
import { grouped, type Rule } from '../rules/rule.ts';
import { RULES, sayFinding } from '../rules.ts';
import { sayDeterminism, VECTOR_COLUMNS, vectorRow } from './run-words.ts';
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
  /** Beside the cells that are there. */
  readonly reason?: string;
  /** Under the cells, over the whole width. */
  readonly sentence?: string;
  readonly style: TerminalStyle;
}

const COLUMNS = ['status', 'property', 'expected', 'actual', 'class', 'severity'] as const;
const COMPARED: readonly string[] = ['expected', 'actual'];
const GAP = '  ';
/** Below this the columns to compare would be too narrow to tell two digests apart. */
const WIDE_FROM = 110;
const CLASS_FROM = 80;
/** Longest cell of our own words; ids of a later version may be longer and are shortened. */
const CELL = 34;
/** What is shown of a check that found more; the report itself has all. */
const SHOWN_FINDINGS = 10;
const SHOWN_IMPORTS = 8;
const SHOWN_NAME = 120;
const SHOWN_VECTORS = 12;
/** Characters of one sentence. A name may have 100,000. */
const SENTENCE = 400;

const OUTCOMES = {
  pass: { mark: '✓ pass', style: 'good' },
  fail: { mark: '✗ fail', style: 'bad' },
  /** Failed by rules that ask for a person, and by no other. */
  review: { mark: '! review', style: 'warn' },
  inconclusive: { mark: '? inconclusive', style: 'warn' },
  notApplicable: { mark: '– n/a', style: 'dim' },
} as const;
const VERDICTS = {
  pass: { style: 'good', words: 'PASS' },
  review: { style: 'warn', words: 'REVIEW: a person has to look' },
  fail: { style: 'bad', words: 'FAIL' },
} as const;

export function renderTerminal(
  report: AnalysisReport,
  { columns = 100, paint = (_, text) => text }: TerminalOptions = {},
): string {
  const page = Math.min(160, Math.max(60, Math.floor(columns)));
  const { style, words } = VERDICTS[report.verdict];
  const lines = [
    ...subjectLines(report, page),
    '',
    ...table(report.outcomes.flatMap(outcomeRows), page, paint),
    '',
    ...capabilityLines(report).flatMap((text) => hanging(text, page, '    ')),
    ...runLines(report, page),
    `verdict  ${paint(style, words)}`,
  ];
  return `${lines.join('\n')}\n`;
}

function subjectLines({ subject, host }: AnalysisReport, page: number): string[] {
  const { kind, size, sha256 } = subject.artifact;
  const name = subject.plugin === undefined ? 'file' : `${subject.plugin} ${subject.version}`;
  const parts = [
    name,
    kind ?? 'unreadable',
    `${grouped(size)} bytes`,
    ...(host === undefined ? [] : [`for ${host.id}`]),
  ];
  return [...hanging(visible(parts.join(GAP)), page, GAP), `sha256:${sha256}`];
}

function outcomeRows({ check, outcome, reason = '', findings }: CheckOutcome): Row[] {
  const title = Object.hasOwn(CHECKS, check) ? CHECKS[check as keyof typeof CHECKS].title : check;
  const rest = findings.length - SHOWN_FINDINGS;
  const asks =
    outcome === 'fail' && findings.every(({ effect, exception }) => effect !== 'fail' || exception !== undefined);
  const { mark, style } = OUTCOMES[asks ? 'review' : outcome];
  return [
    { cells: [mark, title], reason: visible(clip(reason, SENTENCE)), style },
    ...findings.slice(0, SHOWN_FINDINGS).map(findingRow),
    ...(rest > 0 ? [{ cells: ['', `and ${grouped(rest)} more`], style: 'dim' } as const] : []),
  ];
}

const EFFECTS = {
  fail: { mark: '✗', style: 'bad' },
  review: { mark: '!', style: 'warn' },
  note: { mark: '·', style: 'dim' },
} as const;

function findingRow(finding: Finding): Row {
  const { ruleId, severity, facts, exception, effect, location } = finding;
  const known: Rule | undefined = Object.hasOwn(RULES, ruleId) ? RULES[ruleId as keyof typeof RULES] : undefined;
  const { mark, style } = EFFECTS[exception === undefined ? effect : 'note'];
  const place = location === undefined ? '' : ` at byte ${grouped(location.offset)}`;
  const accepted =
    exception === undefined ? '' : ` (accepted until ${exception.expires}: ${clip(exception.reason, SENTENCE)})`;
  const cell = (value: unknown): string =>
    value === undefined ? '' : visible(clip(typeof value === 'number' ? grouped(value) : String(value), SENTENCE));
  return {
    cells: [`  ${mark}`, ruleId, cell(facts['expected']), cell(facts['actual']), known?.class ?? '', severity],
    sentence: visible(clip(sayFinding(finding), SENTENCE) + place + accepted),
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
  const beside = indent.length + (widths[1] ?? 0) + GAP.length;
  const body = rows.flatMap(({ cells, reason = '', sentence = '', style }) => {
    const [first = '', ...more] = wrap(reason, page - beside);
    const start = first === '' ? line(cells) : padTo(line(cells), beside) + first;
    const below = sentence === '' ? [] : wrap(sentence, page - indent.length).map((text) => indent + text);
    return [start, ...more.map((text) => ' '.repeat(beside) + text), ...below].map((text) => paint(style, text));
  });
  return [paint('bold', line(COLUMNS)), ...body];
}

/** Columns as wide as their content, the two to compare as wide as is left; zero leaves a column out. */
function columnWidths(rows: readonly Row[], page: number): number[] {
  const content = COLUMNS.map((name, column) =>
    rows.reduce((most, { cells }) => Math.max(most, textWidth(cells[column] ?? '')), name.length),
  );
  const natural = content.map((width, column) =>
    COLUMNS[column] === 'class' && page < CLASS_FROM ? 0 : Math.min(width, isCompared(column) ? width : CELL),
  );
  const others = natural.reduce((sum, width, column) => (isCompared(column) ? sum : sum + width + GAP.length), 0);
  const compared = rows.some(({ cells }) =>
    COLUMNS.some((_, column) => isCompared(column) && (cells[column] ?? '') !== ''),
  );
  const each = page < WIDE_FROM || !compared ? 0 : Math.floor((page - others) / 2) - GAP.length;
  return natural.map((width, column) => (isCompared(column) ? Math.min(width, Math.max(0, each)) : width));
}

const isCompared = (column: number): boolean => COMPARED.includes(COLUMNS[column] ?? '');

function capabilityLines({ capabilities }: AnalysisReport): string[] {
  if (capabilities === undefined) return ['can do: not known', ''];
  if (isProcess(capabilities)) return processLines(capabilities);
  const { derived, runtime, undeclared, unused, unknown, unbounded, risk } = capabilities;
  const can = derived.map(({ id, imports }) => {
    const flag = undeclared.includes(id) ? '  NOT DECLARED' : '';
    return `  ${id}${flag}  from ${someOf(importTexts(imports), ', ')}`;
  });
  const open = unknown.length > 0 || unbounded.length > 0;
  const least = risk === 'none' ? 'not known' : `at least ${risk}`;
  const lines = [
    `can do (seen in the code), risk ${open ? least : risk}:`,
    ...can,
    ...(can.length === 0 && !open ? ['  nothing outside its own memory'] : []),
    ...labelled('unknown or forbidden, so nobody can say', importTexts(unknown)),
    ...labelled(
      'not bounded by its imports',
      unbounded.map(({ detail }) => detail),
      '; ',
    ),
    ...labelled('declared, not seen in the code', unused),
    ...labelled('runtime only (no risk)', importTexts(runtime)),
  ];
  return [...lines.map(visible), ''];
}

/** The determinism word with its evidence, and the figures of each vector. */
function runLines({ determinism, vectors }: AnalysisReport, page: number): string[] {
  const word = `determinism  ${determinism.word}: ${sayDeterminism(determinism)}`;
  const rows = vectors.length === 0 ? [] : [[...VECTOR_COLUMNS], ...vectors.slice(0, SHOWN_VECTORS).map(vectorRow)];
  const widths = VECTOR_COLUMNS.map((_, i) => Math.max(...rows.map((row) => textWidth(row[i] ?? ''))));
  const rest = vectors.length - SHOWN_VECTORS;
  const table = rows.map((row) =>
    shorten(`  ${row.map((text, i) => padTo(text, widths[i] ?? 0)).join(GAP)}`, page).trimEnd(),
  );
  return [...hanging(visible(word), page, '    '), ...table, ...(rest > 0 ? [`  and ${grouped(rest)} more`] : []), ''];
}

/** Nothing was seen in the code, since nothing shows there. */
function processLines({ declared = [], unbounded }: CapabilityFacts): string[] {
  const lines = [
    ...unbounded.map(({ detail }) => detail),
    ...labelled(
      'its author says it uses',
      declared.map(({ id }) => id),
    ),
  ];
  return [...lines.map(visible), ''];
}

function labelled(label: string, texts: readonly string[], separator = ', '): string[] {
  return texts.length === 0 ? [] : [`  ${label}: ${someOf(texts, separator)}`];
}

// A version only follows an interface; the profile's names, which these are, never start a core name with a digit after a slash.
function importTexts(imports: readonly { readonly module: string; readonly name: string }[]): string[] {
  return imports.map(({ module, name }) =>
    clip(
      importText({ module, name, kind: module.includes('/') && /^\d/.test(name) ? 'instance' : 'function' }),
      SHOWN_NAME,
    ),
  );
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
