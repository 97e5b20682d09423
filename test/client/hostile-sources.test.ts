// Answers that are wrong, endless, from elsewhere or never there: each a code, and nothing kept.
import { memoryStore, parseSource } from '@plugmark/client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { codeOf } from '../testkit/office.ts';
import {
  bytesOf,
  closeSources,
  forgetRequests,
  github,
  host,
  manifestOf,
  moduleOf,
  openSources,
  refusalOf,
  repository,
  SHARED,
  shared,
} from './source-host.ts';

beforeAll(openSources, 60_000);
afterAll(closeSources);
beforeEach(forgetRequests);

describe('a hostile or broken answer', () => {
  test.each([
    ['a sign-in page', 'signInPage', 'NETWORK'],
    ['a redirect to an address behind the firewall', 'elsewhere', 'NETWORK'],
    ['bytes without end', 'endless', 'TOO_LARGE'],
    ['a limit', 'rateLimit', 'SOURCE_LIMITED'],
    ['a second kind of limit', 'secondaryRateLimit', 'SOURCE_LIMITED'],
    ['a gateway', 'badGateway', 'NETWORK'],
    ['half an answer', 'truncated', 'NETWORK'],
    ['a broken connection', 'reset', 'NETWORK'],
  ] as const)('%s', async (_, kind, code) => {
    const store = memoryStore();
    for (const on of [/GET \/repos\/octo\/[^/]+$/, /releases\/latest/, /GET \/objects\//]) {
      github.faults.length = 0;
      github.faults.push({ kind, on });
      expect({ on, code: await codeOf(() => host({ store }).installFrom(SHARED)) }).toEqual({ on, code });
    }
    expect(await store.list('')).toEqual([]);
  });

  test('a server that never answers is given up', async () => {
    await repository('silent');
    const silent: typeof fetch = (_, init) =>
      new Promise((_done, fail) => init?.signal?.addEventListener('abort', () => fail(new TypeError('aborted'))));
    expect(
      await refusalOf(host({}, { fetch: silent, timeoutMs: 20 }).installFrom(parseSource('github:octo/silent'))),
    ).toMatchObject({
      code: 'NETWORK',
      details: { timeoutMs: 20 },
    });
  });

  test.each([
    'http://10.0.0.1/x',
    'https://user:pass@github.com/x',
    'https://evil.example/x',
    'file:///etc/passwd',
    'ftp://github.com/x',
  ])('a redirect to %s is not followed', async (to) => {
    github.faults.push({ kind: 'elsewhere', on: /GET \/objects\//, to });
    const seen: string[] = [];
    const watching: typeof fetch = (input, init) => {
      seen.push(String(input));
      return fetch(input, init);
    };
    expect(await refusalOf(host({}, { fetch: watching }).installFrom(SHARED))).toMatchObject({
      code: 'NETWORK',
      details: { redirect: to },
    });
    expect(seen.every((url) => url.startsWith(github.address))).toBe(true);
  });

  test.each([
    ['no manifest', (files: Map<string, Uint8Array>) => files.delete('ddalab-plugin.yaml'), 'SOURCE_MISSING'],
    ['no such file', (files: Map<string, Uint8Array>) => files.delete('lamp.wasm'), 'SOURCE_MISSING'],
    [
      'a manifest that is no YAML',
      (files: Map<string, Uint8Array>) => files.set('ddalab-plugin.yaml', bytesOf('a: [')),
      'MANIFEST_MALFORMED',
    ],
    [
      'one that is a page',
      (files: Map<string, Uint8Array>) => files.set('ddalab-plugin.yaml', bytesOf('<html>')),
      'MANIFEST_MALFORMED',
    ],
    [
      'one with a path that climbs out',
      (files: Map<string, Uint8Array>) =>
        files.set(
          'ddalab-plugin.yaml',
          bytesOf(new TextDecoder().decode(manifestOf({})).replace('out/lamp', '../../lamp')),
        ),
      'MANIFEST_MALFORMED',
    ],
    [
      'one for another host',
      (files: Map<string, Uint8Array>) => files.set('ddalab-plugin.yaml', manifestOf({ more: 'host: conductor\n' })),
      'NO_RELEASE',
    ],
    [
      'one for a later host',
      (files: Map<string, Uint8Array>) =>
        files.set('ddalab-plugin.yaml', bytesOf(new TextDecoder().decode(manifestOf({})).replace('^1', '^2'))),
      'NO_RELEASE',
    ],
    [
      'a plugin that is a page',
      (files: Map<string, Uint8Array>) => files.set('lamp.wasm', bytesOf('<html>')),
      'ARTIFACT_UNREADABLE',
    ],
    [
      'a plugin that is cut off',
      (files: Map<string, Uint8Array>) => files.set('lamp.wasm', moduleOf({}).subarray(0, 20)),
      'ARTIFACT_UNREADABLE',
    ],
  ] as const)('%s', async (_, change, code) => {
    const whole = shared.releases.get('v1.0.0') ?? new Map();
    const files = new Map(whole);
    change(files);
    shared.releases.set('v1.0.0', files);
    const store = memoryStore();
    expect(await codeOf(() => host({ store }).installFrom(SHARED))).toBe(code);
    shared.releases.set('v1.0.0', whole);
    expect(await store.list('')).toEqual([]);
  });

  test('an asset larger than the host takes is not fetched', async () => {
    await repository('large', {});
    expect(await codeOf(() => host({ policy: { maxBytes: 10 } }).installFrom(parseSource('github:octo/large')))).toBe(
      'TOO_LARGE',
    );
    expect(github.requests.filter((line) => line.startsWith('GET /objects/'))).toHaveLength(1);
  });

  test('no repository, no release', async () => {
    expect(await refusalOf(host().installFrom(parseSource('github:octo/nowhere')))).toMatchObject({
      code: 'SOURCE_MISSING',
      details: { what: 'repository' },
    });
    await github.repository(github.user('octo', 7001), 'empty', new Map([['a', bytesOf('a')]]));
    expect(await refusalOf(host().installFrom(parseSource('github:octo/empty')))).toMatchObject({
      code: 'SOURCE_MISSING',
      details: { what: 'release' },
    });
  });
});

test('a clock that is years behind does not take what is not released yet by it', async () => {
  const refusal = await refusalOf(host({}, { now: () => new Date('2020-01-01T00:00:00Z') }).installFrom(SHARED));
  expect(refusal.code).toBe('POLICY_REFUSED');
  expect(String(refusal.details['rules'])).toContain('age (-');
});

describe('in a page, where a redirect cannot be looked at', () => {
  /** As browsers do it: a redirect that is not followed has no address and no status. */
  const asInPage =
    (landing?: string): typeof fetch =>
    async (input, init) => {
      if (!String(input).includes('/releases/assets/')) return fetch(input, init);
      if (init?.redirect === 'manual')
        return Object.defineProperty(new Response(), 'type', { value: 'opaqueredirect' });
      const response = await fetch(input, { ...init, redirect: 'follow' });
      return landing === undefined ? response : Object.defineProperty(response, 'url', { value: landing });
    };

  test('it is followed, and where it came from is checked before anything is read', async () => {
    expect(await host({}, { fetch: asInPage() }).installFrom(SHARED)).toMatchObject({ plugin: 'octo/lamp' });
    expect(await refusalOf(host({}, { fetch: asInPage('https://evil.example/x') }).installFrom(SHARED))).toMatchObject({
      code: 'NETWORK',
      details: { redirect: 'https://evil.example/x' },
    });
  });
});

test.each([
  [
    'a name of a repository that no lockfile could hold',
    /GET \/repos\/octo\/shared$/,
    { id: 1, full_name: `octo/${'x'.repeat(300)}` },
    'NETWORK',
  ],
  ['no number', /GET \/repos\/octo\/shared$/, { full_name: 'octo/shared' }, 'NETWORK'],
  [
    'a tag with hidden characters',
    /releases\/latest/,
    { tag_name: 'v1\u202e0', draft: false, published_at: null, assets: [] },
    'SOURCE_MALFORMED',
  ],
  [
    'assets that are no list',
    /releases\/latest/,
    { tag_name: 'v1', draft: false, published_at: null, assets: {} },
    'NETWORK',
  ],
] as const)('an answer with %s', async (_, on, body, code) => {
  const store = memoryStore();
  const lying: typeof fetch = async (input, init) =>
    on.test(`GET ${new URL(String(input)).pathname}`) ? Response.json(body) : fetch(input, init);
  expect(await codeOf(() => host({ store }, { fetch: lying }).installFrom(SHARED))).toBe(code);
  expect(await store.list('')).toEqual([]);
});
