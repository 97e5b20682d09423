// A client that leaves one check out is told from ours by at least one vector; where no vector can, the table says why.
import { afterAll, expect, test } from 'vitest';
import { keyOf } from './mutants.ts';
import { allMutants, openMutationRun } from './mutation-run.ts';
import { UNTOLD } from './untold-mutants.ts';

const run = openMutationRun();
afterAll(() => run.close());

test('every mutant is found, or stands in the table', { timeout: 7_200_000 }, async () => {
  const untold: string[] = [];
  for (const mutant of allMutants()) {
    const { by } = await run.put(mutant);
    if (by === undefined) untold.push(keyOf(mutant));
  }
  expect([...new Set(untold)].sort()).toEqual(UNTOLD.flatMap(({ mutants }) => mutants).sort());
});
