// A comparison of two reports for a terminal: one line per change, wrapped, nothing of the file's own reaching the terminal raw.

import { type DiffSide, PROCESS_SENTENCE, type ReportDiff } from '@plugmark/schemas';
import { grouped } from '../rules/rule.ts';
import { type DiffRow, diffSections, type Piece } from './diff-sections.ts';
import type { TerminalOptions, TerminalStyle } from './terminal.ts';
import { clip, visible, wrap } from './text-columns.ts';

const SHOWN = 20;
const NAME = 160;

/** Neither side's bytes show what it does, so that the second can do no more says little. */
const AS_A_PROCESS = `${PROCESS_SENTENCE}. What its program does differently is not compared.`;

const WIDENED = {
  yes: { style: 'bad', words: 'It can do more than before: users are asked again.' },
  no: { style: 'good', words: 'It can do no more than before.' },
  unknown: { style: 'warn', words: 'Whether it can do more than before could not be compared.' },
} as const;

/** Lines of at most `columns` (60 to 160, 100 when not known), but for the two digests, which stand whole. */
export function renderDiffText(
  diff: ReportDiff,
  { columns = 100, paint = (_, text) => text }: TerminalOptions = {},
): string {
  const page = Math.min(160, Math.max(60, Math.floor(columns)));
  const { style, words } = WIDENED[diff.widened];
  const lines = [
    ...sideLines('before', diff.before, page),
    ...sideLines('after ', diff.after, page),
    '',
    ...diffSections(diff).flatMap(({ title, rows }) => [paint('bold', title), ...rowLines(rows, page, paint), '']),
    ...(diff.before.sha256 === diff.after.sha256 ? ['The files are the same.'] : []),
    ...(diff.after.kind === 'process' ? wrap(AS_A_PROCESS, page).map((line) => paint('bad', line)) : []),
    paint(style, words),
  ];
  return `${lines.join('\n')}\n`;
}

function sideLines(label: string, { plugin, version, kind, size, sha256, host }: DiffSide, page: number): string[] {
  const parts = [
    plugin === undefined ? 'file' : `${plugin} ${version ?? ''}`.trimEnd(),
    kind ?? 'unreadable',
    `${grouped(size)} bytes`,
    ...(host === undefined ? [] : [`for ${host}`]),
  ];
  return [...hang(`${label}  ${visible(parts.join('  '))}`, page, 8), `        sha256:${sha256}`];
}

function rowLines(rows: readonly DiffRow[], page: number, paint: NonNullable<TerminalOptions['paint']>): string[] {
  const rest = rows.length - SHOWN;
  const lines = rows.slice(0, SHOWN).flatMap((row) => {
    const style: TerminalStyle | undefined = row.tone;
    const text = hang(`  ${row.mark} ${sentence(row)}`, page, 6);
    return style === undefined ? text : text.map((line) => paint(style, line));
  });
  return rest > 0 ? [...lines, paint('dim', `    and ${grouped(rest)} more`)] : lines;
}

function sentence({ what, before, after }: DiffRow): string {
  const [then, now] = [textOf(before), textOf(after)];
  const sides = then !== '' && now !== '' ? `${then} -> ${now}` : then + now;
  return sides === '' ? textOf(what) : `${textOf(what)}: ${sides}`;
}

const textOf = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => (typeof piece === 'string' ? piece : visible(clip(piece.theirs, NAME)))).join('');

function hang(text: string, page: number, indent: number): string[] {
  const start = /^ */.exec(text)?.[0] ?? '';
  const [first = '', ...more] = wrap(text.slice(start.length), page - indent);
  return [start + first, ...more.map((line) => ' '.repeat(indent) + line)];
}
