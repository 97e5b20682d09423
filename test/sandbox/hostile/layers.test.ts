// What a layer is said to stop, tried from inside: a script that wants out, under the same layers as every plugin.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { layerStack } from '../../../tools/sandbox/src/layer-stack.ts';
import { hostileChild, SAY } from './hostile-child.ts';

const SECRET = 'PLUGMARK_TEST_SECRET';
let server: Server;
let reached = 0;

beforeAll(async () => {
  process.env[SECRET] = 'told';
  server = createServer((_, response) => {
    reached += 1;
    response.end('reached');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(() => {
  delete process.env[SECRET];
  server.close();
});

/** Each attempt by name: what it got, or the code it was refused with. */
async function attempts(body: string): Promise<Record<string, string>> {
  let heard: Record<string, string> = {};
  const script = `${SAY}
const seen = {};
const attempt = async (name, act) => {
  try { seen[name] = 'got ' + String(await act()).slice(0, 60); } catch (error) { seen[name] = error.code ?? error.cause?.code ?? error.name; }
};
${body}
say(seen); wait();`;
  await hostileChild(script, {
    hear: (frame) => {
      heard = JSON.parse(frame.toString()) as Record<string, string>;
      return { next: 'finish' };
    },
  });
  return heard;
}

test('files: no reading beyond its own code, no writing at all', async () => {
  const seen = await attempts(`
import fs from 'node:fs';
await attempt('own code', () => fs.readFileSync(new URL(import.meta.url)).length > 0);
await attempt('passwd', () => fs.readFileSync('/etc/passwd'));
await attempt('environment of the parent', () => fs.readFileSync('/proc/' + process.ppid + '/environ'));
await attempt('folder', () => fs.readdirSync('/'));
await attempt('link to elsewhere', () => fs.readlinkSync('/proc/self/cwd'));
await attempt('write', () => fs.writeFileSync('/tmp/plugmark-was-here', 'x'));
await attempt('write beside its code', () => fs.writeFileSync(new URL('more.js', import.meta.url), 'x'));
await attempt('import', () => import('/etc/hostname'));
`);
  expect(seen['own code']).toBe('got true');
  const { 'own code': _, ...others } = seen;
  expect(Object.values(others).every((code) => code === 'ERR_ACCESS_DENIED')).toBe(true);
  expect(Object.keys(others)).toHaveLength(7);
  expect(existsSync('/tmp/plugmark-was-here')).toBe(false);
});

test('processes, workers, native code, the inspector', async () => {
  const seen = await attempts(`
import { spawnSync } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { WASI } from 'node:wasi';
import inspector from 'node:inspector';
await attempt('spawn', () => { const { error } = spawnSync('/bin/true'); if (error) throw error; return 'ran'; });
await attempt('worker', () => new Worker('1', { eval: true }));
await attempt('wasi', () => new WASI({ version: 'preview1' }));
await attempt('addon', () => process.dlopen({ exports: {} }, '/lib/x.node'));
await attempt('inspector', () => { inspector.open(0); return inspector.url(); });
`);
  expect(seen).toEqual({
    spawn: 'ERR_ACCESS_DENIED',
    worker: 'ERR_ACCESS_DENIED',
    wasi: 'ERR_ACCESS_DENIED',
    addon: 'ERR_DLOPEN_DISABLED',
    inspector: 'ERR_ACCESS_DENIED',
  });
});

test('the environment is empty', async () => {
  const seen = await attempts(`await attempt('environment', () => JSON.stringify(process.env));`);
  expect(seen['environment']).toBe('got {}');
});

test('the network, where namespaces are there', async () => {
  const { states } = await layerStack();
  const active = states.some(({ layer, active: is }) => is && (layer === 'namespaces' || layer === 'container'));
  const { port } = server.address() as AddressInfo;
  reached = 0;
  const seen = await attempts(`
import { lookup } from 'node:dns/promises';
import { createSocket } from 'node:dgram';
await attempt('fetch', async () => (await fetch('http://127.0.0.1:${port}/')).text());
await attempt('datagram', () => new Promise((done, fail) => createSocket('udp4').send('x', ${port}, '127.0.0.1', (error) => (error ? fail(error) : done('sent')))));
await attempt('name', async () => (await lookup('plugmark.invalid')).address);
`);
  if (!active) {
    // Without it the network stays open: that is what reports say, and why a policy may require the layer.
    expect(reached).toBe(1);
    return;
  }
  expect(reached).toBe(0);
  expect(Object.values(seen).every((text) => !text.startsWith('got'))).toBe(true);
});

test('other processes, where namespaces are there', async () => {
  const { states } = await layerStack();
  if (!states.some(({ layer, active }) => layer === 'namespaces' && active)) return;
  const seen = await attempts(`
await attempt('number', () => process.pid);
await attempt('signal to the parent of all', () => process.kill(${process.pid}, 'SIGTERM'));
`);
  expect(seen['number']).toBe('got 1');
  expect(seen['signal to the parent of all']).toBe('ESRCH');
});

test('processor time, where prlimit is there', async () => {
  const { states } = await layerStack();
  if (!states.some(({ layer, active }) => layer === 'prlimit' && active)) return;
  const seen = await attempts(`
import { createSocket } from 'node:dgram';
await attempt('open files', async () => { const all = []; for (let i = 0; i < 100; i++) { const s = createSocket('udp4'); await new Promise((done, fail) => { s.on('error', fail); s.bind(0, done); }); all.push(s); } return all.length; });
`);
  expect(seen['open files']).not.toBe('got 100');
});

test('of a child that does not end by itself nothing is left', async () => {
  const { folder, end } = await hostileChild(`${SAY} say('x'); wait();`, { hear: () => ({ next: 'finish' }) });
  expect(end).toEqual({ kind: 'finished' });
  const lines = execFileSync('ps', ['-eo', 'pid,args']).toString().split('\n');
  expect(lines.filter((line) => line.includes(folder))).toEqual([]);
});
