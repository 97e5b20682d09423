// `registry heartbeat` against a loopback server: which workflows it enables, and what it makes of answers of another kind.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { main } from '../../tools/cli/src/main.ts';
import { captured } from './fixtures.ts';

let server: Server;
let calls: string[];
let tokens: Set<string | undefined>;
let answer: { status: number; body: string };

beforeEach(async () => {
  [calls, tokens] = [[], new Set()];
  answer = { status: 200, body: '' };
  server = createServer((request, response) => {
    calls.push(`${request.method} ${request.url}`);
    tokens.add(request.headers.authorization);
    if (request.method === 'PUT') response.writeHead(answer.status === 200 ? 204 : answer.status).end();
    else response.writeHead(answer.status, { 'content-type': 'application/json', location: '/else' }).end(answer.body);
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

const workflow = (path: string, state: string) => ({ id: 1, path, state });
const AT = '/repos/acme/registry/actions/workflows';

test('what stopped for inactivity is enabled, what a person disabled is not', async () => {
  answer.body = JSON.stringify({
    workflows: [
      workflow('.github/workflows/review.yml', 'active'),
      workflow('.github/workflows/timestamp.yml', 'disabled_inactivity'),
      workflow('.github/workflows/old.yml', 'disabled_manually'),
      workflow('dynamic/dependabot/dependabot-updates', 'active'),
    ],
  });
  const { exit, out } = await heartbeat();
  expect([exit, JSON.parse(out)]).toEqual([
    0,
    { repository: 'acme/registry', enabled: ['review.yml', 'timestamp.yml'] },
  ]);
  expect(calls).toEqual([`GET ${AT}?per_page=100`, `PUT ${AT}/review.yml/enable`, `PUT ${AT}/timestamp.yml/enable`]);
  expect([...tokens]).toEqual(['Bearer token']);
});

test.each([
  ['no right', 403, '{}'],
  ['a fault', 502, 'bad gateway'],
  ['a redirect, which would carry the token along', 302, ''],
  ['no list', 200, '{"total_count":0}'],
  ['no JSON', 200, '<p>sign in</p>'],
])('%s is an error', async (_name, status, body) => {
  answer = { status, body };
  const { exit, err } = await heartbeat();
  expect([exit, calls.length]).toEqual([3, 1]);
  expect(err).toContain('[UNREACHABLE]');
});

test('a path that leaves the folder is not called', async () => {
  answer.body = JSON.stringify({ workflows: [workflow('.github/workflows/../../../user.yml', 'active'), null, 1] });
  const { exit } = await heartbeat();
  expect([exit, calls.length]).toEqual([0, 1]);
});
