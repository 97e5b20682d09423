import type { ListedPlugin } from '../data/plugin-list.ts';
import { commaList, el, type Link, type Markup } from './element.ts';
import { riskIcon } from './risk-icon.ts';

/** One line of a list of plugins, built or found by searching. */
export function ledgerMarkup(plugins: readonly ListedPlugin[], link: Link): Markup {
  return el('ul', { class: 'ledger plain' }, ...plugins.map((plugin) => entry(plugin, link)));
}

function entry(plugin: ListedPlugin, link: Link): Markup {
  const hosts = plugin.hosts.map(({ id, title }) => el('a', { href: link(`hosts/${id}/`) }, title));
  return el(
    'li',
    {},
    el(
      'div',
      {},
      el(
        'p',
        { class: 'title' },
        el('a', { href: link(`plugins/${plugin.plugin}/`) }, plugin.title),
        plugin.state !== undefined && [' ', el('span', { class: 'tag risk-high' }, plugin.state)],
      ),
      el('p', {}, plugin.summary),
      el('p', { class: 'small soft' }, `${plugin.plugin} ${plugin.version}, ${plugin.size}`),
    ),
    el(
      'div',
      { class: 'figures' },
      el('span', {}, 'For ', commaList(hosts)),
      el('span', { class: `risk-${plugin.level}` }, riskIcon(plugin.level), ` ${plugin.reach}`),
      el(
        'span',
        {},
        `${plugin.tier} publisher, `,
        el('a', { href: link(`publishers/${plugin.publisher}/`) }, plugin.publisher),
      ),
    ),
  );
}
