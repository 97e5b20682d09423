// Set up for every file of the project `node`, whose files share two processes: evaluating the same modules for each took as long as
// a quarter of the tests. So a file that leaves something of the process changed, on which the next might depend, fails.
import { afterAll, expect } from 'vitest';

/** What a file can change for all that come after it. */
const state = () => ({
  folder: process.cwd(),
  exitCode: process.exitCode,
  variables: { ...process.env },
  functions: [Date, Date.now, Math.random, crypto.subtle, globalThis.fetch, setTimeout, performance.now, JSON.parse],
  prototypes: [Object, Array, Map, Set, Uint8Array, Promise].map(({ prototype }) =>
    Object.getOwnPropertyNames(prototype),
  ),
});

const before = state();
afterAll(() => {
  expect(state(), 'what this file left behind').toEqual(before);
});
