// The public TUF conformance suite against our client, in Node and in Chromium, without an expected failure. The suite is not ours and
// is not committed: PLUGMARK_TUF_CONFORMANCE_DIR names a checkout of theupdateframework/tuf-conformance, and
// PLUGMARK_TUF_CONFORMANCE_PYTHON a Python that has its packages (default python3). `faketime` must be on PATH.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openChromiumPage } from './chromium-page.ts';

const CLIENT = fileURLToPath(new URL('./tuf-client', import.meta.url));
const SUITE = process.env['PLUGMARK_TUF_CONFORMANCE_DIR'];
const PYTHON = process.env['PLUGMARK_TUF_CONFORMANCE_PYTHON'] ?? 'python3';
const NO_BROWSER = process.env['PLUGMARK_NO_CHROMIUM'];
/** At commit eec841c: 110 tests of a client and 3 of the suite's own simulator. */
const LEAST_TESTS = 113;

interface Counts {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  /** pytest counts expected failures here. */
  readonly skipped: number;
}

async function runSuite(env: Record<string, string>): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), 'plugmark-tuf-conformance-'));
  const report = join(folder, 'report.xml');
  const args = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'tuf_conformance'];
  try {
    const output = await new Promise<string>((resolve) => {
      execFile(
        PYTHON,
        [...args, '--entrypoint', CLIENT, `--junitxml=${report}`],
        { cwd: SUITE, env: { ...process.env, ...env }, maxBuffer: 50_000_000 },
        (_, stdout, stderr) => resolve(`${stdout}\n${stderr}`),
      );
    });
    const xml = await readFile(report, 'utf8').catch(() => {
      throw new Error(`the suite did not run:\n${output.slice(-4000)}`);
    });
    const count = (name: string): number => Number(new RegExp(`<testsuite [^>]*\\b${name}="(\\d+)"`).exec(xml)?.[1]);
    const counts = {
      tests: count('tests'),
      failures: count('failures'),
      errors: count('errors'),
      skipped: count('skipped'),
    };
    if (counts.failures + counts.errors > 0) process.stderr.write(output.slice(-8000));
    return counts;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function expectAll({ tests, ...bad }: Counts): void {
  expect(bad).toEqual({ failures: 0, errors: 0, skipped: 0 });
  expect(tests).toBeGreaterThanOrEqual(LEAST_TESTS);
}

test('no failure is expected', async () => {
  expect(await readFile(`${CLIENT}.xfails`, 'utf8')).toBe('');
});

if (SUITE === undefined) {
  test.skip('the suite was not run: PLUGMARK_TUF_CONFORMANCE_DIR names no checkout of it', () => undefined);
} else {
  test('in Node', async () => expectAll(await runSuite({})));

  test.skipIf(NO_BROWSER)(`in Chromium${NO_BROWSER === undefined ? '' : `: not run, ${NO_BROWSER}`}`, async () => {
    const page = await openChromiumPage();
    try {
      expectAll(await runSuite({ PLUGMARK_CONFORMANCE_PAGE: page.url }));
    } finally {
      await page.close();
    }
  });
}
