// A set-up of a registry interrupted at every change to the disk there is, and on a disk that is full.
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { initFork, interruptedAt, makeFork, seenIn } from './forks.ts';

const COMMAND = fileURLToPath(new URL('../../tools/cli/bin/plugmark.js', import.meta.url));

async function scratch(): Promise<{ folder: string; root: Uint8Array }> {
  const folder = await mkdtemp(join(tmpdir(), 'plugmark-office-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await initFork({ folder: join(folder, 'other'), id: 'other.example' });
  return { folder, root: new Uint8Array(await readFile(join(folder, 'other/registry/trust/metadata/1.root.json'))) };
}

test('every interruption leaves what was there, or what the next run finishes', async () => {
  const { folder, root } = await scratch();
  await makeFork(join(folder, 'whole'), root);
  await initFork({ folder: join(folder, 'whole') });
  const wanted = await seenIn(join(folder, 'whole'));
  const outcomes = { former: 0, decided: 0 };
  // Files moving into their places are many and alike.
  for (let at = 0; ; at += at < 40 ? 1 : 2) {
    const left = await interruptedAt(at, { folder, root, wanted });
    if (left === undefined) break;
    outcomes[left]++;
  }
  expect(outcomes.former).toBeGreaterThan(20);
  expect(outcomes.decided).toBeGreaterThan(20);
});

test.skipIf(process.platform === 'win32')('a disk on which nothing larger fits', async () => {
  const { folder, root } = await scratch();
  const fork = join(folder, 'fork');
  await makeFork(fork, root);
  const former = await seenIn(fork);
  const argv = ['registry', 'init', 'fork', '--id', 'lab.example', '--no-input', '--passphrase-file', 'words.txt'];
  const run = (blocks: string) =>
    spawnSync(
      'sh',
      [
        '-c',
        `echo four words nobody guesses > words.txt; ulimit -f ${blocks}; exec "$@"`,
        'sh',
        process.execPath,
        COMMAND,
        ...argv,
      ],
      {
        cwd: folder,
        encoding: 'utf8',
      },
    );
  for (const blocks of ['0', '1', '3']) {
    expect(run(blocks).status).not.toBe(0);
    expect(await seenIn(fork)).toEqual(former);
  }
  expect(run('unlimited')).toMatchObject({ status: 0, stderr: '' });
  expect(await seenIn(fork)).not.toEqual(former);
  expect((await readdir(folder)).sort()).toEqual(['fork', 'fork-keys', 'other', 'other-keys', 'words.txt']);
});
