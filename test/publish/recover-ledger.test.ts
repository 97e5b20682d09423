// A registry whose ledger is lost, made again from what it serves.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore } from '@plugmark/client';
import { type FileTree, readFolder, readLedger, recoverLedger } from '@plugmark/publish';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Built, build, clientOf, codeOf, DAY, HOUR, later, NOW, rootOf } from '../testkit/office.ts';
import {
  addRelease,
  honestModule,
  REGISTRY_ID,
  type SmallRegistry,
  smallRegistry,
  writeFiles,
} from '../testkit/registry-folder.ts';
import { runCommand } from '../testkit/run-command.ts';
import { p256Key } from '../testkit/test-keys.ts';

let registry: SmallRegistry;
let served: Built;
beforeAll(async () => {
  registry = await smallRegistry();
  served = await build(registry, { previous: await build(registry), now: later(HOUR) });
});

const recover = (tree: FileTree = served.tree, now = later(2 * HOUR)) =>
  recoverLedger({ registry: REGISTRY_ID, tree, root: rootOf(served), now });

test('a ledger recovered from what is served goes on where it stopped: every client follows', async () => {
  const store = memoryStore();
  let tree: FileTree = served.tree;
  const client = (now: Date) => clientOf((path) => tree.get(path), rootOf(served), { store, now });
  await client(later(2 * HOUR)).install('acme/thing');
  const { files, entries, expired } = await recover();
  expect({ entries, expired }).toEqual({ entries: 3, expired: false });
  await addRelease(registry, { plugin: 'acme/thing', version: '1.2.0', bytes: honestModule(12).build() });
  const next = await build(registry, { ledger: files, offline: served.offline, now: later(3 * HOUR) });
  tree = next.tree;
  expect(await client(later(4 * HOUR)).install('acme/thing')).toMatchObject({ version: '1.2.0', tier: 'verified' });
  const since = (built: Built) =>
    new Map([...readLedger(built.ledger, REGISTRY_ID).entries].map(([key, { publishedAt }]) => [key, publishedAt]));
  const kept = since(next);
  for (const [key, publishedAt] of since(served)) expect(kept.get(key), key).toBe(publishedAt);
  expect(kept.get('acme/thing@1.2.0')).toBe('2026-06-01T15:00:00Z');
});

test('what was recovered is a ledger that fits together, and says the same each time', async () => {
  const { files } = await recover();
  const [before, after] = [readLedger(served.ledger, REGISTRY_ID), readLedger(files, REGISTRY_ID)];
  expect([...after.entries.keys()].sort()).toEqual([...before.entries.keys()].sort());
  expect([...after.attestations.keys()].sort()).toEqual([...before.attestations.keys()].sort());
  expect(await recover()).toEqual({ files, entries: 3, expired: false });
});

test('the command writes into a new checkout and leaves its .git alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plugmark-recover-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFiles(join(folder, 'tree'), served.tree);
  await writeFiles(folder, [
    ['root.json', rootOf(served)],
    ['ledger/.git/HEAD', 'ref: refs/heads/ledger\n'],
  ]);
  const command = ['registry', 'ledger', 'recover', '--tree', 'tree', '--root', 'root.json', '--ledger', 'ledger'];
  expect((await runCommand(command, folder, later(2 * HOUR))).exit).toBe(0);
  const { files } = await recover();
  expect([...(await readFolder(join(folder, 'ledger'))).keys()].sort()).toEqual(['.git/HEAD', ...files.keys()].sort());
});

test('attestations of old releases are taken out of their packs', async () => {
  const many = await smallRegistry();
  for (let minor = 2; minor < 14; minor++)
    await addRelease(many, { plugin: 'acme/thing', version: `1.${minor}.0`, bytes: honestModule(minor).build() });
  const built = await build(many);
  expect([...built.tree.keys()].some((path) => path.startsWith('attestations/packs/'))).toBe(true);
  const { files } = await recoverLedger({ registry: REGISTRY_ID, tree: built.tree, root: rootOf(built), now: NOW });
  const kept = readLedger(files, REGISTRY_ID).attestations;
  expect([...kept.keys()].sort()).toEqual([...readLedger(built.ledger, REGISTRY_ID).attestations.keys()].sort());
});

test('lists that ran out meanwhile are verified as of their last second', async () => {
  expect(await recover(served.tree, later(30 * DAY, NOW))).toMatchObject({ entries: 3, expired: true });
});

describe('LEDGER_INVALID', () => {
  const damaged = (edit: (tree: FileTree) => void): FileTree => {
    const tree = new Map(served.tree);
    edit(tree);
    return tree;
  };
  const pathOf = (pattern: RegExp): string => [...served.tree.keys()].find((path) => pattern.test(path)) ?? '';
  const flipped = (path: string) => (tree: FileTree) => {
    const bytes = Uint8Array.from(tree.get(path) ?? []);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    tree.set(path, bytes);
  };

  test.each<[string, (tree: FileTree) => void]>([
    ['a list without its timestamp', (tree) => tree.delete('metadata/timestamp.json')],
    ['a document that is gone', (tree) => tree.delete(pathOf(/^targets\/plugins\/acme\//))],
    ['a changed document', (tree) => flipped(pathOf(/^targets\/plugins\/acme\//))(tree)],
    ['a report that is gone', (tree) => tree.delete(pathOf(/^attestations\//))],
    ['a changed report', (tree) => flipped(pathOf(/^attestations\//))(tree)],
    [
      'a newer list that nobody signed beside the one that is in force',
      (tree) =>
        tree.set(
          'metadata/99.documents.json',
          Uint8Array.from(tree.get(pathOf(/^metadata\/\d+\.documents\.json$/)) ?? []),
        ),
    ],
  ])('%s', async (_, edit) => {
    const code = await codeOf(() => recover(damaged(edit)));
    expect(['LEDGER_INVALID', 'JSON_MALFORMED', 'SCHEMA_INVALID']).toContain(code);
  });

  test('another root', async () => {
    const other = await build(await smallRegistry(), {
      keys: { root: p256Key('another root'), online: p256Key('another online') },
    });
    expect(
      await codeOf(() =>
        recoverLedger({ registry: REGISTRY_ID, tree: served.tree, root: rootOf(other), now: later(2 * HOUR) }),
      ),
    ).toBe('LEDGER_INVALID');
  });
});
