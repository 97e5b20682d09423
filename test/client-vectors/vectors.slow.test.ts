// Every vector through the real protocol, those of single types included.
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readIndex, runClientVectors } from '../conformance/client-vectors.ts';

const OURS = fileURLToPath(new URL('../conformance/plugmark-client', import.meta.url));

test('every vector', { timeout: 1_200_000 }, async () => {
  const results = await runClientVectors({ command: [OURS] });
  expect(results.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
  expect(results.length).toBe(readIndex().cases.length);
});
