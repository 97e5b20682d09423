// What may be put where clients look: held to the ledger, and to what is served now.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileTree } from '@plugmark/publish';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requireNotOlder, requireOfLedger } from '../../tools/cli/src/deploy-checks.ts';
import { type Built, build, codeOf, HOUR, later } from '../testkit/office.ts';
import { addRelease, honestModule, smallRegistry, writeFiles } from '../testkit/registry-folder.ts';
import { captured } from './fixtures.ts';

let folder: string;
let first: Built;
let second: Built;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugmark-deploy-'));
  const registry = await smallRegistry();
  first = await build(registry);
  await addRelease(registry, { plugin: 'indie/tool', version: '0.2.0', bytes: honestModule(7).build() });
  second = await build(registry, { previous: first, now: later(HOUR) });
  await writeFiles(join(folder, 'first'), first.ledger);
  await writeFiles(join(folder, 'second'), second.ledger);
});
afterAll(() => rm(folder, { recursive: true }));

test('the tree must be the one that the ledger leads to now', async () => {
  const { io } = captured(folder);
  await requireOfLedger(io, second.tree, 'second');
  expect(await codeOf(() => requireOfLedger(io, first.tree, 'second'))).toBe('LEDGER_MOVED');
  expect(await codeOf(() => requireOfLedger(io, second.tree, 'first'))).toBe('LEDGER_MOVED');
  expect(await codeOf(() => requireOfLedger(io, second.tree, 'nowhere'))).toBe('LEDGER_MOVED');
});

test('what is served never goes back', async () => {
  requireNotOlder(new Map(), first.tree);
  requireNotOlder(first.tree, first.tree);
  requireNotOlder(first.tree, second.tree);
  expect(await codeOf(() => requireNotOlder(second.tree, first.tree))).toBe('DEPLOY_OLDER');
});

test('the same version with other content is two histories', async () => {
  const registry = await smallRegistry();
  await addRelease(registry, { plugin: 'indie/tool', version: '0.3.0', bytes: honestModule(5).build() });
  const fork = await build(registry, { previous: first, offline: first.offline, now: later(2 * HOUR) });
  expect(await codeOf(() => requireNotOlder(second.tree, fork.tree))).toBe('DEPLOY_OLDER');
});

test('more than a twentieth of the releases lost is no publication', async () => {
  const document = 'v1/plugins/indie/tool.json';
  const without: FileTree = new Map([...second.tree].filter(([path]) => path !== document));
  expect(await codeOf(() => requireNotOlder(first.tree, without))).toBe('DEPLOY_OLDER');
});
