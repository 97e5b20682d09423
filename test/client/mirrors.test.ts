// A registry whose place holds one of three releases, deployed as an office does it: within the budget to where it is served, whole to its
// mirror. What a client with nothing but the root makes of it, and what a mirror or a server may not do to it.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore, openPlugins, openRegistry } from '@plugmark/client';
import { jsonFile, offlineDocuments, readFolder } from '@plugmark/publish';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openTree } from '../../site/src/tree/open-tree.ts';
import { main } from '../../tools/cli/src/main.ts';
import { captured } from '../cli/fixtures.ts';
import { Attacker } from '../publish/attacker.ts';
import { type Built, build, ceremony, clientOf, codeOf, NOW, rootOf, serving } from '../testkit/office.ts';
import {
  editJson,
  honestModule,
  OFFICE_KEYS,
  REGISTRY_ID,
  type SmallRegistry,
  signerOf,
  smallRegistry,
  sourceOf,
  writeFiles,
} from '../testkit/registry-folder.ts';
import { type RegistryServer, serveTree } from '../testkit/registry-server.ts';

const OLD = 'acme/thing@1.0.0';
const BYTES = honestModule(1).build();

let folder: string;
let own: RegistryServer;
let mirror: RegistryServer;
/** The mirror that is asked first. */
let other: { readonly url: string; readonly close: () => Promise<void> };
let answer: RequestListener;
const askedOther: string[] = [];
let built: Built;

const absent: RequestListener = (_, response) => void response.writeHead(404).end();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugmark-mirrors-'));
  [own, mirror] = [await serveTree(new Map()), await serveTree(new Map())];
  answer = absent;
  const server = createServer((request, response) => {
    askedOther.push(request.url ?? '');
    answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  other = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/far/away`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  const registry = await smallRegistry();
  editJson(registry.files, 'registry.json', (value) => ({
    ...value,
    url: own.url,
    blobBudgetBytes: BYTES.length,
    mirrors: [
      { url: other.url, serves: 'blobs' },
      { url: mirror.url, serves: 'all' },
    ],
  }));
  built = await build(registry);
  await writeFiles(join(folder, 'tree'), built.tree);
});
afterAll(async () => {
  await Promise.all([own.close(), mirror.close(), other.close()]);
  await rm(folder, { recursive: true });
});
afterEach(() => {
  answer = absent;
  own.faults.clear();
  mirror.faults.clear();
});

async function deploy(...args: string[]): Promise<{ exit: number; out: string }> {
  const { io, out } = captured(folder);
  return { exit: await main(['registry', 'deploy', '--tree', 'tree', '--json', ...args], io), out: out() };
}

const openOwn = (store = memoryStore()) => ({
  url: own.url,
  root: rootOf(built),
  store,
  fetch,
  now: () => NOW,
  policy: { minimumReleaseAgeMinutes: 0 },
});
const HOST = { id: 'bench', api: '2.0.0' };
const byRegistry = async (): Promise<string> => (await openRegistry(openOwn()).install(OLD)).sha256;
const byPlugins = async (store = memoryStore()): Promise<string | undefined> =>
  (await openPlugins({ ...openOwn(store), host: HOST }).install(OLD))[0]?.sha256;
const WAYS = [
  ['openRegistry', byRegistry],
  ['openPlugins', byPlugins],
] as const;

const blob = (): string =>
  `blobs/sha256/${built.documents.flatMap(({ releases }) => releases).find(({ release: { version } }) => version === '1.0.0')?.release.artifact.sha256}.wasm`;

describe('deployed', () => {
  test('nothing is left out before the mirror was filled', async () => {
    const { exit, out } = await deploy('--within-budget', '--to', 'served');
    expect([exit, JSON.parse(out).error.code]).toEqual([1, 'BUDGET_UNSERVED']);
    expect(await readFolder(join(folder, 'served'))).toEqual(new Map());
  });

  test('whole to the mirror, then within the budget to the registry’s own place', async () => {
    expect((await deploy('--to', 'mirror')).exit).toBe(0);
    mirror.tree = await readFolder(join(folder, 'mirror'));
    const { exit, out } = await deploy('--within-budget', '--to', 'served');
    expect([exit, JSON.parse(out).leftOut]).toEqual([
      0,
      {
        files: 2,
        bytes: 2 * BYTES.length,
        asked: 2,
        kept: { files: 0, bytes: 0 },
        mirrors: [`${other.url}/`, mirror.url],
      },
    ]);
    own.tree = await readFolder(join(folder, 'served'));
    expect([...built.tree.keys()].filter((path) => !own.tree.has(path))).toHaveLength(2);
    expect(own.tree.has(blob())).toBe(false);
  });

  test.each(WAYS)('%s takes an old release from the mirror, once the registry’s own place has none', async (_, way) => {
    const [before, asked] = [own.requests.length, askedOther.length];
    expect(`blobs/sha256/${await way()}.wasm`).toBe(blob());
    expect(own.requests.slice(before).map(({ path }) => path)).toContain(blob());
    expect(askedOther.slice(asked)).toEqual([`/far/away/${blob()}`]);
    expect(mirror.requests.at(-1)?.path).toBe(blob());
  });

  test('what is served here is asked for nowhere else', async () => {
    const here = built.documents.flatMap(({ releases }) => releases.map(({ release }) => release));
    const [one] = here.filter(({ artifact }) => own.tree.has(`blobs/sha256/${artifact.sha256}.wasm`));
    const [asked, paths] = [mirror.requests.length, own.requests.length];
    await openRegistry(openOwn()).install(`${one?.plugin}@${one?.version}`);
    expect(mirror.requests).toHaveLength(asked);
    expect(own.requests.slice(paths).some(({ path }) => path.includes('mirrors'))).toBe(false);
  });

  test('damaged bytes are healed from the mirror', async () => {
    const store = memoryStore();
    const digest = await byPlugins(store);
    await store.put(`blobs/sha256/${digest}`, new Uint8Array([1]));
    const plugins = openPlugins({ ...openOwn(store), host: HOST });
    expect((await plugins.load('acme/thing')).bytes).toEqual(BYTES);
  });
});

test('what is carried over an air gap is whole: a walk over the registry goes to its mirrors', async () => {
  await writeFiles(folder, [['root.json', rootOf(built)]]);
  const run = async (...argv: string[]): Promise<unknown> => {
    const { io, out } = captured(folder);
    const exit = await main([...argv, '--root', 'root.json', '--json'], { ...io, now: () => NOW });
    return [exit, JSON.parse(out())];
  };
  expect(await run('export', '--registry', own.url, '--out', 'carried.tar')).toMatchObject([0, { releases: 3 }]);
  expect(await run('import', 'carried.tar', '--to', 'carried')).toMatchObject([0, { added: expect.any(Number) }]);
  const carried = await readFolder(join(folder, 'carried'));
  expect(await clientOf((path) => carried.get(path), rootOf(built)).install(OLD)).toMatchObject({ version: '1.0.0' });
});

test('the pages of the tree know what is not served beside them', () => {
  const { beyond, mirrors } = openTree(join(folder, 'tree')).places();
  expect([...beyond].map((digest) => `blobs/sha256/${digest}.wasm`).sort()).toEqual(
    [...built.tree.keys()].filter((path) => path.startsWith('blobs/') && !own.tree.has(path)).sort(),
  );
  expect(mirrors).toEqual([`${other.url}/`, mirror.url]);
});

test('what lies where is counted', async () => {
  const [budgetBytes, none] = [BYTES.length, { files: 0, bytes: 0 }];
  const [one, two] = [1, 2].map((files) => ({ files, bytes: files * BYTES.length }));
  for (const [name, onMirrors, blobs] of [
    ['tree', none, 3],
    ['served', two, 1],
  ] as const) {
    const { io, out } = captured(folder);
    expect(await main(['registry', 'stats', name, '--json'], io)).toBe(0);
    expect(JSON.parse(out()).budget).toEqual({
      blobBytes: blobs * BYTES.length,
      budgetBytes,
      within: one,
      beyond: two,
      onMirrors,
      mirrors: 2,
    });
  }
});

const LIES: readonly [string, RequestListener][] = [
  ['other bytes of the same length', (_, response) => void response.end(honestModule(99).build())],
  ['nothing', (_, response) => void response.end()],
  ['too little', (_, response) => void response.end(BYTES.subarray(0, 9))],
  [
    'bytes without an end',
    (_, response) => {
      const more = (): void => {
        if (!response.destroyed && response.write(Buffer.alloc(65_536))) setImmediate(more);
      };
      response.on('drain', more).on('error', () => undefined);
      more();
    },
  ],
  [
    'a page',
    (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>sign in to go on</p>'),
  ],
  ['an error', (_, response) => void response.writeHead(503).end()],
  ['a part that was not asked for', (_, response) => void response.writeHead(206).end(BYTES)],
  ['a connection that breaks off', (request) => void request.socket.destroy()],
];

describe.each(WAYS)('a lying mirror, %s', (_, way) => {
  test.each(LIES)('%s is passed over', async (_name, lie) => {
    answer = lie;
    expect(`blobs/sha256/${await way()}.wasm`).toBe(blob());
  });

  test.each(LIES)('%s is refused where nobody else has the bytes', async (_name, lie) => {
    answer = lie;
    mirror.faults.set(blob(), { kind: 'error' });
    expect(await codeOf(way)).toBe('ARTIFACT_MISSING');
  });

  test('it cannot send the client on', async () => {
    const before = mirror.requests.length;
    answer = (_request, response) => void response.writeHead(302, { location: `${mirror.url}secret` }).end();
    expect(`blobs/sha256/${await way()}.wasm`).toBe(blob());
    expect(mirror.requests.slice(before).map(({ path }) => path)).toEqual([blob()]);
  });
});

test('what one mirror sent before it broke off is not believed at the next', async () => {
  const half = Buffer.from(honestModule(99).build().subarray(0, 20));
  answer = (_, response) => {
    response.writeHead(200, { 'content-length': BYTES.length });
    response.write(half, () => setTimeout(() => response.destroy(), 5));
  };
  expect(`blobs/sha256/${await byPlugins()}.wasm`).toBe(blob());
});

describe('the list', () => {
  const document = (mirrors: unknown, registry = REGISTRY_ID): Uint8Array =>
    jsonFile({ schemaVersion: 1, registry, mirrors });
  const MIRRORS = [{ url: 'https://mirror.example/', serves: 'blobs' }];

  /** A registry on https, whose offline keys signed this list, and the bytes of which are gone from its own place. */
  async function signedList(bytes: Uint8Array): Promise<Built> {
    const registry: SmallRegistry = await smallRegistry();
    const documents = offlineDocuments(sourceOf(registry), {
      cosign: [{ key: signerOf(OFFICE_KEYS.cosign), from: '2026-01-01T00:00:00Z' }],
    });
    return build(registry, { offline: ceremony(registry, {}, documents.set('mirrors.json', bytes)) });
  }

  /** Every address that was asked, of a client whose registry is on https. */
  async function visit({
    tree,
    offline,
  }: Pick<Built, 'tree' | 'offline'>): Promise<{ code: unknown; hosts: string[] }> {
    const hosts = new Set<string>();
    const served = serving((path) => (path.startsWith('blobs/') ? undefined : tree.get(path)));
    const client = openRegistry({
      ...openOwn(),
      url: 'https://small.example/',
      root: rootOf({ offline }),
      fetch: async (input, init) => {
        hosts.add(new URL(String(input)).origin);
        return served(input, init);
      },
    });
    return { code: await codeOf(() => client.install(OLD)), hosts: [...hosts] };
  }

  test('of an https registry is asked over https', async () => {
    const { code, hosts } = await visit(await signedList(document(MIRRORS)));
    expect([code, hosts]).toEqual(['ARTIFACT_MISSING', ['https://small.example', 'https://mirror.example']]);
  });

  test('changed on the way is refused', async () => {
    const { tree, offline } = await signedList(document(MIRRORS));
    const [name = ''] = [...tree.keys()].filter((path) => /^targets\/[0-9a-f]{64}\.mirrors\.json$/.test(path));
    const changed = new Map(tree).set(name, document([{ url: 'https://mirror.exampl_/', serves: 'blobs' }]));
    const { code, hosts } = await visit({ tree: changed, offline });
    expect([code, hosts]).toEqual(['TARGET_DIGEST', ['https://small.example']]);
  });

  test.each<[string, unknown, Uint8Array]>([
    ['over http', 'ARTIFACT_MISSING', document([{ url: 'http://10.0.0.1/', serves: 'all' }])],
    ['with a file', 'DOCUMENT_MALFORMED', document([{ url: 'file:///etc/', serves: 'all' }])],
    ['with a password', 'DOCUMENT_MALFORMED', document([{ url: 'https://a:b@mirror.example/', serves: 'all' }])],
    ['without a mirror', 'DOCUMENT_MALFORMED', document([])],
    ['that serves something unheard of', 'DOCUMENT_MALFORMED', document([{ ...MIRRORS[0], serves: 'mail' }])],
    ['of another registry', 'DOCUMENT_MISMATCH', document(MIRRORS, 'other.example')],
    ['of a later version', 'DOCUMENT_VERSION', jsonFile({ schemaVersion: 2 })],
  ])('%s sends nobody anywhere', async (_, expected, bytes) => {
    const { code, hosts } = await visit(await signedList(bytes));
    expect([code, hosts]).toEqual([expected, ['https://small.example']]);
  });

  test('in the name of the online key, or unsigned beside the others, is nobody’s', async () => {
    const attacker = new Attacker(await build(await smallRegistry()));
    attacker.list('mirrors.json', JSON.parse(new TextDecoder().decode(document(MIRRORS)))).sign();
    attacker.tree.set('v1/mirrors.json', document(MIRRORS)).set('mirrors.json', document(MIRRORS));
    const { code, hosts } = await visit({ tree: attacker.tree, offline: attacker.honest.offline });
    expect([code, hosts]).toEqual(['ARTIFACT_MISSING', ['https://small.example']]);
  });

  test('a registry without mirrors signs none', async () => {
    const { tree, offline } = await build(await smallRegistry());
    expect([...tree.keys(), ...offline.files.keys()].filter((path) => /mirrors\.json$/.test(path))).toEqual([]);
    expect(await clientOf((path) => tree.get(path), rootOf({ offline })).install(OLD)).toMatchObject({
      version: '1.0.0',
    });
  });
});
