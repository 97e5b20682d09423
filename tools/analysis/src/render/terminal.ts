// The report as a table for terminals: status | property | expected | actual | class | severity. Text from the plugin is shown
// with control characters replaced, so that a file cannot move the cursor or hide a line.

import type { AnalysisReport, CheckOutcome, Finding } from '@plugmark/schemas';
import { CHECKS } from '../checks/table.ts';
import { RULES, type Rule, sayFinding } from '../rules.ts';

const MARKS = { pass: '✓', fail: '✗', inconclusive: '?', notApplicable: '–' } as const;
const VERDICT_WORDS = { pass: 'PASS', review: 'REVIEW: a person has to look', fail: 'FAIL' } as const;

export interface TerminalOptions {
  /** Emphasis by mark, e.g. colour; identity when the terminal has none. */
  readonly paint?: (style: 'good' | 'bad' | 'warn' | 'dim' | 'bold', text: string) => string;
}

export function renderTerminal(report: AnalysisReport, { paint = (_, text) => text }: TerminalOptions = {}): string {
  const rows = [HEADER, ...report.outcomes.flatMap(outcomeRows)];
  const widths = HEADER.map((_, column) => Math.min(COLUMN_LIMIT, Math.max(...rows.map((row) => width(row[column] ?? '')))));
  const lines = rows.map((row) => row.map((cell, column) => pad(cell, widths[column] ?? 0)).join('  ').trimEnd());
  const [header = '', ...body] = lines;
  const painted = body.map((text) => paint(styleOf(text), text));
  const verdict = paint(report.verdict === 'pass' ? 'good' : report.verdict === 'fail' ? 'bad' : 'warn', VERDICT_WORDS[report.verdict]);
  return [subjectLine(report), '', paint('bold', header), ...painted, '', ...capabilityLines(report), `verdict  ${verdict}`, ''].join('\n');
}

const HEADER = ['status', 'property', 'expected', 'actual', 'class', 'severity'];
const COLUMN_LIMIT = 60;

function subjectLine({ subject, host }: AnalysisReport): string {
  const name = subject.plugin === undefined ? 'file' : `${subject.plugin} ${subject.version}`;
  return visible(`${name}  ${subject.artifact.kind ?? 'unreadable'}  ${subject.artifact.size} bytes  sha256:${subject.artifact.sha256}${host ? `  for ${host.id}` : ''}`);
}

function outcomeRows({ check, outcome, reason, findings }: CheckOutcome): string[][] {
  const title = Object.hasOwn(CHECKS, check) ? CHECKS[check as keyof typeof CHECKS].title : check;
  const head = [`${MARKS[outcome]} ${outcome === 'notApplicable' ? 'n/a' : outcome}`, title, '', visible(reason ?? ''), '', ''];
  return [head, ...findings.map(findingRow)];
}

function findingRow(finding: Finding): string[] {
  const { ruleId, severity, facts, exception } = finding;
  const known: Rule | undefined = Object.hasOwn(RULES, ruleId) ? RULES[ruleId as keyof typeof RULES] : undefined;
  const note = exception === undefined ? '' : ` (accepted until ${exception.expires}: ${exception.reason})`;
  const mark = finding.effect === 'note' ? '·' : exception === undefined ? '✗' : '·';
  return [`  ${mark}`, ruleId, visible(String(facts['expected'] ?? '')), visible(sayFinding(finding) + note), known?.class ?? '', severity];
}

function capabilityLines({ capabilities }: AnalysisReport): string[] {
  if (capabilities === undefined) return [];
  const { derived, runtime, undeclared, unbounded, risk } = capabilities;
  const can = derived.map(({ id, imports }) => {
    const flag = undeclared.includes(id) ? '  NOT DECLARED' : '';
    return `  ${id}${flag}  from ${imports.map(({ module, name }) => (name === '' ? module : `${module}.${name}`)).join(', ')}`;
  });
  const helpers = runtime.length === 0 ? [] : [`  runtime only (no risk): ${runtime.map(({ module, name }) => `${module}.${name}`).join(', ')}`];
  const bound = unbounded.length === 0 ? [] : [`  not bounded by its imports: ${unbounded.map(({ detail }) => detail).join('; ')}`];
  const nothing = can.length === 0 && bound.length === 0 ? ['  nothing outside its own memory'] : [];
  return [`can do (seen in the code), risk ${risk}:`, ...can, ...nothing, ...helpers, ...bound, ''].map(visible);
}

/** Control and direction-changing characters made visible. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}

const width = (text: string): number => [...text].length;
const pad = (text: string, to: number): string => text + ' '.repeat(Math.max(0, to - width(text)));

function styleOf(line: string): 'good' | 'bad' | 'warn' | 'dim' {
  if (line.startsWith('✓')) return 'good';
  if (line.startsWith('✗') || line.startsWith('  ✗')) return 'bad';
  return line.startsWith('?') ? 'warn' : 'dim';
}
