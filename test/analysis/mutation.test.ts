// Every vector with bytes changed, removed or added: an answer that the schema takes and a terminal can show, never a crash, and
// never a pass for a file that could not be read.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { renderTerminal, summarizeReport } from '@plugmark/analysis';
import { AnalysisSummary, parse } from '@plugmark/schemas';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AnalysisVector, runVector } from './vector.ts';

const VECTORS = new URL('../vectors/analysis/', import.meta.url);
const CASES = readdirSync(VECTORS)
  .filter((name) => existsSync(new URL(`${name}/input.wasm`, VECTORS)))
  .map((name) => ({
    vector: JSON.parse(readFileSync(new URL(`${name}/submission.json`, VECTORS), 'utf8')) as AnalysisVector,
    bytes: new Uint8Array(readFileSync(new URL(`${name}/input.wasm`, VECTORS))),
  }));

const edits = fc.array(fc.record({ at: fc.nat(500), remove: fc.nat(3), insert: fc.uint8Array({ maxLength: 3 }) }), {
  minLength: 1,
  maxLength: 4,
});

test('changed bytes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...CASES), edits, async ({ vector, bytes }, changes) => {
      const list = [...bytes];
      for (const { at, remove, insert } of changes) list.splice(at % (list.length + 1), remove, ...insert);
      // The release names the bytes as they now are, so that only what they hold decides.
      const report = await runVector(vector, Uint8Array.from(list));
      expect(renderTerminal(report)).toContain('verdict  ');
      const summary = summarizeReport(report);
      // A proposal the reader does not cover is no fault, but nothing that was not read is ever listed.
      if (report.facts === undefined) expect([report.verdict === 'pass', summary]).toEqual([false, undefined]);
      if (summary !== undefined) parse(AnalysisSummary, summary, 'summary');
    }),
    { numRuns: 1500 },
  );
});
