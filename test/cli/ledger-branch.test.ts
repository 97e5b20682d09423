// The ledger's branch over a real bare repository: what two jobs at once, a lost race and a spoiled folder leave behind.

import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pullLedger, pushLedger } from '../../tools/cli/src/ledger-branch.ts';
import { runProcess } from '../testkit/run-process.ts';
import { captured } from './fixtures.ts';

let base: string;
let remote: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'plugmark-ledger-'));
  remote = join(base, 'remote.git');
  await runProcess('git', ['init', '--quiet', '--bare', remote], base);
});
afterEach(() => rm(base, { recursive: true, force: true }));

const place = (name: string) => ({ folder: join(base, name), remote, branch: 'ledger' });
const io = () => captured(base).io;
const inRemote = async (...args: string[]): Promise<string> =>
  (await runProcess('git', ['--git-dir', remote, ...args], base)).trim();

async function firstPush(): Promise<string> {
  expect(await pullLedger(io(), place('first'))).toBeUndefined();
  await mkdir(join(base, 'first/entries'));
  await writeFile(join(base, 'first/head.json'), '{"one":1}\n');
  await writeFile(join(base, 'first/entries/a.json'), '{}\n');
  const { commit, moved } = await pushLedger(io(), place('first'));
  expect(moved).toBe(true);
  return commit;
}

test('what is pushed comes back byte for byte, without a trace of git in the folder', async () => {
  const commit = await firstPush();
  expect(await pullLedger(io(), place('second'))).toBe(commit);
  expect((await readdir(join(base, 'second'), { recursive: true })).sort()).toEqual([
    'entries',
    'entries/a.json',
    'head.json',
  ]);
  expect(await readFile(join(base, 'second/head.json'), 'utf8')).toBe('{"one":1}\n');
  expect(await inRemote('log', '--format=%an %ae', 'ledger')).toBe('Plugmark registry registry@plugmark.invalid');
});

test('nothing new is no new commit; a removed file is removed', async () => {
  const commit = await firstPush();
  await pullLedger(io(), place('second'));
  expect(await pushLedger(io(), place('second'))).toEqual({ commit, moved: false });
  await rm(join(base, 'second/entries'), { recursive: true });
  expect((await pushLedger(io(), place('second'))).moved).toBe(true);
  expect(await inRemote('ls-tree', '-r', '--name-only', 'ledger')).toBe('head.json');
});

test('of two jobs the slower one is refused, and the branch is the faster one’s', async () => {
  await firstPush();
  for (const name of ['fast', 'slow']) {
    await pullLedger(io(), place(name));
    await writeFile(join(base, name, 'head.json'), `{"by":"${name}"}\n`);
  }
  const { commit } = await pushLedger(io(), place('fast'));
  await expect(pushLedger(io(), place('slow'))).rejects.toMatchObject({ code: 'LEDGER_MOVED' });
  expect(await inRemote('rev-parse', 'ledger')).toBe(commit);
});

test('two jobs that both start the branch: one of them starts over', async () => {
  await pullLedger(io(), place('a'));
  await pullLedger(io(), place('b'));
  for (const name of ['a', 'b']) await writeFile(join(base, name, 'head.json'), name);
  await pushLedger(io(), place('a'));
  await expect(pushLedger(io(), place('b'))).rejects.toMatchObject({ code: 'LEDGER_MOVED' });
});

test('the tag says what was published, moves with the branch, and stays when the branch is refused', async () => {
  await inRemote('config', 'uploadpack.allowAnySHA1InWant', 'true');
  const [one, two] = [await sourceCommit('one'), await sourceCommit('two')];
  await firstPush();
  for (const name of ['fast', 'slow']) {
    await pullLedger(io(), place(name));
    await writeFile(join(base, name, 'head.json'), name);
  }
  await pushLedger(io(), { ...place('fast'), published: one });
  expect(await inRemote('rev-parse', 'published')).toBe(one);
  await expect(pushLedger(io(), { ...place('slow'), published: two })).rejects.toMatchObject({ code: 'LEDGER_MOVED' });
  expect(await inRemote('rev-parse', 'published')).toBe(one);
  await expect(pushLedger(io(), { ...place('fast'), published: 'main' })).rejects.toMatchObject({ code: 'USAGE' });
  await pushLedger(io(), { ...place('fast'), published: two });
  expect(await inRemote('rev-parse', 'published')).toBe(two);
});

/** A commit that lies in the remote, as one of main does. */
async function sourceCommit(name: string): Promise<string> {
  await writeFile(join(base, name), name);
  const blob = await inRemote('hash-object', '-w', join(base, name));
  const tree = await runProcess(
    'sh',
    ['-c', `printf '100644 blob ${blob}\\tx\\n' | git --git-dir ${remote} mktree`],
    base,
  );
  const commit = await inRemote(
    '-c',
    'user.name=t',
    '-c',
    'user.email=t@t.invalid',
    'commit-tree',
    '-m',
    name,
    tree.trim(),
  );
  await inRemote('update-ref', `refs/heads/${name}`, commit);
  return commit;
}

test('a link in the branch comes as a file with a name in it, never as a link', async () => {
  await firstPush();
  await pullLedger(io(), place('evil'));
  await symlink('/etc/passwd', join(base, 'evil/link'));
  // As another tool would push it; ours has links switched off.
  const git = ['--git-dir', join(base, 'evil.git'), '--work-tree', join(base, 'evil'), '-c', 'core.bare=false'];
  await runProcess('git', [...git, 'add', '--all'], join(base, 'evil'));
  await runProcess('git', [...git, '-c', 'user.name=t', '-c', 'user.email=t@t.invalid', 'commit', '-qm', 'x'], base);
  await runProcess('git', [...git, 'push', '-q', remote, 'HEAD:refs/heads/other'], base);
  await pullLedger(io(), { ...place('victim'), branch: 'other' });
  expect(await readFile(join(base, 'victim/link'), 'utf8')).toBe('/etc/passwd');
});

test('a hook or a setting of the machine is not run, and no token goes to another server', async () => {
  const seen = join(base, 'seen');
  await firstPush();
  await pullLedger(io(), place('second'));
  await writeFile(join(base, 'second.git/hooks/pre-push'), `#!/bin/sh\ntouch ${seen}\n`, { mode: 0o755 });
  await writeFile(join(base, 'second/head.json'), 'new');
  await pushLedger(
    captured(base, { GITHUB_TOKEN: 'secret-token', PATH: process.env['PATH'] ?? '' }).io,
    place('second'),
  );
  expect(await readdir(base)).not.toContain('seen');
  expect(await inRemote('config', '--list')).not.toContain('secret-token');
});
