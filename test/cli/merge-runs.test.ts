// Shards of one machine are put together; whatever would make two machines one, or lose a report, is refused.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonFile, readFolder, sha256 } from '@plugmark/publish';
import { parseJson, RunList } from '@plugmark/schemas';
import { expect, onTestFinished, test } from 'vitest';
import { writeFiles } from '../testkit/registry-folder.ts';
import { type Ended, runCommand } from '../testkit/run-command.ts';

const report = (text: string): Uint8Array => jsonFile({ report: text });
const pathOf = (version: string): string => `acme/thing/${version}/bench.json`;

/** A folder as `registry run` leaves it. */
function shard(versions: readonly string[]): Map<string, Uint8Array> {
  const files = new Map(versions.map((version) => [pathOf(version), report(version)]));
  const runs = versions.map((version) => {
    const path = pathOf(version);
    return { plugin: 'acme/thing', version, host: 'bench', path, sha256: sha256(files.get(path) as Uint8Array) };
  });
  return files.set('runs.json', jsonFile({ schemaVersion: 1, runs }));
}

async function merged(
  shards: Readonly<Record<string, Map<string, Uint8Array>>>,
): Promise<{ ended: Ended; folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'plugmark-merge-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, files] of Object.entries(shards)) await writeFiles(join(folder, 'shards', name), files);
  return { folder, ended: await runCommand(['registry', 'merge-runs', '--shards', 'shards', '--out', 'runs'], folder) };
}

test('two shards become one folder, in the order one machine would have', async () => {
  const { folder, ended } = await merged({ b: shard(['1.0.0', '1.2.0']), a: shard(['1.1.0']) });
  expect(ended).toMatchObject({ exit: 0, stdout: 'runs: 3 run reports\n' });
  const files = await readFolder(join(folder, 'runs'));
  const list = parseJson(RunList, files.get('runs.json') as Uint8Array, 'runs.json');
  expect(list.runs.map(({ path }) => path)).toEqual(['1.0.0', '1.1.0', '1.2.0'].map(pathOf));
  expect(files.size).toBe(4);
});

test.each<[string, Record<string, Map<string, Uint8Array>>]>([
  ['a report that two shards ran', { a: shard(['1.0.0']), b: shard(['1.0.0', '1.1.0']) }],
  ['a report that is not the one its list names', { a: shard(['1.0.0']).set(pathOf('1.0.0'), report('another')) }],
  ['a folder without a list', { a: new Map([[pathOf('1.0.0'), report('1.0.0')]]) }],
  ['no shard at all', {}],
])('RUNS_INVALID: %s', async (_, shards) => {
  const { folder, ended } = await merged(shards);
  expect([ended.exit === 0, ended.stderr.includes('RUNS_INVALID')]).toEqual([false, true]);
  expect((await readFolder(join(folder, 'runs'))).size).toBe(0);
});
