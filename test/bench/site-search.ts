// Searching ten thousand plugins on a slow machine: from the first letter typed to the first line of the answer, the list being fetched
// in between. Beside it MiniSearch, given the same file in the same browser, from fetching it to its first answer.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { median, type Row, type RowInput, row } from './harness.ts';

const PEERS = fileURLToPath(new URL('peers/', import.meta.url));
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
  const peer = await miniSearch();
  // In turn, so that whatever else the machine does meets both.
  for (let i = 0; i < RUNS; i += 1) {
    own.push(await throttled(browser, url, {}, askOurs));
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
  ask: (page: Page) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext(options);
  try {
    const page = await context.newPage();
    await page.goto(`${url}plugins/`, { waitUntil: 'networkidle' });
    const session = await context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
    return await ask(page);
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
        new Function(script)();
        const { MiniSearch } = (window as unknown as { peer: { MiniSearch: new (options: object) => Index } }).peer;
        interface Index {
          addAll(list: readonly object[]): void;
          search(text: string, options: object): readonly object[];
        }
        const start = performance.now();
        const { plugins } = (await (await fetch('../search.json')).json()) as { plugins: readonly object[] };
        const index = new MiniSearch({ idField: 'i', fields: ['t', 'i', 'k', 's', 'm'] });
        index.addAll(plugins);
        if (index.search(word, { prefix: true }).length === 0) throw new Error('the peer finds nothing');
        return performance.now() - start;
      },
      { script: code, word: WORD },
    );

async function miniSearch(): Promise<{ readonly code: string } | { readonly missing: string }> {
  const file = join(PEERS, 'node_modules/minisearch/package.json');
  try {
    readFileSync(file);
  } catch {
    return { missing: 'not installed: npm ci --prefix test/bench/peers' };
  }
  const contents = `import MiniSearch from 'minisearch'; window.peer = { MiniSearch };`;
  const made = await build({ stdin: { contents, resolveDir: PEERS }, bundle: true, minify: true, write: false });
  return { code: made.outputFiles[0]?.text ?? '' };
}
