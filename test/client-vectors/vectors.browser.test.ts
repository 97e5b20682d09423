/// <reference types="vite/types/importMeta.d.ts" />
// The same vectors in real Chromium: the client as a page has it, with its stores in memory and the files of each step as its network.
import { expect, test } from 'vitest';
import type { ClientCaseFile, Trees } from '../conformance/client-case.ts';
import { runInProcess } from './in-process.ts';

const cases = import.meta.glob<ClientCaseFile>('../vectors/client/cases/*/case.json', {
  eager: true,
  import: 'default',
});
const files = import.meta.glob<Trees[string]>('../vectors/client/trees/*.json', { eager: true, import: 'default' });
const trees = Object.fromEntries(
  Object.entries(files).map(([path, tree]) => [path.replace(/^.*\/(.*)\.json$/, '$1'), tree]),
);

test('every vector', { timeout: 120_000 }, async () => {
  const all = Object.values(cases);
  expect(all.length).toBeGreaterThan(150);
  const wrong = [];
  for (const one of all) {
    const result = await runInProcess(one, trees);
    if (result.outcome !== 'pass') wrong.push(result);
  }
  expect(wrong).toEqual([]);
});
