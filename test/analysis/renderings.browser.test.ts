// Renderings and comparisons in a page: the same bytes as Node wrote down.
/// <reference types="vite/client" />
import { renderCycloneDx } from '@plugmark/analysis';
import { expect, test } from 'vitest';
import { CYCLONEDX_CASES } from './cyclonedx-cases.ts';
import { runDiff } from './diff-vector.ts';
import { RENDERED, renderingsOf } from './renderings.ts';
import type { AnalysisVector } from './vector.ts';

const submissions = import.meta.glob<AnalysisVector>('../vectors/analysis/*/submission.json', {
  eager: true,
  import: 'default',
});
const files = import.meta.glob<string>('../vectors/analysis/*/*.{wasm,zip}', {
  eager: true,
  import: 'default',
  query: '?url',
});
const markdown = import.meta.glob<string>('./markdown/*.md', { eager: true, import: 'default', query: '?raw' });
const sarif = import.meta.glob<unknown>('./sarif/*.json', { eager: true, import: 'default' });
const cyclonedx = import.meta.glob<unknown>('./cyclonedx/*.json', { eager: true, import: 'default' });
const reports = import.meta.glob<unknown>('../vectors/diff/*/*.json', { eager: true, import: 'default' });
const texts = import.meta.glob<string>('../vectors/diff/*/expect.{txt,md}', {
  eager: true,
  import: 'default',
  query: '?raw',
});

async function bytes(path: string): Promise<Uint8Array | undefined> {
  const url = files[path];
  return url === undefined ? undefined : new Uint8Array(await (await fetch(url)).arrayBuffer());
}

test.each(RENDERED)('%s', async (name) => {
  const folder = `../vectors/analysis/${name}/`;
  const vector = submissions[`${folder}submission.json`];
  if (vector === undefined) throw new TypeError(`${folder} is missing`);
  const either = async (stem: string) =>
    (await bytes(`${folder}${stem}.wasm`)) ?? (await bytes(`${folder}${stem}.zip`));
  const input = (await either('input')) ?? new Uint8Array();
  const found = await renderingsOf({ vector, input, previous: await either('previous') });
  expect(found.sarif).toEqual(sarif[`./sarif/${name}.sarif.json`]);
  expect(found.markdown).toBe(markdown[`./markdown/${name}.md`]);
});

const diffs = Object.keys(reports).flatMap((path) => /^(.*)\/before\.json$/.exec(path)?.[1] ?? []);

test.each(diffs)('%s', (folder) => {
  const found = runDiff(reports[`${folder}/before.json`], reports[`${folder}/after.json`]);
  expect(found.diff).toEqual(reports[`${folder}/expect.json`]);
  expect(found.text).toBe(texts[`${folder}/expect.txt`]);
  expect(found.markdown).toBe(texts[`${folder}/expect.md`]);
});

test.each(Object.keys(CYCLONEDX_CASES))('bill of materials: %s', async (name) => {
  const { bytes: make, options = {} } = CYCLONEDX_CASES[name] ?? { bytes: async () => new Uint8Array() };
  expect(JSON.parse(await renderCycloneDx(await make(), options))).toEqual(cyclonedx[`./cyclonedx/${name}.cdx.json`]);
});

test('there is something to compare', () => {
  expect(diffs.length).toBeGreaterThan(30);
});
