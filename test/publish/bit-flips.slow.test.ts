// Every single bit of every file a client reads on its way to both plugins of a small registry. Half an hour on one core; in parts, with
// PLUGMARK_SHARD=3/8, which takes every byte and another bit of each.
import { expect, test } from 'vitest';
import { flip, flippable, noCounts, sizeOf } from './bit-flips.ts';

const [SHARD = 0, SHARDS = 1] = (process.env['PLUGMARK_SHARD'] ?? '0/1').split('/').map(Number);

test('all single bit flips: refused with a code, or no other decision', { timeout: 7_200_000 }, async () => {
  const registry = await flippable();
  const counts = noCounts();
  let flips = 0;
  for (const path of registry.paths)
    for (let at = 0; at < sizeOf(registry, path); at++)
      for (let bit = 0; bit < 8; bit++) {
        if ((at + bit) % SHARDS !== SHARD) continue;
        await flip(registry, counts, [path, at, bit]);
        flips++;
      }
  process.stderr.write(`${flips} flips: ${JSON.stringify({ refused: counts.refused, same: counts.same })}\n`);
  expect(counts.wrong).toEqual([]);
  expect(Object.values(counts.refused).reduce((sum, n) => sum + n, counts.same)).toBe(flips);
  expect(counts.same).toBeLessThan(flips / 20);
  expect(flips).toBeGreaterThan(1000);
});
