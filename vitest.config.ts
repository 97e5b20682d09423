// Three projects over the sources, without a build: `node`, `browser` (*.browser.test.ts, real Chromium) and
// `slow` (*.slow.test.ts: spec suite, conformance). Everything listens on and reaches loopback only.
import { availableParallelism } from 'node:os';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';
import { chromiumLaunchOptions, chromiumProblem } from './test/testkit/chromium.ts';

const SOURCE = '@plugmark/source';
const NOT_OURS = ['**/node_modules/**', '**/build/**', '**/dist/**', '**/.plugmark/**'];

export default defineConfig({
  resolve: { conditions: [SOURCE, 'module', 'browser', 'development|production', 'default'] },
  ssr: {
    resolve: {
      conditions: [SOURCE, 'module', 'node', 'development|production', 'default'],
      externalConditions: [SOURCE],
    },
  },
  test: {
    // Vitest's default leaves one core free, which on two cores means one file at a time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    passWithNoTests: false,
    reporters: ['default', './test/vitest-tally.ts'],
    sequence: { sequencer: LongestFirst },
    projects: [
      // Two hundred files that import the same modules: evaluated once a worker. `--isolate` gives each file a process of its own.
      project('node', ['test/**/*.test.ts'], ['**/*.browser.test.ts', '**/*.slow.test.ts'], 20_000, {
        isolate: false,
        globalSetup: ['./test/scratch-in-memory.ts'],
        setupFiles: ['./test/leaves-nothing.ts'],
      }),
      project('slow', ['test/**/*.slow.test.ts'], [], 600_000),
      await browserProject(),
    ],
  },
});

function project(
  name: string,
  include: string[],
  exclude: string[],
  testTimeout: number,
  more: { isolate?: boolean; globalSetup?: string[]; setupFiles?: string[] } = {},
): TestProjectConfiguration {
  return {
    extends: true,
    test: {
      ...more,
      name,
      include,
      exclude: [...NOT_OURS, ...exclude],
      testTimeout,
      hookTimeout: Math.max(testTimeout, 60_000),
    },
  };
}

async function browserProject(): Promise<TestProjectConfiguration> {
  const problem = process.env['PLUGMARK_NO_CHROMIUM'] ?? (await chromiumProblem());
  if (problem !== undefined) return withoutBrowser(problem);
  return {
    extends: true,
    test: {
      name: 'browser',
      include: ['test/**/*.browser.test.ts'],
      exclude: NOT_OURS,
      testTimeout: 30_000,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({ launchOptions: await chromiumLaunchOptions() }),
        instances: [{ browser: 'chromium' }],
      },
    },
  };
}

/** In CI a browser that does not start is a failure; .ci/run sets PLUGMARK_NO_CHROMIUM when it could not help it. */
function withoutBrowser(problem: string): TestProjectConfiguration {
  if (process.env['CI'] === 'true' && process.env['PLUGMARK_NO_CHROMIUM'] === undefined) {
    throw new Error(`the browser tests cannot run, and in CI they must: ${problem}`);
  }
  process.stderr.write(`browser tests skipped: ${problem}\n`);
  process.env['PLUGMARK_NO_CHROMIUM'] = problem;
  return project('browser', ['test/vitest-no-chromium.ts'], [], 5_000);
}
