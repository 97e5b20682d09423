// The bad input that a review must survive, each as one file: a typed finding, with the place where the reader knows it.
import { readFileSync } from 'node:fs';
import { renderTerminal, reviewRelease } from '@plugmark/analysis';
import type { AnalysisReport } from '@plugmark/schemas';
import { satisfies } from 'semver';
import { expect, test } from 'vitest';
import { CORE_HOST } from '../testkit/host-profile.ts';
import { TEST_POLICY } from '../testkit/policy.ts';
import { WasmBuilder } from '../testkit/wasm-builder.ts';

const vector = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../vectors/wasm/${name}/input.wasm`, import.meta.url)));
const fitting = (): WasmBuilder =>
  new WasmBuilder().function({ parameters: ['i32'], results: ['i32'], body: [0x20, 0], export: 'run' });

/** Faults in instructions: the reader or the engine, whichever looks first. */
const REFUSED: readonly string[] = ['wasm.malformed', 'wasm.invalid'];

/** The file, and rules of which one must be among the findings; those of an honest one fit but for what is said. */
const BAD: Readonly<Record<string, readonly [Uint8Array, readonly string[]]>> = {
  '4 GB of memory from the start': [
    fitting().memory({ min: 65_536 }, { export: 'memory' }).build(),
    ['wasm.memory-too-large'],
  ],
  'a table of 4 billion elements': [
    fitting().memory({ min: 1, max: 1 }, { export: 'memory' }).table({ min: 0xffff_ffff }).build(),
    ['wasm.table-too-large'],
  ],
  'ten million locals': [vector('code-ten-million-locals_fail'), REFUSED],
  'more locals than 32 bits count': [vector('code-locals-overflow_fail'), REFUSED],
  'a branch table above the limit': [vector('code-branch-table-65521_fail'), REFUSED],
  'a branch table that claims four billion targets': [vector('code-branch-table-lies_fail'), REFUSED],
  'an integer of six bytes': [vector('leb-six-bytes_fail'), ['wasm.malformed']],
  'a constant that is too long': [vector('code-i32-overlong_fail'), REFUSED],
  'a section longer than its content': [vector('section-too-long_fail'), ['wasm.malformed']],
  'a section shorter than its content': [vector('section-too-short_fail'), ['wasm.malformed']],
  'a section longer than the file': [vector('section-past-file_fail'), ['wasm.malformed']],
  'four billion types': [vector('four-billion-types_fail'), ['wasm.malformed']],
  'two exports of one name': [vector('export-twice_fail'), ['wasm.malformed']],
  'a name that is no UTF-8': [vector('import-module-not-utf8_fail'), ['wasm.malformed']],
  'components 101 deep': [vector('component-depth-101_fail'), ['wasm.malformed']],
};

async function review(bytes: Uint8Array): Promise<AnalysisReport> {
  return reviewRelease(
    { host: 'bench', profile: CORE_HOST, policy: TEST_POLICY },
    { artifact: async () => bytes, satisfies, now: new Date('2026-06-01T00:00:00Z') },
  );
}

test.each(Object.entries(BAD))('%s', async (_, [bytes, rules]) => {
  const report = await review(bytes);
  expect(report.verdict).toBe('fail');
  const found = report.outcomes.flatMap(({ findings }) => findings).filter(({ ruleId }) => rules.includes(ruleId));
  expect(found.length).toBeGreaterThan(0);
  for (const { ruleId, location } of found) {
    if (ruleId !== 'wasm.malformed') continue;
    expect(location?.offset).toBeGreaterThanOrEqual(0);
    expect(location?.offset).toBeLessThanOrEqual(bytes.length);
  }
  expect(renderTerminal(report)).toContain('FAIL');
});

test('blocks 3,000 deep are unusual and right', async () => {
  const report = await review(vector('code-nesting-3000'));
  const rules = report.outcomes.flatMap(({ findings }) => findings.map(({ ruleId }) => ruleId));
  expect(rules).not.toContain('wasm.malformed');
  expect(rules).not.toContain('wasm.invalid');
});
