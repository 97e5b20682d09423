// Longer histories, and one in which the document roles are divided: former roles stay in the ledger and may list what others do.
import { describe, expect, test } from 'vitest';
import { playHistory } from './update-histories.ts';

describe('a build of what changed has the bytes of a whole build', () => {
  test.each(['two', 'three', 'four', 'five'])('after every step of the random history %s', async (seed) => {
    const steps = await playHistory(seed, 40);
    expect(steps.flatMap(({ what, differences }) => differences.map((path) => `${what}: ${path}`))).toEqual([]);
    expect(steps.filter(({ whole }) => whole === undefined).length).toBeGreaterThan(30);
  });

  test('also after the documents were divided among more roles, which takes one whole build', async () => {
    const steps = await playHistory('grown', 30, { at: 10, plugins: 600 });
    expect(steps.flatMap(({ what, differences }) => differences.map((path) => `${what}: ${path}`))).toEqual([]);
    expect(steps.filter(({ whole }) => whole === 'otherRoles')).toHaveLength(1);
  });
});
