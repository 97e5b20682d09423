// `registry heartbeat` against a loopback server: which workflows it enables, and what it makes of answers of another kind.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { main } from '../../tools/cli/src/main.ts';
import { captured } from './fixtures.ts';

let server: Server;
let calls: string[];
let tokens: Set<string | undefined>;
let answer: { status: number; body: string; type?: string };

beforeEach(async () => {
  [calls, tokens] = [[], new Set()];
  answer = { status: 200, body: '' };
  server = createServer((request, response) => {
    calls.push(`${request.method} ${request.url}`);
    tokens.add(request.headers.authorization);
    if (request.method === 'PUT') response.writeHead(answer.status === 200 ? 204 : answer.status).end();
    else response.writeHead(answer.status, { 'content-type': answer.type ?? 'application/json' }).end(answer.body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterEach(() => server.close());

async function heartbeat(): Promise<{ exit: number; out: string; err: string }> {
  const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { io, out, err } = captured('/', { GITHUB_TOKEN: 'token', GITHUB_API_URL: `${api}/` });
  const exit = await main(['registry', 'heartbeat', '--repository', 'acme/registry', '--json'], io);
  return { exit, out: out(), err: err() };
}

let id = 0;
const workflow = (path: string, state: string) => ({ id: ++id, path, state });
const listed = (...workflows: unknown[]): string => JSON.stringify({ total_count: workflows.length, workflows });
const AT = '/repos/acme/registry/actions/workflows';

test('what stopped for inactivity is enabled, what a person disabled is not', async () => {
  id = 0;
  answer.body = listed(
    workflow('.github/workflows/review.yml', 'active'),
    workflow('.github/workflows/timestamp.yml', 'disabled_inactivity'),
    workflow('.github/workflows/old.yml', 'disabled_manually'),
    workflow('dynamic/dependabot/dependabot-updates', 'active'),
    workflow('.github/workflows/../../../user.yml', 'active'),
  );
  const { exit, out } = await heartbeat();
  expect([exit, JSON.parse(out)]).toEqual([
    0,
    { repository: 'acme/registry', enabled: ['review.yml', 'timestamp.yml'] },
  ]);
  expect(calls).toEqual([`GET ${AT}?per_page=100`, `PUT ${AT}/1/enable`, `PUT ${AT}/2/enable`]);
  expect([...tokens]).toEqual(['token token']);
});

test.each([
  ['no right', { status: 403, body: '{}' }, 4, 1, 'GITHUB_FORBIDDEN'],
  ['a fault that stays', { status: 502, body: 'bad gateway' }, 3, 5, 'UNREACHABLE'],
  ['no list', { status: 200, body: '{"total_count":0}' }, 3, 1, 'GITHUB_ANSWER'],
  ['a list of something else', { status: 200, body: listed(null, 1) }, 3, 1, 'GITHUB_ANSWER'],
  ['a page', { status: 200, body: '<p>sign in</p>', type: 'text/html' }, 3, 1, 'GITHUB_ANSWER'],
  ['a body that is no JSON', { status: 200, body: '{"total' }, 3, 1, 'GITHUB_ANSWER'],
] as const)('%s is an error', async (_name, given, exit, asked, code) => {
  answer = given;
  const ended = await heartbeat();
  expect([ended.exit, calls.length]).toEqual([exit, asked]);
  expect(ended.err).toContain(`[${code}]`);
});

test('a token is not carried to where a redirect leads', async () => {
  const seen: (string | undefined)[] = [];
  const elsewhere = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(200, { 'content-type': 'application/json' }).end(listed());
  });
  await new Promise<void>((done) => elsewhere.listen(0, '127.0.0.1', done));
  server
    .removeAllListeners('request')
    .on('request', (_, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/` }).end(),
    );
  await heartbeat();
  elsewhere.close();
  expect(seen).toEqual([undefined]);
});
