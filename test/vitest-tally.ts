// Reporter: closes a run with `N passed, N failed, N skipped` alone on the last line, and adds the same three
// numbers to the file PLUGMARK_TALLY names, from which .ci/run makes its closing line.
import { appendFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const tally = count(modules, unhandled);
    const file = process.env['PLUGMARK_TALLY'];
    if (file !== undefined) appendFileSync(file, `${tally.passed} ${tally.failed} ${tally.skipped}\n`);
    process.stdout.write(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped\n`);
  }
}

/** A module that broke before its tests were collected, and an error outside any test, count as one failure each. */
function count(modules: readonly TestModule[], unhandled: readonly SerializedError[]): Tally {
  const tally: Tally = { passed: 0, failed: unhandled.length, skipped: 0 };
  for (const module of modules) {
    tally.failed += module.errors().length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      tally[state === 'pending' ? 'skipped' : state] += 1;
    }
  }
  return tally;
}
