import type { PageNav } from '../data/page-nav.ts';
import { el, type Link, type Markup } from './element.ts';

/** Before and next, numbers, and where each letter begins; nothing where all is on one page. `of` is the list, where there are several. */
export function pageNavMarkup(nav: PageNav, link: Link, of?: string): Markup {
  const { number, pages, before, next, numbers, letters } = nav;
  if (pages === 1) return false;
  const choice = (words: string, path: string): Markup => el('li', {}, el('a', { href: link(path) }, words));
  return el(
    'nav',
    { 'aria-label': of === undefined ? 'Pages' : `Pages of ${of}` },
    el(
      'ul',
      { class: 'choices' },
      before !== undefined && choice('Before', before),
      numbers.map(({ words, path }) =>
        path === undefined ? el('li', { class: 'here', 'aria-current': 'page' }, words) : choice(words, path),
      ),
      next !== undefined && choice('Next', next),
    ),
    letters.length > 1 &&
      el(
        'ul',
        { class: 'choices letters' },
        letters.map(({ words, path }) => path !== undefined && choice(words, path)),
      ),
    el('p', { class: 'soft' }, `${number} of ${pages}`),
  );
}
