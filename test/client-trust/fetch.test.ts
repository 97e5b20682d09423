// fetchBytes against a real server on loopback that misbehaves in every way a server can.
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ClientError, type FetchBytesOptions, fetchBytes } from '@plugmark/client/trust';
import { afterAll, expect, test } from 'vitest';

const ROUTES: Record<string, RequestListener> = {
  '/ok': (_, response) => response.end('hello'),
  '/empty': (_, response) => response.end(),
  '/headers': (request, response) => response.end(JSON.stringify(request.headers)),
  '/403': (_, response) => response.writeHead(403).end('no'),
  '/500': (_, response) => response.writeHead(500).end('broken'),
  '/204': (_, response) => response.writeHead(204).end(),
  '/portal': (_, response) => response.writeHead(200, { 'content-type': 'Text/HTML; charset=utf-8' }).end('<html>'),
  '/redirect': (_, response) => response.writeHead(302, { location: '/ok' }).end(),
  '/endless': (_, response) => {
    const timer = setInterval(() => response.write('x'.repeat(10_000)), 1);
    response.on('close', () => clearInterval(timer));
  },
  '/slow': (_, response) => response.write('x'),
  '/cut': (_, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('x');
    setTimeout(() => response.destroy(), 20);
  },
};

const server = createServer((request, response) => {
  const route = ROUTES[request.url ?? ''];
  if (route) route(request, response);
  else response.writeHead(404, { 'content-type': 'text/html' }).end('<html>not here');
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const read = (path: string, options: Partial<FetchBytesOptions> = {}) =>
  fetchBytes(fetch, `${base}${path}`, { maxBytes: 1000, timeoutMs: 10_000, ...options });

async function refusal(promise: Promise<unknown>): Promise<{ code: string; [fact: string]: unknown }> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ClientError)) throw error ?? new Error('it was accepted');
  return { code: error.code, ...error.details };
}

test('a body is returned whole, up to the limit', async () => {
  expect(new TextDecoder().decode(await read('/ok'))).toBe('hello');
  expect(await read('/ok', { maxBytes: 5 })).toHaveLength(5);
  expect(await read('/empty')).toEqual(new Uint8Array());
});

test('404 and 403 are "no such file", also as a web page', async () => {
  expect(await read('/missing')).toBeUndefined();
  expect(await read('/403')).toBeUndefined();
});

test('no cookie and no referrer are sent', async () => {
  const headers = JSON.parse(new TextDecoder().decode(await read('/headers')));
  expect(headers).not.toHaveProperty('cookie');
  expect(headers).not.toHaveProperty('referer');
  expect(headers).not.toHaveProperty('authorization');
});

test.each([
  ['/500', { status: 500 }],
  ['/204', { status: 204 }],
  ['/portal', { status: 200, contentType: 'Text/HTML; charset=utf-8' }],
  ['/redirect', {}],
  ['/cut', {}],
])('%s: NETWORK', async (path, facts) => {
  expect(await refusal(read(path))).toMatchObject({ code: 'NETWORK', url: `${base}${path}`, ...facts });
});

test('a body one byte too long, and an endless one: TOO_LARGE', async () => {
  expect(await refusal(read('/ok', { maxBytes: 4 }))).toMatchObject({ code: 'TOO_LARGE', maxBytes: 4 });
  expect(await refusal(read('/endless', { maxBytes: 100_000 }))).toMatchObject({ code: 'TOO_LARGE' });
});

test('a server that trickles is left after the time limit', async () => {
  expect(await refusal(read('/slow', { timeoutMs: 50 }))).toMatchObject({ code: 'NETWORK', timeoutMs: 50 });
});

test('nobody listening: NETWORK', async () => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  const url = `http://127.0.0.1:${port}/`;
  expect(await refusal(fetchBytes(fetch, url, { maxBytes: 1, timeoutMs: 5000 }))).toEqual({ code: 'NETWORK', url });
});

test('the caller stops: ABORTED, before and during', async () => {
  expect(await refusal(read('/ok', { signal: AbortSignal.abort() }))).toMatchObject({ code: 'ABORTED' });
  const controller = new AbortController();
  const reading = refusal(read('/slow', { signal: controller.signal }));
  setTimeout(() => controller.abort(), 20);
  expect(await reading).toMatchObject({ code: 'ABORTED' });
});
