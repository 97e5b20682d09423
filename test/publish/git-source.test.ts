// registry/ out of a checkout of git: the same ids as from its files, the plugins that changed between two commits, and what is refused.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type FileTree, readFolder, type SourceChanges, sourceFolder } from '@plugmark/publish';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type GitSource, gitSource } from '../../tools/cli/src/git-source.ts';
import { captured } from '../cli/fixtures.ts';
import { codeOf } from '../testkit/office.ts';
import { randomFrom } from '../testkit/registry-history.ts';

let folder: string;
let opened: GitSource[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plugmark-git-'));
  git('init', '--quiet');
});
afterEach(async () => {
  for (const source of opened) await source.close();
  opened = [];
  rmSync(folder, { recursive: true, force: true });
});

function git(...args: string[]): string {
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@test.invalid'];
  return execFileSync('git', ['-C', folder, ...who, ...args], { encoding: 'utf8' });
}

function write(path: string, text: string): void {
  const file = join(folder, 'registry', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function commit(): void {
  git('add', '--all');
  git('commit', '--quiet', '--allow-empty', '-m', 'registry');
}

async function open(at = folder): Promise<GitSource> {
  const source = await gitSource(captured(at).io, join(at, 'registry'));
  if (source === undefined) throw new TypeError('no checkout');
  opened.push(source);
  return source;
}

const files = (): Promise<FileTree> => readFolder(join(folder, 'registry'));
const changed = (changes: SourceChanges | undefined): [plugins: string[], publishers: string[]] => [
  [...(changes?.plugins ?? ['unknown'])].sort(),
  [...(changes?.publishers ?? ['unknown'])].sort(),
];

const STEPS: readonly ((of: { owner: string; plugin: string; text: string }) => void)[] = [
  ({ owner }) => rmSync(join(folder, 'registry/plugins', owner), { recursive: true, force: true }),
  ({ owner, text }) => {
    write(`publishers/${owner}.json`, owner);
    write(`publishers/${owner}/proofs/${text}.json`, text);
  },
  ({ owner, text }) => write(`publishers/${owner}.json`, text),
  ({ owner, plugin, text }) => write(`plugins/${owner}/${plugin}/listing.json`, text),
  ({ owner, plugin, text }) => write(`plugins/${owner}/${plugin}/1.0.0/release.json`, text),
];

test('a random history: ids, and what changed since any commit, are those of the files themselves', async () => {
  const random = randomFrom('git source');
  const below = (limit: number): number => Math.floor(random() * limit);
  const states: FileTree[] = [];
  write('registry.json', '{}');
  for (let step = 0; step < 12; step++) {
    const [owner, plugin] = [`p${below(3)}`, `t${below(3)}`];
    STEPS[below(STEPS.length)]?.({ owner, plugin, text: String(below(3)) });
    commit();
    const now = await files();
    states.push(now);
    const source = await open();
    expect(source.trees).toEqual(sourceFolder(now).trees);
    expect([...source.publishers].sort()).toEqual([...sourceFolder(now).publishers].sort());
    expect([...(await source.plugins())].sort()).toEqual([...(await sourceFolder(now).plugins())].sort());
    for (const then of states) {
      const { trees } = sourceFolder(then);
      expect(changed(await source.changedSince(trees))).toEqual(
        changed(await sourceFolder(now, then).changedSince(trees)),
      );
    }
  }
  expect(new Set(states.map((state) => sourceFolder(state).trees.plugins)).size).toBeGreaterThan(4);
});

test('a publisher that changed brings all its plugins along, one that is gone brings those that were there', async () => {
  for (const plugin of ['a/one', 'a/two', 'b/one']) write(`plugins/${plugin}/listing.json`, plugin);
  for (const publisher of ['a', 'b']) write(`publishers/${publisher}.json`, publisher);
  commit();
  const { trees } = await open();
  write('publishers/a.json', 'another key');
  rmSync(join(folder, 'registry/plugins/b'), { recursive: true });
  commit();
  const source = await open();
  expect(changed(await source.changedSince(trees))).toEqual([['a/one', 'a/two', 'b/one'], ['a']]);
  expect(changed(await source.changedSince(source.trees))).toEqual([[], []]);
});

test('a checkout without the former commit knows nothing of it', async () => {
  write('plugins/a/one/listing.json', 'one');
  commit();
  const { trees } = await open();
  write('plugins/a/one/listing.json', 'two');
  commit();
  const shallow = join(folder, '..', `${folder.split('/').at(-1)}-shallow`);
  execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${folder}`, shallow]);
  try {
    const source = await open(shallow);
    expect(await source.changedSince(trees)).toBeUndefined();
    expect(await source.changedSince({ ...trees, plugins: 'f'.repeat(40) })).toBeUndefined();
    expect(changed(await source.changedSince(source.trees))).toEqual([[], []]);
  } finally {
    rmSync(shallow, { recursive: true, force: true });
  }
});

test.each([
  ['a file where plugins are', () => write('plugins/a/stray.json', '{}')],
  ['a link where plugins are', () => symlinkSync('one', join(folder, 'registry/plugins/a/two'))],
  ['names that differ in case alone', () => write('plugins/a/ONE/listing.json', '{}')],
])('%s is refused, also where only what changed is looked at', async (_, spoil) => {
  write('plugins/a/one/listing.json', 'one');
  commit();
  const { trees } = await open();
  spoil();
  commit();
  const source = await open();
  expect(await codeOf(() => source.changedSince(trees))).toBe('SOURCE_UNEXPECTED');
  expect(await codeOf(() => source.plugins())).toBe('SOURCE_UNEXPECTED');
});

test('an executable file in a plugin is refused when the plugin is read', async () => {
  write('plugins/a/one/listing.json', 'one');
  git('add', '--all');
  git('update-index', '--chmod=+x', 'registry/plugins/a/one/listing.json');
  git('commit', '--quiet', '-m', 'registry');
  const source = await open();
  expect(await codeOf(() => source.read([{ plugin: 'a/one' }]))).toBe('SOURCE_UNEXPECTED');
});
