// Whatever else is said about a pull request, some things are never merged; and addresses of private networks, in any spelling.
import { isPrivateAddress, isPrivateHost } from '@plugmark/analysis';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type MergeCase, runCase } from './merge/merge-case.ts';
import { PEOPLE } from './merge/merge-world.ts';

const VERSION = 'registry/plugins/acme/thing/1.2.0/';
const mallory = PEOPLE.mallory;
const at = '2026-11-01T09:30:00Z';

/** Each alone keeps it from being merged. */
const HOSTILE: readonly Partial<MergeCase>[] = [
  { author: 'mallory' },
  { author: 'mallory', login: 'alice' },
  { entries: { [`${VERSION}release.json`]: { mode: '120000' } } },
  { entries: { [`${VERSION}sources.json`]: { mode: '160000' } } },
  { entries: { '.github/workflows/ci.yml': { change: 'modified', size: 1 } } },
  { entries: { 'registry/policy.json': { change: 'modified', size: 1 } } },
  { head: { 'plugins/acme/thing/1.0.0/release.json': null } },
  { head: { 'publishers/acme.json': { with: { owners: [{ github: 'mallory', githubId: mallory.id }] } } } },
  { pull: { base: { repositoryId: 1, branch: 'main', sha: 'b'.repeat(40) } } },
  { review: { head: '9'.repeat(40) } },
  { review: 'other' },
  { release: { key: 'indie' } },
  { flood: 300 },
];

/** None of it makes anything happen. */
const PROMISES: readonly NonNullable<MergeCase['pull']>[] = [
  { labels: ['approved', 'auto-merge', 'release'] },
  { comments: [{ by: mallory, body: '/release', at }] },
  { comments: [{ by: PEOPLE.mona, body: '/release', at }] },
  { reviews: [{ by: mallory, state: 'approved', commit: 'a'.repeat(40), at }] },
  { head: { repositoryId: 1, sha: 'a'.repeat(40), seenAt: '2020-01-01T00:00:00Z' } },
];

test('what is hostile stays out, whoever promises what', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...HOSTILE),
      fc.constantFrom(...HOSTILE),
      fc.subarray([...PROMISES]),
      async (one, other, promises) => {
        const pull = Object.assign({}, ...promises, one.pull, other.pull) as MergeCase['pull'];
        const entries = { ...one.entries, ...other.entries };
        const { decision } = await runCase({ honest: 'release', ...one, ...other, entries, ...(pull ? { pull } : {}) });
        expect(decision.answer).not.toBe('merge');
        expect(decision.outcome).not.toBe('pass');
      },
    ),
    { numRuns: 25 },
  );
});

test('a maintainer approves neither another head nor what is refused', async () => {
  const approval = { by: PEOPLE.mona, state: 'approved', commit: 'a'.repeat(40), at } as const;
  for (const one of HOSTILE) {
    const pull = { ...one.pull, reviews: [approval] };
    const { decision } = await runCase({ honest: 'release', ...one, pull });
    expect(decision.answer, JSON.stringify(one)).not.toBe('merge');
  }
});

const PRIVATE = [
  ...['127.0.0.1', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '100.64.0.1'],
  ...['0.0.0.0', '255.255.255.255', '224.0.0.1', '198.18.0.1', '::', '::1', 'fe80::1', 'fe80::1%eth0', 'fc00::1'],
  ...[
    'fd12:3456::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::10.0.0.1',
    '2001:db8::1',
    '2002:7f00:1::',
  ],
  ...['2001::1', '3fff::1', 'not an address', '1:2:3', '1::2::3', '::ffff:8.8.8.8:1'],
];
const PUBLIC = [
  '8.8.8.8',
  '172.32.0.1',
  '100.128.0.1',
  '192.0.1.1',
  '2606:4700::1111',
  '2a00:1450::1',
  '::ffff:8.8.8.8',
];

test('addresses of private networks, and public ones beside them', () => {
  expect(PRIVATE.filter((address) => !isPrivateAddress(address))).toEqual([]);
  expect(PUBLIC.filter(isPrivateAddress)).toEqual([]);
});

test('every spelling of a private host that a URL can have', () => {
  const hosts = [
    '127.1',
    '0x7f000001',
    '017700000001',
    '2130706433',
    '[::1]',
    '[::ffff:10.0.0.1]',
    'LOCALHOST',
    'a.local.',
  ];
  expect(hosts.map((host) => isPrivateHost(new URL(`https://${host}/`).hostname))).toEqual(hosts.map(() => true));
  expect(isPrivateHost(new URL('https://10.0.0.1.example.org/').hostname)).toBe(false);
});

test('an IPv4 address inside an IPv6 one is judged like itself', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => isPrivateAddress(`::ffff:${address}`) === isPrivateAddress(address)),
    { numRuns: 300 },
  );
});
