// The same vectors in a page: the report has the same bytes there, since its digest is the one that Node wrote down.
/// <reference types="vite/client" />
import { expect, test } from 'vitest';
import { type AnalysisExpectation, type AnalysisVector, expectationOf, runVector } from './vector.ts';

const submissions = import.meta.glob<AnalysisVector>('../vectors/analysis/*/submission.json', {
  eager: true,
  import: 'default',
});
const expectations = import.meta.glob<AnalysisExpectation>('../vectors/analysis/*/expect.json', {
  eager: true,
  import: 'default',
});
const files = import.meta.glob<string>('../vectors/analysis/*/*.{wasm,zip}', {
  eager: true,
  import: 'default',
  query: '?url',
});

async function bytes(path: string): Promise<Uint8Array | undefined> {
  const url = files[path];
  return url === undefined ? undefined : new Uint8Array(await (await fetch(url)).arrayBuffer());
}

test('the vectors are there', () => {
  expect(Object.keys(submissions).length).toBeGreaterThan(100);
  expect(Object.keys(files).length).toBeGreaterThan(100);
});

test.each(Object.entries(submissions))('%s', async (path, vector) => {
  const beside = (file: string): string => path.replace('submission.json', file);
  const input = (await bytes(beside('input.wasm'))) ?? (await bytes(beside('input.zip'))) ?? new Uint8Array();
  const report = await runVector(
    vector,
    input,
    (await bytes(beside('previous.wasm'))) ?? (await bytes(beside('previous.zip'))),
  );
  expect(await expectationOf(report)).toEqual(expectations[beside('expect.json')]);
});
