// A build of what changed ends with the bytes of a whole one, whatever happened before it.
import { describe, expect, test } from 'vitest';
import { playHistory } from './update-histories.ts';

describe('a build of what changed has the bytes of a whole build', () => {
  test('after every step of a random history; longer ones are in update.slow.test.ts', async () => {
    const steps = await playHistory('one', 10);
    expect(steps.flatMap(({ what, differences }) => differences.map((path) => `${what}: ${path}`))).toEqual([]);
    expect(steps.filter(({ whole }) => whole === undefined).length).toBeGreaterThan(5);
  });
});
