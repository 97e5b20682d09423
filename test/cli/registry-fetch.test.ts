// `registry fetch` against a publisher's server and the registry's own, both on loopback: what comes, what is kept, what is refused.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '@plugmark/publish';
import { FetchResult, parse } from '@plugmark/schemas';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fetchPublic } from '../../tools/cli/src/fetch-public.ts';
import { main } from '../../tools/cli/src/main.ts';
import { build } from '../testkit/office.ts';
import { editJson, type Json, type SmallRegistry, smallRegistry, writeFiles } from '../testkit/registry-folder.ts';
import { type RegistryServer, serveTree } from '../testkit/registry-server.ts';
import { captured } from './fixtures.ts';

let folder: string;
let registry: SmallRegistry;
let server: RegistryServer;
/** What the registry serves itself. */
let own: RegistryServer;

const VERSIONS = ['plugins/acme/thing/1.0.0', 'plugins/acme/thing/1.1.0', 'plugins/indie/tool/0.1.0'];
const digestOf = (place: string): string =>
  JSON.parse(new TextDecoder().decode(registry.files.get(`${place}/release.json`))).artifact.sha256;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugmark-fetch-'));
  registry = await smallRegistry();
  for (const place of VERSIONS) setSources(place, [`https://files.example/${digestOf(place)}.wasm`]);
  server = await serveTree(new Map([...registry.artifacts].map(([digest, bytes]) => [`${digest}.wasm`, bytes])));
  own = await serveTree(new Map());
});
afterEach(async () => {
  await Promise.all([server.close(), own.close()]);
  await rm(folder, { recursive: true });
});

function setSources(place: string, sources: readonly string[]): void {
  editJson(registry.files, `${place}/sources.json`, (value: Json) => ({ ...value, sources }));
}

/** The two servers are the only public ones; everything else is what it is. */
const get: typeof fetchPublic = (address, limits) => {
  const hosts: Record<string, RegistryServer> = {
    'files.example': server,
    'mirror.example': server,
    'small.example': own,
  };
  const { hostname, pathname } = new URL(address);
  const at = hosts[hostname];
  return fetchPublic(at === undefined ? address : `http://${hostname}:${new URL(at.url).port}${pathname}`, limits, {
    allowPlainHttp: true,
    allowHost: (host) => host in hosts,
    allowAddress: (ip) => ip === '127.0.0.1',
    resolve: () => [{ address: '127.0.0.1', family: 4 }],
  });
};

async function run(...more: string[]): Promise<{ exit: number; err: string; result: FetchResult }> {
  await rm(join(folder, 'registry'), { recursive: true, force: true });
  await writeFiles(join(folder, 'registry'), registry.files);
  const { io, out, err } = captured(folder);
  const argv = ['registry', 'fetch', '--registry', 'registry', '--out', 'artifacts', '--json', ...more];
  const exit = await main(argv, { ...io, fetchPublic: get });
  return { exit, err: err(), result: parse(FetchResult, JSON.parse(out()), 'result') };
}

const states = ({ releases }: FetchResult): string[] => releases.map(({ state }) => state);
const asked = (): string[] => server.requests.splice(0).map(({ path }) => path);

test('everything comes by its digest; once it is there nobody is asked again', async () => {
  const first = await run();
  expect([first.exit, first.result.outcome, states(first.result)]).toEqual([
    0,
    'pass',
    ['fetched', 'fetched', 'fetched'],
  ]);
  for (const [digest, bytes] of registry.artifacts)
    expect(new Uint8Array(await readFile(join(folder, 'artifacts', `${digest}.wasm`)))).toEqual(bytes);
  expect((await readdir(join(folder, 'artifacts'))).sort()).toEqual(
    [...[...registry.artifacts.keys()].map((digest) => `${digest}.wasm`), 'artifacts.json'].sort(),
  );
  asked();
  const again = await run();
  expect([again.exit, states(again.result), asked()]).toEqual([0, ['present', 'present', 'present'], []]);
});

test('a fetch that broke off goes on: what is whole stays, what is cut short comes anew', async () => {
  await run();
  const [, cut = '', gone = ''] = VERSIONS.map((place) => `${digestOf(place)}.wasm`);
  const bytes = await readFile(join(folder, 'artifacts', cut));
  await writeFile(join(folder, 'artifacts', cut), bytes.subarray(0, 20));
  await rm(join(folder, 'artifacts', gone));
  asked();
  expect(states((await run()).result)).toEqual(['present', 'fetched', 'fetched']);
  expect(asked().sort()).toEqual([cut, gone].sort());
  expect(sha256(new Uint8Array(await readFile(join(folder, 'artifacts', cut))))).toBe(cut.replace('.wasm', ''));
});

test('what the registry serves itself is taken from there, though its publisher’s server is gone', async () => {
  own.tree = new Map([...registry.artifacts].map(([digest, bytes]) => [`blobs/sha256/${digest}.wasm`, bytes]));
  server.tree = new Map();
  const { exit, result } = await run();
  expect([exit, states(result)]).toEqual([0, ['fetched', 'fetched', 'fetched']]);
  expect(result.releases[0]?.source).toMatch(/^https:\/\/small\.example\/blobs\//);
});

const CASES = [
  ['is not there', ['https://files.example/gone.wasm'], 'inconclusive', 3, ['unreachable']],
  ['breaks off', ['https://files.example/cut.wasm'], 'inconclusive', 3, ['unreachable']],
  ['serves other bytes', ['https://files.example/other.wasm'], 'fail', 1, ['different']],
  ['is at a private address', ['https://10.1.2.3/plugin.wasm'], 'fail', 1, ['forbidden']],
  ['never ends', ['https://files.example/endless.wasm'], 'fail', 1, ['forbidden']],
  ['is larger than policy allows', ['https://files.example/large.wasm'], 'fail', 1, ['forbidden']],
  [
    'is in an OCI registry at a private address',
    [`oci://10.1.2.3/acme/thing@sha256:${'0'.repeat(64)}`],
    'fail',
    1,
    ['forbidden'],
  ],
  ['is of a kind that is not fetched', ['workspace:acme/thing'], 'inconclusive', 3, ['unreachable']],
  [
    'is two of these',
    ['https://files.example/gone.wasm', 'https://10.1.2.3/plugin.wasm'],
    'fail',
    1,
    ['unreachable', 'forbidden'],
  ],
] as const;

test.each(CASES)(
  'a source that %s: the others come, each failure is said',
  async (_what, sources, outcome, exit, failures) => {
    editJson(registry.files, 'policy.json', (policy: Json) => ({
      ...policy,
      limits: { ...policy.limits, artifactBytes: 2000, analysisSeconds: 4 },
    }));
    setSources(VERSIONS[1] as string, sources);
    server.tree = new Map([
      ...server.tree,
      ['other.wasm', new Uint8Array([1, 2, 3])],
      ['large.wasm', new Uint8Array(2001)],
      ['cut.wasm', new Uint8Array(100)],
      ['endless.wasm', new Uint8Array(1000)],
    ]);
    server.faults.set('cut.wasm', { kind: 'cut', afterBytes: 10, times: 9 });
    server.faults.set('endless.wasm', { kind: 'drip' });
    const ended = await run();
    expect([ended.exit, ended.result.outcome, states(ended.result)]).toEqual([
      exit,
      outcome,
      ['fetched', 'failed', 'fetched'],
    ]);
    expect(ended.result.releases[1]?.failures.map(({ state }) => state)).toEqual(failures);
    for (const source of sources) expect(ended.err).toContain(source);
    expect((await run('--skip-failed')).exit).toBe(0);
    // One more place that has them: the failure before it is said, and it is no longer one.
    setSources(VERSIONS[1] as string, [...sources, `https://files.example/${digestOf(VERSIONS[1] as string)}.wasm`]);
    const healed = await run();
    expect([healed.exit, states(healed.result)]).toEqual([0, ['present', 'fetched', 'present']]);
    expect(healed.result.releases[1]?.failures).toHaveLength(sources.length);
  },
);

test('with a ledger only what was never published is fetched; a ledger that is misnamed is not taken for a new one', async () => {
  const built = await build(registry);
  await writeFiles(join(folder, 'ledger'), built.ledger);
  expect((await run('--ledger', 'ledger')).result.releases).toEqual([]);
  const { io, out } = captured(folder);
  const argv = ['registry', 'fetch', '--registry', 'registry', '--out', 'artifacts', '--ledger', 'leger', '--json'];
  expect(await main(argv, io)).toBe(3);
  expect(JSON.parse(out())).toMatchObject({ error: { code: 'FILE_MISSING' } });
});

test('what the registry’s own place and the publisher no longer have comes from a mirror', async () => {
  const mirrors = [{ url: 'https://mirror.example/all', serves: 'blobs' }];
  editJson(registry.files, 'registry.json', (value: Json) => ({ ...value, mirrors }));
  const [old = ''] = VERSIONS.map(digestOf);
  const path = `all/blobs/sha256/${old}.wasm`;
  const bytes = registry.artifacts.get(old) as Uint8Array;
  const rest = [...server.tree].filter(([name]) => name !== `${old}.wasm`);
  server.tree = new Map([...rest, [path, bytes]]);
  const { exit, result } = await run();
  expect([exit, result.outcome]).toEqual([0, 'pass']);
  expect(result.releases.map(({ source }) => source)).toContain(`https://mirror.example/${path}`);
  expect(own.requests.map((request) => request.path)).toContain(`blobs/sha256/${old}.wasm`);
});
