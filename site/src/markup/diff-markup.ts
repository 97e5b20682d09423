import type { HostDiff, ReleaseDiff } from '../data/release-diff.ts';
import { el, type Link, type Markup } from './element.ts';
import { permissionMarkup } from './permission-markup.ts';
import { verdictSeal } from './verdict-seal.ts';

export function diffMarkup(diff: ReleaseDiff, link: Link): Markup {
  const { verdict, plugin, before, after, rows, hosts } = diff;
  const head = ['What', before, after].map((words) => el('th', { scope: 'col' }, words));
  return [
    el(
      'section',
      { class: 'result-head', id: 'verdict', 'data-state': verdict.state },
      verdictSeal(verdict.state),
      el(
        'div',
        {},
        el('h2', {}, verdict.title),
        el('p', {}, verdict.says),
        el('p', {}, el('a', { href: link(`plugins/${plugin}/`) }, plugin), `, from ${before} to ${after}`),
      ),
    ),
    el(
      'section',
      { id: 'facts' },
      el('h2', {}, 'Side by side'),
      el(
        'div',
        { class: 'wide', tabindex: '0', role: 'region', 'aria-label': 'Side by side' },
        el('table', { class: 'compare' }, el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...rows.map(row))),
      ),
    ),
    hosts.map((host) => [permissionMarkup(host.panel), details(host)]),
  ];
}

function row({ name, before, after, isSame }: ReleaseDiff['rows'][number]): Markup {
  return el(
    'tr',
    { 'data-state': isSame ? 'same' : 'changed' },
    el('th', { scope: 'row' }, name),
    el('td', {}, before),
    el('td', {}, isSame ? el('span', { class: 'soft' }, 'the same') : after),
  );
}

function details({ id, items, findings }: HostDiff): Markup {
  if (items === undefined || findings === undefined)
    return el(
      'p',
      { class: 'soft' },
      'The full report of one of them is packed away, so imports and findings are not compared here.',
    );
  return el(
    'section',
    { id: `items-${id}` },
    el('h2', {}, 'In the bytes'),
    el(
      'dl',
      { class: 'facts' },
      ...[
        ['Imports', items.imports],
        ['Exports', items.exports],
        ['New findings', findings.new],
        ['Fixed findings', findings.fixed],
      ].flatMap(([name, list]) => [el('dt', {}, String(name)), el('dd', {}, lines(list as readonly string[]))]),
    ),
  );
}

function lines(list: readonly string[]): Markup {
  return list.length === 0
    ? el('span', { class: 'soft' }, 'no change')
    : list.map((line) => el('div', { class: 'digest' }, line));
}
