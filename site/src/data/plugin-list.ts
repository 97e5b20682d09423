// Lists of plugins, grouped by how far they reach. Works as plain links and anchors; searching is another page's work. Pure.

import {
  CAPABILITY_CLASSES,
  type CapabilityClass,
  type HostProfile,
  type Index,
  type IndexEntry,
  PROCESS_SENTENCE,
} from '@plugmark/schemas';
import { type PageNav, pageNavs } from './page-nav.ts';
import { sayBytes, sayDay, sayList } from './say-numbers.ts';
import { TIER_WORDS } from './tier-words.ts';

export interface ListedPlugin {
  readonly plugin: string;
  readonly title: string;
  readonly summary: string;
  readonly publisher: string;
  readonly hosts: readonly { readonly id: string; readonly title: string }[];
  readonly version: string;
  readonly size: string;
  readonly published: string;
  readonly level: IndexEntry['risk'] | 'outside' | 'unbounded';
  /** What the level means, in words. */
  readonly reach: string;
  readonly tier: string;
  /** Not active. */
  readonly state?: string;
}

export interface PluginGroup {
  readonly id: 'outside' | 'inside' | 'nothing' | 'anything';
  readonly title: string;
  readonly says: string;
  readonly plugins: readonly ListedPlugin[];
}

const REACHING: ReadonlySet<string> = new Set(['network', 'filesystem', 'subprocess', 'system']);

const GROUPS: readonly (Omit<PluginGroup, 'plugins'> & { readonly holds: (entry: IndexEntry) => boolean })[] = [
  {
    id: 'nothing',
    title: 'Asks for nothing',
    says: 'Turns what it is given into an answer.',
    holds: ({ kind, capabilities }) => kind !== 'process' && capabilities.length === 0,
  },
  {
    id: 'inside',
    title: 'Works inside its host',
    says: 'Uses what the host holds; asks for no network, no files and no other programs.',
    holds: ({ kind, capabilities, classes }) =>
      kind !== 'process' && capabilities.length > 0 && !classes.some((name) => REACHING.has(name)),
  },
  {
    id: 'outside',
    title: 'Reaches outside its host',
    says: 'Uses the network, files, other programs or the system itself.',
    holds: ({ kind, classes }) => kind !== 'process' && classes.some((name) => REACHING.has(name)),
  },
  {
    id: 'anything',
    title: 'Can do anything your account can',
    says: 'Runs as a program of its own.',
    holds: ({ kind }) => kind === 'process',
  },
];

/** Groups that hold something, from the tamest to the wildest. */
export function groupPlugins(
  entries: readonly IndexEntry[],
  hosts: ReadonlyMap<string, HostProfile>,
): readonly PluginGroup[] {
  return GROUPS.map(({ holds, ...group }) => ({ ...group, plugins: listPlugins(entries.filter(holds), hosts) })).filter(
    ({ plugins }) => plugins.length > 0,
  );
}

/** Plugins on one page of a list. More would make a page that nobody reads and a phone cannot hold. */
export const LIST_LENGTH = 50;

/** One page of a group: its first is on /plugins/ itself. */
export interface ListPage {
  readonly id: string;
  readonly group: Omit<PluginGroup, 'plugins'>;
  readonly nav: PageNav;
  readonly plugins: readonly ListedPlugin[];
}

/** Every page of a group, `nothing-2` and so on. `page` is a name no publisher can have. */
export function listPages({ plugins, ...group }: PluginGroup): readonly ListPage[] {
  const titles = plugins.map(({ title }) => title);
  const path = (number: number): string =>
    number === 1 ? `plugins/#${group.id}` : `plugins/page/${group.id}-${number}/`;
  return pageNavs({ titles, length: LIST_LENGTH, path }).map((nav, i) => ({
    id: `${group.id}-${i + 1}`,
    group,
    nav,
    plugins: plugins.slice(i * LIST_LENGTH, (i + 1) * LIST_LENGTH),
  }));
}

/** By title, then by id. */
export function listPlugins(
  entries: readonly IndexEntry[],
  hosts: ReadonlyMap<string, HostProfile>,
): readonly ListedPlugin[] {
  return entries
    .map((entry) => listedPlugin(entry, titlesOf(hosts)))
    .sort((a, b) => compare(a.title.toLowerCase(), b.title.toLowerCase()) || compare(a.plugin, b.plugin));
}

/** The last published, newest first. */
export function newestPlugins(
  { plugins }: Index,
  hosts: ReadonlyMap<string, HostProfile>,
  count: number,
): readonly ListedPlugin[] {
  const newest = [...plugins]
    .sort((a, b) => compare(b.publishedAt, a.publishedAt) || compare(a.plugin, b.plugin))
    .slice(0, count);
  return newest.map((entry) => listedPlugin(entry, titlesOf(hosts)));
}

/** What a line of a list needs of an entry. */
export type ListedEntry = Pick<
  IndexEntry,
  | 'plugin'
  | 'title'
  | 'summary'
  | 'latest'
  | 'size'
  | 'publishedAt'
  | 'tier'
  | 'state'
  | 'hosts'
  | 'kind'
  | 'risk'
  | 'classes'
>;

const titlesOf = (hosts: ReadonlyMap<string, HostProfile>): ReadonlyMap<string, string> =>
  new Map([...hosts].map(([id, { title }]) => [id, title]));

/** One line; `titles` of hosts by id. */
export function listedPlugin(entry: ListedEntry, titles: ReadonlyMap<string, string>): ListedPlugin {
  const { plugin, title, summary, latest, size, publishedAt, tier, state } = entry;
  return {
    plugin,
    title,
    summary,
    publisher: plugin.slice(0, plugin.indexOf('/')),
    hosts: entry.hosts.map((id) => ({ id, title: titles.get(id) ?? id })),
    version: latest,
    size: sayBytes(size),
    published: sayDay(publishedAt),
    ...reachOf(entry),
    tier: TIER_WORDS[tier].title,
    ...(state === 'active' ? {} : { state }),
  };
}

function reachOf({ kind, risk, classes }: ListedEntry): Pick<ListedPlugin, 'level' | 'reach'> {
  if (kind === 'process') return { level: 'unbounded', reach: PROCESS_SENTENCE.replace(/^C/, 'c') };
  const reaching = classes.filter((name) => REACHING.has(name));
  if (reaching.length > 0) return { level: 'outside', reach: `reaches out: ${sayList(reaching.map(classTitle))}` };
  return { level: risk, reach: risk === 'none' ? 'asks for nothing' : `${risk} risk` };
}

function classTitle(name: string): string {
  return Object.hasOwn(CAPABILITY_CLASSES, name)
    ? CAPABILITY_CLASSES[name as CapabilityClass].title.toLowerCase()
    : name;
}

/** By code unit, so that the order depends on no locale. */
function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
