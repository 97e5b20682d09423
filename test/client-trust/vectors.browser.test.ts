/// <reference types="vite/types/importMeta.d.ts" />
// The vectors of test/vectors/trust in real Chromium: the same client, the same outcomes.
import { expect, test } from 'vitest';
import { runVector, type TrustOutcome, type TrustVector } from './vector.ts';

const inputs = import.meta.glob<TrustVector>('../vectors/trust/*/input.json', { eager: true, import: 'default' });
const outcomes = import.meta.glob<TrustOutcome>('../vectors/trust/*/expect.json', { eager: true, import: 'default' });

test('there are vectors', () => {
  expect(Object.keys(inputs).length).toBeGreaterThan(50);
});

for (const [path, vector] of Object.entries(inputs)) {
  test(path.split('/').at(-2) ?? path, async () => {
    expect(await runVector(vector)).toEqual(outcomes[path.replace('input.json', 'expect.json')]);
  });
}
