// What goes wrong outside: disks, networks, clocks, other programs, registries. Real faults where this machine has them: a disk quota, a
// file system that cannot be written, a second process, a connection that breaks off. Each ends in a code that names the way out, and
// leaves what was there before.
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { memoryStore, openPlugins, type PluginStore, type PluginsOptions } from '@plugmark/client';
import { fileStore } from '@plugmark/client/node';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addHostRelease, CONDUCTOR, hostRegistry, REVOKED, setStatus } from '../testkit/host-plugins.ts';
import { type Built, build, codeOf, DAY, HOUR, later, NOW, rootOf } from '../testkit/office.ts';
import { cutAt } from '../testkit/power-cut.ts';
import { editJson, type Json } from '../testkit/registry-folder.ts';
import { type RegistryServer, serveTree } from '../testkit/registry-server.ts';
import { copyOf } from './managed-host.ts';

let built: Built;
let newer: Built;
let renamed: Built;
let server: RegistryServer;
let folder = '';
let digest = '';

beforeAll(async () => {
  const registry = await hostRegistry();
  digest = await addHostRelease(registry, {
    host: CONDUCTOR,
    plugin: 'acme/big',
    version: '1.0.0',
    padding: 3_000_000,
  });
  await addHostRelease(registry, { host: CONDUCTOR, plugin: 'acme/small', version: '1.0.0' });
  built = await build(registry);
  await addHostRelease(registry, { host: CONDUCTOR, plugin: 'acme/small', version: '1.1.0' });
  newer = await build(registry, { previous: built, now: later(HOUR) });
  const other = await hostRegistry();
  editJson(other.files, 'registry.json', (value: Json) => ({ ...value, id: 'other.example' }));
  for (const path of [...other.files.keys()]) if (path.startsWith('plugins/')) other.files.delete(path);
  await addHostRelease(other, { host: CONDUCTOR, plugin: 'acme/small', version: '1.0.0', registry: 'other.example' });
  // Every role is signed anew with a greater version, or what was seen of the first would count as newer.
  await addHostRelease(other, {
    host: CONDUCTOR,
    plugin: 'acme/small',
    version: '0.9.0',
    registry: 'other.example',
  });
  const once = await build(other, { registry: 'other.example' });
  editJson(other.files, 'policy.json', (value: Json) => ({ ...value, revision: 2 }));
  setStatus(other, 'acme/small', '0.9.0', REVOKED);
  renamed = await build(other, { registry: 'other.example', previous: once, now: later(HOUR) });
  for (const { refusals } of [built, newer, renamed]) expect(refusals).toEqual([]);
}, 60_000);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plugmark-bad-'));
  server = await serveTree(built.tree);
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

function host(store: PluginStore, options: Partial<PluginsOptions> = {}) {
  return openPlugins({
    url: server.url,
    root: rootOf(built),
    store,
    fetch,
    now: () => NOW,
    host: { id: 'conductor', api: '2.7.0' },
    policy: { minimumReleaseAgeMinutes: 0 },
    timeoutMs: 5000,
    ...options,
  });
}

const BLOB = () => `blobs/sha256/${digest}.wasm`;
const files = async (store: PluginStore, prefix: string) => (await store.list(prefix)).map(({ name }) => name);

async function expectNothingInstalled(store: PluginStore): Promise<void> {
  expect(await host(store).list()).toEqual([]);
  expect(await files(store, 'hosts/conductor/plugmark.lock')).toEqual([]);
}

describe('the network', () => {
  test('a connection that breaks off is taken up where it broke', async () => {
    const store = memoryStore();
    server.faults.set(BLOB(), { kind: 'cut', afterBytes: 1_200_000, times: 2 });
    const progress: number[] = [];
    await host(store, { onProgress: ({ received }) => progress.push(received) }).install('acme/big');
    const ranges = server.requests
      .filter(({ path }) => path === BLOB())
      .map(({ range }) => Number(/\d+/.exec(range ?? '0')?.[0]));
    expect(ranges).toHaveLength(3);
    expect(ranges[1]).toBeGreaterThan(0);
    expect(ranges[2]).toBeGreaterThan(ranges[1] as number);
    expect(progress.at(-1)).toBeGreaterThan(3_000_000);
    expect(await files(store, 'partial/')).toEqual([]);
    expect((await host(store).load('acme/big')).sha256).toBe(digest);
  });

  test('one that stays broken is NETWORK; what came is kept for the next process and asked for no more', async () => {
    const store = fileStore(join(folder, 'store'));
    server.faults.set(BLOB(), { kind: 'cut', afterBytes: 0, times: 99 });
    server.faults.set(BLOB(), { kind: 'cut', afterBytes: 1_500_000, times: 1 });
    const offline = { served: 0 };
    const flaky: typeof fetch = async (input, init) => {
      if (String(input).endsWith(BLOB()) && offline.served++ > 0) throw new TypeError('gone');
      return fetch(input, init);
    };
    expect(await codeOf(() => host(store, { fetch: flaky }).install('acme/big'))).toBe('NETWORK');
    await expectNothingInstalled(store);
    expect(await files(store, 'partial/')).not.toEqual([]);
    server.requests.length = 0;
    await host(fileStore(join(folder, 'store'))).install('acme/big');
    const [request] = server.requests.filter(({ path }) => path === BLOB());
    expect(Number(/\d+/.exec(request?.range ?? '0')?.[0])).toBeGreaterThan(1_000_000);
    expect(await files(store, 'partial/')).toEqual([]);
  });

  test.each(['noRanges', 'wrongRange'] as const)('a server with %s gives the whole again', async (kind) => {
    const store = memoryStore();
    await store.put(`partial/${digest}/000000000000`, new Uint8Array(500_000));
    server.faults.set(BLOB(), { kind });
    await host(store).install('acme/big');
    expect((await host(store).load('acme/big')).sha256).toBe(digest);
  });

  test('parts that were wrong from the beginning are thrown away, not installed', async () => {
    const store = memoryStore();
    await store.put(`partial/${digest}/000000000000`, new Uint8Array(500_000).fill(7));
    await host(store).install('acme/big');
    expect((await host(store).load('acme/big')).sha256).toBe(digest);
    const wrong = new Map(built.tree).set(BLOB(), new Uint8Array((built.tree.get(BLOB()) as Uint8Array).length));
    server.tree = wrong;
    const empty = memoryStore();
    expect(await codeOf(() => host(empty).install('acme/big'))).toBe('ARTIFACT_DIGEST');
    expect(await files(empty, 'partial/')).toEqual([]);
    await expectNothingInstalled(empty);
    server.tree = new Map(built.tree).set(BLOB(), new Uint8Array(4_000_000));
    expect(await codeOf(() => host(empty).install('acme/big'))).toBe('TOO_LARGE');
    server.tree = new Map([...built.tree].filter(([path]) => path !== BLOB()));
    expect(await codeOf(() => host(empty).install('acme/big'))).toBe('ARTIFACT_MISSING');
  });

  test.each([
    ['metadata/timestamp.json', 'page'],
    ['*', 'page'],
    ['*', 'error'],
  ] as const)('%s answered with %s is NETWORK, and says so', async (path, kind) => {
    server.faults.set(path, { kind });
    const store = memoryStore();
    const refusal = await host(store)
      .install('acme/small')
      .catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'NETWORK', details: { status: kind === 'page' ? 200 : 503 } });
    await expectNothingInstalled(store);
  });

  test('a sign-in page in place of the bytes alone is not asked for again and again', async () => {
    server.faults.set(BLOB(), { kind: 'page' });
    expect(await codeOf(() => host(memoryStore()).install('acme/big'))).toBe('NETWORK');
    expect(server.requests.filter(({ path }) => path === BLOB())).toHaveLength(1);
  });
});

describe('the clock', () => {
  test.each([
    [3 * 365, 'METADATA_EXPIRED'],
    [-3 * 365, 'METADATA_LIFETIME'],
  ])('wrong by %s days is noticed before anything is chosen', async (days, code) => {
    const store = memoryStore();
    expect(await codeOf(() => host(store, { now: () => later(days * DAY) }).install('acme/small'))).toBe(code);
    await expectNothingInstalled(store);
  });

  test('and what is installed goes on working, since it needs no time', async () => {
    const store = memoryStore();
    await host(store).install('acme/small');
    for (const days of [3 * 365, -3 * 365]) {
      const plugins = host(store, { now: () => later(days * DAY) });
      expect((await plugins.load('acme/small')).version).toBe('1.0.0');
      expect(await plugins.restore({ frozen: true })).toHaveLength(1);
    }
  });
});

describe('the registry', () => {
  test('that calls itself otherwise than before is refused, and the plugins stay', async () => {
    const store = memoryStore();
    await host(store).install('acme/small');
    server.tree = renamed.tree;
    const plugins = host(store);
    const refusal = await plugins.update().catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: 'REGISTRY_CHANGED',
      details: { expected: 'small.example', actual: 'other.example' },
    });
    expect((await plugins.load('acme/small')).version).toBe('1.0.0');
    expect(await codeOf(() => host(memoryStore(), { registry: 'small.example' }).install('acme/small'))).toBe(
      'REGISTRY_CHANGED',
    );
    // Named on purpose, a second registry goes beside the first.
    expect(await codeOf(() => host(store, { registry: 'other.example' }).list())).toMatchObject({
      accepted: [{ plugin: 'acme/small' }],
    });
  });
});

const CHILD = new URL('../testkit/install-child.ts', import.meta.url);

function child(store: string, ...more: string[]): string[] {
  writeFileSync(join(folder, 'root.json'), rootOf(built));
  return [
    '--conditions=@plugmark/source',
    CHILD.pathname,
    server.url,
    join(folder, 'root.json'),
    store,
    NOW.toISOString(),
    ...more,
  ];
}

describe('the disk', () => {
  test('full: STORE says so, nothing is installed, and with room again it works', { timeout: 60_000 }, async () => {
    const store = join(folder, 'store');
    const script = `ulimit -f 900; exec "$0" "$@"`;
    const { stdout } = await promisify(execFile)('sh', ['-c', script, process.execPath, ...child(store, 'acme/big')]);
    expect(JSON.parse(stdout)).toMatchObject({ code: 'STORE', errno: 'EFBIG' });
    await expectNothingInstalled(fileStore(store));
    await host(fileStore(store)).install('acme/big');
  });

  test('a file system that cannot be written: STORE, with what the system said', async () => {
    const refusal = await host(fileStore('/sys/plugmark'))
      .install('acme/small')
      .catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'STORE', details: { errno: expect.stringMatching(/^E[A-Z]+$/) } });
  });

  test('what is installed in a store that cannot be written any more can be loaded without a log', async () => {
    const store = memoryStore();
    await host(store).install('acme/small');
    const readOnly: PluginStore = { ...store, put: async (name) => Promise.reject(new TypeError(name)) };
    await expect(host(readOnly).load('acme/small')).rejects.toBeInstanceOf(TypeError);
    expect((await host(readOnly, { log: 'off' }).load('acme/small')).version).toBe('1.0.0');
    expect(await host(readOnly).restore({ frozen: true })).toHaveLength(1);
  });
});

describe('two programs', () => {
  test('that install at the same time both succeed, and the lockfile has what both asked for', {
    timeout: 60_000,
  }, async () => {
    const store = join(folder, 'store');
    const run = promisify(execFile);
    const outs = await Promise.all(
      ['acme/big', 'acme/small'].map((plugin) => run(process.execPath, child(store, plugin))),
    );
    for (const { stdout } of outs) expect(JSON.parse(stdout)).toMatchObject({ installed: 1 });
    const plugins = host(fileStore(store));
    expect((await plugins.list()).map(({ plugin }) => plugin)).toEqual(['acme/big', 'acme/small']);
    expect(await plugins.restore({ frozen: true })).toHaveLength(2);
    expect((await plugins.log.verify()).records).toBe(4);
    expect(readdirSync(join(store, 'locks'))).toEqual([]);
  });

  test('one that died holding the lock does not hold it for ever', { timeout: 60_000 }, async () => {
    const store = join(folder, 'store');
    const dying = spawn(process.execPath, child(store, '--hold'));
    await new Promise((done) => dying.stdout.once('data', done));
    expect(readdirSync(join(store, 'locks'))).toHaveLength(1);
    dying.kill('SIGKILL');
    await new Promise((done) => dying.once('exit', done));
    await host(fileStore(store)).install('acme/small');
    expect(readdirSync(join(store, 'locks'))).toEqual([]);
  });
});

describe('the power', () => {
  const update = (store: PluginStore) =>
    host(store, { now: () => later(HOUR) }).update('acme/small', { health: async () => true });

  async function expectWhole(store: PluginStore): Promise<void> {
    const plugins = host(store, { now: () => later(HOUR) });
    const [listed] = await plugins.list();
    expect(['1.0.0', '1.1.0']).toContain(listed?.version);
    expect((await plugins.load('acme/small')).version).toBe(listed?.version);
    expect(await plugins.restore({ frozen: true })).toHaveLength(1);
    await plugins.log.verify();
    await update(store);
    expect(await plugins.list()).toMatchObject([{ version: '1.1.0' }]);
  }

  test('gone before any write: the old state is there, or the new one, and the next attempt succeeds', {
    timeout: 60_000,
  }, async () => {
    const installed = memoryStore();
    await host(installed).install('acme/small');
    server.tree = newer.tree;
    for (let writes = 0; ; writes++) {
      const store = await copyOf(installed);
      let left = writes;
      const spend = <T>(act: () => Promise<T>): Promise<T> =>
        left-- > 0 ? act() : Promise.reject(new TypeError('no power'));
      const dying = {
        ...store,
        put: (...put: [string, Uint8Array]) => spend(() => store.put(...put)),
        delete: (name: string) => spend(() => store.delete(name)),
      };
      const ended = await update(dying).catch((error: unknown) => error);
      await expectWhole(store);
      if (!(ended instanceof TypeError)) break;
      expect(writes).toBeLessThan(200);
    }
  });

  test('gone in the middle of writes to a disk', { timeout: 60_000 }, async () => {
    let cut = 0;
    for (const at of [3, 21, 55]) {
      const path = join(folder, `store-${at}`);
      server.tree = built.tree;
      await host(fileStore(path)).install('acme/small');
      server.tree = newer.tree;
      if (await cutAt(at, () => update(fileStore(path)))) cut++;
      await expectWhole(fileStore(path));
      rmSync(path, { recursive: true });
    }
    expect(cut).toBeGreaterThan(1);
  });
});
