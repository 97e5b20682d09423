// Set up for every file of the project `node`, whose files share two processes: evaluating the same modules for each took as long as
// a quarter of the tests. So a file that leaves something of the process changed, on which the next might depend, fails.
import fs from 'node:fs/promises';
import { afterAll, expect } from 'vitest';

/** What a file can change for all that come after it, by name. */
function state(): Map<string, unknown> {
  return new Map<string, unknown>([
    ['the folder', process.cwd()],
    ['the exit code', process.exitCode],
    ...named('the variable', process.env),
    ...named('the function', { Date, now: Date.now, random: Math.random, parse: JSON.parse, fetch, setTimeout }),
    ...named('the clock', { now: performance.now }),
    // `cutAt` replaces some of them for a while.
    ...named('of files', fs),
    ...[Object, Array, Map, Set, Uint8Array, Promise].map(
      ({ name, prototype }) => [name, String(Object.getOwnPropertyNames(prototype))] as const,
    ),
  ]);
}

const named = (kind: string, values: object): (readonly [string, unknown])[] =>
  Object.entries(values).map(([name, value]) => [`${kind} ${name}`, value]);

const before = state();
afterAll(() => {
  const after = state();
  const names = [...new Set([...before.keys(), ...after.keys()])];
  // Names alone: what a variable holds may be a secret of whoever runs the tests.
  const left = names.filter((name) => before.get(name) !== after.get(name));
  expect(left, 'what this file left behind').toEqual([]);
});
