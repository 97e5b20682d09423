// doctor --data: what is said of a registry's folder, its ledger and its repository, right and wrong.
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readFolder, sha256 } from '@plugmark/publish';
import { type DoctorCheck, DoctorResult, parse } from '@plugmark/schemas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DATA_CHECKS, type DataCheckId } from '../../tools/cli/src/doctor/doctor-checks.ts';
import type { Io } from '../../tools/cli/src/io.ts';
import { main } from '../../tools/cli/src/main.ts';
import { captured, REPOSITORY } from '../cli/fixtures.ts';
import {
  addRelease,
  editJson,
  honestModule,
  type Json,
  type SmallRegistry,
  smallRegistry,
  writeFiles,
} from '../testkit/registry-folder.ts';
import { initFork } from './forks.ts';

let folder: string;
let office: string;
let data: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugmark-office-'));
  office = join(folder, 'office');
  await initFork({ folder: office });
  data = join(office, 'registry');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function doctor(
  more: readonly string[] = [],
  io: Partial<Io> = {},
): Promise<{ exit: number; checks: readonly DoctorCheck[] }> {
  const { io: plain, out, err } = captured(folder);
  const exit = await main(['doctor', '--data', data, '--json', ...more], { ...plain, ...io });
  expect(err()).toBe('');
  return { exit, checks: parse(DoctorResult, JSON.parse(out()), 'doctor').checks };
}

const outcomeOf = ({ checks }: Awaited<ReturnType<typeof doctor>>, id: DataCheckId): DoctorCheck | undefined =>
  checks.find((check) => check.id === id);

/** Does it to the registry's folder, and takes it back. */
async function changed<T>(path: string, change: (value: Json) => Json, work: () => Promise<T>): Promise<T> {
  const before = await readFile(join(data, path));
  try {
    const value = JSON.parse(before.toString()) as Json;
    await writeFile(join(data, path), JSON.stringify(change(value)));
    return await work();
  } finally {
    await writeFile(join(data, path), before);
  }
}

test('a new registry is well but for what nobody named, which is said', async () => {
  const { exit, checks } = await doctor();
  expect(checks.map(({ id, outcome }) => [id, outcome])).toEqual([
    ['data.trust-lasts', 'pass'],
    ['data.trust-signed', 'pass'],
    ['data.keys-last', 'pass'],
    ['data.policy-reasons', 'notApplicable'],
    ['data.ledger', 'inconclusive'],
    ['data.tools', 'notApplicable'],
    ['data.sources', 'notApplicable'],
    ['data.mirrors', 'notApplicable'],
  ]);
  expect(Object.keys(DATA_CHECKS)).toEqual(checks.map(({ id }) => id));
  expect(exit).toBe(1);
});

test('a role that ends, and a change that nobody signed', async () => {
  const later = await doctor([], { now: () => new Date('2028-09-30T12:00:00Z') });
  expect(outcomeOf(later, 'data.trust-lasts')).toMatchObject({
    outcome: 'fail',
    found: expect.stringContaining('root ends soon'),
  });
  const unsigned = await changed(
    'policy.json',
    (policy) => ({ ...policy, revision: 7 }),
    () => doctor(),
  );
  expect(outcomeOf(unsigned, 'data.trust-signed')).toMatchObject({
    outcome: 'fail',
    found: 'targets would be signed anew',
  });
  const none = await doctor(['--trust', join(folder, 'nothing')]);
  expect(none.checks.slice(0, 2).map(({ outcome }) => outcome)).toEqual(['fail', 'fail']);
});

test('policy that differs under upstream’s reason', async () => {
  const policy = join(folder, 'upstream-policy.json');
  const theirs = JSON.parse(await readFile(join(data, 'policy.json'), 'utf8')) as Json;
  await writeFile(policy, JSON.stringify({ ...theirs, waits: { ...theirs.waits, updateMinutes: 60 } }));
  const own = await doctor(['--defaults', join(REPOSITORY, 'registry/policy.json')]);
  expect(outcomeOf(own, 'data.policy-reasons')).toMatchObject({
    outcome: 'pass',
    found: expect.stringMatching(/^0 values/),
  });
  const drifted = await doctor(['--defaults', policy]);
  expect(outcomeOf(drifted, 'data.policy-reasons')).toMatchObject({ outcome: 'fail', found: 'waits.updateMinutes' });
  const reasons = { ...theirs.reasons, 'waits.updateMinutes': 'Upstream waits an hour; we have one publisher.' };
  const explained = await changed(
    'policy.json',
    (own) => ({ ...own, reasons }),
    () => doctor(['--defaults', policy]),
  );
  expect(outcomeOf(explained, 'data.policy-reasons')).toMatchObject({
    outcome: 'pass',
    found: expect.stringMatching(/^1 values/),
  });
  const upstreams = [
    { id: 'plugmark', url: 'https://x.example/', root: { version: 1, sha256: 'a'.repeat(64) }, namespaces: [] },
  ];
  const unnamed = await changed(
    'registry.json',
    (own) => ({ ...own, upstreams }),
    () => doctor(),
  );
  expect(outcomeOf(unnamed, 'data.policy-reasons')?.outcome).toBe('inconclusive');
});

test('a ledger that was changed, is another’s, or lists what is gone', async () => {
  const { io, err } = captured(folder);
  const ledger = join(folder, 'ledger');
  const places = ['--registry', data, '--trust', join(data, 'trust'), '--keys', `${office}-keys`, '--ledger', ledger];
  expect(await main(['registry', 'build', ...places, '--out', join(folder, 'tree')], io), err()).toBe(0);
  const good = await doctor(['--ledger', ledger]);
  expect([good.exit, outcomeOf(good, 'data.ledger')?.outcome]).toEqual([0, 'pass']);
  const other = await changed(
    'registry.json',
    (own) => ({ ...own, id: 'else.example' }),
    () => doctor(['--ledger', ledger]),
  );
  expect(outcomeOf(other, 'data.ledger')).toMatchObject({ outcome: 'fail' });
  const [name] = [...(await readFolder(ledger)).keys()].filter((path) => path.startsWith('metadata/'));
  await writeFile(join(ledger, name ?? ''), '{}');
  expect(outcomeOf(await doctor(['--ledger', ledger]), 'data.ledger')).toMatchObject({ outcome: 'fail' });
  const empty = await doctor(['--ledger', join(folder, 'none')]);
  expect(outcomeOf(empty, 'data.ledger')).toMatchObject({ outcome: 'inconclusive' });
});

test('signing tools that are behind, that differ, that nobody knows', async () => {
  const office = join(dirname(data), '.github/workflows/office.yml');
  const now = new Date('2026-11-25T12:00:00Z').getTime();
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', dirname(data), '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      stdio: 'pipe',
    }).toString();
  const commit = async (daysAgo: number): Promise<string> => {
    await writeFiles(dirname(data), [['tools/file', new TextEncoder().encode(String(daysAgo))]]);
    const date = new Date(now - daysAgo * 86_400_000).toISOString();
    git('add', 'tools');
    execFileSync('git', ['-C', dirname(data), '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'x'], {
      env: { ...process.env, GIT_COMMITTER_DATE: date, GIT_AUTHOR_DATE: date },
    });
    return git('rev-parse', 'HEAD').trim();
  };
  const with_ = async (...refs: string[]): Promise<string | undefined> => {
    await writeFiles(dirname(office), [
      ['office.yml', new TextEncoder().encode(refs.map((ref) => `ref: ${ref} # tools\n`).join(''))],
    ]);
    return outcomeOf(await doctor(), 'data.tools')?.outcome;
  };
  git('init', '-q');
  const [old, recent, last] = [await commit(100), await commit(40), await commit(10)];
  expect(await with_(last, last)).toBe('pass');
  expect(await with_(recent)).toBe('pass');
  expect(await with_(old)).toBe('fail');
  expect(await with_(last, recent)).toBe('fail');
  expect(await with_('a'.repeat(40))).toBe('inconclusive');
  await rm(join(dirname(data), '.git'), { recursive: true });
  await rm(join(dirname(data), '.github'), { recursive: true });
});

test('keys that end, sources that are dead or serve something else, mirrors by digest', async () => {
  const bytes = honestModule(3).build();
  const registry: SmallRegistry = await smallRegistry();
  await addRelease(registry, { plugin: 'acme/thing', version: '2.0.0', bytes });
  const served = new Map<string, Uint8Array>([[`/blobs/sha256/${sha256(bytes)}.wasm`, bytes]]);
  for (const [digest, content] of registry.artifacts) served.set(`/blobs/sha256/${digest}.wasm`, content);
  const server = createServer((request, response) => {
    const found = served.get(request.url ?? '');
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/wasm' }).end(found);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  editJson(registry.files, 'registry.json', (value: Json) => ({
    ...value,
    mirrors: [{ url: mirror, serves: 'blobs' }],
  }));
  editJson(registry.files, 'publishers/indie.json', (value: Json) => ({
    ...value,
    identities: value.identities.map((identity: Json) => ({ ...identity, to: '2027-01-01T00:00:00Z' })),
  }));
  const former = data;
  data = join(folder, 'small');
  await mkdir(data);
  await writeFiles(data, registry.files);
  const all = [...registry.artifacts.values()];
  let next: Uint8Array | undefined;
  const get = async () =>
    next === undefined ? { state: 'unreachable' as const, reason: 'answers 404' } : { bytes: next };
  const unasked = await doctor();
  expect(['data.sources', 'data.mirrors'].map((id) => outcomeOf(unasked, id as DataCheckId)?.outcome)).toEqual([
    'inconclusive',
    'inconclusive',
  ]);
  const dead = await doctor(['--fetch'], { fetchPublic: get });
  expect(outcomeOf(dead, 'data.keys-last')).toMatchObject({ outcome: 'fail', found: expect.stringContaining('indie') });
  expect(outcomeOf(dead, 'data.sources')).toMatchObject({
    outcome: 'fail',
    found: expect.stringContaining('is nowhere else'),
  });
  expect(outcomeOf(dead, 'data.mirrors')).toMatchObject({ outcome: 'pass' });
  next = all[0];
  served.set(`/blobs/sha256/${sha256(bytes)}.wasm`, new Uint8Array(bytes.length));
  const other = await doctor(['--fetch'], { fetchPublic: get });
  expect(outcomeOf(other, 'data.sources')).toMatchObject({
    outcome: 'fail',
    found: expect.stringContaining('serves bytes with sha256'),
  });
  expect(outcomeOf(other, 'data.mirrors')).toMatchObject({
    outcome: 'fail',
    found: expect.stringContaining('is something else'),
  });
  server.close();
  data = former;
});
