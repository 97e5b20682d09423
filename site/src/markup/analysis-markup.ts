import type { AnalysisTable } from '../data/analysis-table.ts';
import { codes, el, type Link, type Markup } from './element.ts';

/** The table under "The assay". */
export function analysisMarkup(table: AnalysisTable, host: string, link: Link): Markup {
  return el(
    'table',
    {},
    el('caption', { class: 'skip' }, `Analysis for ${host}`),
    el(
      'tbody',
      {},
      row('Verdict', el('strong', {}, table.verdict.word), `: ${table.verdict.says}`, checks(table)),
      table.imports.length === 0 && row('Imports', table.noImports),
      ...table.imports.map(({ group, names }) => row(`Imports: ${group}`, codes(names))),
      table.exports.length > 0 && row('Exports', codes(table.exports)),
      row('Findings', ...findings(table, link)),
      table.remarks.length > 0 && row('Good to know', table.remarks.join('; ')),
      row('Same answer each time', table.determinism),
      table.costs.length > 0 && row('On its vectors', table.costs.join('; '), vectors(table)),
      row('Toolchain', table.toolchain.length === 0 ? 'not named in the file' : table.toolchain.join(', ')),
      table.report !== undefined && row('Full report', el('a', { href: link(table.report) }, 'analysis.json')),
    ),
  );
}

function vectors({ vectors: list }: AnalysisTable): Markup {
  const lines = list.map(({ name, share, memory }) => el('li', {}, `${name}: ${share}, ${memory}`));
  return list.length > 0 && el('details', {}, el('summary', {}, 'Each vector'), el('ul', {}, ...lines));
}

function row(name: string, ...value: readonly Markup[]): Markup {
  return el('tr', {}, el('th', { scope: 'row' }, name), el('td', {}, ...value));
}

const checks = ({ checks: words }: AnalysisTable): Markup =>
  words !== '' && el('span', { class: 'soft' }, `. ${words}`);

function findings({ findings: list, unlisted }: AnalysisTable, link: Link): readonly Markup[] {
  if (list.length === 0) return [unlisted === 0 ? 'none' : `${unlisted}, in the report`];
  return list.map(({ ruleId, hasPage, severity, title, says, exception }) => {
    const id = el('code', {}, ruleId);
    return el(
      'p',
      {},
      el('strong', {}, `${severity}: ${title}`),
      ' ',
      hasPage ? el('a', { href: link(`rules/${ruleId}/`) }, id) : id,
      el('br'),
      says,
      exception !== undefined && [el('br'), exception],
    );
  });
}
