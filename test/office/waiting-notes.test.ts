// What a build says of itself: what registry/ asks for and it does not contain.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFolder, readRegistrySource } from '@plugmark/publish';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../../tools/cli/src/main.ts';
import { waitingNotes } from '../../tools/cli/src/waiting-notes.ts';
import { captured } from '../cli/fixtures.ts';
import { type Json, writeFiles } from '../testkit/registry-folder.ts';
import { initFork } from './forks.ts';

const NOW = captured('/').io.now();

let folder: string;
let data: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugmark-notes-'));
  data = join(folder, 'office/registry');
  await initFork({ folder: join(folder, 'office') });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const notes = async (trust = join(data, 'trust')): Promise<string[]> =>
  waitingNotes({ source: readRegistrySource(await readFolder(data)), trust, now: NOW });

async function changed(path: string, change: (value: Json) => Json): Promise<() => Promise<void>> {
  const before = await readFile(join(data, path));
  await writeFile(join(data, path), JSON.stringify(change(JSON.parse(before.toString()) as Json)));
  return () => writeFile(join(data, path), before);
}

const UNSIGNED = 'not signed yet, so it does not count: what targets would say (plugmark root sign)';

test('nothing of what was just signed', async () => {
  expect(await notes()).toEqual([]);
});

test('nothing where no offline keys are listed, as in development', async () => {
  expect(await notes(join(folder, 'nowhere'))).toEqual([]);
});

test('a policy that was changed and not signed, on stderr of the build that goes by the signed one', async () => {
  const back = await changed('policy.json', (policy) => ({ ...policy, revision: policy.revision + 1 }));
  expect(await notes()).toEqual([UNSIGNED]);
  const { io, out, err } = captured(join(folder, 'office'));
  const places = ['--trust', 'registry/trust', '--keys', '../office-keys', '--ledger', '../ledger', '--out', '../tree'];
  expect(await main(['registry', 'build', ...places], io)).toBe(0);
  expect([out().includes(UNSIGNED), err().includes(UNSIGNED)]).toEqual([false, true]);
  await back();
});

test('what cannot be told is said, and fails no build', async () => {
  const back = await changed('trust/roles.json', ({ cosign: _, ...roles }) => roles);
  expect(await notes()).toEqual(['what waits for a signature could not be told (plugmark root sign)']);
  await back();
});

test('approvals of plugins that nobody took over', async () => {
  const upstream = { id: 'small', url: 'https://small.example/', root: { version: 1, sha256: 'a'.repeat(64) } };
  const back = await changed('registry.json', (registry) => ({
    ...registry,
    upstreams: [{ ...upstream, namespaces: [] }],
  }));
  const approval = {
    ...{ version: '1.0.0', sha256: 'b'.repeat(64), approvedAt: '2026-05-31T12:00:00Z' },
    ...{ approvedBy: { name: 'the lab' }, reason: 'Reviewed.', kind: 'exact' },
  };
  const file = { schemaVersion: 1, upstream: 'small', plugin: 'acme/thing', approvals: [approval] };
  await writeFiles(data, [['approvals/small/acme/thing.json', JSON.stringify(file)]]);
  expect((await notes())[0]).toBe('approved and not taken over yet: 1 of 1 plugins (plugmark mirror sync)');
  await back();
});
