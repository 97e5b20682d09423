// The small files beside each plugin's page: badge, feed and CITATION.cff. As routes they would cost a large registry more time than its
// pages. Written when the pages are done, so every document has passed its schema by then: a build with one that had not has stopped.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Changes, Index, PackageDocument, Registry } from '@plugmark/schemas';
import type { AstroIntegration } from 'astro';
import { badge } from '../data/badge.ts';
import { citationFile } from '../data/citation.ts';
import { atomFeed, feedEntries, groupChanges } from '../data/feeds.ts';

interface PluginFilesOptions {
  /** Read late: the configuration makes the path absolute. */
  readonly tree: () => string;
  readonly site: string | undefined;
  readonly base: string;
}

export function pluginFiles({ tree, site, base }: PluginFilesOptions): AstroIntegration {
  return {
    name: 'plugmark:plugin-files',
    hooks: { 'astro:build:done': ({ dir }) => writePluginFiles(tree(), fileURLToPath(dir), { site, base }) },
  };
}

function writePluginFiles(
  tree: string,
  pages: string,
  at: { readonly site: string | undefined; readonly base: string },
): void {
  const read = <T>(path: string): T => JSON.parse(readFileSync(join(tree, path), 'utf8')) as T;
  const [registry, index, all] = [
    read<Registry>('v1/registry.json'),
    read<Index>('v1/index.json'),
    read<Changes>('v1/changes.json'),
  ];
  const address = at.site === undefined ? registry.url : new URL(at.base, at.site).href;
  const home = address.endsWith('/') ? address : `${address}/`;
  const changes = groupChanges(all.changes, ({ plugin }) => plugin);
  for (const entry of index.plugins) {
    const document = read<PackageDocument>(`v1/plugins/${entry.plugin}.json`);
    const release = document.releases.find(({ release: { version } }) => version === entry.latest);
    const folder = join(pages, 'plugins', entry.plugin);
    const own = { ...all, changes: changes.get(entry.plugin) ?? [] };
    const feed = {
      title: `${entry.title} in ${registry.title}`,
      home,
      self: `${home}plugins/${entry.plugin}/feed.atom`,
      updated: own.changes[0]?.at ?? all.generatedAt,
      entries: feedEntries(own, home, new Map([[entry.plugin, entry.title]])),
    };
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'badge.svg'), badge(entry, registry.title));
    writeFileSync(join(folder, 'feed.atom'), atomFeed(feed));
    if (release !== undefined) writeFileSync(join(folder, 'CITATION.cff'), citationFile(document, release, home));
  }
}
