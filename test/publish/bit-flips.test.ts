import { expect, test } from 'vitest';
import { flip, flippable, noCounts, sizeOf } from './bit-flips.ts';

test('a sample of single bit flips over every file a client reads: refused with a code, or no other decision', async () => {
  const registry = await flippable();
  const counts = noCounts();
  let flips = 0;
  for (const path of registry.paths) {
    const size = sizeOf(registry, path);
    // Spread over the file, another bit each time; the same in every run.
    for (let i = 0; i < 10; i++, flips++)
      await flip(registry, counts, [path, Math.floor((i * size) / 10), (i * 5) % 8]);
  }
  const refused = Object.values(counts.refused).reduce((sum, n) => sum + n, 0);
  expect(counts.wrong).toEqual([]);
  expect(refused + counts.same).toBe(flips);
  // A test in which nothing is refused would pass for a client that ignores what it reads.
  expect(refused).toBeGreaterThan(flips * 0.9);
  expect(Object.keys(counts.refused).length).toBeGreaterThan(6);
});
