// Lighthouse over pages of the site, in the Chromium of the project. It is installed apart: `npm ci --prefix test/bench/lighthouse`.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { median, type Row, row, skippedRow, talk } from './harness.ts';

const COMMAND = fileURLToPath(new URL('lighthouse/node_modules/lighthouse/cli/index.js', import.meta.url));
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
/** Its score for performance moves with whatever else the machine does. */
const RUNS = 3;

interface LighthouseBench {
  /** Of a Chromium that listens to debuggers. */
  readonly port: number;
  readonly pages: Readonly<Record<string, string>>;
}

/** One row a page: the lowest of its four scores, each the median of the runs. */
export async function lighthouseRows({ port, pages }: LighthouseBench): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [name, url] of Object.entries(pages)) {
    if (!existsSync(COMMAND)) {
      rows.push(skippedRow(`lighthouse-${name}`, 'points', 'not installed: npm ci --prefix test/bench/lighthouse'));
      continue;
    }
    const runs: Scores[] = [];
    for (let i = 0; i < RUNS; i += 1) runs.push(await scores(url, port));
    const each = CATEGORIES.map((category) => [category, median(runs.map((run) => run[category]))] as const);
    talk(`lighthouse-${name}: ${each.map(([category, score]) => `${category} ${score}`).join(', ')}`);
    rows.push(
      row({
        name: `lighthouse-${name}`,
        unit: 'points',
        value: Math.min(...each.map(([, score]) => score)),
        goal: { of: 'value', atLeast: 100 },
      }),
    );
  }
  return rows;
}

type Scores = Readonly<Record<(typeof CATEGORIES)[number], number>>;

interface Report {
  readonly categories: Readonly<
    Record<
      string,
      {
        readonly score: number | null;
        readonly auditRefs: readonly { readonly id: string; readonly weight: number }[];
      }
    >
  >;
  readonly audits: Readonly<Record<string, { readonly title: string; readonly score: number | null }>>;
}

async function scores(url: string, port: number): Promise<Scores> {
  const only = `--only-categories=${CATEGORIES.join(',')}`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      COMMAND,
      url,
      `--port=${port}`,
      '--hostname=127.0.0.1',
      '--output=json',
      '--quiet',
      '--no-enable-error-reporting',
      only,
    ],
    { maxBuffer: 1 << 28 },
  );
  const report = JSON.parse(stdout) as Report;
  for (const { score, auditRefs } of Object.values(report.categories)) {
    if (score === 1) continue;
    const short = auditRefs.filter(({ id, weight }) => weight > 0 && (report.audits[id]?.score ?? 1) < 1);
    for (const { id } of short) talk(`  ${url}: ${report.audits[id]?.title}: ${report.audits[id]?.score}`);
  }
  return Object.fromEntries(
    CATEGORIES.map((category) => [category, Math.round((report.categories[category]?.score ?? 0) * 100)]),
  ) as Scores;
}
