// What strangers put into a pull request, before the reviewer as it runs: real Git trees, real servers. Each is refused by its rule,
// with few requests and without waiting.

import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { fetchPublic } from '../../tools/cli/src/fetch-public.ts';
import { branchRef } from '../../tools/dev/src/github/github-state.ts';
import type { Pushed } from '../../tools/dev/src/github/open-github.ts';
import { editJson, type Json } from '../testkit/registry-folder.ts';
import { type Bench, benchForEach, openBench } from './reviewing.ts';

let bench: Bench;
benchForEach((opened) => {
  bench = opened;
});

const RELEASE = { plugin: 'acme/thing', version: '1.2.0' };
const BRANCH = 'plugmark/acme.thing-1.2.0';
const AT = 'registry/plugins/acme/thing/1.2.0';
const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const POINTER = text(`version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12345\n`);

const TREES: readonly (readonly [string, Readonly<Record<string, Pushed | null>>, readonly string[]])[] = [
  ['a file beside the registry', { 'README.md': text('mine') }, ['scope.outside']],
  [
    'another publisher’s folder',
    { 'registry/plugins/indie/tool/0.1.0/README.md': text('mine') },
    ['scope.several-plugins'],
  ],
  ['the policy', { 'registry/policy.json': text('{}') }, ['scope.outside']],
  ['the signed trust', { 'registry/trust/metadata/1.root.json': text('{}') }, ['scope.outside']],
  ['a workflow', { '.github/workflows/publish.yml': text('on: push\n') }, ['scope.outside']],
  ['an LFS pointer', { [`${AT}/README.md`]: POINTER }, ['tree.lfs-pointer']],
  ['a name that only another case tells apart', { [`${AT}/Release.json`]: text('{}') }, ['tree.case-clash']],
];

test('files that have no place in a release', async () => {
  const { people, github } = bench;
  await bench.submit(await bench.signed(RELEASE), people.alice);
  const ref = branchRef(bench.forkOf('alice'), BRANCH);
  const honest = (await github.state.git.readRef(ref)) ?? '';
  for (const [what, files, wanted] of TREES) {
    await github.state.git.writeRef(ref, honest);
    await github.push(bench.forkOf('alice'), BRANCH, new Map(Object.entries(files)));
    const { decision } = (await bench.review()).reviewed[0] ?? {};
    const rules = decision?.findings.map(({ ruleId }) => ruleId);
    expect([what, decision?.answer, rules]).toEqual([what, 'refuse', expect.arrayContaining([...wanted])]);
  }
});

test('a name that is not UTF-8, as Git allows it', async () => {
  const { people, github } = bench;
  await bench.submit(await bench.signed(RELEASE), people.alice);
  const { git } = github.state;
  const ref = branchRef(bench.forkOf('alice'), BRANCH);
  const head = (await git.readRef(ref)) ?? '';
  const env = { GIT_INDEX_FILE: join(bench.folder, 'index') };
  await git.git(['read-tree', head], { env });
  const blob = await git.writeBlob(text('x'));
  const entry = Buffer.concat([
    Buffer.from(`100644 ${blob}\t${AT}/README-`),
    Buffer.from([0xff, 0xfe]),
    Buffer.from('.md\0'),
  ]);
  await git.git(['update-index', '-z', '--index-info'], { env, input: entry });
  const tree = await git.git(['write-tree'], { env });
  const by = { name: 'alice', email: 'alice@example.org' };
  const commit = await git.writeCommit({ message: 'x', tree, parents: [head], by, at: bench.clock.now });
  await git.writeRef(ref, commit);
  const { decision } = (await bench.review()).reviewed[0] ?? {};
  expect(decision?.answer).toBe('refuse');
  expect(decision?.findings.map(({ ruleId }) => ruleId)).toEqual(['scope.outside']);
});

test('a release signed by a key that nobody listed', async () => {
  await bench.submit(await bench.signed({ ...RELEASE, key: 'second' }), bench.people.alice);
  const { decision } = (await bench.review()).reviewed[0] ?? {};
  expect(decision?.answer).toBe('refuse');
  expect(decision?.findings[0]).toMatchObject({
    ruleId: 'review.verdict-fail',
    facts: { checks: ['publisher-signature'] },
  });
});

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

const redirect =
  (location: string): RequestListener =>
  (_request, response) =>
    void response.writeHead(302, { location }).end();

const SERVERS: readonly (readonly [string, RequestListener, string])[] = [
  ['redirects to a private address', redirect('https://192.168.1.1/plugin.wasm'), 'artifact.forbidden'],
  ['redirects to the metadata service', redirect('http://169.254.169.254/latest/meta-data/'), 'artifact.forbidden'],
  ['redirects to a name that leads to loopback', redirect('https://inside.example/plugin.wasm'), 'artifact.forbidden'],
  ['redirects in a circle', redirect('/again.wasm'), 'artifact.forbidden'],
  [
    'never ends',
    (_request, response) => {
      const timer = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(timer));
    },
    'artifact.forbidden',
  ],
  ['never answers', () => undefined, 'artifact.forbidden'],
  [
    'sends more than policy allows',
    (_request, response) => void response.end(Buffer.alloc(2001)),
    'artifact.forbidden',
  ],
  ['serves other bytes', (_request, response) => void response.end('other'), 'artifact.different'],
  ['is broken', (_request, response) => void response.writeHead(503).end(), 'artifact.unreachable'],
];

test('sources whose servers misbehave', async () => {
  // A reviewer whose policy is short of time and bytes, so that nobody waits here.
  await bench.end();
  bench = await reopened();
  let listener: RequestListener = () => undefined;
  server = createServer((request, response) => listener(request, response));
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  bench.fetchPublic = (address, limits) =>
    fetchPublic(address.replace(/^https:\/\/outside\.example/, `http://outside.example:${port}`), limits, {
      allowPlainHttp: true,
      allowHost: (host) => host.endsWith('.example'),
      allowAddress: (ip) => ip === '127.0.0.1',
      resolve: (host) => [{ address: host === 'inside.example' ? '127.0.0.2' : '127.0.0.1', family: 4 }],
    });
  await submitFrom('https://outside.example/plugin.wasm');
  for (const [what, next, rule] of SERVERS) {
    listener = next;
    const { decision } = (await bench.review()).reviewed[0] ?? {};
    const rules = decision?.findings.map(({ ruleId }) => ruleId).filter((id) => id !== 'wait.update');
    const answer = rule === 'artifact.unreachable' ? 'wait' : 'refuse';
    expect([what, rules, decision?.answer]).toEqual([what, [rule], answer]);
  }
});

test('a source that is private by its spelling: nothing is fetched', async () => {
  let asked = 0;
  bench.fetchPublic = async (address, limits) => {
    asked++;
    return fetchPublic(address, limits);
  };
  await submitFrom('https://169.254.169.254/plugin.wasm');
  const { decision } = (await bench.review()).reviewed[0] ?? {};
  expect([decision?.answer, decision?.findings.map(({ ruleId }) => ruleId)]).toEqual(['refuse', ['source.private']]);
  expect(asked).toBe(0);
});

/** The same bench with limits that a test can reach. */
async function reopened(): Promise<Bench> {
  return openBench({
    change: (files) =>
      editJson(files, 'policy.json', (policy: Json) => ({
        ...policy,
        limits: { ...policy.limits, artifactBytes: 2000, analysisSeconds: 4 },
      })),
  });
}

/** Submits the release with this source alone, its bytes nowhere on the reviewer's machine. */
async function submitFrom(source: string): Promise<void> {
  const folder = await bench.signed(RELEASE);
  await writeFile(join(folder, 'sources.json'), JSON.stringify({ schemaVersion: 1, sources: [source] }));
  const { artifact } = JSON.parse(await readFile(join(folder, 'release.json'), 'utf8')) as {
    artifact: { sha256: string };
  };
  await rm(join(bench.folder, 'artifacts', `${artifact.sha256}.wasm`));
  await bench.submit(folder, bench.people.alice);
}
