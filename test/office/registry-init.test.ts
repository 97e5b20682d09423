// A registry of one's own: what it carries over and what not, and what is left when it is interrupted anywhere.
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore, openRegistry } from '@plugmark/client';
import { readFolder, readRegistrySource, sha256 } from '@plugmark/publish';
import { parse, RegistryInitResult } from '@plugmark/schemas';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Io } from '../../tools/cli/src/io.ts';
import { main } from '../../tools/cli/src/main.ts';
import { type InitPlan, initRegistry } from '../../tools/cli/src/office/init-registry.ts';
import { wishesFor } from '../../tools/cli/src/office/registry-wishes.ts';
import { registryAddress } from '../../tools/cli/src/open-source.ts';
import { captured } from '../cli/fixtures.ts';
import { cutAt, real } from '../testkit/power-cut.ts';
import { editJson, type Json, smallRegistry, writeFiles } from '../testkit/registry-folder.ts';

const ID = 'lab.example';
const LOOK_AHEAD = '.github/workflows/look-ahead.yml';
const CHEAP = { logN: 14 };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugmark-office-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** As somebody has it who forked: publishers, plugins, another's maintainers, keys and mirrors. */
async function fork(at = 'fork'): Promise<string> {
  const { files } = await smallRegistry();
  editJson(files, 'registry.json', (value: Json) => ({
    ...value,
    url: 'https://small.example/',
    mirrors: [{ url: 'https://mirror.example/', serves: 'all' }],
    cosign: { mode: 'key', subject: 'somebody' },
  }));
  editJson(files, 'policy.json', (value: Json) => ({
    ...value,
    merge: {
      branch: 'main',
      maintainers: [{ github: 'mona', githubId: 1 }],
      watcher: { github: 'small-watcher', githubId: 7 },
      automatic: ['release'],
      auditSeed: 'small',
      fileBytes: 1000,
      intervalMinutes: 10,
    },
  }));
  files.set('trust/metadata/1.root.json', await upstreamRoot());
  files.set('trust/roles.json', new TextEncoder().encode('{}'));
  files.set('trust/README.md', new TextEncoder().encode('# Signed trust\n'));
  const path = join(folder, at);
  await writeFiles(join(path, 'registry'), files);
  await writeFiles(path, [
    [LOOK_AHEAD, new TextEncoder().encode('run: plugmark doctor --registry https://small.example/ --root x\n')],
  ]);
  return path;
}

let root: Uint8Array | undefined;
async function upstreamRoot(): Promise<Uint8Array> {
  if (root === undefined) {
    const at = join(folder, 'other');
    await init({ folder: at, id: 'other.example' });
    root = new Uint8Array(await readFile(join(at, 'registry/trust/metadata/1.root.json')));
    await rm(at, { recursive: true });
    await rm(`${at}-keys`, { recursive: true });
  }
  return root;
}

const options = (more: Partial<Parameters<typeof wishesFor>[2]> = {}) => ({
  id: ID,
  url: 'https://plugins.lab.example/',
  maintainer: [],
  input: false,
  ...more,
});

/** The function behind the command, with keys that cost less to seal. */
function init(plan: Partial<InitPlan> & { folder: string }, io: Io = captured(folder).io) {
  const id = plan.id ?? ID;
  return initRegistry(io, {
    named: 'fork',
    keys: `${plan.folder}-keys`,
    id,
    wishes: wishesFor(io, plan.folder, options({ id })),
    passphrase: async () => 'four words nobody guesses',
    cost: CHEAP,
    ...plan,
  });
}

async function run(...argv: string[]): Promise<{ exit: number; out: string; err: string }> {
  const { io, out, err } = captured(folder);
  const exit = await main(argv, io);
  return { exit, out: out(), err: err() };
}

describe('a fork', () => {
  test('keeps its hosts and rules, and nobody of the other registry', async () => {
    const at = await fork();
    await init({
      folder: at,
      wishes: wishesFor(captured(folder).io, at, options({ upstream: true, maintainer: ['ada=12'] })),
    });
    const files = await readFolder(join(at, 'registry'));
    const { registry, policy, publishers, plugins, hosts } = readRegistrySource(files);
    expect(registry).toMatchObject({
      id: ID,
      url: 'https://plugins.lab.example/',
      mirrors: [],
      cosign: { mode: 'key' },
    });
    expect(registry.cosign).toEqual({ mode: 'key' });
    expect(registry.upstreams).toEqual([
      {
        id: 'small.example',
        url: 'https://small.example/',
        root: { version: 1, sha256: sha256(await upstreamRoot()) },
        namespaces: [],
      },
    ]);
    expect(policy.merge).toMatchObject({ maintainers: [{ github: 'ada', githubId: 12 }], auditSeed: ID });
    expect(policy.merge).not.toHaveProperty('watcher');
    expect([publishers.size, plugins.size]).toEqual([0, 0]);
    expect([...hosts.keys()]).toContain('bench');
    expect(await readFile(join(at, LOOK_AHEAD), 'utf8')).toContain('--registry https://plugins.lab.example/ ');
    // The root it is trusted by lies beside, for whoever syncs; no key of the other registry holds anything here.
    const trusted = files.get('trust/upstreams/small.example.root.json');
    expect(sha256(trusted ?? new Uint8Array())).toBe(sha256(await upstreamRoot()));
    const own = await readFile(join(at, 'registry/trust/metadata/1.root.json'), 'utf8');
    const keyIds = Object.keys((JSON.parse(own) as { signed: { keys: object } }).signed.keys);
    const theirs = new TextDecoder().decode(await upstreamRoot());
    expect(keyIds.filter((keyId) => theirs.includes(keyId))).toEqual([]);
  });

  test('with --keep has its plugins and no verified publisher', async () => {
    const at = await fork();
    const wishes = wishesFor(captured(folder).io, at, options({ keep: true }));
    const made = await init({ folder: at, wishes });
    const { publishers, plugins } = readRegistrySource(await readFolder(join(at, 'registry')));
    expect(plugins.size).toBeGreaterThan(0);
    expect([...publishers.values()].filter(({ verified }) => verified !== undefined)).toEqual([]);
    expect(made.removed).toEqual({ publishers: 0, plugins: 0, releases: 0 });
  });

  test('that is not committed is left alone, and so is one whose id is asked for', async () => {
    const at = await fork();
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', at, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args]);
    git('init', '--quiet');
    git('add', '-A');
    git('commit', '--quiet', '-m', 'x');
    await writeFile(join(at, 'registry/policy.json'), `${await readFile(join(at, 'registry/policy.json'), 'utf8')}\n`);
    await expect(init({ folder: at })).rejects.toMatchObject({ code: 'FOLDER_DIRTY' });
    git('checkout', '--quiet', '.');
    await expect(init({ folder: at, id: 'small.example' })).rejects.toMatchObject({ code: 'REGISTRY_ID_TAKEN' });
    await expect(stat(`${at}-keys`)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(String(git('status', '--porcelain'))).toBe('');
    await init({ folder: at });
    await expect(init({ folder: at, keys: `${at}-more` })).rejects.toMatchObject({ code: 'FOLDER_DIRTY' });
  });
});

describe('interrupted', () => {
  /** What stands there, keys and times aside. */
  const seen = async (at: string): Promise<Record<string, string>> =>
    Object.fromEntries(
      [...(await readFolder(join(at, 'registry')))].map(([path, bytes]) => [
        path,
        path.startsWith('trust/metadata') || /cosign-keys|roles\.json|revocations/.test(path)
          ? 'signed'
          : sha256(bytes),
      ]),
    );
  const dropLocks = async (): Promise<void> => {
    for (const name of await real.readdir(folder, { recursive: true }))
      if (/\.(?:lock|ceremony)(?:\.|$)/.test(name)) await real.rm(join(folder, name), { force: true });
  };

  test('at any change to the disk, it is what it was, and running it again finishes it', async () => {
    const whole = await fork('whole');
    await init({ folder: whole });
    const [wanted, steps] = [await seen(whole), { before: 0, after: 0 }];
    // Every point up to the decision of what is written, then each tenth of the many that only move files.
    for (let at = 0; ; at += at < 40 ? 1 : 10) {
      const before = await fork();
      const former = await seen(before);
      const wasCut = await cutAt(at, () => init({ folder: before }));
      await dropLocks();
      if (!wasCut) break;
      const left = await seen(before);
      const isFormer = JSON.stringify(left) === JSON.stringify(former);
      steps[isFormer ? 'before' : 'after']++;
      const keysThen = await real.readFile(join(`${before}-keys`, 'online.pem'), 'utf8').catch(() => undefined);
      await init({ folder: before });
      expect([at, await seen(before)]).toEqual([at, wanted]);
      const keysNow = await real.readFile(join(`${before}-keys`, 'online.pem'), 'utf8');
      // Keys that were there once are those that were signed.
      expect([at, keysThen ?? keysNow]).toEqual([at, keysNow]);
      expect(await real.readFile(join(before, LOOK_AHEAD), 'utf8')).toContain('plugins.lab.example');
      expect([at, (await readdir(`${before}-keys`)).sort()]).toEqual([
        at,
        ['cosign.pem', 'online.pem', 'revocations.key.json', 'root.key.json', 'targets.key.json'],
      ]);
      expect((await readdir(before)).sort()).toEqual(['.github', 'registry']);
      await rm(before, { recursive: true });
      await rm(`${before}-keys`, { recursive: true });
    }
    expect(steps.before).toBeGreaterThan(10);
    expect(steps.after).toBeGreaterThan(3);
  }, 120_000);

  test('it goes on with the right passphrase only, and for the same id only', async () => {
    const at = await fork();
    // After the keys are in their place, before anything of the registry is.
    let cut = 0;
    const there = (): Promise<boolean> =>
      real.stat(join(`${at}-keys`, 'unfinished.json')).then(
        () => true,
        () => false,
      );
    while (!(await there())) {
      await cutAt(cut++, () => init({ folder: at }));
      await dropLocks();
    }
    await expect(init({ folder: at, passphrase: async () => 'another passphrase' })).rejects.toMatchObject({
      code: 'PASSPHRASE_WRONG',
    });
    await expect(init({ folder: at, id: 'else.example' })).rejects.toMatchObject({ code: 'FILE_EXISTS' });
    await init({ folder: at });
    expect(readRegistrySource(await readFolder(join(at, 'registry'))).registry.id).toBe(ID);
  });
});

test('an empty folder becomes a registry that builds, and that only its own root opens', async () => {
  const made = await run('registry', 'init', 'office', '--id', ID, '--no-input', '--json');
  expect([made.exit, made.err]).toEqual([0, '']);
  const result = parse(RegistryInitResult, JSON.parse(made.out), 'registry init');
  expect(result).toMatchObject({
    registry: ID,
    keys: { passphraseFile: 'passphrase.txt' },
    open: ['url', 'contact', 'repository'],
  });
  expect((await stat(join(folder, 'office-keys'))).mode & 0o077).toBe(0);
  for (const name of result.keys.files) expect((await stat(join(folder, 'office-keys', name))).mode & 0o077).toBe(0);
  const places = ['--registry', 'office/registry', '--trust', 'office/registry/trust', '--keys', 'office-keys'];
  const built = await run('registry', 'build', ...places, '--ledger', 'ledger', '--out', 'tree', '--json');
  expect([built.exit, built.err]).toEqual([0, '']);
  const address = await registryAddress(captured(folder).io, 'tree');
  const open = (bytes: Uint8Array) =>
    openRegistry({
      url: address.url,
      fetch: address.fetch,
      root: bytes,
      store: memoryStore(),
      now: captured('/').io.now,
    }).refresh();
  const own = new Uint8Array(await readFile(join(folder, 'office', result.root.path)));
  expect([sha256(own), (await open(own)).registry]).toEqual([result.root.sha256, ID]);
  await expect(open(await upstreamRoot())).rejects.toMatchObject({ name: 'ClientError' });
  // The offline keys are used with the passphrase that was made.
  const shown = await run(
    'root',
    'sign',
    '--registry',
    'office/registry',
    '--key',
    'office-keys/root.key.json',
    '--passphrase-file',
    'office-keys/passphrase.txt',
    '--yes',
    '--json',
  );
  expect(shown.exit, shown.err).toBe(0);
});

describe('refused before anything is made', () => {
  test.each([
    ['an id that is none', ['--id', 'Lab Example', '--no-input'], 2, 'USAGE'],
    ['the id of the registry this command belongs to', ['--id', 'plugmark', '--no-input'], 2, 'REGISTRY_ID_TAKEN'],
    ['nobody to ask, and nobody said so', ['--id', ID], 4, 'CONSENT_NEEDED'],
    ['keys inside', ['--id', ID, '--no-input', '--keys', 'office/keys'], 2, 'KEYS_INSIDE'],
    ['an address that is none', ['--id', ID, '--no-input', '--url', 'ftp://x/'], 2, 'USAGE'],
    ['a maintainer without a number', ['--id', ID, '--no-input', '--maintainer', 'ada'], 2, 'USAGE'],
    ['an upstream that signed nothing', ['--id', ID, '--no-input', '--upstream'], 2, 'ROOT_MISSING'],
    ['a root that is none', ['--id', ID, '--no-input', '--upstream', 'note.txt'], 1, 'JSON_MALFORMED'],
    ['a short passphrase', ['--id', ID, '--no-input', '--passphrase-file', 'note.txt'], 2, 'PASSPHRASE_SHORT'],
  ])('%s', async (_name, argv, exit, code) => {
    await writeFile(join(folder, 'note.txt'), 'short\n');
    const ended = await run('registry', 'init', 'office', ...argv);
    expect(ended.err).toContain(`[${code}]`);
    expect(ended.exit).toBe(exit);
    expect((await readdir(folder)).filter((name) => name !== 'note.txt' && name !== 'office')).toEqual([]);
    expect(await readdir(join(folder, 'office')).catch(() => [])).toEqual([]);
  });

  test('a folder with something else in it, a file, and a place nobody can write to', async () => {
    await writeFiles(join(folder, 'full'), [['thesis.tex', new Uint8Array()]]);
    await writeFile(join(folder, 'file'), '');
    for (const [named, code] of [
      ['full', 'FOLDER_NOT_EMPTY'],
      ['file', 'FOLDER_NOT_EMPTY'],
      ['/proc/office', 'IO'],
    ] as const) {
      const ended = await run('registry', 'init', named, '--id', ID, '--no-input', '--keys', 'keys');
      expect(ended.err).toContain(`[${code}]`);
    }
    expect((await readdir(folder)).sort()).toEqual(['file', 'full']);
  });

  test('keys that are there already', async () => {
    await writeFiles(join(folder, 'keys'), [['root.key.json', new Uint8Array()]]);
    const ended = await run('registry', 'init', 'office', '--id', ID, '--no-input', '--keys', 'keys');
    expect([ended.exit, ended.err]).toEqual([2, expect.stringContaining('[FILE_EXISTS]')]);
    expect(await readdir(join(folder, 'keys'))).toEqual(['root.key.json']);
    expect(await readdir(join(folder, 'office'))).toEqual([]);
  });
});
