import { type PublisherPage, publisherPage } from '../data/publisher-page.ts';
import { SiteError } from '../data/site-error.ts';
import { tree } from './this-tree.ts';

/** Throws PUBLISHER_UNKNOWN. */
export function readPublisherPage(id: string): PublisherPage {
  const listed = tree.publishers().publishers.find(({ publisher }) => publisher === id);
  if (listed === undefined) throw new SiteError('PUBLISHER_UNKNOWN', `the list of publishers lacks ${id}`);
  return publisherPage(tree.publisher(id), listed);
}
