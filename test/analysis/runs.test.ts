// What a vector expects against what a run gave, and the first place where two runs part. Pure functions over data.
import { firstDifference, matchesExpected } from '@plugmark/analysis';
import type { RunCall, Vector, VectorRun } from '@plugmark/schemas';
import { describe, expect, test } from 'vitest';

const call = (output: RunCall['output'], change: Partial<RunCall> = {}): RunCall => ({
  entry: 'run',
  ending: 'ok',
  ...(output === undefined ? {} : { output }),
  fuel: 10,
  budgetShare: 5,
  hostCalls: 0,
  milliseconds: 1,
  ...change,
});

function runOf(calls: readonly RunCall[], change: Partial<VectorRun> = {}): VectorRun {
  const last = calls.at(-1);
  return {
    vector: 'v',
    engine: 0,
    ending: last?.ending ?? 'ok',
    calls: [...calls],
    hostCalls: 0,
    hostCallLog: [],
    peakMemoryBytes: 65_536,
    startMilliseconds: 1,
    callMilliseconds: [],
    ...change,
  };
}

const vectorOf = (expected: Vector['expect']): Vector => ({
  schemaVersion: 1,
  name: 'v',
  title: 'v',
  host: 'ddalab',
  calls: [{ entry: 'run' }],
  grants: [],
  ...(expected === undefined ? {} : { expect: expected }),
});

const json = (value: unknown, tolerance?: number): NonNullable<Vector['expect']>[number] => ({
  payload: { json: value as never },
  ...(tolerance === undefined ? {} : { tolerance }),
});

describe('matchesExpected', () => {
  const trap = call(undefined, { ending: 'trap', trap: 'unreachable' });
  test.each<[string, Vector['expect'], readonly RunCall[], boolean | undefined]>([
    ['nothing is expected', undefined, [call(1)], undefined],
    ['the same value', [json({ a: [1, null] })], [call({ a: [1, null] })], true],
    ['members in another order', [json({ a: 1, b: 2 })], [call({ b: 2, a: 1 })], true],
    ['a member more', [json({ a: 1 })], [call({ a: 1, b: 2 })], false],
    ['a member less', [json({ a: 1, b: 2 })], [call({ a: 1 })], false],
    ['a list for an object', [json({})], [call([])], false],
    ['null for nothing', [json(null)], [call(null)], true],
    ['within the tolerance', [json([1.0001], 0.001)], [call([1])], true],
    ['beyond it', [json([1.01], 0.001)], [call([1])], false],
    ['a tolerance is for numbers alone', [json('1', 5)], [call(1)], false],
    ['without one to the bit', [json(0.1)], [call(0.1 + 1e-17)], false],
    ['a text', [{ payload: { text: 'x' } }], [call('x')], true],
    ['a call too few', [json(1), json(2)], [call(1)], false],
    ['a call too many', [json(1)], [call(1), call(2)], false],
    ['an ending', [{ ending: 'trap' }], [trap], true],
    ['an ending with its kind', [{ ending: 'trap', trap: 'unreachable' }], [trap], true],
    ['another kind', [{ ending: 'trap', trap: 'memory-access' }], [trap], false],
    ['an ending where a value is expected', [json(1)], [trap], false],
    ['a value where an ending is expected', [{ ending: 'trap' }], [call(1)], false],
  ])('%s', (_, expected, calls, outcome) => {
    expect(matchesExpected(vectorOf(expected), runOf(calls))).toBe(outcome);
  });

  test('a digest of the canonical form', () => {
    // sha256 of `{"a":1,"b":2}`
    const sha256 = '43258cff783fe7036d8a43033f830adfc60ec037382473548ac742b888292777';
    expect(matchesExpected(vectorOf([{ sha256 }]), runOf([call({ b: 2, a: 1 }, { outputSha256: sha256 })]))).toBe(true);
    expect(
      matchesExpected(vectorOf([{ sha256 }]), runOf([call({ b: 2, a: 2 }, { outputSha256: 'a'.repeat(64) })])),
    ).toBe(false);
  });

  test('a run that ended badly after good calls is not as expected', () => {
    expect(matchesExpected(vectorOf([json(1)]), runOf([call(1)], { ending: 'crash' }))).toBe(false);
  });
});

describe('firstDifference', () => {
  const engines = ['Liftoff', 'TurboFan'].map((configuration) => ({ name: 'V8', version: '1', configuration }));
  const of = (a: VectorRun, b: VectorRun): string | undefined => firstDifference([a, { ...b, engine: 1 }], engines);
  const logged = (argument: string): Partial<VectorRun> => ({
    hostCallLogSha256: argument,
    hostCallLog: [{ function: 'h.f', arguments: [argument], result: '0' }],
  });

  test.each<[string, VectorRun, VectorRun, string | undefined]>([
    ['none', runOf([call({ a: 1 })]), runOf([call({ a: 1 }, { milliseconds: 99 })]), undefined],
    [
      'output',
      runOf([call({ a: [1, 2] })]),
      runOf([call({ a: [1, 3] })]),
      'call 1 (run) gives $.a[1]: 2 and 3 (V8 Liftoff; V8 TurboFan)',
    ],
    [
      'missing member',
      runOf([call({ a: 1 })]),
      runOf([call({})]),
      'call 1 (run) gives $.a is only in the first (V8 Liftoff; V8 TurboFan)',
    ],
    [
      'fuel',
      runOf([call(1)]),
      runOf([call(1, { fuel: 11 })]),
      'call 1 (run) uses 10 and 11 units of fuel (V8 Liftoff; V8 TurboFan)',
    ],
    [
      'ending',
      runOf([call(1)]),
      runOf([call(undefined, { ending: 'trap', trap: 'exit' })]),
      'call 1 (run) ends with ok and trap (exit) (V8 Liftoff; V8 TurboFan)',
    ],
    [
      'a call more',
      runOf([call(1)]),
      runOf([call(1), call(2)]),
      'call 2 (run) was made only later (V8 Liftoff; V8 TurboFan)',
    ],
    [
      'host call',
      runOf([call(1)], logged('1')),
      runOf([call(1)], logged('2')),
      'host call 1 is h.f(1) -> 0 and h.f(2) -> 0 (V8 Liftoff; V8 TurboFan)',
    ],
    [
      'memory',
      runOf([call(1)], { memorySha256: 'a' }),
      runOf([call(1)], { memorySha256: 'b' }),
      'memory or globals differ at the end (V8 Liftoff; V8 TurboFan)',
    ],
    [
      'no member at all',
      runOf([call([])]),
      runOf([call({})]),
      'call 1 (run) gives $: [] and {} (V8 Liftoff; V8 TurboFan)',
    ],
  ])('%s', (_, a, b, words) => {
    expect(of(a, b)).toBe(words);
  });

  test('texts that part only after what is shown', () => {
    const long = 'x'.repeat(100);
    expect(of(runOf([call(`${long}a`)]), runOf([call(`${long}b`)]))).toContain('$: differs after "xxx');
  });

  test('the plugin’s own texts cannot move the cursor or run on', () => {
    const said = of(runOf([call(`\u001b[2J${'x'.repeat(5000)}`)]), runOf([call('y')])) ?? '';
    expect(said).not.toContain('\u001b');
    expect(said.length).toBeLessThanOrEqual(600);
  });
});
