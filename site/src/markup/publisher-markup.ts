import type { ListedPlugin } from '../data/plugin-list.ts';
import type { PublisherPage } from '../data/publisher-page.ts';
import { el, type Link, type Markup } from './element.ts';
import { ledgerMarkup } from './ledger-markup.ts';

/** The page of one publisher below its layout; `plugins` are the first of them. */
export function publisherMarkup(page: PublisherPage, plugins: readonly ListedPlugin[], link: Link): Markup {
  const { id, title, summary, url, tier, since } = page;
  const rest = page.plugins.length > plugins.length;
  return [
    el('p', { class: 'soft' }, id),
    el('h1', {}, title),
    summary !== undefined && el('p', { class: 'lede' }, summary),
    url !== undefined && el('p', {}, el('a', { href: url, rel: 'nofollow noopener' }, url)),
    el(
      'p',
      {},
      el('strong', {}, tier.says),
      ` ${tier.limits}${since === undefined ? '' : ` Verified since ${since}.`}`,
    ),
    el(
      'section',
      {},
      el('h2', {}, 'Plugins'),
      ledgerMarkup(plugins, link),
      rest && el('p', {}, el('a', { href: link(`plugins/?q=${id}/`) }, `All ${page.plugins.length}`)),
    ),
    identities(page, link),
  ];
}

function identities({ id, identities: rows }: PublisherPage, link: Link): Markup {
  const head = ['By', 'Identity', 'Valid'].map((words) => el('th', { scope: 'col' }, words));
  const body = rows.map(({ kind, value, window }) =>
    el(
      'tr',
      {},
      el('th', { scope: 'row', class: 'whole' }, kind),
      el('td', { class: 'digest' }, value),
      el('td', {}, window),
    ),
  );
  return el(
    'section',
    {},
    el('h2', {}, 'How its mark is recognised'),
    el('table', {}, el('thead', {}, el('tr', {}, head)), el('tbody', {}, body)),
    el('p', {}, el('a', { href: link(`v1/publishers/${id}.json`) }, 'Publisher (JSON)')),
  );
}
