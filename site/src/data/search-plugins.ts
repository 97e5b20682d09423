// Searching and filtering the list. A plain scan: ten thousand entries take less than a frame, and there is no index to build. Pure.

import type { CapabilityClass, SearchIndex } from '@plugmark/schemas';
import type { ListedEntry } from './plugin-list.ts';

export type SearchEntry = SearchIndex['plugins'][number];

/** Every member is a parameter of the address, so that a search can be kept and sent. */
export interface PluginQuery {
  readonly q: string;
  readonly host: string;
  /** Capability classes it has, and lacks. */
  readonly class: readonly string[];
  readonly lacks: readonly string[];
  /** The highest risk that is accepted. */
  readonly risk: string;
  readonly tier: string;
  readonly same: string;
  readonly licence: string;
  readonly tool: string;
  /** The largest file, in bytes. */
  readonly size: string;
  readonly import: string;
  readonly sort: string;
}

const TEXTS = ['q', 'host', 'risk', 'tier', 'same', 'licence', 'tool', 'size', 'import', 'sort'] as const;
const LISTS = ['class', 'lacks'] as const;

export function readQuery(address: URLSearchParams): PluginQuery {
  const texts = TEXTS.map((name) => [name, (address.get(name) ?? '').trim()]);
  const lists = LISTS.map((name) => [name, (address.get(name) ?? '').split(',').filter(Boolean)]);
  return Object.fromEntries([...texts, ...lists]) as PluginQuery;
}

/** Without what says nothing; empty when nothing is asked. */
export function writeQuery(query: PluginQuery): string {
  const address = new URLSearchParams();
  for (const name of TEXTS) if (query[name] !== '') address.set(name, query[name]);
  for (const name of LISTS) if (query[name].length > 0) address.set(name, query[name].join(','));
  return address.toString();
}

const RISKS = ['none', 'low', 'medium', 'high'];

/** A process can do anything, whatever its classes say; it has all and lacks none. */
const has = ({ c, a }: SearchEntry, name: string): boolean => a === 'process' || c.includes(name);

const FILTERS: readonly ((entry: SearchEntry, query: PluginQuery) => boolean)[] = [
  ({ h }, { host }) => host === '' || h.includes(host),
  (entry, { class: wanted }) => wanted.every((name) => has(entry, name)),
  (entry, { lacks }) => lacks.every((name) => !has(entry, name)),
  ({ r, a }, { risk }) => risk === '' || (a !== 'process' && RISKS.indexOf(r) <= RISKS.indexOf(risk)),
  ({ tier }, query) => query.tier === '' || tier === query.tier,
  ({ d }, { same }) => same === '' || d === same,
  ({ l }, { licence }) => licence === '' || l === licence,
  ({ g }, { tool }) => tool === '' || g.includes(tool),
  ({ z }, { size }) => size === '' || z <= Number(size),
  ({ m }, query) => query.import === '' || m.some((name) => name.includes(query.import)),
];

const ORDERS: Readonly<Record<string, (a: SearchEntry, b: SearchEntry) => number>> = {
  updated: (a, b) => compare(b.p, a.p) || compare(a.i, b.i),
  name: (a, b) => compare(a.t.toLowerCase(), b.t.toLowerCase()) || compare(a.i, b.i),
  size: (a, b) => a.z - b.z || compare(a.i, b.i),
};

/** Best first, or in the order asked for. */
export function searchPlugins(entries: readonly SearchEntry[], query: PluginQuery): readonly SearchEntry[] {
  const words = query.q.toLowerCase().split(/\s+/).filter(Boolean);
  const found: { entry: SearchEntry; score: number }[] = [];
  for (const entry of entries) {
    if (!FILTERS.every((holds) => holds(entry, query))) continue;
    const score = scoreOf(entry, words);
    if (score > 0) found.push({ entry, score });
  }
  const named = Object.hasOwn(ORDERS, query.sort) ? query.sort : words.length === 0 ? 'name' : '';
  const order = ORDERS[named];
  const byScore = (a: { score: number; entry: SearchEntry }, b: { score: number; entry: SearchEntry }): number =>
    b.score - a.score || compare(a.entry.i, b.entry.i);
  found.sort(order === undefined ? byScore : (a, b) => order(a.entry, b.entry));
  return found.map(({ entry }) => entry);
}

/** 0 when a word is nowhere. A word counts for where it stands: title and name before keywords, those before the summary. */
function scoreOf({ i, t, k, s, m }: SearchEntry, words: readonly string[]): number {
  let total = 1;
  const [title, summary] = [t.toLowerCase(), s.toLowerCase()];
  for (const word of words) {
    const score =
      title === word || i === word
        ? 20
        : title.startsWith(word)
          ? 10
          : title.includes(word) || i.includes(word)
            ? 6
            : k.some((keyword) => keyword.includes(word))
              ? 4
              : summary.includes(word)
                ? 2
                : m.some((name) => name.toLowerCase().includes(word))
                  ? 1
                  : 0;
    if (score === 0) return 0;
    total += score;
  }
  return total;
}

/** What there is to choose from, commonest first. */
export function choices(
  entries: readonly SearchEntry[],
  of: (entry: SearchEntry) => readonly string[],
): readonly string[] {
  const counts = new Map<string, number>();
  for (const entry of entries) for (const value of of(entry)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || compare(a, b)).map(([value]) => value);
}

/** For a line of the list. */
export function entryOf({ i, t, s, h, c, r, v, tier, z, p, a, o = 'active' }: SearchEntry): ListedEntry {
  return {
    plugin: i,
    title: t,
    summary: s,
    hosts: h,
    classes: c as CapabilityClass[],
    risk: r,
    latest: v,
    tier,
    size: z,
    publishedAt: `${p}T00:00:00Z`,
    kind: a ?? 'core',
    state: o,
  };
}

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
