import type { Changes } from '@plugmark/schemas';
import { type Feed, feedEntries, groupChanges } from '../data/feeds.ts';
import { registryUrl } from '../site-link.ts';
import { tree } from './this-tree.ts';

type ChangeList = Changes['changes'];

export type FeedOf = { readonly file: string } | { readonly publisher: string } | { readonly plugin: string };

let byPublisher: ReadonlyMap<string, ChangeList> | undefined;
let byPlugin: ReadonlyMap<string, ChangeList> | undefined;

/** The feed of everything in one of its files, of a publisher, or of a plugin. */
export function readFeed(of: FeedOf): Feed {
  const { title, url } = tree.registry();
  const { changes, ...head } = tree.changes();
  const home = registryUrl(url);
  const titleOf = (plugin: string): string => tree.entries().get(plugin)?.title ?? plugin;
  const { path, name, wanted } = chosen(of, { changes, title, titleOf });
  return {
    title: name,
    home,
    self: `${home}${path}`,
    updated: wanted[0]?.at ?? head.generatedAt,
    entries: feedEntries(
      { ...head, changes: wanted },
      home,
      new Map(wanted.map(({ plugin }) => [plugin, titleOf(plugin)])),
    ),
  };
}

interface Everything {
  readonly changes: ChangeList;
  readonly title: string;
  readonly titleOf: (plugin: string) => string;
}

function chosen(
  of: FeedOf,
  { changes, title, titleOf }: Everything,
): { path: string; name: string; wanted: ChangeList } {
  if ('file' in of) return { path: `feeds/${of.file}`, name: title, wanted: changes };
  if ('publisher' in of) {
    byPublisher ??= groupChanges(changes, ({ plugin }) => plugin.slice(0, plugin.indexOf('/')));
    const wanted = byPublisher.get(of.publisher) ?? [];
    return { path: `feeds/publishers/${of.publisher}.atom`, name: `${of.publisher} in ${title}`, wanted };
  }
  byPlugin ??= groupChanges(changes, ({ plugin }) => plugin);
  const wanted = byPlugin.get(of.plugin) ?? [];
  return { path: `plugins/${of.plugin}/feed.atom`, name: `${titleOf(of.plugin)} in ${title}`, wanted };
}
