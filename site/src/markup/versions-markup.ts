import type { VersionChart } from '../data/version-chart.ts';
import type { VersionRow } from '../data/versions-table.ts';
import { RenderedHtml } from '../markdown/rendered-html.ts';
import { el, type Link, type Markup, type PageMarkup } from './element.ts';

/** How size and cost went from version to version. */
export function chartsMarkup(charts: readonly VersionChart[]): Markup {
  return charts.length > 0 && el('div', { class: 'charts' }, charts.map(chartMarkup));
}

function chartMarkup({ title, says, first, last, points }: VersionChart): Markup {
  return el(
    'figure',
    {},
    el('figcaption', {}, title),
    el(
      'svg',
      { viewBox: '0 0 240 48', role: 'img', 'aria-label': says },
      el('polyline', { points: points.map(({ x, y }) => `${x},${y}`).join(' ') }),
      points.map(({ x, y }) => el('circle', { cx: `${x}`, cy: `${y}`, r: '3' })),
    ),
    el('p', { class: 'small soft' }, el('span', {}, first), ' ', el('span', {}, last)),
  );
}

export function versionsMarkup(plugin: string, versions: readonly VersionRow[], link: Link): PageMarkup {
  const head = ['Version', 'Published', 'Size', 'What it can do'].map((words) => el('th', { scope: 'col' }, words));
  const rows = versions.map((row) => versionMarkup(plugin, row, link));
  return el('table', {}, el('thead', {}, el('tr', {}, head)), el('tbody', {}, rows));
}

function versionMarkup(plugin: string, row: VersionRow, link: Link): PageMarkup {
  const { version, published, size, state, sha256, changes, notes, before } = row;
  const compare = before !== undefined && [
    ' ',
    el('a', { href: link(`diff/?plugin=${plugin}&a=${before}&b=${version}`) }, `Compare with ${before}`),
  ];
  return el(
    'tr',
    { id: `v${version}` },
    el('th', { scope: 'row' }, version, state !== 'active' && [el('br'), el('strong', {}, state)]),
    el('td', {}, published),
    el('td', {}, size),
    el(
      'td',
      {},
      changes.join(', '),
      notes !== undefined && el('p', { class: 'small' }, RenderedHtml.ofLine(notes)),
      el('p', { class: 'small soft' }, 'SHA-256 ', el('span', { class: 'digest' }, `${sha256.slice(0, 16)}…`), compare),
    ),
  );
}
