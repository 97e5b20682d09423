import { type Feed, feedEntries } from '../data/feeds.ts';
import { registryUrl } from '../site-link.ts';
import { tree } from './this-tree.ts';

/** The feed of everything, or of one publisher. */
export function readFeed(path: string, publisher?: string): Feed {
  const { title, url } = tree.registry();
  const home = registryUrl(url);
  const { changes, ...head } = tree.changes();
  const wanted = publisher === undefined ? changes : changes.filter(({ plugin }) => plugin.startsWith(`${publisher}/`));
  const titles = new Map(tree.index().plugins.map((entry) => [entry.plugin, entry.title]));
  return {
    title: publisher === undefined ? title : `${publisher} in ${title}`,
    home,
    self: `${home}feeds/${path}`,
    updated: wanted[0]?.at ?? head.generatedAt,
    entries: feedEntries({ ...head, changes: wanted }, home, titles),
  };
}
