// The list that is searched, away from the page: reading three megabytes and sorting ten thousand lines would stop it for as long.

import { choices, type PluginQuery, type SearchEntry, searchPlugins } from '../data/search-plugins.ts';

/** First the list itself, as it was served; then what is asked of it, with the number of lines that are shown. */
export type SearchRequest =
  | { readonly list: ArrayBuffer }
  | { readonly id: number; readonly query: PluginQuery; readonly shown: number };

export type SearchAnswer =
  | { readonly licences: readonly string[]; readonly tools: readonly string[] }
  | { readonly id: number; readonly total: number; readonly entries: readonly SearchEntry[] }
  | { readonly problem: string };

interface WorkerScope {
  onmessage: ((event: { readonly data: SearchRequest }) => void) | null;
  postMessage(answer: SearchAnswer): void;
}

const scope = globalThis as unknown as WorkerScope;
let plugins: readonly SearchEntry[] = [];

scope.onmessage = ({ data }) => {
  try {
    scope.postMessage('list' in data ? take(data.list) : answer(data));
  } catch (error) {
    scope.postMessage({ problem: String(error) });
  }
};

function take(list: ArrayBuffer): SearchAnswer {
  ({ plugins } = JSON.parse(new TextDecoder().decode(list)) as { plugins: readonly SearchEntry[] });
  return { licences: choices(plugins, ({ l }) => [l]), tools: choices(plugins, ({ g }) => g) };
}

function answer({ id, query, shown }: Exclude<SearchRequest, { list: ArrayBuffer }>): SearchAnswer {
  const found = searchPlugins(plugins, query);
  return { id, total: found.length, entries: found.slice(0, shown) };
}
