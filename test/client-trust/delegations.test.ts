// The walk through delegations: order, termination, cycles, limits, path patterns, hash prefixes and succinct roles.
import { matchesPath, refreshMetadata } from '@plugmark/client/trust';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryTrustStore } from '../testkit/memory-trust-store.ts';
import { ed25519Key } from '../testkit/test-keys.ts';
import { hash, NOW, TufRepository } from '../testkit/tuf-repository.ts';

const ALL = ['*'];

/** Role names asked for, in order, and the role that was found to list `path`. */
async function walk(repository: TufRepository, path: string) {
  repository.publish();
  const { firstRoot: root, fetchFile } = repository;
  const client = await refreshMetadata({ root, fetchFile, store: new MemoryTrustStore(), now: NOW });
  repository.requests.length = 0;
  const found = await client.target(path);
  return {
    visited: repository.requests.map((request) => decodeURIComponent(request.split('.')[1] ?? '')),
    role: found?.role,
  };
}

/** Each edge is `parent>child` or, when terminating, `parent!child`. */
function graph(...edges: string[]): TufRepository {
  const repository = new TufRepository();
  for (const edge of edges) {
    const [parent = '', name = ''] = edge.split(/[>!]/);
    repository.delegate({ name, parent, paths: ALL, terminating: edge.includes('!') });
  }
  return repository;
}

const WALKS: readonly [string, string[], string[]][] = [
  ['siblings in order', ['targets>a', 'targets>b'], ['a', 'b']],
  ['depth before breadth', ['targets>a', 'targets>b', 'a>c'], ['a', 'c', 'b']],
  [
    'nothing after a terminating role but its descendants',
    ['targets>a', 'targets!b', 'targets>c', 'b>d'],
    ['a', 'b', 'd'],
  ],
  ['a terminating role below ends the walk above', ['targets>a', 'targets>b', 'a!c'], ['a', 'c']],
  ['a cycle is walked once', ['targets>a', 'a>b', 'b>a'], ['a', 'b']],
];

for (const [name, edges, visited] of WALKS) {
  test(name, async () => {
    expect(await walk(graph(...edges), 'x')).toEqual({ visited, role: undefined });
  });
}

test('the first role that lists the path wins', async () => {
  const repository = graph('targets>a', 'targets>b');
  repository.addTarget('x', 'of b', 'b');
  expect((await walk(repository, 'x')).role).toBe('b');
  repository.addTarget('x', 'of a', 'a');
  expect((await walk(repository, 'x')).role).toBe('a');
});

test('a role lists what it likes, but is asked only about paths delegated to it', async () => {
  const repository = new TufRepository();
  repository.delegate({ name: 'a', paths: ['mine/*'] });
  repository.addTarget('yours/x', 'content', 'a');
  expect(await walk(repository, 'yours/x')).toEqual({ visited: [], role: undefined });
});

test('a chain of 33 roles ends the search', async () => {
  const names = Array.from({ length: 33 }, (_, i) => `r${i}`);
  const repository = graph(...names.map((name, i) => `${names[i - 1] ?? 'targets'}>${name}`));
  repository.addTarget('deep', 'content', 'r31');
  repository.addTarget('deeper', 'content', 'r32');
  expect((await walk(repository, 'deep')).role).toBe('r31');
  expect((await walk(repository, 'deeper')).role).toBeUndefined();
});

test('a role is verified with the keys of the one who delegates to it', async () => {
  const repository = new TufRepository();
  repository.delegate({ name: 'a', paths: ALL });
  repository.delegate({ name: 'b', paths: ALL });
  repository.delegate({ name: 'shared', parent: 'a', paths: ['other'], keys: [ed25519Key('shared')] });
  repository.delegate({ name: 'shared', parent: 'b', paths: ['x'], keys: [ed25519Key('not shared')] });
  repository.signers.set('shared', [ed25519Key('shared')]);
  repository.addTarget('other', 'content', 'shared');
  expect((await walk(repository, 'other')).role).toBe('shared');
  await expect(walk(repository, 'x')).rejects.toMatchObject({ code: 'METADATA_SIGNATURE' });
});

for (const name of ['?', '#', '/slashed', '../climbing', '%2e', '__proto__', 'constructor', 'Timestamp', 'é']) {
  test(`a role may be named ${name}`, async () => {
    const repository = new TufRepository();
    repository.delegate({ name, paths: ALL });
    repository.addTarget('x', 'content', name);
    expect((await walk(repository, 'x')).role).toBe(name);
  });
}

test('hash prefixes choose one of sixteen roles', async () => {
  const repository = new TufRepository();
  const prefixOf = (path: string) => hash('sha256', new TextEncoder().encode(path)).slice(0, 1);
  for (const digit of '0123456789abcdef') repository.delegate({ name: `bin-${digit}`, path_hash_prefixes: [digit] });
  const paths = Array.from({ length: 20 }, (_, i) => `plugins/p/${i}.json`);
  for (const path of paths) repository.addTarget(path, path, `bin-${prefixOf(path)}`);
  for (const path of paths) {
    expect(await walk(repository, path)).toEqual({ visited: [`bin-${prefixOf(path)}`], role: `bin-${prefixOf(path)}` });
  }
});

test.each([1, 4, 5, 8, 32])('succinct roles of %i bits', async (bits) => {
  const repository = new TufRepository();
  const path = 'plugins/acme/fft.json';
  const digest = Buffer.from(hash('sha256', new TextEncoder().encode(path)), 'hex');
  const bin = (digest.readUInt32BE() >>> (32 - bits)).toString(16).padStart(Math.ceil(bits / 4), '0');
  const key = ed25519Key('bins');
  repository.targets.delegations = {
    keys: { [key.keyId]: key.tuf },
    succinct_roles: { keyids: [key.keyId], threshold: 1, bit_length: bits, name_prefix: 'bins' },
  };
  repository.addRole(`bins-${bin}`, [key]);
  repository.addTarget(path, 'content', `bins-${bin}`);
  expect((await walk(repository, path)).role).toBe(`bins-${bin}`);
});

const PATTERNS: readonly [string, string, boolean][] = [
  ['*', 'a', true],
  ['*', '', true],
  ['*', 'a/b', false],
  ['*/*', 'a/b', true],
  ['a/*.json', 'a/b.json', true],
  ['a/*.json', 'a/b.jsonx', false],
  ['a?c', 'abc', true],
  ['a?c', 'a/c', false],
  ['a*b*c', 'aXbXbXc', true],
  ['A', 'a', false],
  ['[ab]', 'a', false],
  ['.*', '.x', true],
];

test.each(PATTERNS)('pattern %s, path %s: %s', (pattern, path, expected) => {
  expect(matchesPath(pattern, path)).toBe(expected);
});

test('path patterns agree with a regular expression', () => {
  const word = fc.array(fc.constantFrom('a', 'b', '/', '*', '?', '.'), { maxLength: 8 }).map((parts) => parts.join(''));
  const path = fc.array(fc.constantFrom('a', 'b', '/', '.'), { maxLength: 8 }).map((parts) => parts.join(''));
  const asRegExp = (pattern: string) =>
    new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]*').replaceAll('?', '[^/]')}$`);
  fc.assert(
    fc.property(word, path, (p, t) => matchesPath(p, t) === asRegExp(p).test(t)),
    { seed: 1, numRuns: 3000 },
  );
});

test('a pattern made to be slow is not', () => {
  expect(matchesPath(`${'*a'.repeat(2000)}b`, 'a'.repeat(20_000))).toBe(false);
});
