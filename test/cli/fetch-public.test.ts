// Addresses that strangers name, on real servers of the loopback interface: `127.0.0.1` stands for the public internet and any other
// address for somebody's network.
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fetchPublic, type Unsafely } from '../../tools/cli/src/fetch-public.ts';
import { fileOfPackage } from '../../tools/cli/src/read-tar.ts';

let server: Server;
let port: number;
let insideAsked = 0;
const LIMITS = { maxBytes: 1000, timeoutMs: 400 };

const ANSWERS: Readonly<Record<string, RequestListener>> = {
  '/plain': (_request, response) => void response.end('bytes'),
  '/missing': (_request, response) => void response.writeHead(404).end(),
  '/inside': (_request, response) => {
    insideAsked++;
    response.end('secret');
  },
  '/large': (_request, response) => void response.end(Buffer.alloc(1001)),
  '/larger-than-said': (_request, response) => {
    response.write(Buffer.alloc(600));
    response.end(Buffer.alloc(600));
  },
  '/never-ends': (_request, response) => {
    const timer = setInterval(() => response.write('.'), 20);
    response.on('close', () => clearInterval(timer));
  },
  '/never-answers': () => undefined,
  '/to-plain': (_request, response) => void response.writeHead(302, { location: '/plain' }).end(),
  '/to-private': (_request, response) =>
    void response.writeHead(302, { location: `http://127.0.0.2:${port}/inside` }).end(),
  '/to-private-name': (_request, response) =>
    void response.writeHead(302, { location: `http://inside.example:${port}/inside` }).end(),
  '/to-itself': (_request, response) => void response.writeHead(301, { location: '/to-itself' }).end(),
  '/to-file': (_request, response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  '/cut-off': (request, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('half', () => request.socket.destroy());
  },
};

beforeAll(async () => {
  server = createServer((request, response) =>
    (ANSWERS[request.url ?? ''] ?? ANSWERS['/missing'])?.(request, response),
  );
  await new Promise<void>((done) => server.listen(0, done));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const NAMES: Readonly<Record<string, string[]>> = {
  'outside.example': ['127.0.0.1'],
  'inside.example': ['127.0.0.2'],
  'both.example': ['127.0.0.1', '127.0.0.2'],
};
const unsafely: Unsafely = {
  allowPlainHttp: true,
  allowHost: (host) => host !== '127.0.0.2',
  allowAddress: (address) => address === '127.0.0.1',
  resolve: (host) => (NAMES[host] ?? []).map((address) => ({ address, family: 4 })),
};
const get = (path: string, host = '127.0.0.1') => fetchPublic(`http://${host}:${port}${path}`, LIMITS, unsafely);
const text = (fetched: Awaited<ReturnType<typeof get>>): string =>
  'bytes' in fetched ? new TextDecoder().decode(fetched.bytes) : fetched.state;

test('what is on the public internet is fetched, also by name and after a redirect', async () => {
  expect(text(await get('/plain'))).toBe('bytes');
  expect(text(await get('/plain', 'outside.example'))).toBe('bytes');
  expect(text(await get('/to-plain'))).toBe('bytes');
});

test.each([
  ['an address inside', '/inside', '127.0.0.2'],
  ['a name that leads inside', '/inside', 'inside.example'],
  ['a name of which one address leads inside', '/plain', 'both.example'],
  ['a redirect inside', '/to-private', '127.0.0.1'],
  ['a redirect to a name that leads inside', '/to-private-name', '127.0.0.1'],
  ['a redirect to a file', '/to-file', '127.0.0.1'],
  ['a redirect in a circle', '/to-itself', '127.0.0.1'],
  ['more bytes than are taken', '/large', '127.0.0.1'],
  ['more bytes than are taken, unsaid', '/larger-than-said', '127.0.0.1'],
  ['a body that never ends', '/never-ends', '127.0.0.1'],
  ['a server that never answers', '/never-answers', '127.0.0.1'],
])('%s is not fetched', async (_what, path, host) => {
  const fetched = await get(path, host);
  expect(fetched).toMatchObject({ state: 'forbidden' });
  expect(insideAsked).toBe(0);
});

test('what is not there may be there later', async () => {
  expect(await get('/missing')).toMatchObject({ state: 'unreachable', reason: 'answers 404' });
  expect(await get('/plain', 'unknown.example')).toMatchObject({ state: 'unreachable' });
  expect(await get('/cut-off')).toMatchObject({ state: 'unreachable' });
});

test('without the allowances of this test nothing of it is fetched', async () => {
  for (const address of [
    `http://example.org/`,
    `https://127.0.0.1:${port}/plain`,
    `https://[::1]:${port}/`,
    'https://user:pass@example.org/',
    'file:///etc/passwd',
    'https://localhost/',
    'nonsense',
  ])
    expect(await fetchPublic(address, LIMITS)).toMatchObject({ state: 'forbidden' });
});

/** A tar of plain files. */
function tar(files: Readonly<Record<string, string>>, type = '0'): Uint8Array {
  const parts = Object.entries(files).flatMap(([name, content]) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write(type, 156);
    const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
    body.write(content);
    return [header, body];
  });
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(1024)]));
}

test('a file of an npm package, and nothing that is none', () => {
  const archive = tar({ 'package/package.json': '{}', 'package/dist/plugin.wasm': 'wasm'.repeat(300) });
  expect(new TextDecoder().decode(fileOfPackage(archive, 'dist/plugin.wasm', 10_000))).toBe('wasm'.repeat(300));
  expect(fileOfPackage(archive, 'plugin.wasm', 10_000)).toBeUndefined();
  expect(fileOfPackage(tar({ 'package/plugin.wasm': '' }, '2'), 'plugin.wasm', 10_000)).toBeUndefined();
  expect(fileOfPackage(gzipSync(Buffer.alloc(100_000)), 'plugin.wasm', 10_000)).toBeUndefined();
  expect(fileOfPackage(new Uint8Array([1, 2, 3]), 'plugin.wasm', 10_000)).toBeUndefined();
  for (let length = 0; length < archive.length; length += 7)
    expect(fileOfPackage(archive.subarray(0, length), 'plugin.wasm', 10_000)).toBeUndefined();
});
