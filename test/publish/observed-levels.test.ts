// What two machines must have reported before the registry says that it observed determinism.
import { compareRuns, observedLevels } from '@plugmark/publish';
import { parse, RunReport } from '@plugmark/schemas';
import { expect, test } from 'vitest';
import { EXAMPLES } from '../testkit/schema-examples.ts';

type Run = RunReport['runs'][number];
const EXAMPLE = parse(RunReport, EXAMPLES.run, 'run');
const [RUN] = EXAMPLE.runs as [Run];

function report(runs: readonly Partial<Run>[], change: Partial<RunReport> = {}, startMilliseconds = 1): RunReport {
  const measured = runs.map((run) => ({ ...RUN, ...run, startMilliseconds }));
  return { ...EXAMPLE, runs: measured, ...change };
}

const OK = { vector: 'sine', ending: 'ok', engine: 0, outputSha256: 'aa'.repeat(32), fuel: 10 } as const;
const BOTH = [OK, { ...OK, engine: 1 }] as const;
const pair = (
  second: readonly Partial<Run>[] = BOTH,
  change: Partial<RunReport> = {},
  first: readonly Partial<Run>[] = BOTH,
) => [report(first), report(second, change, 2)];

test('two machines that saw the same allow the level', () => {
  expect(compareRuns(pair())).toEqual({ outcome: 'pass', inputs: 1, runs: 4 });
  expect(observedLevels(pair())).toEqual(['PLUGMARK_OBSERVED_DETERMINISTIC']);
});

test.each<[string, Partial<Run>]>([
  ['the output', { outputSha256: 'bb'.repeat(32) }],
  ['no output', { outputSha256: undefined as never }],
  ['the ending', { ending: 'trap' }],
  ['the fuel', { fuel: 11 }],
  ['the memory afterwards', { memorySha256: 'cc'.repeat(32) }],
  ['what it asked of the host', { hostCallLogSha256: 'dd'.repeat(32) }],
])('another result on the second machine is a difference: %s', (_, change) => {
  const reports = pair([OK, { ...OK, engine: 1, ...change }]);
  expect(compareRuns(reports)).toMatchObject({
    outcome: 'fail',
    difference: expect.stringContaining('machine 2, engine 2'),
  });
  expect(observedLevels(reports)).toEqual([]);
});

test('a difference between engines of one machine is one too', () => {
  const split = [OK, { ...OK, engine: 1, fuel: 11 }];
  expect(compareRuns(pair(split, {}, split)).outcome).toBe('fail');
});

test.each<[string, readonly RunReport[]]>([
  ['no report', []],
  ['one machine', [report(BOTH)]],
  ['one report handed in twice', [report(BOTH), report(BOTH)]],
  ['nothing run', pair([], {}, [])],
  ['a vector less', pair([OK])],
  ['other bytes', pair(BOTH, { subject: { artifact: { ...EXAMPLE.subject.artifact, sha256: 'ee'.repeat(32) } } })],
  ['another manifest', pair(BOTH, { subject: { ...EXAMPLE.subject, manifest: { sha256: 'ee'.repeat(32) } } })],
  ['another host', pair(BOTH, { host: 'conductor' })],
  ['another analyser', pair(BOTH, { analyser: { name: 'plugmark', version: '99.0.0' } })],
  ...(['timeout', 'crash', 'linkError'] as const).map((ending): [string, readonly RunReport[]] => {
    const runs = [OK, { ...OK, engine: 1, ending }];
    return [`the same ${ending} on both`, pair(runs, {}, runs)];
  }),
])('%s shows nothing', (_, reports) => {
  expect(compareRuns(reports).outcome).toBe('inconclusive');
  expect(observedLevels(reports)).toEqual([]);
});

test('a run without a layer the policy asks for shows nothing', () => {
  const layers = (active: boolean) => ({ layers: [{ layer: 'container', active }] });
  const reports = (active: boolean) => [report(BOTH, layers(true)), report(BOTH, layers(active), 2)];
  const rules = { requiredLayers: ['container'] };
  expect(compareRuns(reports(true), rules).outcome).toBe('pass');
  expect(compareRuns(reports(false), rules).outcome).toBe('inconclusive');
  expect(compareRuns(pair(), { requiredLayers: ['gvisor'] }).outcome).toBe('inconclusive');
});
