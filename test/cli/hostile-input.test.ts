// What is no file, or no end of one: each is said at once and nothing waits for it.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommand } from '../testkit/run-command.ts';
import { REPOSITORY } from './fixtures.ts';

let folder: string;
const socket = createServer();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugmark-hostile-'));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  await new Promise<void>((done) => socket.listen(join(folder, 'socket'), done));
  await symlink('/dev/zero', join(folder, 'zero'));
  await symlink(join(folder, 'loop'), join(folder, 'loop'));
  await writeFile(join(folder, 'empty'), '');
  await mkdir(join(folder, 'folder'));
  await mkdir(join(folder, 'plugin'));
  await symlink('/dev/zero', join(folder, 'plugin/plugin.wasm'));
  await writeFile(join(folder, 'plugin/plugin.yaml'), MANIFEST);
  // Sparse: takes no room on the disk.
  const huge = await open(join(folder, 'huge'), 'w');
  await huge.truncate(3 * 2 ** 30);
  await huge.close();
});

afterAll(async () => {
  socket.close();
  await rm(folder, { recursive: true, force: true });
});

const MANIFEST = `schemaVersion: 1
plugin: acme/endless
version: 1.0.0
license: MIT
title: Endless
summary: Its artifact never ends
artifact: plugin.wasm
host: conductor
api: ^2.5
capabilities: []
`;

const CASES: readonly (readonly [string, string, string])[] = [
  ['pipe', 'FILE_UNREADABLE', 'is a pipe, not a file'],
  ['socket', 'FILE_UNREADABLE', 'is a socket, not a file'],
  ['zero', 'FILE_UNREADABLE', 'is a device, not a file'],
  ['plugin', 'FILE_UNREADABLE', 'is a device, not a file'],
  ['huge', 'FILE_TOO_LARGE', '3,221,225,472 bytes; 1,073,741,824 are read at most'],
  ['folder', 'MANIFEST_MISSING', 'has no manifest'],
  ['loop', 'FILE_UNREADABLE', 'cannot be read (ELOOP)'],
  ['empty/inside', 'FILE_MISSING', 'is not there'],
  ['nothing', 'FILE_MISSING', 'is not there'],
];

async function check(path: string): Promise<{ code: string; message: string }> {
  const { stdout, exit } = await runCommand(['check', path, '--host', 'conductor', '--json'], REPOSITORY);
  expect(exit).not.toBe(0);
  return (JSON.parse(stdout) as { error: { code: string; message: string } }).error;
}

test.each(CASES)('%s', async (name, code, says) => {
  const error = await check(join(folder, name));
  expect(error.code).toBe(code);
  expect(error.message).toContain(says);
});

// Whoever runs the tests as root may read every file there is, but not this one.
test.skipIf(!existsSync('/proc/self/mem'))('a file that the system refuses to read', async () => {
  expect(await check('/proc/self/mem')).toMatchObject({ code: 'FILE_UNREADABLE' });
});

test('an empty file is judged', async () => {
  const argv = ['check', join(folder, 'empty'), '--host', 'conductor', '--json'];
  const { stdout, exit } = await runCommand(argv, REPOSITORY);
  expect([exit, JSON.parse(stdout).verdict]).toEqual([1, 'fail']);
});

const COMMANDS: readonly (readonly [string, ...string[]])[] = [
  ['inspect'],
  ['meter', '-o', 'metered.wasm'],
  ['diff', 'empty', '--host', 'conductor'],
];

test.each(COMMANDS)('%s waits for no pipe', async (command, ...rest) => {
  const { exit, stderr } = await runCommand([command, join(folder, 'pipe'), ...rest], folder);
  expect(exit).not.toBe(0);
  expect(stderr).toContain('is a pipe, not a file');
});
