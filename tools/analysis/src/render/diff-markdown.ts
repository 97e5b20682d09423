// A comparison of two reports as a GitHub comment: a table per section. What the plugin's author wrote stands in code spans.

import { type DiffSide, PROCESS_SENTENCE, type ReportDiff } from '@plugmark/schemas';
import { grouped } from '../rules/rule.ts';
import { type DiffRow, diffSections, type Piece } from './diff-sections.ts';
import { type Block, layOut, tableHead, tableRow } from './markdown-page.ts';
import { code, prose } from './markdown-text.ts';

/** First line of the comment, by which it is found again. */
export const DIFF_MARKER = '<!-- plugmark:diff v1 -->';

const WIDENED = {
  yes: '❌ **It can do more than before.** Users are asked again.',
  no: '✅ It can do no more than before.',
  unknown: '❔ Whether it can do more than before could not be compared.',
} as const;
const AS_A_PROCESS = `⚠️ **${PROCESS_SENTENCE}.** What its program does differently is not compared.`;
const MARKS = { '+': '➕', '-': '➖', '~': '✏️' } as const;

export function renderDiffMarkdown(diff: ReportDiff): string {
  const { before, after, widened } = diff;
  const plugin = after.plugin ?? before.plugin;
  const heading = `## What changed${plugin === undefined ? '' : `: ${code(plugin)}`}`;
  return layOut([
    {
      open: [
        DIFF_MARKER,
        heading,
        '',
        ...tableHead(['', 'file', 'kind', 'size', 'sha256']),
        sideRow('before', before),
        sideRow('after', after),
        '',
        WIDENED[widened],
        '',
        ...(after.kind === 'process' ? [AS_A_PROCESS, ''] : []),
      ],
    },
    ...diffSections(diff).map(
      ({ title, rows }): Block => ({
        open: [`### ${prose(title)}`, '', ...diffHead('what')],
        rows: rows.map(diffRow),
        close: [''],
      }),
    ),
    ...(before.sha256 === after.sha256 ? [{ open: ['The files are the same.'] }] : []),
  ]);
}

function sideRow(label: string, { plugin, version, kind, size, sha256, host }: DiffSide): string {
  const name = plugin === undefined ? 'file' : code(`${plugin} ${version ?? ''}`.trimEnd());
  const place = host === undefined ? '' : ` for ${code(host)}`;
  return tableRow([label, name + place, kind ?? 'unreadable', `${grouped(size)} bytes`, code(sha256)]);
}

export const diffHead = (what: string): string[] => tableHead(['', what, 'before', 'after']);

export function diffRow({ mark, what, before, after }: DiffRow): string {
  return tableRow([MARKS[mark], cell(what), cell(before), cell(after)]);
}

export const cell = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => (typeof piece === 'string' ? prose(piece) : code(piece.theirs))).join('');
