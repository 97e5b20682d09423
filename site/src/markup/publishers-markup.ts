import type { PublisherListPage } from '../data/publisher-list.ts';
import { sayMany } from '../data/say-numbers.ts';
import { TIER_WORDS } from '../data/tier-words.ts';
import { el, type Link, type Markup } from './element.ts';
import { pageNavMarkup } from './page-nav-markup.ts';

/** A page of the list of publishers, below its layout. */
export function publishersMarkup({ publishers, nav }: PublisherListPage, link: Link): Markup {
  const lines = publishers.map(({ publisher, title, tier, plugins }) =>
    el(
      'li',
      {},
      el(
        'div',
        {},
        el('p', { class: 'title' }, el('a', { href: link(`publishers/${publisher}/`) }, title)),
        el('p', { class: 'small soft' }, publisher),
      ),
      el(
        'div',
        { class: 'figures' },
        el('span', {}, TIER_WORDS[tier].title),
        el('span', {}, sayMany(plugins.length, 'plugin')),
      ),
    ),
  );
  return [el('h1', {}, 'Publishers'), el('ul', { class: 'ledger plain' }, lines), pageNavMarkup(nav, link)];
}
