// Searching ten thousand plugins on a slow machine: from the first letter typed to the first line of the answer, the list being fetched
// in between. Beside it MiniSearch, given the same file in the same browser, from fetching it to its first answer. Chromium slows the
// thread of the page and no worker, so what the search's worker does is measured in the page as well, slowed and not, and the
// difference added: nothing is faster for having moved.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { median, type Row, type RowInput, row } from './harness.ts';

const PEERS = fileURLToPath(new URL('peers/', import.meta.url));
const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const SEARCH = './site/src/data/search-plugins.ts';
/** As Lighthouse takes a phone to be. */
const SLOWER = 4;
const RUNS = 7;
const WORD = 'entropy';

interface SearchBench {
  readonly browser: Browser;
  /** With a slash at its end. */
  readonly url: string;
  readonly label: string;
}

export async function searchRows({ browser, url, label }: SearchBench): Promise<Row[]> {
  const own: Answered[] = [];
  const theirs: number[] = [];
  const [peer, scan] = [await miniSearch(), await bundled(`export * from '${SEARCH}';`, REPOSITORY)];
  // In turn, so that whatever else the machine does meets both.
  for (let i = 0; i < RUNS; i += 1) {
    const answered = await throttled(browser, url, {}, askOurs);
    const lost = await throttled(browser, url, { bypassCSP: true }, (page, slow) => lostOf(page, slow, scan));
    own.push({ ...answered, first: answered.first + lost.first, again: answered.again + lost.again });
    if ('code' in peer) theirs.push(await throttled(browser, url, { bypassCSP: true }, askPeer(peer.code)));
  }
  const beside: RowInput['peer'] =
    'code' in peer ? { name: 'minisearch', value: median(theirs) } : { name: 'minisearch', missing: peer.missing };
  const of = (read: (answer: Answered) => number): number => median(own.map(read));
  return [
    row({
      name: `search-${label}`,
      unit: 'ms',
      value: of(({ first }) => first),
      peer: beside,
      goal: { of: 'value', atMost: 300 },
    }),
    row({ name: `search-${label}-again`, unit: 'ms', value: of(({ again }) => again) }),
    row({ name: `search-${label}-longest-task`, unit: 'ms', value: of(({ longest }) => longest) }),
  ];
}

async function throttled<T>(
  browser: Browser,
  url: string,
  options: BrowserContextOptions,
  ask: (page: Page, slow: (rate: number) => Promise<unknown>) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext(options);
  try {
    const page = await context.newPage();
    await page.goto(`${url}plugins/`, { waitUntil: 'networkidle' });
    const session = await context.newCDPSession(page);
    const slow = (rate: number): Promise<unknown> => session.send('Emulation.setCPUThrottlingRate', { rate });
    await slow(SLOWER);
    return await ask(page, slow);
  } finally {
    await context.close();
  }
}

interface Answered {
  readonly first: number;
  /** Another word, the list being there. */
  readonly again: number;
  /** How long the page once did not answer. */
  readonly longest: number;
}

const askOurs = (page: Page): Promise<Answered> =>
  page.evaluate(async (word) => {
    const [field, found] = [document.getElementById('q') as HTMLInputElement, document.getElementById('found')];
    const tasks: number[] = [];
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask',
    });
    const ask = (text: string): Promise<number> =>
      new Promise((resolve) => {
        const start = performance.now();
        const seen = new MutationObserver(() => {
          if (found === null || found.hidden || found.querySelector('.title') === null) return;
          seen.disconnect();
          resolve(performance.now() - start);
        });
        seen.observe(found as Node, { childList: true, subtree: true, attributes: true });
        field.focus();
        field.value = text;
        field.dispatchEvent(new Event('input', { bubbles: true }));
      });
    const first = await ask(word);
    const again = await ask('filter');
    await new Promise((resolve) => setTimeout(resolve, 100));
    return { first, again, longest: Math.max(0, ...tasks) };
  }, WORD);

const askPeer =
  (code: string) =>
  (page: Page): Promise<number> =>
    page.evaluate(
      async ({ script, word }) => {
        interface Index {
          addAll(list: readonly object[]): void;
          search(text: string, options: object): readonly object[];
        }
        const { MiniSearch } = new Function(`${script}; return plugmarkBench;`)() as {
          MiniSearch: new (options: object) => Index;
        };
        const start = performance.now();
        const { plugins } = (await (await fetch('../search.json')).json()) as { plugins: readonly object[] };
        const index = new MiniSearch({ idField: 'i', fields: ['t', 'i', 'k', 's', 'm'] });
        index.addAll(plugins);
        if (index.search(word, { prefix: true }).length === 0) throw new Error('the peer finds nothing');
        return performance.now() - start;
      },
      { script: code, word: WORD },
    );

/** What the worker's part takes longer on a slow machine. */
async function lostOf(
  page: Page,
  slow: (rate: number) => Promise<unknown>,
  script: string,
): Promise<Pick<Answered, 'first' | 'again'>> {
  const slowed = await page.evaluate(scanIn, { script, word: WORD });
  await slow(1);
  const unslowed = await page.evaluate(scanIn, { script, word: WORD });
  return { first: slowed.first - unslowed.first, again: slowed.again - unslowed.again };
}

async function scanIn({ script, word }: { script: string; word: string }): Promise<Pick<Answered, 'first' | 'again'>> {
  interface Search {
    readQuery(address: URLSearchParams): object;
    searchPlugins(list: readonly object[], query: object): readonly object[];
    choices(list: readonly object[], of: (entry: { l: string; g: readonly string[] }) => readonly string[]): unknown;
  }
  const search = new Function(`${script}; return plugmarkBench;`)() as Search;
  const bytes = await (await fetch('../search.json')).arrayBuffer();
  const ask = (list: readonly object[], text: string): unknown =>
    search.searchPlugins(list, search.readQuery(new URLSearchParams({ q: text })));
  const start = performance.now();
  const { plugins } = JSON.parse(new TextDecoder().decode(bytes)) as { plugins: readonly object[] };
  search.choices(plugins, ({ l }) => [l]);
  search.choices(plugins, ({ g }) => g);
  ask(plugins, word);
  const between = performance.now();
  ask(plugins, 'filter');
  return { first: between - start, again: performance.now() - between };
}

async function miniSearch(): Promise<{ readonly code: string } | { readonly missing: string }> {
  if (!existsSync(join(PEERS, 'node_modules/minisearch'))) {
    return { missing: 'not installed: npm ci --prefix test/bench/peers' };
  }
  return { code: await bundled(`export { default as MiniSearch } from 'minisearch';`, PEERS) };
}

/** As a script that leaves its exports in `plugmarkBench`. */
async function bundled(contents: string, resolveDir: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir },
    bundle: true,
    minify: true,
    format: 'iife',
    globalName: 'plugmarkBench',
    conditions: ['@plugmark/source'],
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}
