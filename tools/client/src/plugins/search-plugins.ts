// Search over v1/index.json, which is signed by nobody: good for finding names. What is found says so until it is resolved.
import { type IndexEntry, searchIndex } from '../documents/search-index.ts';
import { ClientError } from '../error.ts';
import { readJson } from '../trust/shape.ts';
import type { PluginsContext } from './plugins-context.ts';

/** Narrows a search; both members are optional. */
export interface SearchFilter {
  /** Default: the host's own plugins. `false`: of every host. */
  readonly host?: string | false;
  /** A capability class no result may have, e.g. `network`. */
  readonly without?: readonly string[];
}

/** A plugin that a search found, as the index describes it. */
export interface SearchHit extends IndexEntry {
  /** Always: the index is plain JSON. `resolve` or `describePermissions` gives what is signed. */
  readonly verification: 'notChecked';
}

/** 10,000 plugins take about 6 MB. */
const MAX_INDEX_BYTES = 32_000_000;

/** Those in which every word occurs, best first. Throws NETWORK, FILE_MISSING, INDEX_MALFORMED. */
export async function searchPlugins(
  { core, options }: PluginsContext,
  text: string,
  { host = options.host.id, without = [] }: SearchFilter,
): Promise<readonly SearchHit[]> {
  const path = 'v1/index.json';
  const bytes = await core.fetchFile(path, MAX_INDEX_BYTES);
  if (bytes === undefined) throw new ClientError('FILE_MISSING', { path });
  const { plugins } = readJson(bytes, { code: 'INDEX_MALFORMED', path }, searchIndex);
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return plugins
    .filter(
      ({ hosts, classes, state }) =>
        (host === false || hosts.includes(host)) &&
        state !== 'revoked' &&
        !without.some((name) => classes.includes(name)),
    )
    .flatMap((entry) => {
      const scores = words.map((word) => score(entry, word));
      return scores.every((value) => value > 0)
        ? [{ entry, total: scores.reduce((sum, value) => sum + value, 0) }]
        : [];
    })
    .sort((a, b) => b.total - a.total || (a.entry.plugin < b.entry.plugin ? -1 : 1))
    .map(({ entry }) => ({ ...entry, verification: 'notChecked' }));
}

/** A name counts more than a word of the summary. */
function score({ plugin, title, summary, keywords, categories, capabilities }: IndexEntry, word: string): number {
  const has = (text: string): boolean => text.toLowerCase().includes(word);
  if (plugin.endsWith(`/${word}`)) return 100;
  if (has(plugin)) return 40;
  if (has(title)) return 30;
  if ([...keywords, ...categories].some(has)) return 20;
  return has(summary) || capabilities.some(has) ? 10 : 0;
}
