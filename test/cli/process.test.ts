// The command as a process: streams, pipes, colours and signals, which a call of main cannot show.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FIXTURES, makeBase, REPOSITORY } from './fixtures.ts';

const BIN = join(REPOSITORY, 'tools/cli/bin/plugmark.js');
let base: string;
let folder: string;

beforeAll(async () => {
  base = await makeBase();
  folder = await mkdtemp(join(tmpdir(), 'plugmark-process-'));
  for (const name of ['dprint.wasm', 'tree', 'registry', 'artifacts']) await FIXTURES[name]?.(base, folder);
});

afterAll(async () => {
  for (const made of [base, folder]) await rm(made, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function ended(file: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  return new Promise((done) => {
    execFile(
      file,
      [...args],
      { cwd: folder, env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...env } },
      (error, stdout, stderr) => done({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

const plugmark = (args: readonly string[], env?: Record<string, string>): Promise<Ended> =>
  ended(process.execPath, [BIN, ...args], env);

test('data is on stdout and talk on stderr', async () => {
  const good = await plugmark(['registry', 'build', '--out', 'built', '--json']);
  expect(good.code).toBe(0);
  expect(JSON.parse(good.stdout)).toMatchObject({ out: 'built' });
  expect(good.stderr).toContain('[3/3]');
  const bad = await plugmark(['inspect', 'nope.wasm']);
  expect(bad).toEqual({
    code: 3,
    stdout: '',
    stderr: 'plugmark: nope.wasm is not there [FILE_MISSING]\n  check the path\n',
  });
});

test('it runs by name from any folder, through the link npm makes', async () => {
  const { code, stdout } = await ended(join(REPOSITORY, 'node_modules/.bin/plugmark'), ['--version']);
  expect([code, stdout]).toEqual([0, '0.1.0\n']);
});

test('colour only where it is wanted', async () => {
  const check = ['check', 'dprint.wasm', '--host', 'dprint'];
  expect((await plugmark(check)).stdout).not.toContain('\u001b');
  expect((await plugmark(check, { NO_COLOR: '1' })).stdout).not.toContain('\u001b');
  expect((await plugmark(check, { FORCE_COLOR: '1' })).stdout).toContain('\u001b[32m');
  expect((await plugmark(['inspect', 'nope'], { FORCE_COLOR: '1' })).stderr).toContain('\u001b[31mplugmark:');
});

test('a reader that has read enough ends it without a word', async () => {
  const { stdout, stderr } = await ended('/bin/sh', [
    '-c',
    `"${process.execPath}" "${BIN}" check dprint.wasm --host dprint --json | head -c 10`,
  ]);
  expect([stdout, stderr]).toEqual(['{"analyser', '']);
  const closed = await ended('/bin/sh', ['-c', `"${process.execPath}" "${BIN}" inspect dprint.wasm | true`]);
  expect(closed).toEqual({ code: 0, stdout: '', stderr: '' });
});

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((done) => child.stdout?.once('data', (data: Buffer) => done(String(data))));
}

const exitOf = (child: ChildProcess): Promise<number | NodeJS.Signals | null> =>
  new Promise((done) => child.once('exit', (code, signal) => done(code ?? signal)));

test.each(['SIGINT', 'SIGTERM'] as const)('serve says where it is and ends at %s', async (signal) => {
  const child = spawn(process.execPath, [BIN, 'registry', 'serve', 'tree', '--port', '0', '--json'], { cwd: folder });
  const { url } = JSON.parse(await firstLine(child)) as { url: string };
  expect((await fetch(new URL('metadata/timestamp.json', url))).status).toBe(200);
  const exit = exitOf(child);
  child.kill(signal);
  expect(await exit).toBe(0);
});

test('a build killed at any moment leaves what the next one completes', async () => {
  for (const progress of [0, 1, 2, 3]) {
    const child = spawn(process.execPath, [BIN, 'registry', 'build', '--out', 'killed'], { cwd: folder });
    const exit = exitOf(child);
    let seen = 0;
    if (progress === 0) child.kill('SIGINT');
    child.stderr.on('data', (data: Buffer) => {
      seen += String(data).split('\n').length - 1;
      if (seen >= progress) child.kill('SIGINT');
    });
    await exit;
  }
  const next = await plugmark(['registry', 'build', '--out', 'killed', '--json']);
  expect([next.code, next.code === 0 ? '' : next.stderr]).toEqual([0, '']);
  const root = join(folder, '.plugmark/dev/trust/metadata/1.root.json');
  expect((await plugmark(['verify', '--registry', 'killed', '--root', root])).code).toBe(0);
});

test('of builds at once one works and the others are refused as LOCKED; the tree is whole', async () => {
  const all = await Promise.all([1, 2, 3].map(() => plugmark(['registry', 'build', '--out', 'contested', '--json'])));
  const refused = all.filter(({ code }) => code !== 0);
  expect(
    refused.map(({ code, stdout }) => [code, (JSON.parse(stdout) as { error: { code: string } }).error.code]),
  ).toEqual(refused.map(() => [3, 'LOCKED']));
  expect(all.some(({ code }) => code === 0)).toBe(true);
  const root = join(folder, '.plugmark/dev/trust/metadata/1.root.json');
  expect((await plugmark(['verify', '--registry', 'contested', '--root', root])).code).toBe(0);
  const left = [...(await readdir(folder)), ...(await readdir(join(folder, '.plugmark/dev')))];
  expect(left.filter((name) => /\.(?:lock|building|next)/.test(name))).toEqual([]);
});

test('the lock of a process that is gone is taken over, one that is there is not', async () => {
  const lock = join(folder, '.plugmark/dev/ledger.building');
  const { hostname } = await import('node:os');
  const gone = spawn(process.execPath, ['-e', '']);
  await exitOf(gone);
  await writeFile(lock, JSON.stringify({ pid: gone.pid, machine: hostname(), nonce: 'a' }));
  expect((await plugmark(['registry', 'build', '--out', 'taken'])).code).toBe(0);
  await writeFile(lock, JSON.stringify({ pid: process.pid, machine: hostname(), nonce: 'b' }));
  expect((await plugmark(['registry', 'build', '--out', 'taken'])).stderr).toContain('[LOCKED]');
  expect(JSON.parse(await readFile(lock, 'utf8'))).toMatchObject({ nonce: 'b' });
  await rm(lock);
});

test('keys of a job come from its environment; a missing one is named, and no key is a file', async () => {
  const dev = join(base, '.plugmark/dev');
  const build = ['registry', 'build', '--keys', 'env:', '--trust', join(dev, 'trust'), '--ledger', join(dev, 'ledger')];
  const places = ['--registry', join(base, 'registry'), '--artifacts', join(dev, 'artifacts'), '--out', 'by-env'];
  const key = (name: string): Promise<string> => readFile(join(dev, 'keys', `${name}.pem`), 'utf8');
  const keys = { PLUGMARK_ONLINE_KEY: await key('online'), PLUGMARK_COSIGN_KEY: await key('cosign') };
  const without = await plugmark([...build, ...places], { ...keys, PLUGMARK_COSIGN_KEY: '' });
  expect(without.code).not.toBe(0);
  expect(without.stderr).toContain('PLUGMARK_COSIGN_KEY');
  expect(without.stderr).toContain('[KEY_MISSING]');
  const { code, stdout, stderr } = await plugmark([...build, ...places, '--json'], keys);
  expect([code, stderr.includes('PRIVATE KEY')]).toEqual([0, false]);
  expect(JSON.parse(stdout)).toMatchObject({ refused: [] });
  expect(await readdir(folder)).not.toContain('env:');
});
