import type { AnalysedFile, HostFit } from '../data/analysed-file.ts';
import { analysisMarkup } from './analysis-markup.ts';
import { el, type Link, type Markup } from './element.ts';
import { permissionMarkup } from './permission-markup.ts';
import { verdictSeal } from './verdict-seal.ts';

/** The result for one host. */
export function analysedMarkup(file: AnalysedFile, link: Link): Markup {
  const { verdict, host, facts, problems, parts } = file;
  return [
    el(
      'section',
      { class: 'result-head', id: 'verdict' },
      verdictSeal(verdict.state),
      el(
        'div',
        {},
        el('h2', {}, `${verdict.word} for ${host.title}`),
        el('p', {}, verdict.says),
        problems.length > 0 && el('ul', {}, ...problems.map((problem) => el('li', {}, problem))),
      ),
    ),
    el(
      'dl',
      { class: 'facts' },
      ...facts.flatMap(({ name, value }) => [el('dt', {}, name), el('dd', { class: 'digest' }, value)]),
    ),
    parts !== undefined && [
      permissionMarkup(parts.panel),
      el(
        'section',
        { id: 'analysis' },
        el('h2', {}, 'The assay'),
        el('p', {}, parts.table.how),
        analysisMarkup(parts.table, host.title, link),
      ),
    ],
  ];
}

/** Which hosts a file is for, when nobody said. */
export function fitsMarkup(fits: readonly HostFit[]): Markup {
  const head = ['Host', 'Verdict', 'Why'].map((words) => el('th', { scope: 'col' }, words));
  return el(
    'section',
    { id: 'fits' },
    el('h2', {}, 'Which host it fits'),
    el(
      'table',
      {},
      el('thead', {}, el('tr', {}, ...head)),
      el(
        'tbody',
        {},
        ...fits.map(({ id, title, word, why, verdict }) =>
          el(
            'tr',
            { 'data-state': verdict },
            el('th', { scope: 'row' }, el('a', { href: `?host=${id}#verdict` }, title)),
            el('td', {}, word),
            el('td', {}, why),
          ),
        ),
      ),
    ),
  );
}
