// OCI registries that lie, lead elsewhere, never end or want to know who asks: each a code, nothing kept, and no request where it must not go.
import { memoryStore, parseSource } from '@plugmark/client';
import { describe, expect, test } from 'vitest';
import {
  BASE,
  bodyOf,
  endless,
  type FakeRegistry,
  fakeRegistry,
  type Pushed,
  pushed,
  redirect,
  signIn,
} from './oci-registry.ts';
import { bytesOf, host, moduleOf, refusalOf } from './source-host.ts';

const BYTES = moduleOf({ number: 20 });
const OTHER = moduleOf({ number: 21 });
const STORAGE = 'https://storage.example.org/x?signature=1';

async function refused({ reference }: Pushed, registry: FakeRegistry, maxBytes = 1_000_000) {
  const store = memoryStore();
  const plugins = host({ store, policy: { maxBytes } }, { fetch: registry.fetch });
  const refusal = await refusalOf(plugins.installFrom(parseSource(reference)));
  expect(await store.list('')).toEqual([]);
  return refusal;
}

const honest = pushed(BYTES);
const [[MANIFEST, manifest], [LAYER, layer]] = honest.answers;

describe('what is served', () => {
  const sized = (size: number): Pushed =>
    pushed(BYTES, ({ layers: [only], ...rest }) => ({ ...rest, layers: [{ ...only, size }] }));
  const zip = pushed(new Uint8Array([0x50, 0x4b, 3, 4, 0, 0, 0, 0]));
  const text = pushed(bytesOf('<html>'));
  const larger = sized(BYTES.length + 1);
  const smaller = sized(BYTES.length - 1);
  const huge = sized(5_000_000);
  const whole = ({ answers }: Pushed) => fakeRegistry(answers);

  test.each([
    ['nothing', honest, () => fakeRegistry(), 'SOURCE_MISSING'],
    ['no layer', honest, () => fakeRegistry([[MANIFEST, manifest]]), 'SOURCE_MISSING'],
    [
      'another manifest',
      honest,
      () =>
        fakeRegistry([
          [MANIFEST, pushed(OTHER).answers[0][1]],
          [LAYER, layer],
        ]),
      'ARTIFACT_DIGEST',
    ],
    [
      'another layer',
      honest,
      () =>
        fakeRegistry([
          [MANIFEST, manifest],
          [LAYER, bodyOf(OTHER)],
        ]),
      'ARTIFACT_DIGEST',
    ],
    [
      'an empty layer',
      honest,
      () =>
        fakeRegistry([
          [MANIFEST, manifest],
          [LAYER, new Response('')],
        ]),
      'ARTIFACT_DIGEST',
    ],
    ['a manifest without end', honest, () => fakeRegistry([[MANIFEST, endless]]), 'TOO_LARGE'],
    [
      'a layer without end',
      honest,
      () =>
        fakeRegistry([
          [MANIFEST, manifest],
          [LAYER, endless],
        ]),
      'TOO_LARGE',
    ],
    ['a layer longer than it is said to be', smaller, whole, 'TOO_LARGE'],
    ['a layer shorter than it is said to be', larger, whole, 'ARTIFACT_LAYOUT'],
    ['a layer longer than the host takes', huge, whole, 'TOO_LARGE'],
    ['a zip', zip, whole, 'ARTIFACT_LAYOUT'],
    ['text', text, whole, 'ARTIFACT_UNREADABLE'],
    [
      'a sign-in page',
      honest,
      () => fakeRegistry([[MANIFEST, new Response('<p>', { headers: { 'content-type': 'text/html' } })]]),
      'NETWORK',
    ],
    ['an error', honest, () => fakeRegistry([[MANIFEST, new Response('', { status: 500 })]]), 'NETWORK'],
    ['a limit', honest, () => fakeRegistry([[MANIFEST, new Response('', { status: 429 })]]), 'SOURCE_LIMITED'],
    ['a refusal', honest, () => fakeRegistry([[MANIFEST, new Response('', { status: 403 })]]), 'SOURCE_MISSING'],
  ] as const)('%s', async (_, artifact, registry, code) => {
    expect((await refused(artifact, registry(artifact))).code).toBe(code);
  });

  test('what the host does not take is not asked for', async () => {
    const registry = whole(huge);
    await refused(huge, registry);
    expect(registry.asked).toEqual([huge.answers[0][0]]);
  });

  test('two layers, of which one is honest', async () => {
    const two = pushed(BYTES, ({ layers: [only], ...rest }) => ({ ...rest, layers: [only, only] }));
    expect(await refused(two, whole(two))).toMatchObject({
      code: 'ARTIFACT_LAYOUT',
      details: { path: 'manifest.layers' },
    });
  });

  test('a host whose fetch keeps a copy of every answer waits for none of them', async () => {
    const copies: Response[] = [];
    const registry = fakeRegistry();
    const keeping: typeof fetch = async (input, init) => {
      const response = await registry.fetch(input, init);
      copies.push(response.clone());
      return response;
    };
    expect((await refused(honest, { ...registry, fetch: keeping })).code).toBe('SOURCE_MISSING');
    expect(copies).toHaveLength(1);
  });

  test('a server that never answers is given up', async () => {
    const silent: typeof fetch = (_, init) =>
      new Promise((_done, fail) => init?.signal?.addEventListener('abort', () => fail(new TypeError('aborted'))));
    const plugins = host({}, { fetch: silent, timeoutMs: 20 });
    expect(await refusalOf(plugins.installFrom(parseSource(honest.reference)))).toMatchObject({
      code: 'NETWORK',
      details: { timeoutMs: 20 },
    });
  });
});

describe('redirects', () => {
  const to = (location: string) =>
    fakeRegistry([
      [MANIFEST, manifest],
      [LAYER, redirect(location)],
      [STORAGE, layer],
    ]);

  test('lead to where a registry keeps its files', async () => {
    const registry = to(STORAGE);
    expect(await host({}, { fetch: registry.fetch }).installFrom(parseSource(honest.reference))).toMatchObject({
      plugin: 'octo/lamp',
    });
    expect(registry.asked).toEqual([MANIFEST, LAYER, STORAGE]);
  });

  test.each([
    'http://storage.example.org/x',
    'https://10.0.0.1/x',
    'https://93.184.215.14/x',
    'https://[::1]/x',
    'https://[2606:4700::1111]/x',
    'https://2130706433/x',
    'https://0x7f.1/x',
    'https://localhost/x',
    'https://localhost./x',
    'https://app.localhost/x',
    'https://intranet/x',
    'https://printer.local/x',
    'https://metadata.google.internal/x',
    'https://user:secret@storage.example.org/x',
    'file:///etc/passwd',
    'data:application/wasm,x',
    'https://ghcr.io:99999/x',
  ])('%s is not followed', async (location) => {
    const registry = to(location);
    expect(await refused(honest, registry)).toMatchObject({ code: 'NETWORK', details: { redirect: location } });
    expect(registry.asked).toEqual([MANIFEST, LAYER]);
  });

  test('in a circle, or step by step to what is not public, end', async () => {
    const circle = fakeRegistry([
      [MANIFEST, manifest],
      [LAYER, redirect(LAYER)],
    ]);
    expect(await refused(honest, circle)).toMatchObject({ code: 'NETWORK', details: { redirect: 'more than 5' } });
    expect(circle.asked).toHaveLength(7);
    const registry = to(STORAGE);
    registry.answers.set(STORAGE, redirect('https://192.168.1.1/x'));
    expect((await refused(honest, registry)).code).toBe('NETWORK');
    expect(registry.asked).toEqual([MANIFEST, LAYER, STORAGE]);
  });

  test('that a page cannot look at are judged by where they ended, before anything is read', async () => {
    const inPage = (landing: string): FakeRegistry => {
      const registry = to(STORAGE);
      const opaque: typeof fetch = async (input, init) => {
        if (String(input) !== LAYER) return registry.fetch(input, init);
        if (init?.redirect === 'manual')
          return Object.defineProperty(new Response(), 'type', { value: 'opaqueredirect' });
        return Object.defineProperty(bodyOf(BYTES), 'url', { value: landing });
      };
      return { ...registry, fetch: opaque };
    };
    const { fetch } = inPage(STORAGE);
    expect(await host({}, { fetch }).installFrom(parseSource(honest.reference))).toMatchObject({ plugin: 'octo/lamp' });
    expect((await refused(honest, inPage('https://10.0.0.1/x'))).code).toBe('NETWORK');
  });
});

describe('a registry that wants a token', () => {
  const OWN = 'Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="registry:catalog:*"';
  const TOKEN = `https://ghcr.io/token?service=ghcr.io&scope=${encodeURIComponent('repository:octo/lamp:pull')}`;
  const guarded =
    (answer: Response, challenge = OWN) =>
    (headers: Headers): Response =>
      headers.get('authorization') === 'Bearer abc' ? answer.clone() : signIn(challenge);

  function guardedRegistry(token: Response | undefined, challenge = OWN): FakeRegistry {
    const told: (string | null)[] = [];
    const registry = fakeRegistry([
      [MANIFEST, guarded(manifest as Response, challenge)],
      [LAYER, guarded(redirect(STORAGE), challenge)],
      [
        STORAGE,
        (headers) => {
          told.push(headers.get('authorization'));
          return (layer as Response).clone();
        },
      ],
      ...(token === undefined ? [] : [[TOKEN, token] as const]),
    ]);
    return Object.assign(registry, { told });
  }

  test('gives one to everybody: asked for once, for this repository alone, and told to nobody else', async () => {
    const registry = guardedRegistry(Response.json({ token: 'abc' }));
    await host({}, { fetch: registry.fetch }).installFrom(parseSource(honest.reference));
    expect(registry.asked).toEqual([MANIFEST, TOKEN, MANIFEST, LAYER, STORAGE]);
    expect(registry).toMatchObject({ told: [null] });
  });

  test.each([
    ['an address of the local network', 'Bearer realm="http://192.168.1.1/admin"'],
    ['another host', 'Bearer realm="https://evil.example/token"'],
    ['a name that only begins alike', 'Bearer realm="https://ghcr.io.evil.example/token"'],
  ])('from %s: nothing is asked there', async (_, challenge) => {
    const registry = guardedRegistry(undefined, challenge);
    expect(await refused(honest, registry)).toMatchObject({ code: 'NETWORK', details: { realm: expect.any(String) } });
    expect(registry.asked).toEqual([MANIFEST]);
  });

  test.each([
    ['refuses everybody', new Response('', { status: 403 }), OWN, 'SOURCE_MISSING'],
    ['has none', undefined, OWN, 'SOURCE_MISSING'],
    ['gives one that does not count', Response.json({ token: 'other' }), OWN, 'SOURCE_MISSING'],
    ['gives one for another header', Response.json({ token: 'abc\r\nx: y' }), OWN, 'NETWORK'],
    ['gives no text', Response.json({ token: 12 }), OWN, 'NETWORK'],
    ['gives no JSON', new Response('abc'), OWN, 'NETWORK'],
    ['leads elsewhere', redirect('https://storage.example.org/x'), OWN, 'NETWORK'],
    ['is busy', new Response('', { status: 429 }), OWN, 'SOURCE_LIMITED'],
    ['wants a password', undefined, 'Basic realm="lab"', 'SOURCE_MISSING'],
  ] as const)('that %s', async (_, token, challenge, code) => {
    const registry = guardedRegistry(token, challenge);
    expect((await refused(honest, registry)).code).toBe(code);
    expect(registry.asked.every((url) => url.startsWith(BASE) || url === TOKEN)).toBe(true);
  });

  test('without end is given up', async () => {
    const registry = guardedRegistry(undefined);
    registry.answers.set(TOKEN, endless);
    expect((await refused(honest, registry)).code).toBe('TOO_LARGE');
  });

  test('a host that has a token adds it itself, and none is asked for', async () => {
    const registry = guardedRegistry(undefined);
    const own: typeof fetch = (input, init) => {
      const isTheirs = String(input).startsWith(BASE);
      const headers = { ...Object.fromEntries(new Headers(init?.headers)), authorization: 'Bearer abc' };
      return registry.fetch(input, isTheirs ? { ...init, headers } : init);
    };
    await host({}, { fetch: own }).installFrom(parseSource(honest.reference));
    expect(registry.asked).toEqual([MANIFEST, LAYER, STORAGE]);
  });
});
