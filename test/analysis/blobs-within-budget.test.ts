// Which artifacts a place with a budget serves: vectors, and what holds of every list.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { askedMirrors, blobsWithinBudget, bytesOf, type ListedArtifact } from '@plugmark/analysis';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const VECTORS = new URL('../vectors/budget/', import.meta.url);
const read = (path: string) => JSON.parse(readFileSync(new URL(path, VECTORS), 'utf8'));
const digests = (artifacts: readonly ListedArtifact[]): string[] => artifacts.map(({ sha256 }) => sha256);

test.each(readdirSync(VECTORS))('%s', (name) => {
  const { artifacts, budgetBytes } = read(`${name}/input.json`) as {
    artifacts: ListedArtifact[];
    budgetBytes: number;
  };
  const { within, beyond } = blobsWithinBudget(artifacts, budgetBytes);
  expect({ within: digests(within), beyond: digests(beyond) }).toEqual(read(`${name}/expect.json`));
  expect(existsSync(new URL(`${name}/README.md`, VECTORS))).toBe(true);
});

describe('of every list', () => {
  /** Few digests and days, so that they meet. */
  const artifact: fc.Arbitrary<ListedArtifact> = fc
    .record({
      plugin: fc.constantFrom('a/a', 'b/b', 'c/c'),
      version: fc.constantFrom('1.0.0', '2.0.0', '3.0.0'),
      number: fc.integer({ min: 0, max: 15 }),
      kind: fc.constantFrom('core', 'process'),
      publishedAt: fc.integer({ min: 1, max: 5 }).map((day) => `2026-01-0${day}T00:00:00Z`),
      isLatest: fc.boolean(),
    })
    // Bytes with one digest have one size.
    .map(({ number, ...one }) => ({ ...one, sha256: number.toString(16).repeat(64), size: (number * 7) % 13 }));
  const artifacts = fc.array(artifact, { maxLength: 14 });
  const budget = fc.integer({ min: 0, max: 40 });

  test('each digest is in one of the two, and what is within fits', () => {
    fc.assert(
      fc.property(artifacts, budget, (list, bytes) => {
        const { within, beyond } = blobsWithinBudget(list, bytes);
        expect([...digests(within), ...digests(beyond)].sort()).toEqual([...new Set(digests(list))].sort());
        expect(bytesOf(within)).toBeLessThanOrEqual(bytes);
      }),
    );
  });

  test('the order of the list says nothing', () => {
    fc.assert(
      fc.property(artifacts, budget, fc.infiniteStream(fc.nat()), (list, bytes, keys) => {
        const shuffled = list
          .map((one) => [keys.next().value ?? 0, one] as const)
          .sort(([a], [b]) => a - b)
          .map(([, one]) => one);
        expect(blobsWithinBudget(shuffled, bytes)).toEqual(blobsWithinBudget(list, bytes));
      }),
    );
  });

  test('one more release brings no other one back', () => {
    fc.assert(
      fc.property(artifacts, artifact, budget, (list, more, bytes) => {
        const before = new Set(digests(blobsWithinBudget(list, bytes).within));
        const after = digests(blobsWithinBudget([...list, more], bytes).within);
        expect(after.filter((digest) => digest !== more.sha256 && !before.has(digest))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('what is within stands before everything beyond that could be', () => {
    fc.assert(
      fc.property(artifacts, budget, (list, bytes) => {
        const { within, beyond } = blobsWithinBudget(list, bytes);
        const last = within.at(-1);
        for (const one of beyond.filter(({ size }) => size <= bytes)) {
          expect(Number(one.isLatest)).toBeLessThanOrEqual(Number(last?.isLatest ?? 1));
          if (last?.isLatest === one.isLatest) expect(one.publishedAt <= last.publishedAt).toBe(true);
        }
      }),
    );
  });
});

describe('mirrors that clients ask', () => {
  const blobs = (url: string) => ({ url, serves: 'blobs' as const });
  test.each([
    ['https://r.example/', ['https://m.example/a'], ['https://m.example/a/']],
    ['https://r.example/', ['http://m.example/', 'https://m.example/'], ['https://m.example/']],
    ['http://127.0.0.1:4321/', ['http://127.0.0.1:4322/'], ['http://127.0.0.1:4322/']],
    // The registry itself, however it is spelt: what goes from there would be gone.
    ['https://r.example/base', ['https://R.example/base/', 'https://r.example:443/base'], []],
    ['https://r.example/', ['https://m.example', 'https://m.example/'], ['https://m.example/']],
    ['https://r.example/', ['https://[/'], []],
  ])('of %s with %j', (own, urls, asked) => {
    expect(askedMirrors(own, urls.map(blobs))).toEqual(asked);
  });
});
