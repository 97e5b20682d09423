import type { PublisherList } from '@plugmark/schemas';
import { type PageNav, pageNavs } from './page-nav.ts';

type ListedPublisher = PublisherList['publishers'][number];

export interface PublisherListPage {
  readonly publishers: readonly ListedPublisher[];
  readonly nav: PageNav;
}

const LENGTH = 200;

/** Every page of the list, by id; the first is /publishers/ itself. `page` is a name no publisher can have. */
export function publisherListPages({ publishers }: PublisherList): readonly PublisherListPage[] {
  const titles = publishers.map(({ publisher }) => publisher);
  const path = (number: number): string => (number === 1 ? 'publishers/' : `publishers/page/${number}/`);
  return pageNavs({ titles, length: LENGTH, path }).map((nav, i) => ({
    publishers: publishers.slice(i * LENGTH, (i + 1) * LENGTH),
    nav,
  }));
}
