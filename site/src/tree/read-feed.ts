import type { Changes } from '@plugmark/schemas';
import { type Feed, feedEntries, groupChanges } from '../data/feeds.ts';
import { registryUrl } from '../site-link.ts';
import { tree } from './this-tree.ts';

let byPublisher: ReadonlyMap<string, Changes['changes']> | undefined;

/** The feed of everything, or of one publisher. */
export function readFeed(path: string, publisher?: string): Feed {
  const { title, url } = tree.registry();
  const { changes, ...head } = tree.changes();
  byPublisher ??= groupChanges(changes, ({ plugin }) => plugin.slice(0, plugin.indexOf('/')));
  const wanted = publisher === undefined ? changes : (byPublisher.get(publisher) ?? []);
  const home = registryUrl(url);
  const titles = new Map(wanted.map(({ plugin }) => [plugin, tree.entries().get(plugin)?.title ?? plugin]));
  return {
    title: publisher === undefined ? title : `${publisher} in ${title}`,
    home,
    self: `${home}feeds/${path}`,
    updated: wanted[0]?.at ?? head.generatedAt,
    entries: feedEntries({ ...head, changes: wanted }, home, titles),
  };
}
