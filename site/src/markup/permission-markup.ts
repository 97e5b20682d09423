// The permission panel as markup: the same on a plugin's page and for a file that somebody drops on /analyse/.

import type { PermissionPanel } from '../data/permission-panel.ts';
import type { PermissionRow } from '../data/permission-rows.ts';
import { codes, commaList, el, type Markup } from './element.ts';
import { riskIcon } from './risk-icon.ts';

export function permissionMarkup(panel: PermissionPanel): Markup {
  const { host, verdict, comparedWith: since } = panel;
  const rows = (list: readonly PermissionRow[]): Markup =>
    el('ul', { class: 'rows' }, ...list.map((row) => permissionRow(row, since, host.title)));
  return el(
    'section',
    { class: 'panel', id: `permissions-${host.id}` },
    el('h2', {}, `What it can do in ${host.title}`),
    el('p', { class: `verdict risk-${verdict.level}` }, riskIcon(verdict.level), el('span', {}, verdict.text)),
    el('p', {}, verdict.note),
    panel.unbounded.details.length > 0 &&
      box(panel.unbounded.title, el('ul', {}, ...panel.unbounded.details.map((detail) => el('li', {}, detail)))),
    panel.unknown.length > 0 && box(`Imports ${host.title} does not provide`, unknownImports(panel)),
    panel.prominent.length > 0 && box('Look at this first', rows(panel.prominent)),
    panel.others.length > 0 && [el('h3', {}, panel.otherTitle), rows(panel.others)],
    panel.dropped.length > 0 && el('p', {}, `Not asked for any more since ${since}: ${panel.dropped.join(', ')}.`),
    panel.cannot.length > 0 && [
      el('h3', {}, 'It cannot'),
      el('ul', { class: 'cannot' }, ...panel.cannot.map((cannot) => el('li', {}, cannot))),
      panel.neverOffered !== undefined && el('p', {}, panel.neverOffered),
    ],
    panel.runtime.length > 0 && [
      el('h3', {}, 'Runtime imports, which carry no risk'),
      el('ul', {}, ...panel.runtime.map(({ purpose, imports }) => el('li', {}, codes(imports), `: ${purpose}`))),
    ],
    limits(panel),
  );
}

const box = (title: string, ...content: readonly Markup[]): Markup =>
  el('div', { class: 'outside' }, el('h3', {}, title), ...content);

function unknownImports({ unknown }: PermissionPanel): Markup {
  return el('ul', {}, ...unknown.map((item) => el('li', {}, el('code', {}, item.import), `: ${item.reason}`)));
}

function limits({ host, limits: rows }: PermissionPanel): Markup {
  const head = ['What', 'The plugin', `${host.title} allows`].map((words) => el('th', { scope: 'col' }, words));
  const body = rows.map(({ name, plugin, host: allowed }) =>
    el('tr', {}, el('th', { scope: 'row' }, name), el('td', {}, plugin), el('td', {}, allowed)),
  );
  return [el('h3', {}, 'Limits'), el('table', {}, el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...body))];
}

function permissionRow(row: PermissionRow, since: string | undefined, host: string): Markup {
  return el(
    'li',
    {},
    el(
      'div',
      { class: 'row-title' },
      el('strong', {}, row.title),
      el('span', { class: `tag risk-${row.risk}` }, riskIcon(row.risk), `${row.risk} risk in ${host}`),
      row.change === 'new' && el('span', { class: 'tag new' }, 'New in this version'),
      row.change === 'wider' && el('span', { class: 'tag new' }, `Wider than in ${since}`),
    ),
    el('p', {}, `It can ${row.can}.`),
    ...row.limits.map(({ title, values }) =>
      el('p', {}, `${title}: `, values.length === 0 ? el('strong', {}, 'not limited by the publisher') : codes(values)),
    ),
    reason(row),
    el('p', { class: 'small soft' }, ...shownBy(row), ` ${row.grant}.`),
  );
}

function reason({ reason: words, hasManifest }: PermissionRow): Markup {
  if (!hasManifest) return false;
  if (words === undefined)
    return el('p', {}, el('strong', {}, 'Not declared'), ' by the publisher, but the code can do it.');
  const says = el('span', { class: 'label' }, 'The publisher says:');
  return el('p', {}, says, ' ', el('span', { class: 'quoted' }, `“${words}”`));
}

function shownBy({ isOnlyDeclared, imports }: PermissionRow): readonly Markup[] {
  if (isOnlyDeclared) return ['The publisher’s word: the bytes do not show it, and nothing holds the program to it.'];
  if (imports.length === 0) return ['Declared, but no import needs it.'];
  return ['Seen in the code: imports ', commaList(imports.map((name) => el('code', {}, name))), '.'];
}
