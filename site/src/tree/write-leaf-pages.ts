// Pages of which a large registry has thousands, written into the layout that Astro made: plugins with the files beside them,
// publishers with their feeds, lists from the second page on. Each is made from its own documents and let go, so memory does not
// grow with the registry; several threads each write a part.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { IndexEntry } from '@plugmark/schemas';
import { badge } from '../data/badge.ts';
import { citationFile } from '../data/citation.ts';
import { atomFeed } from '../data/feeds.ts';
import { type FillFrame, FRAME_AREAS, type FrameArea, openFrame } from '../data/page-frame.ts';
import { groupPlugins, LIST_LENGTH, listPages, listPlugins } from '../data/plugin-list.ts';
import { publisherListPages } from '../data/publisher-list.ts';
import { RenderedHtml } from '../markdown/rendered-html.ts';
import { listMarkup } from '../markup/list-markup.ts';
import { pluginMarkup } from '../markup/plugin-markup.ts';
import { publisherMarkup } from '../markup/publisher-markup.ts';
import { publishersMarkup } from '../markup/publishers-markup.ts';
import { toHtml } from '../markup/to-html.ts';
import { registryUrl, siteLink } from '../site-link.ts';
import { readFeed } from './read-feed.ts';
import { readPluginPage } from './read-plugin-page.ts';
import { readPublisherPage } from './read-publisher-page.ts';
import { tree } from './this-tree.ts';

export interface LeafShare {
  /** Folder of the pages. */
  readonly folder: string;
  /** The layout as Astro made it for each area. */
  readonly frames: Readonly<Record<FrameArea, string>>;
  /** The how manieth of how many parts, from 0. */
  readonly part: number;
  readonly parts: number;
}

/** Throws what reading the tree throws: a page that cannot be made ends the build. */
export async function writeLeafPages({ folder, frames, part, parts }: LeafShare): Promise<void> {
  const areas = FRAME_AREAS.map((area) => [area, openFrame(frames[area])] as const);
  const frame = Object.fromEntries(areas) as Record<FrameArea, FillFrame>;
  const write = writerInto(folder);
  const isOurs = (_: unknown, i: number): boolean => i % parts === part;
  if (part === 0) writeLists(frame, write);
  for (const entry of tree.index().plugins.filter(isOurs)) await writePlugin(entry, frame.plugins, write);
  for (const { publisher } of tree.publishers().publishers.filter(isOurs))
    writePublisher(publisher, frame.about, write);
}

type Write = (path: string, text: string) => void;

function writerInto(folder: string): Write {
  const made = new Set<string>();
  return (path, text) => {
    const file = join(folder, path);
    const parent = dirname(file);
    if (!made.has(parent)) mkdirSync(parent, { recursive: true });
    made.add(parent);
    writeFileSync(file, text);
  };
}

async function writePlugin(entry: IndexEntry, frame: FillFrame, write: Write): Promise<void> {
  const { page, document, release } = await readPluginPage(entry);
  const { title, url } = tree.registry();
  const folder = `plugins/${entry.plugin}`;
  const readme = page.readmeSha256 === undefined ? undefined : RenderedHtml.ofMarkdown(tree.readme(page.readmeSha256));
  const filled = frame({
    title: page.title,
    description: page.summary,
    feed: `${folder}/feed.atom`,
    isHidden: !page.isFindable,
    body: toHtml(pluginMarkup(page, readme, siteLink)),
  });
  write(`${folder}/index.html`, filled);
  write(`${folder}/badge.svg`, badge(entry, title));
  write(`${folder}/feed.atom`, atomFeed(readFeed({ plugin: entry.plugin })));
  write(`${folder}/CITATION.cff`, citationFile(document, release, registryUrl(url)));
}

function writePublisher(id: string, frame: FillFrame, write: Write): void {
  const page = readPublisherPage(id);
  const entries = page.plugins.flatMap((plugin) => tree.entries().get(plugin) ?? []);
  const plugins = listPlugins(entries, tree.hosts()).slice(0, LIST_LENGTH);
  const feed = `feeds/publishers/${id}.atom`;
  const filled = frame({
    title: page.title,
    description: page.summary ?? `Plugins of ${page.title}`,
    feed,
    body: toHtml(publisherMarkup(page, plugins, siteLink)),
  });
  write(`publishers/${id}/index.html`, filled);
  write(feed, atomFeed(readFeed({ publisher: id })));
}

/** The first page of each is one of Astro's. */
function writeLists(frame: Readonly<Record<FrameArea, FillFrame>>, write: Write): void {
  const sayPage = ({ number, pages }: { readonly number: number; readonly pages: number }): string =>
    `${number} of ${pages}`;
  for (const page of groupPlugins(tree.index().plugins, tree.hosts()).flatMap((group) => listPages(group).slice(1))) {
    const { title, says } = page.group;
    const body = toHtml(listMarkup(page, siteLink));
    write(
      `plugins/page/${page.id}/index.html`,
      frame.plugins({ title: `${title}, ${sayPage(page.nav)}`, description: says, body }),
    );
  }
  for (const page of publisherListPages(tree.publishers()).slice(1)) {
    const body = toHtml(publishersMarkup(page, siteLink));
    write(
      `publishers/page/${page.nav.number}/index.html`,
      frame.about({ title: `Publishers, ${sayPage(page.nav)}`, description: 'Who publishes in this registry.', body }),
    );
  }
}
