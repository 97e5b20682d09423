import source from 'standalone:workers/search-worker';
import type { PluginQuery } from '../data/search-plugins.ts';
import type { SearchAnswer, SearchRequest } from '../workers/search-worker.ts';
import { blobWorker } from './blob-worker.ts';

type Found = Extract<SearchAnswer, { readonly id: number }>;
type Choices = Extract<SearchAnswer, { readonly licences: unknown }>;

export interface PluginSearch {
  readonly choices: Choices;
  /** The first `shown` of those that fit. */
  readonly ask: (query: PluginQuery, shown: number) => Promise<Found>;
}

/** Gives the list to a worker, which answers from then on. Rejects when it is none. */
export async function openSearch(list: ArrayBuffer): Promise<PluginSearch> {
  const worker = blobWorker(source);
  let asked = 0;
  const choices = await exchange<Choices>(worker, { list }, (answer) => 'licences' in answer);
  return {
    choices,
    ask: (query, shown) => {
      const id = ++asked;
      return exchange<Found>(worker, { id, query, shown }, (answer) => 'id' in answer && answer.id === id);
    },
  };
}

function exchange<A extends SearchAnswer>(
  worker: Worker,
  request: SearchRequest,
  isIts: (answer: SearchAnswer) => boolean,
): Promise<A> {
  return new Promise((resolve, reject) => {
    const ended = new AbortController();
    const { signal } = ended;
    const end = (settle: () => void): void => {
      ended.abort();
      settle();
    };
    worker.addEventListener('error', ({ message }) => end(() => reject(new Error(message))), { signal });
    worker.addEventListener(
      'message',
      ({ data }: MessageEvent<SearchAnswer>) => {
        if ('problem' in data) end(() => reject(new Error(data.problem)));
        else if (isIts(data)) end(() => resolve(data as A));
      },
      { signal },
    );
    worker.postMessage(request, 'list' in request ? [request.list] : []);
  });
}
