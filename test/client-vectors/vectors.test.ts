// Our client passes every vector through the real protocol: a process of its own, a folder for what it keeps, a server on loopback.
// That the files are those of the cases is held by `npm run check` (generated files).
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import semver from 'semver';
import { expect, test } from 'vitest';
import { includes } from '../conformance/client-case.ts';
import { readCase, readIndex, readTrees, runClientVectors } from '../conformance/client-vectors.ts';
import { RANGE_VERSIONS } from './base-registry.ts';
import { runInProcess } from './in-process.ts';

const OURS = fileURLToPath(new URL('../conformance/plugmark-client', import.meta.url));
const STUB = fileURLToPath(new URL('./stub-client.mjs', import.meta.url));

const index = readIndex();
const names = (wanted: (group: string) => boolean): string[] =>
  index.cases.filter(({ group }) => wanted(group)).map(({ name }) => name);

test('every vector but those of single types', { timeout: 400_000 }, async () => {
  const asked = names((group) => group !== 'types');
  const results = await runClientVectors({ command: [OURS], names: asked });
  expect(results.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
  expect(results.length).toBe(asked.length);
});

// They differ in one value each; vectors.slow.test.ts takes them the long way too.
test('those of single types, in this process', { timeout: 60_000 }, async () => {
  const trees = readTrees(index);
  for (const name of names((group) => group === 'types'))
    expect(await runInProcess(readCase(name), trees)).toEqual({ name, outcome: 'pass' });
});

test('every case has the form of the schema beside it', () => {
  const schema = readFileSync(new URL('../vectors/client/case.schema.json', import.meta.url), 'utf8');
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(JSON.parse(schema));
  for (const { name } of index.cases)
    expect([name, validate(readCase(name)), validate.errors]).toEqual([name, true, null]);
});

test('a name says whether something in the case must be refused, and a case has one such step', () => {
  for (const { name } of index.cases) {
    const refused = readCase(name).steps.filter(({ expect: wanted }) => 'code' in wanted).length;
    // What is kept after a refusal is seen by a second one.
    const wanted = name === 'load-after-refusal_fail' ? 2 : Number(name.endsWith('_fail'));
    expect([name, refused]).toEqual([name, wanted]);
  }
});

test.each([
  ['accepts', 'fail'],
  ['refuses', 'otherCode'],
  ['invents codes for', 'fail'],
  ['lacks', 'unsupported'],
  ['ends', 'fail'],
  ['repeats', 'fail'],
])('a client that %s everything does not pass', async (behaviour, outcome) => {
  const two = ['timestamp-frozen_fail', 'root-unsigned_fail'];
  const results = await runClientVectors({
    command: [process.execPath, STUB, behaviour.split(' ')[0] ?? ''],
    names: two,
  });
  expect(results[1]?.outcome).toBe(outcome);
  expect(results.map((one) => one.outcome)).not.toContain('pass');
});

test('npm’s own implementation chooses the same for every range', () => {
  const ranges = names((group) => group === 'resolve').filter((name) => name.startsWith('range-'));
  expect(ranges.length).toBeGreaterThan(35);
  for (const name of ranges) {
    const { request = '', expect: wanted } = readCase(name).steps[1] ?? { expect: { code: '' } };
    const version = 'result' in wanted ? (wanted.result as { version: string }).version : null;
    expect([name, semver.maxSatisfying(RANGE_VERSIONS, request.split('@')[1] ?? '')]).toEqual([name, version]);
  }
});

test.each([
  [{ a: 1, b: 2 }, { a: 1 }, true],
  [{ a: 1 }, { a: 1, b: 2 }, false],
  [{ a: [1, 2] }, { a: [1] }, false],
  [{ a: [{ b: 1, c: 2 }] }, { a: [{ b: 1 }] }, true],
  [{ a: null }, { a: {} }, false],
  [{ a: '1' }, { a: 1 }, false],
])('%j says all of %j: %s', (actual, expected, answer) => {
  expect(includes(actual, expected)).toBe(answer);
});
