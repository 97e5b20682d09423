// Every hostile plugin in a real child, under every layer this machine has: contained, its ending told apart, and no process left.
import { readFileSync } from 'node:fs';
import { LAYERS, runVectors } from '@plugmark/sandbox';
import { parse, type RunObservation, RunObservation as RunObservationSchema } from '@plugmark/schemas';
import { afterEach, describe, expect, test } from 'vitest';
import { assemble } from '../../analysis/assemble.ts';
import { childrenLeft } from '../no-process-left.ts';
import { sandboxHost, vectorOf } from '../sandbox-host.ts';
import { DIFFERING_CASES, HOSTILE_CASES, type HostileCase } from './cases.ts';

afterEach(async () => expect(await childrenLeft()).toEqual([]));

async function observe(
  { wat, calls = [['run']], grants = [] }: Pick<HostileCase, 'wat' | 'calls' | 'grants'>,
  options: Parameters<typeof runVectors>[1] = { configurations: ['liftoff'] },
): Promise<RunObservation> {
  const vectors = [vectorOf(calls, { grants: [...grants] })];
  const observed = await runVectors({ artifact: assemble(wat), profile: sandboxHost(), vectors }, options);
  return parse(RunObservationSchema, observed, 'observation');
}

test('which layers stand around the plugins of this suite', async () => {
  const { layers } = await observe({ wat: '(module (func (export "run")))' });
  const active = layers.flatMap(({ layer, active: is }) => (is ? [layer] : []));
  // Those that need nothing but Node are there on every machine; of the others it is said why not.
  expect(active).toEqual(expect.arrayContaining(['empty-environment', 'permission', 'page-cap', 'output-cap', 'kill']));
  expect(layers.map(({ layer }) => layer)).toEqual(Object.keys(LAYERS));
  for (const { active: is, reason } of layers) expect(is).toBe(reason === undefined);
});

test('the page about the layers names each of them, and which are always there', () => {
  const page = readFileSync(new URL('../../../ARCHITECTURE.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (yes|no) \|/gm)].map(([, id, always]) => [id, always === 'yes']);
  expect(rows).toEqual(Object.entries(LAYERS).map(([id, { always }]) => [id, always]));
});

test('who asked for a run can stop it, and nothing stays behind', async () => {
  const stop = new AbortController();
  const running = observe(
    {
      wat: '(module (memory 64) (func (export "run") (loop $l (memory.fill (i32.const 0) (i32.const 1) (i32.const 4194304)) (br $l))))',
    },
    { configurations: ['liftoff'], signal: stop.signal },
  );
  setTimeout(() => stop.abort(new Error('enough')), 300);
  await expect(running).rejects.toThrow('enough');
});

describe('contained and told apart', () => {
  test.each(HOSTILE_CASES)('$name', async (hostile) => {
    const { runs } = await observe(hostile);
    const [run] = runs;
    expect(runs).toHaveLength(1);
    expect([run?.ending, run?.trap, run?.detail]).toEqual([hostile.ending, hostile.trap, run?.detail]);
    if (hostile.fuel !== undefined) expect(run?.calls.at(-1)?.fuel).toBe(hostile.fuel);
    expect(run?.peakMemoryBytes).toBeLessThanOrEqual(4_194_304);
  });

  test('an engine gives the same figures for all of them whichever of its compilers is used', async () => {
    const stable = HOSTILE_CASES.filter(
      ({ ending, trap }) => ending === 'outOfFuel' || (ending === 'trap' && trap === 'memory-access'),
    );
    for (const hostile of stable.slice(0, 4)) {
      const { runs } = await observe(hostile, { configurations: ['liftoff', 'turbofan'] });
      const figures = runs.map(({ ending, trap, fuel, memorySha256, hostCallLogSha256 }) => [
        ending,
        trap,
        fuel,
        memorySha256,
        hostCallLogSha256,
      ]);
      expect(figures[1], hostile.name).toEqual(figures[0]);
    }
  });
});

describe('a plugin that wants to differ', () => {
  test.each(DIFFERING_CASES)('$name', async ({ wat, calls, grants = [], differs }) => {
    const vectors = [vectorOf(calls, { grants: [...grants] })];
    const { runs } = await runVectors({ artifact: assemble(wat), profile: sandboxHost(), vectors });
    expect(runs.map(({ ending }) => ending)).toEqual(['ok', 'ok', 'ok']);
    const seen = runs.map(({ outputSha256, fuel, memorySha256, hostCallLogSha256 }) =>
      JSON.stringify([outputSha256, fuel, memorySha256, hostCallLogSha256]),
    );
    expect([seen[1] !== seen[0], seen[2] !== seen[0]]).toEqual(differs);
  });
});
