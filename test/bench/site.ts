// The site of a thousand and of ten thousand plugins: what it takes to build, what it weighs, what Lighthouse says of it, how soon a
// search answers. The registries are synthetic, three releases a plugin, and kept under .plugmark; making the large one takes minutes.
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { serveFolder } from '../../tools/cli/src/static-server.ts';
import { overBudget, SITE_LIMITS, type SiteWeight, weighSite } from '../site/site-budget.ts';
import { chromiumLaunchOptions, chromiumProblem } from '../testkit/chromium.ts';
import { syntheticFolder } from '../testkit/synthetic-registry/synthetic-folder.ts';
import { type Row, type RowInput, row, skippedRow, talk } from './harness.ts';
import { type Measurement, measureNode } from './measured-process.ts';
import { lighthouseRows } from './site-lighthouse.ts';
import { searchRows } from './site-search.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const BUILD = join(REPOSITORY, 'site/src/bundle/build-site.ts');
const BASE = '/plugmark/';
/** Nothing here asks for fresh metadata: the pages are made for the time the tree was. */
const NOW = new Date('2026-11-26T00:00:00Z');
const LARGE = 10_000;

export async function bench(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const plugins of [1_000, LARGE]) rows.push(...(await siteRows(plugins)));
  return rows;
}

async function siteRows(plugins: number): Promise<Row[]> {
  const label = `${plugins / 1000}k`;
  const folder = join(REPOSITORY, '.plugmark/bench', `site-${label}`);
  await syntheticFolder({ folder, plugins, releases: 3, seed: 'plugmark', now: NOW });
  const [tree, pages] = [join(folder, 'tree'), join(folder, 'pages')];
  rmSync(pages, { recursive: true, force: true });
  mkdirSync(pages);
  const env = { PLUGMARK_TREE: tree, PLUGMARK_PAGES: pages, PLUGMARK_BASE: BASE };
  const build = await measureNode(['--conditions=@plugmark/source', BUILD], env);
  const weight = await weighSite(tree, pages);
  for (const line of overBudget(weight)) talk(`${label}: over budget: ${line}`);
  return [
    ...buildRows(label, build, plugins === LARGE),
    ...weightRows(label, weight),
    ...(await visitRows({ label, tree, pages, page: weight.pluginPages.largest.path })),
  ];
}

const atMost = (limit: number): NonNullable<RowInput['goal']> => ({ of: 'value', atMost: limit });

function buildRows(label: string, { seconds, cpuSeconds, peakMegabytes }: Measurement, isLarge: boolean): Row[] {
  const goal = (limit: number): Pick<RowInput, 'goal'> => (isLarge ? { goal: atMost(limit) } : {});
  const memory = `site-${label}-memory`;
  return [
    row({ name: `site-${label}`, unit: 's', value: seconds, ...goal(20) }),
    row({ name: `site-${label}-cpu`, unit: 's', value: cpuSeconds }),
    peakMegabytes === undefined
      ? skippedRow(memory, 'MB', 'no /proc here')
      : row({ name: memory, unit: 'MB', value: peakMegabytes, ...goal(900) }),
  ];
}

function weightRows(label: string, { files, bytes, archiveBytes, pluginPages, largestText }: SiteWeight): Row[] {
  const of = (name: string, unit: string, value: number, limit?: number): Row =>
    row({ name: `site-${label}-${name}`, unit, value, ...(limit === undefined ? {} : { goal: atMost(limit) }) });
  return [
    of('dist', 'MB', bytes / 1e6, SITE_LIMITS.bytes / 1e6),
    of('archive', 'MB', archiveBytes / 1e6, SITE_LIMITS.archiveBytes / 1e6),
    of('files', 'files', files),
    of('largest-text', 'bytes', largestText.bytes, SITE_LIMITS.textBytes),
    of('plugin-page-largest', 'bytes', pluginPages.largest.bytes, SITE_LIMITS.pluginPageBytes),
    of('plugin-page-median', 'bytes', pluginPages.median, SITE_LIMITS.pluginPageBytes),
    of('plugin-page-scripts', 'scripts', pluginPages.scripts, 0),
  ];
}

interface Visited {
  readonly label: string;
  readonly tree: string;
  readonly pages: string;
  /** Path of a plugin's page. */
  readonly page: string;
}

async function visitRows({ label, tree, pages, page }: Visited): Promise<Row[]> {
  const problem = await chromiumProblem();
  if (problem !== undefined) return [skippedRow(`search-${label}`, 'ms', problem)];
  // Of the tree, pages load nothing else; both together would take minutes to copy.
  copyFileSync(join(tree, 'search.json'), join(pages, 'search.json'));
  const server = await serveFolder({ folder: pages, port: 0, base: BASE });
  const port = await freePort();
  const options = await chromiumLaunchOptions();
  const browser = await chromium.launch({
    ...options,
    args: [...(options.args ?? []), `--remote-debugging-port=${port}`],
  });
  try {
    const { url } = server;
    const shown = { home: url, list: `${url}plugins/`, plugin: `${url}${page.replace('index.html', '')}` };
    const named = Object.fromEntries(Object.entries(shown).map(([name, each]) => [`${label}-${name}`, each]));
    return [...(await searchRows({ browser, url, label })), ...(await lighthouseRows({ port, pages: named }))];
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Chromium takes a number and tells none that Playwright would pass on. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
