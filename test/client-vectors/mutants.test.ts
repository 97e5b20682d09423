// That the mutation run finds what it should; the whole of it is in mutations.slow.test.ts.
import { afterAll, expect, test } from 'vitest';
import { keyOf, nameOf } from './mutants.ts';
import { allMutants, openMutationRun } from './mutation-run.ts';
import { UNTOLD } from './untold-mutants.ts';

const run = openMutationRun();
afterAll(() => run.close());
const mutants = allMutants();

test('checks are found in the source, one mutant each and more', () => {
  expect(mutants.length).toBeGreaterThan(600);
  expect(
    new Set(mutants.map(({ start, end, file, replacement }) => `${file} ${start} ${end} ${replacement}`)).size,
  ).toBe(mutants.length);
});

test('a client without the limit of 96 hours is told apart by the case about it', { timeout: 60_000 }, async () => {
  const [mutant] = mutants.filter((one) => nameOf(one).includes('METADATA_LIFETIME'));
  if (mutant === undefined) throw new Error('the check is not there any more');
  expect((await run.put(mutant)).by).toBe('timestamp-lives-too-long_fail');
});

test('what the table excuses exists', () => {
  const known = new Set(mutants.map(keyOf));
  expect(UNTOLD.flatMap(({ mutants: excused }) => excused.filter((key) => !known.has(key)))).toEqual([]);
});
