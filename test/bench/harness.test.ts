// The shape of the JSON line, which scripts outside this repository read. No test here measures anything.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { benchLine, median, medianMs, medianPairMs, row, skippedRow } from './harness.ts';
import { overSlowLink } from './slow-link.ts';

const RUN = fileURLToPath(new URL('run.ts', import.meta.url));

test('a row beside its peer', () => {
  const peer = { name: 'other', value: 10 };
  const made = row({ name: 'read', unit: 'ms', value: 4, peer, goal: { of: 'ratio', atMost: 0.6 } });
  expect(JSON.parse(benchLine('reader', [made]))).toEqual({
    bench: 'reader',
    rows: [
      {
        name: 'read',
        value: 4,
        unit: 'ms',
        peer: 'other',
        peerValue: 10,
        ratio: 0.4,
        goal: 'ratio <= 0.6',
        reached: true,
      },
    ],
    reached: true,
  });
});

test('one row that misses its goal is enough for the bench not to reach it', () => {
  const good = row({ name: 'size', unit: 'kB', value: 3, goal: { of: 'value', atMost: 4 } });
  const bad = row({ name: 'speed', unit: 'MB/s', value: 80, goal: { of: 'value', atLeast: 90 } });
  expect(bad).toMatchObject({ goal: 'value >= 90', reached: false, peer: null, ratio: null });
  expect(JSON.parse(benchLine('x', [good, bad]))).toMatchObject({ reached: false });
  expect(JSON.parse(benchLine('x', [good]))).toMatchObject({ reached: true });
});

test('a missing peer skips the row with its reason, and decides nothing', () => {
  const peer = { name: 'wasm-objdump', missing: 'not installed' };
  const ratio = row({ name: 'a', unit: 'ms', value: 5, peer, goal: { of: 'ratio', atMost: 0.6 } });
  expect(ratio).toMatchObject({ value: 5, peerValue: null, reached: null, skipped: 'not installed' });
  expect(row({ name: 'a', unit: 'ms', value: 5, peer, goal: { of: 'value', atMost: 4 } })).toMatchObject({
    reached: false,
  });
  const line = benchLine('x', [ratio, skippedRow('b', 'ms', 'no file')]);
  expect(JSON.parse(line)).toMatchObject({ rows: [{ name: 'a' }, { name: 'b', value: null }], reached: true });
  expect(line).not.toContain('\n');
});

test('median, and at least five measured calls after the warm-up', async () => {
  expect(median([5, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  let calls = 0;
  await medianMs(() => ++calls, { runs: 1, warmup: 2 });
  expect(calls).toBe(7);
});

test('a real bench ends its stdout with the line, and an unknown one is a usage error', () => {
  const run = (name: string) =>
    spawnSync(process.execPath, ['--conditions=@plugmark/source', RUN, name], { encoding: 'utf8' });
  const { stdout, status } = run('sections');
  expect(status).toBe(0);
  const keys = ['name', 'value', 'unit', 'peer', 'peerValue', 'ratio', 'goal', 'reached'];
  const { bench, rows, reached } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  expect([bench, typeof reached]).toEqual(['sections', 'boolean']);
  expect(rows.length).toBeGreaterThan(0);
  for (const each of rows) expect(Object.keys(each)).toEqual(keys);
  expect(run('nonsense').status).toBe(2);
});

test('a pair takes turns, and both are warmed up', async () => {
  const calls: string[] = [];
  const times = await medianPairMs([() => calls.push('ours'), () => calls.push('theirs')], { runs: 5, warmup: 2 });
  expect(calls).toEqual(Array.from({ length: 7 }, () => ['ours', 'theirs']).flat());
  expect(times.every((time) => time >= 0)).toBe(true);
});

test('trips are counted as the longest chain of requests that waited for each other, bytes as they were sent', async () => {
  const body = new Uint8Array(100);
  const serve = (path: string) => (path === 'gone' ? { body: undefined, bytes: 0 } : { body, bytes: 60 });
  for (const connections of ['shared', 'many'] as const) {
    const link = overSlowLink(serve, { roundTripMs: 1, bitsPerSecond: 1e9, connections });
    const get = (path: string): Promise<Response> => link.fetch(`https://example.org/${path}`);
    const [, gone] = await Promise.all([get('a'), get('gone')]);
    expect(gone?.status).toBe(404);
    await get('b').then(() => get('c'));
    const response = await get('d');
    expect((await response.arrayBuffer()).byteLength).toBe(100);
    expect([link.trips(), link.requests(), link.bytes()]).toEqual([4, 5, 240]);
  }
});
