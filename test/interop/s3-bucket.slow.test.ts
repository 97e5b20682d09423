// A real S3-compatible server (moto's, `pip install 'moto[server]'`; PLUGMARK_S3_SERVER names its file): a registry in a bucket is what a
// client installs from, while it is being replaced too.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore, openRegistry } from '@plugmark/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signRequest } from '../../tools/cli/src/deploy/sign-request.ts';
import { type Built, build, HOUR, later, NOW, rootOf } from '../testkit/office.ts';
import { addRelease, honestModule, smallRegistry, writeFiles } from '../testkit/registry-folder.ts';
import { type Ended, runCommand } from '../testkit/run-command.ts';

const SERVER = process.env['PLUGMARK_S3_SERVER'] ?? 'moto_server';
const isMissing = spawnSync(SERVER, ['--help']).error !== undefined;
const named = (title: string): string => (isMissing ? `${title}: ${SERVER} is not installed` : title);
const ENV = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret/example+key' };

let folder: string;
let endpoint: string;
let server: ChildProcess;
let first: Built;
let second: Built;

beforeAll(async () => {
  if (isMissing) return;
  folder = await mkdtemp(join(tmpdir(), 'plugmark-s3-'));
  const registry = await smallRegistry();
  first = await build(registry);
  await addRelease(registry, { plugin: 'acme/thing', version: '1.2.0', bytes: honestModule(84).build() });
  second = await build(registry, { previous: first, now: later(HOUR) });
  await writeFiles(join(folder, 'first'), first.tree);
  await writeFiles(join(folder, 'second'), second.tree);
  const port = await new Promise<number>((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
  endpoint = `http://127.0.0.1:${port}`;
  server = spawn(SERVER, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  for (
    let i = 0;
    i < 300 &&
    !(await fetch(endpoint).then(
      () => true,
      () => false,
    ));
    i++
  )
    await new Promise((done) => setTimeout(done, 100));
  // As an institution sets it up: a bucket whose objects everybody may read.
  const allow = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::plugins/*' };
  const policy = new TextEncoder().encode(JSON.stringify({ Version: '2012-10-17', Statement: [allow] }));
  for (const [path, body] of [
    ['plugins', new Uint8Array()],
    ['plugins?policy=', policy],
  ] as const) {
    const url = new URL(`${endpoint}/${path}`);
    const keys = { id: ENV.AWS_ACCESS_KEY_ID, secret: ENV.AWS_SECRET_ACCESS_KEY };
    const made = { method: 'PUT', url, body, headers: {}, keys, region: 'us-east-1', service: 's3', now: new Date() };
    const { ok } = await fetch(url, { method: 'PUT', body, headers: signRequest(made) });
    expect([path, ok]).toEqual([path, true]);
  }
}, 120_000);
afterAll(async () => {
  server?.kill();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

const deploy = (tree: string, env: Readonly<Record<string, string>> = ENV): Promise<Ended> =>
  runCommand(
    ['registry', 'deploy', '--tree', tree, '--to', 's3://plugins/the/registry', '--endpoint', endpoint, '--json'],
    folder,
    new Date(),
    env,
  );

/** As a browser or an application would: without any key. */
async function installs(store = memoryStore(), now = NOW): Promise<string> {
  const client = openRegistry({
    url: `${endpoint}/plugins/the/registry/`,
    root: rootOf(first),
    store,
    fetch,
    now: () => now,
    policy: { minimumReleaseAgeMinutes: 0 },
  });
  return (await client.install('acme/thing')).version;
}

test.skipIf(isMissing)(
  named('a bucket serves what was deployed; a second time nothing is sent; the next tree follows'),
  async () => {
    const sent = await deploy('first');
    expect([sent.exit, JSON.parse(sent.stdout)]).toMatchObject([
      0,
      { written: first.tree.size, unchanged: 0, removed: 0 },
    ]);
    const store = memoryStore();
    expect(await installs(store)).toBe('1.1.0');
    expect(JSON.parse((await deploy('first')).stdout)).toMatchObject({
      written: 0,
      unchanged: first.tree.size,
      bytes: 0,
    });
    const next = JSON.parse((await deploy('second')).stdout);
    expect(next.written).toBeLessThan(first.tree.size / 2);
    expect(await installs(store, later(HOUR))).toBe('1.2.0');
    const blob = [...first.tree.keys()].find((path) => path.startsWith('blobs/')) ?? '';
    const { headers } = await fetch(`${endpoint}/plugins/the/registry/${blob}`);
    expect([headers.get('content-type'), headers.get('cache-control')]).toEqual([
      'application/wasm',
      'public, max-age=31536000, immutable',
    ]);
  },
);

test.skipIf(isMissing)(named('refused: an older tree, no keys, no such bucket'), async () => {
  const code = ({ stdout }: Ended): unknown => JSON.parse(stdout).error?.code;
  await deploy('second');
  expect(code(await deploy('first'))).toBe('DEPLOY_OLDER');
  expect(code(await deploy('second', {}))).toBe('BUCKET_KEYS');
  const argv = ['registry', 'deploy', '--tree', 'second', '--to', 's3://absent', '--endpoint', endpoint, '--json'];
  expect(code(await runCommand(argv, folder, new Date(), ENV))).toBe('BUCKET_REFUSED');
});
