// The SDK over a folder instead of a server: by path, by file: URL, with ranges, and nothing outside the folder.
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { memoryStore, openRegistry } from '@plugmark/client';
import { folderRegistry } from '@plugmark/client/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Built, build, HOUR, later, rootOf } from '../testkit/office.ts';
import { smallRegistry, writeFiles } from '../testkit/registry-folder.ts';

let parent: string;
let built: Built;
const folder = (): string => join(parent, 'a tree');
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'plugmark-folder-'));
  built = await build(await smallRegistry());
  await writeFiles(folder(), built.tree);
  await writeFile(join(parent, 'secret'), 'not served');
  await symlink(join(parent, 'secret'), join(folder(), 'link'));
});
afterAll(() => rm(parent, { recursive: true, force: true }));

test.each([
  ['a path', folder],
  ['a file: URL', () => pathToFileURL(folder()).href],
  ['a URL object', () => pathToFileURL(`${folder()}/`)],
])('a registry by %s', async (_, named) => {
  const client = openRegistry({
    ...folderRegistry(named()),
    root: rootOf(built),
    store: memoryStore(),
    now: () => later(HOUR),
    policy: { minimumReleaseAgeMinutes: 0 },
  });
  expect((await client.install('acme/thing')).registry.state).toBe('verified');
});

test.each(['../secret', '%2e%2e/secret', 'link', 'metadata', 'metadata/timestamp.json/x', ''])(
  '%s is not served',
  async (path) => {
    const { url, fetch } = folderRegistry(folder());
    expect((await fetch(url + path)).status).toBe(404);
  },
);

test('a part of a file', async () => {
  const { url, fetch } = folderRegistry(folder());
  const whole = built.tree.get('metadata/1.root.json') as Uint8Array;
  const part = await fetch(`${url}metadata/1.root.json`, { headers: { range: 'bytes=10-' } });
  expect([part.status, part.headers.get('content-range')]).toEqual([
    206,
    `bytes 10-${whole.length - 1}/${whole.length}`,
  ]);
  expect(new Uint8Array(await part.arrayBuffer())).toEqual(whole.subarray(10));
  const beyond = await fetch(`${url}metadata/1.root.json`, { headers: { range: `bytes=${whole.length}-` } });
  expect(beyond.status).toBe(416);
});
