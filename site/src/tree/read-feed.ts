import type { Changes } from '@plugmark/schemas';
import { type Feed, feedEntries } from '../data/feeds.ts';
import { registryUrl } from '../site-link.ts';
import { tree } from './this-tree.ts';

/** The feed of everything, or of one publisher. */
export function readFeed(path: string, publisher?: string): Feed {
  const { changes } = tree.changes();
  if (publisher === undefined) return feed(path, changes, undefined);
  return feed(
    path,
    changes.filter(({ plugin }) => plugin.startsWith(`${publisher}/`)),
    publisher,
  );
}

let byPlugin: Map<string, Changes['changes'][number][]> | undefined;

/** Sorted once: there is one feed for each of many plugins. */
export function readPluginFeed(plugin: string): Feed {
  byPlugin ??= groupChanges(tree.changes().changes);
  const self = `${registryUrl(tree.registry().url)}plugins/${plugin}/feed.atom`;
  return { ...feed('', byPlugin.get(plugin) ?? [], plugin), self };
}

function groupChanges(changes: Changes['changes']): Map<string, Changes['changes'][number][]> {
  const groups = new Map<string, Changes['changes'][number][]>();
  for (const change of changes) {
    const group = groups.get(change.plugin);
    if (group === undefined) groups.set(change.plugin, [change]);
    else group.push(change);
  }
  return groups;
}

function feed(path: string, changes: Changes['changes'], of: string | undefined): Feed {
  const { title, url } = tree.registry();
  const { changes: _, ...head } = tree.changes();
  const home = registryUrl(url);
  const titles = new Map(
    [...new Set(changes.map(({ plugin }) => plugin))].map((plugin) => [
      plugin,
      tree.entries().get(plugin)?.title ?? plugin,
    ]),
  );
  return {
    title: of === undefined ? title : `${of} in ${title}`,
    home,
    self: `${home}feeds/${path}`,
    updated: changes[0]?.at ?? head.generatedAt,
    entries: feedEntries({ ...head, changes }, home, titles),
  };
}
