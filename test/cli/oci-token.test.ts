// Where `plugmark oci` and the review of a release ask for a token: what a registry says is a stranger's word, more so without a password.
import { ociText } from '@plugmark/client';
import { expect, test } from 'vitest';
import { ociRegistry } from '../../tools/cli/src/oci/oci-registry.ts';
import { fetchOciSource } from '../../tools/cli/src/oci/oci-source.ts';
import { BASE, bodyOf, fakeRegistry, pushed, signIn } from '../client/oci-registry.ts';

const REPOSITORY = { host: 'ghcr.io', name: 'octo/lamp' };
const DIGEST = `sha256:${'ab'.repeat(32)}`;
const ACCOUNT = { username: 'lab', password: 'secret' };
const ELSEWHERE = 'https://gitlab.example.org/jwt/auth';

async function asked(realm: string, credentials?: typeof ACCOUNT) {
  const seen: [string, string | null][] = [];
  const answers: typeof fetch = async (input, init) => {
    const url = String(input);
    seen.push([url, new Headers(init?.headers).get('authorization')]);
    return url.startsWith(BASE) ? signIn(`Bearer realm="${realm}",service="s"`) : Response.json({ token: 'abc' });
  };
  const registry = ociRegistry(REPOSITORY, { fetch: answers, credentials });
  const code = await registry.manifest(DIGEST).catch((error: { code?: string }) => error.code);
  return { code, asked: seen.slice(1) };
}

const again: [string, string] = [`${BASE}/manifests/${DIGEST}`, 'Bearer abc'];

test.each([
  ['its own host', 'https://ghcr.io/token', undefined, [['https://ghcr.io/token?service=s', null], again]],
  ['another host, without a password', ELSEWHERE, undefined, []],
  ['the local network, without a password', 'http://192.168.1.1/', undefined, []],
  ['another host, with one', ELSEWHERE, ACCOUNT, [[`${ELSEWHERE}?service=s`, 'Basic bGFiOnNlY3JldA=='], again]],
  ['another host in the clear, with one', ELSEWHERE.replace('https', 'http'), ACCOUNT, []],
] as const)('%s', async (_, realm, credentials, expected) => {
  expect(await asked(realm, credentials)).toEqual({ code: 'OCI_AUTH', asked: expected });
});

test('a review asks wherever a registry says, over a connection that looks at each address', async () => {
  const bytes = new Uint8Array([1, 2, 3]);
  const { digest, answers } = pushed(bytes);
  const registry = fakeRegistry(answers);
  const addresses: string[] = [];
  const get: Parameters<typeof fetchOciSource>[2] = async (address, { authorization }) => {
    addresses.push(address);
    if (address.startsWith(ELSEWHERE)) return { bytes: new TextEncoder().encode('{"access_token":"abc"}') };
    const challenge = `Bearer realm="${ELSEWHERE}",scope="repository:octo/lamp:pull"`;
    if (authorization !== 'Bearer abc') return { state: 'unreachable', reason: 'answers 401', challenge };
    const quiet = { credentials: 'omit', referrerPolicy: 'no-referrer' } as const;
    return { bytes: new Uint8Array(await (await registry.fetch(address, quiet)).arrayBuffer()) };
  };
  const limits = { maxBytes: 1000, timeoutMs: 1000 };
  const named = ociText({ ...REPOSITORY, digest });
  expect(await fetchOciSource(named, limits, get)).toEqual({ bytes });
  expect(addresses[1]).toBe(`${ELSEWHERE}?scope=${encodeURIComponent('repository:octo/lamp:pull')}`);
  registry.answers.set(answers[1][0], bodyOf(new Uint8Array([3, 2, 1])));
  expect(await fetchOciSource(named, limits, get)).toMatchObject({ state: 'unreachable' });
  expect(await fetchOciSource(named, { ...limits, maxBytes: 2 }, get)).toMatchObject({ state: 'unreachable' });
  expect(await fetchOciSource(`${named.slice(0, named.indexOf('@'))}:1`, limits, get)).toMatchObject({
    state: 'unreachable',
  });
});
