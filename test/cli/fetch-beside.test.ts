// One fetch for a registry and GitHub: a token goes to GitHub's API and nowhere else, whatever redirects.
import { expect, test } from 'vitest';
import { fetchBeside } from '../../tools/cli/src/fetch-beside.ts';
import { captured } from './fixtures.ts';

const REGISTRY = 'https://plugins.example.org/';

async function sent(url: string, env: Record<string, string> = { GITHUB_TOKEN: 'secret' }, registry = REGISTRY) {
  const seen: { by: string; authorization: string | null; accept: string | null }[] = [];
  const by =
    (name: string): typeof fetch =>
    async (_, init) => {
      const headers = new Headers(init?.headers);
      seen.push({ by: name, authorization: headers.get('authorization'), accept: headers.get('accept') });
      return new Response();
    };
  const { io } = captured('/', env);
  await fetchBeside({ ...io, fetch: by('network') }, { url: registry, fetch: by('registry') })(url, {
    headers: { accept: 'application/json' },
  });
  return seen[0];
}

const plain = { by: 'network', authorization: null, accept: 'application/json' };

test.each([
  ['https://api.github.com/repos/octo/lamp', { ...plain, authorization: 'Bearer secret' }],
  ['https://api.github.com.evil.example/repos/octo/lamp', { ...plain, by: 'registry' }],
  ['https://release-assets.githubusercontent.com/x', plain],
  ['https://github.com/octo/lamp/releases/download/v1/lamp.wasm', plain],
  ['http://api.github.com/repos/octo/lamp', { ...plain, by: 'registry' }],
  [`${REGISTRY}metadata/timestamp.json`, { ...plain, by: 'registry' }],
  ['https://elsewhere.example/x', { ...plain, by: 'registry' }],
])('%s', async (url, expected) => {
  expect(await sent(url)).toEqual(expected);
});

test('without a token nothing is added, and an installation of one’s own is its own API', async () => {
  expect(await sent('https://api.github.com/repos/octo/lamp', {})).toEqual(plain);
  const own = { GITHUB_API_URL: 'https://github.example.org/api/v3', GITHUB_TOKEN: 'secret' };
  expect((await sent('https://github.example.org/api/v3/repos/a/b', own))?.authorization).toBe('Bearer secret');
  expect((await sent('https://api.github.com/repos/a/b', own))?.authorization).toBeNull();
});

test('a registry served from GitHub’s API gets no token either', async () => {
  const url = 'https://api.github.com/registry/';
  expect(await sent(`${url}metadata/1.root.json`, undefined, url)).toMatchObject({
    by: 'registry',
    authorization: null,
  });
});

test('what neither has is fetched from where the client says, without a token', async () => {
  const seen: string[] = [];
  const by =
    (name: string): typeof fetch =>
    async (_, init) => {
      seen.push(`${name} ${new Headers(init?.headers).get('authorization')}`);
      return new Response();
    };
  const { io } = captured('/', { GITHUB_TOKEN: 'secret' });
  const both = fetchBeside({ ...io, fetch: by('GitHub') }, { url: REGISTRY, fetch: by('registry') }, by('elsewhere'));
  for (const url of ['https://ghcr.io/v2/octo/lamp/manifests/x', `${REGISTRY}v2/x`, 'https://github.com/x'])
    await both(url);
  expect(seen).toEqual(['elsewhere null', 'registry null', 'GitHub null']);
});
