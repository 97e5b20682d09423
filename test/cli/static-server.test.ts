// The static server answers as GitHub Pages does and never with anything outside its folder.

import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, type RequestOptions, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, serveFolder } from '../../tools/cli/src/static-server.ts';

const LARGE = 5_000_000;
const LIST = JSON.stringify(Array.from({ length: 500 }, (_, i) => `plugin ${i}`));
let folder: string;
let root: RunningServer;
let based: RunningServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugmark-serve-'));
  const tree = join(folder, 'tree');
  for (const name of ['pages', 'bare', 'a b']) await mkdir(join(tree, name), { recursive: true });
  const files: Record<string, string> = {
    'index.html': '<p>front</p>',
    '404.html': '<p>lost</p>',
    'pages/index.html': '<p>page</p>',
    'a b/index.html': '<p>space</p>',
    'bare/file.txt': 'text',
    'plugin.wasm': '\0asm',
    'v1.json': '{}',
    'no-extension': 'x',
    'large.bin': 'x'.repeat(LARGE),
    'list.json': LIST,
    'other.wasm': 'x'.repeat(5_000),
    '../secret.txt': 'secret',
    '../tree-beside.txt': 'secret',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(tree, name), text);
  await symlink(join(folder, 'secret.txt'), join(tree, 'link.txt'));
  await symlink(folder, join(tree, 'out'));
  await symlink(join(tree, 'v1.json'), join(tree, 'inside.json'));
  root = await serveFolder({ folder: tree, port: 0, base: '/' });
  based = await serveFolder({ folder: tree, port: 0, base: '/plugmark/' });
});

afterAll(async () => {
  await Promise.all([root.close(), based.close()]);
  await rm(folder, { recursive: true });
});

const get = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(new URL(path, root.url), { redirect: 'manual', ...init });

interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

/** The path and the answer as they are: fetch would tidy the one and unpack the other. */
function raw(path: string, options: RequestOptions = {}): Promise<RawAnswer> {
  const { port } = new URL(root.url);
  return new Promise((done, failed) => {
    const sent = request({ host: '127.0.0.1', port, path, ...options }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () =>
        done({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(parts) }),
      );
    });
    sent.on('error', failed).end();
  });
}
const accepting = (coding: string, more: Record<string, string> = {}): RequestOptions => ({
  headers: { 'accept-encoding': coding, ...more },
});

test('every answer may be read by any page and kept for ten minutes', async () => {
  const { headers, status } = await get('v1.json');
  expect(status).toBe(200);
  expect(headers.get('cache-control')).toBe('max-age=600');
  expect(headers.get('access-control-allow-origin')).toBe('*');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});

test.each([
  ['', 'text/html; charset=utf-8'],
  ['plugin.wasm', 'application/wasm'],
  ['v1.json', 'application/json; charset=utf-8'],
  ['no-extension', 'application/octet-stream'],
])('%s is served as %s', async (path, type) => expect((await get(path)).headers.get('content-type')).toBe(type));

test('a folder answers with its index.html, after a redirect to its slash', async () => {
  const answer = await get('pages');
  expect([answer.status, answer.headers.get('location')]).toEqual([301, '/pages/']);
  expect(await (await get('pages/')).text()).toBe('<p>page</p>');
  expect((await get('a%20b')).headers.get('location')).toBe('/a%20b/');
});

test('a folder without index.html is not listed', async () => {
  for (const path of ['bare', 'bare/']) {
    const answer = await get(path);
    expect([answer.status, await answer.text()]).toEqual([404, '<p>lost</p>']);
  }
});

test('what is not there is 404.html with status 404', async () => {
  const answer = await get('nope');
  expect([answer.status, await answer.text(), answer.headers.get('content-type')]).toEqual([
    404,
    '<p>lost</p>',
    'text/html; charset=utf-8',
  ]);
});

test('HEAD has the headers of GET and no body', async () => {
  const answer = await get('v1.json', { method: 'HEAD' });
  expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([200, '2', '']);
});

test.each(['gzip', 'br;q=1.0, GZIP;q=0.5', 'identity, *', 'deflate, gzip ; q=1'])(
  'text is compressed for who takes it: %s',
  async (coding) => {
    const { headers, bytes } = await raw('/list.json', accepting(coding));
    expect(headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-length': String(bytes.length),
      'content-type': 'application/json; charset=utf-8',
      vary: 'accept-encoding',
    });
    expect([String(gunzipSync(bytes)), bytes.length < LIST.length / 2]).toEqual([LIST, true]);
  },
);

test.each(['', 'identity', 'br, deflate', 'gzip;q=0', 'gzip;q=0.000, *', 'gzip;q=x', 'gzippy'])(
  'and nobody else: %s',
  async (coding) => {
    const { headers, bytes } = await raw('/list.json', accepting(coding));
    expect([headers['content-encoding'], headers['content-length'], headers.vary, String(bytes)]).toEqual([
      undefined,
      String(LIST.length),
      'accept-encoding',
      LIST,
    ]);
  },
);

test.each(['/v1.json', '/other.wasm', '/large.bin', '/no-extension'])('%s is not compressed', async (path) => {
  const { headers } = await raw(path, accepting('gzip'));
  expect([headers['content-encoding'], headers.vary]).toEqual([undefined, undefined]);
});

test('a text that changes is compressed anew', async () => {
  const path = join(folder, 'tree/changing.json');
  for (const text of ['x'.repeat(LARGE), 'y'.repeat(LARGE / 2)]) {
    await writeFile(path, text);
    for (const _ of [1, 2]) {
      const { headers, bytes } = await raw('/changing.json', accepting('gzip'));
      expect([headers['content-encoding'], String(gunzipSync(bytes)) === text]).toEqual(['gzip', true]);
    }
  }
});

test('compressed: HEAD, the tag and a part that is asked for', async () => {
  const whole = await raw('/list.json', accepting('gzip'));
  const head = await raw('/list.json', { method: 'HEAD', ...accepting('gzip') });
  const named = ['content-encoding', 'content-length', 'content-type', 'etag', 'vary'] as const;
  expect([head.bytes.length, ...named.map((name) => head.headers[name])]).toEqual([
    0,
    ...named.map((name) => whole.headers[name]),
  ]);
  const plain = await raw('/list.json');
  const { etag = '' } = whole.headers;
  expect(etag).toBe(`W/${plain.headers.etag}`);
  for (const known of [etag, plain.headers.etag ?? '']) {
    const answer = await raw('/list.json', accepting('gzip', { 'if-none-match': known }));
    expect([answer.status, answer.bytes.length, answer.headers.etag, answer.headers['content-encoding']]).toEqual([
      304,
      0,
      etag,
      undefined,
    ]);
  }
  const part = await raw('/list.json', accepting('gzip', { range: 'bytes=10-' }));
  expect([part.status, part.headers['content-encoding'], String(part.bytes)]).toEqual([200, undefined, LIST]);
});

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is refused', async (method) => {
  const answer = await get('v1.json', { method });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

test('a tag that still holds saves the body', async () => {
  const etag = (await get('v1.json')).headers.get('etag') ?? '';
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const answer = await get('v1.json', { headers: { 'if-none-match': known } });
    expect([answer.status, await answer.text(), answer.headers.get('etag')]).toEqual([304, '', etag]);
  }
  expect((await get('v1.json', { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
});

test('under a base nothing else answers, and the base without its slash redirects', async () => {
  const at = (path: string): Promise<Response> => fetch(new URL(path, based.url), { redirect: 'manual' });
  expect(await (await at('/plugmark/v1.json')).text()).toBe('{}');
  expect((await at('/plugmark/pages')).headers.get('location')).toBe('/plugmark/pages/');
  expect((await at('/plugmark')).headers.get('location')).toBe('/plugmark/');
  for (const path of ['/', '/v1.json', '/plugmarkv1.json']) expect((await at(path)).status).toBe(404);
});

test.each([
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/pages/../../secret.txt',
  '/pages/%2e%2e/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e%2fsecret.txt',
  '/..%5csecret.txt',
  '/pages\\..\\..\\secret.txt',
  '/../tree-beside.txt',
  '//secret.txt',
  '/%2f%2fsecret.txt',
  '/v1.json%00.txt',
  '/%00',
  '/link.txt',
  '/out/secret.txt',
  '/out/',
  '/%',
  '/%ff',
  '/v1.json/',
])('%s leads nowhere', async (path) => {
  const { status, bytes } = await raw(path);
  expect([status, String(bytes)]).toEqual([404, '<p>lost</p>']);
});

test('a link that stays inside is followed', async () => expect(await (await get('inside.json')).text()).toBe('{}'));

test('a large file arrives whole', async () =>
  expect((await (await get('large.bin')).arrayBuffer()).byteLength).toBe(LARGE));

test('a reader that goes away, or speaks no HTTP, stops nothing', async () => {
  const { port } = new URL(root.url);
  for (const text of [
    'GET /large.bin HTTP/1.1\r\nhost: x\r\n\r\n',
    'GET http://[ HTTP/1.1\r\nhost: x\r\n\r\n',
    '\0\0\0\r\n\r\n',
  ]) {
    await new Promise<void>((done) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.write(text));
      socket.once('data', () => socket.destroy());
      socket.once('close', () => done());
      socket.once('error', () => done());
    });
  }
  expect((await get('v1.json')).status).toBe(200);
});

test('a port that is taken is PORT_IN_USE', async () => {
  const port = Number(new URL(root.url).port);
  await expect(serveFolder({ folder, port, base: '/' })).rejects.toMatchObject({ code: 'PORT_IN_USE' });
});
