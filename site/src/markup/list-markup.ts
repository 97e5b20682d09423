import type { ListPage } from '../data/plugin-list.ts';
import { el, type Link, type Markup } from './element.ts';
import { ledgerMarkup } from './ledger-markup.ts';
import { pageNavMarkup } from './page-nav-markup.ts';

/** A page of a long list of plugins, below its layout. */
export function listMarkup({ group, nav, plugins }: ListPage, link: Link): Markup {
  return [
    el('h1', {}, group.title),
    el('p', { class: 'lede' }, group.says),
    ledgerMarkup(plugins, link),
    pageNavMarkup(nav, link),
  ];
}
