// A registry of one's own: what it carries over and what not, and what is left when it is interrupted anywhere.
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore, openRegistry } from '@plugmark/client';
import { readFolder, readRegistrySource, sha256 } from '@plugmark/publish';
import { parse, RegistryInitResult } from '@plugmark/schemas';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { main } from '../../tools/cli/src/main.ts';
import { makeOfficeKeys } from '../../tools/cli/src/office/office-keys.ts';
import { wishesFor } from '../../tools/cli/src/office/registry-wishes.ts';
import { registryAddress } from '../../tools/cli/src/open-source.ts';
import { captured } from '../cli/fixtures.ts';
import { writeFiles } from '../testkit/registry-folder.ts';
import { ID, initFork, interruptedAt, LOOK_AHEAD, makeFork, seenIn, wishOptions } from './forks.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugmark-office-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

let root: Uint8Array;
beforeAll(async () => {
  const other = await mkdtemp(join(tmpdir(), 'plugmark-office-'));
  await initFork({ folder: join(other, 'other'), id: 'other.example' });
  root = new Uint8Array(await readFile(join(other, 'other/registry/trust/metadata/1.root.json')));
  await rm(other, { recursive: true });
});

async function fork(at = 'fork'): Promise<string> {
  const path = join(folder, at);
  await makeFork(path, root);
  return path;
}

async function run(...argv: string[]): Promise<{ exit: number; out: string; err: string }> {
  const { io, out, err } = captured(folder);
  const exit = await main(argv, io);
  return { exit, out: out(), err: err() };
}

describe('a fork', () => {
  test('keeps its hosts and rules, and nobody of the other registry', async () => {
    const at = await fork();
    await initFork({
      folder: at,
      wishes: wishesFor(captured(folder).io, at, wishOptions({ upstream: true, maintainer: ['ada=12'] })),
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
        root: { version: 1, sha256: sha256(root) },
        namespaces: [],
      },
    ]);
    expect(policy.merge).toMatchObject({ maintainers: [{ github: 'ada', githubId: 12 }], auditSeed: ID });
    expect(policy.merge).not.toHaveProperty('watcher');
    expect([publishers.size, plugins.size]).toEqual([0, 0]);
    expect([...hosts.keys()]).toContain('bench');
    expect(await readFile(join(at, LOOK_AHEAD), 'utf8')).toContain('--registry https://plugins.lab.example/ ');
    // The root it is trusted by lies beside, for whoever syncs; no key of the other registry holds anything here.
    const trusted = files.get('upstreams/small.example.root.json');
    expect(sha256(trusted ?? new Uint8Array())).toBe(sha256(root));
    const own = await readFile(join(at, 'registry/trust/metadata/1.root.json'), 'utf8');
    const keyIds = Object.keys((JSON.parse(own) as { signed: { keys: object } }).signed.keys);
    const theirs = new TextDecoder().decode(root);
    expect(keyIds.filter((keyId) => theirs.includes(keyId))).toEqual([]);
  });

  test('with --keep has its plugins and no verified publisher', async () => {
    const at = await fork();
    const wishes = wishesFor(captured(folder).io, at, wishOptions({ keep: true }));
    const made = await initFork({ folder: at, wishes });
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
    await expect(initFork({ folder: at })).rejects.toMatchObject({ code: 'FOLDER_DIRTY' });
    git('checkout', '--quiet', '.');
    await expect(initFork({ folder: at, id: 'small.example' })).rejects.toMatchObject({ code: 'REGISTRY_ID_TAKEN' });
    await expect(stat(`${at}-keys`)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(String(git('status', '--porcelain'))).toBe('');
    await initFork({ folder: at });
    // Done, and nothing of it committed: not what keeps it from being done again.
    await expect(initFork({ folder: at, keys: `${at}-more` })).rejects.toMatchObject({ code: 'REGISTRY_ID_TAKEN' });
  });
});

test('a person is asked what nothing says, with what there is suggested', async () => {
  const at = await fork();
  await writeFiles(join(at, '.git'), [
    ['config', new TextEncoder().encode('[remote "origin"]\n\turl = git@github.com:Lab/plugins.git\n')],
  ]);
  const asked: string[] = [];
  const ask = async (question: string): Promise<string> => {
    asked.push(question);
    return question.startsWith('What') ? 'The lab' : '';
  };
  const { url: _, ...rest } = wishOptions({ input: true });
  const wishes = await wishesFor(
    { ...captured(folder).io, ask },
    at,
    rest,
  )({
    files: new Map(),
    id: 'small.example',
    url: 'https://small.example/',
    repository: 'https://github.com/small/registry',
  });
  expect(asked).toEqual([
    'Where will it be served? [https://lab.github.io/plugins/] ',
    'What do people call it? [lab.example] ',
    'Whom do people write to? [https://github.com/Lab/plugins/issues] ',
  ]);
  expect(wishes).toMatchObject({
    title: 'The lab',
    url: 'https://lab.github.io/plugins/',
    repository: 'https://github.com/Lab/plugins',
  });
  // A clone of the other registry is not this one's repository.
  const clone = await wishesFor(
    captured(folder).io,
    at,
    rest,
  )({
    files: new Map(),
    id: 'small.example',
    url: 'https://small.example/',
    repository: 'https://github.com/Lab/plugins.git',
  });
  expect(clone).toMatchObject({ repository: undefined, url: 'https://lab.example.invalid/', contact: 'nobody yet' });
});

describe('interrupted', () => {
  test('it is what it was, and running it again finishes it', async () => {
    const whole = await fork('whole');
    await initFork({ folder: whole });
    const wanted = await seenIn(whole);
    const left = [];
    for (const at of [15, 60]) left.push(await interruptedAt(at, { folder, root, wanted }));
    // registry-init.slow.test.ts tries every point.
    expect([...new Set(left)]).toEqual(['former', 'decided']);
  });

  test('it goes on with the right passphrase only, and for the same id only', async () => {
    const at = await fork();
    // What a kill leaves after the keys are in their place, before anything of the registry is.
    const note = { schemaVersion: 1 as const, id: ID, from: { id: 'small.example', url: 'https://small.example/' } };
    await makeOfficeKeys(`${at}-keys`, { note, passphrase: 'four words nobody guesses', cost: { logN: 14 } });
    const key = await readFile(join(`${at}-keys`, 'online.pem'), 'utf8');
    await expect(initFork({ folder: at, passphrase: async () => 'another passphrase' })).rejects.toMatchObject({
      code: 'PASSPHRASE_WRONG',
    });
    await expect(initFork({ folder: at, id: 'else.example' })).rejects.toMatchObject({ code: 'FILE_EXISTS' });
    await initFork({ folder: at });
    expect(readRegistrySource(await readFolder(join(at, 'registry'))).registry.id).toBe(ID);
    expect(await readFile(join(`${at}-keys`, 'online.pem'), 'utf8')).toBe(key);
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
  await expect(open(root)).rejects.toMatchObject({ name: 'ClientError' });
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
      // Nobody may, not even root.
      ['/sys/kernel/office', 'IO'],
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
