// Taking trust away, from the status file to the host: yanked, deprecated, quarantined, revoked, and advisories. Each step is a real
// build; each client keeps its store from step to step.
import { memoryStore, type RegistryClient, type TrustStore } from '@plugmark/client';
import { jsonFile, sha256 } from '@plugmark/publish';
import type { Advisory } from '@plugmark/schemas';
import { beforeAll, describe, expect, test } from 'vitest';
import { advisoryNotes } from '../../tools/publish/src/advisory-notes.ts';
import { signRole, targetEntry } from '../../tools/publish/src/tuf/role.ts';
import {
  type Built,
  build,
  clientOf,
  codeOf,
  DAY,
  HOUR,
  jsonOf,
  later,
  NOW,
  releaseOf,
  rootOf,
} from '../testkit/office.ts';
import { editJson, OFFICE_KEYS, type SmallRegistry, signerOf, smallRegistry } from '../testkit/registry-folder.ts';
import { Attacker } from './attacker.ts';

const SINCE = '2026-06-01T12:00:00Z';
const WHY = 'It gives wrong results.';
const EVIDENCE = 'https://example.org/';
const YANKED = { state: 'yanked', since: SINCE, reasonCode: 'broken', reason: WHY };
const REVOKED = { state: 'revoked', since: SINCE, severity: 'high', reason: WHY, evidence: EVIDENCE };
const quarantined = (until: string) => ({ state: 'quarantined', since: SINCE, until, by: 'a maintainer', reason: WHY });

let first: Built;
let digest: string;
beforeAll(async () => {
  first = await build(await smallRegistry());
  digest = releaseOf(first, 'acme/thing', '1.1.0')?.release.artifact.sha256 ?? '';
});

async function withStatus(
  status: object,
  { now = later(HOUR), previous = first }: { now?: Date; previous?: Built } = {},
): Promise<Built> {
  const registry = await smallRegistry();
  setStatus(registry, status);
  return build(registry, { previous, now });
}

function setStatus({ files }: SmallRegistry, status: object): void {
  editJson(files, 'plugins/acme/thing/status.json', () => ({
    schemaVersion: 1,
    plugin: 'acme/thing',
    versions: { '1.1.0': status },
  }));
}

const clientAt = (
  { tree }: Pick<Built, 'tree'>,
  store: TrustStore = memoryStore(),
  now = later(HOUR),
): RegistryClient => clientOf((path) => tree.get(path), rootOf(first), { store, now });

/** A store in which 1.1.0 is installed. */
async function installed(): Promise<TrustStore> {
  const store = memoryStore();
  await clientAt(first, store).install('acme/thing');
  return store;
}

const locked = () => ({ locked: new Set([digest]) });

describe('yanked', () => {
  test('is not chosen anew, and whoever has it locked keeps it with a warning', async () => {
    const built = await withStatus(YANKED);
    const store = await installed();
    const client = clientAt(built, store);
    const { version, excluded } = await client.resolve('acme/thing');
    expect([version, excluded[0]]).toMatchObject(['1.0.0', { version: '1.1.0', code: 'yanked' }]);
    expect(await codeOf(() => client.install('acme/thing@1.1.0'))).toBe('NO_RELEASE');
    expect((await client.install('acme/thing@1.1.0', locked())).standing).toEqual({
      state: 'yanked',
      mayInstall: false,
      mayLoad: true,
      reason: `yanked since ${SINCE}: ${WHY}`,
    });
    expect(sha256(await client.load(digest))).toBe(digest);
  });

  test('a digest that is locked helps no other release', async () => {
    const client = clientAt(await withStatus(YANKED));
    expect(await codeOf(() => client.install('acme/thing@1.1.0', { locked: new Set(['0'.repeat(64)]) }))).toBe(
      'NO_RELEASE',
    );
  });
});

test('deprecated is chosen as before, and says what to take instead', async () => {
  const replacement = { plugin: 'indie/tool', version: '0.1.0' };
  const built = await withStatus({ state: 'deprecated', since: SINCE, reason: WHY, replacement });
  expect((await clientAt(built).install('acme/thing')).standing).toMatchObject({
    state: 'deprecated',
    mayInstall: true,
    replacement,
  });
});

describe('quarantined', () => {
  test('blocks new installs, warns those who have it, and lapses by itself', async () => {
    const built = await withStatus(quarantined('2026-06-08T12:00:00Z'));
    const client = clientAt(built, await installed());
    expect((await client.resolve('acme/thing')).version).toBe('1.0.0');
    expect((await client.install('acme/thing', locked())).standing).toMatchObject({
      state: 'quarantined',
      mayLoad: true,
    });
    expect(sha256(await client.load(digest))).toBe(digest);
    const fresh = await build(await registryWith(quarantined('2026-06-08T12:00:00Z')), {
      previous: built,
      now: later(7 * DAY),
    });
    expect((await clientAt(fresh, memoryStore(), later(7 * DAY)).resolve('acme/thing')).version).toBe('1.1.0');
  });

  test('a longer one is refused by the build, and held no longer by clients whatever a stolen key signs', async () => {
    expect(await codeOf(() => withStatus(quarantined('2026-06-08T12:00:01Z')))).toBe('STATUS_INVALID');
    expect(await codeOf(() => withStatus(quarantined('2026-06-01T12:00:00Z')))).toBe('STATUS_INVALID');
    for (const [status, at] of [
      [quarantined('2099-01-01T00:00:00Z'), later(7 * DAY)],
      [{ ...quarantined('2099-01-07T00:00:00Z'), since: '2099-01-01T00:00:00Z' }, NOW],
    ] as const) {
      const attacker = new Attacker(first);
      const document = attacker.document('acme/thing');
      const release = document.releases[0] as (typeof document.releases)[number];
      release.status = status as never;
      attacker.expires = `${later(72 * HOUR, at)
        .toISOString()
        .slice(0, 19)}Z`;
      attacker.list('plugins/acme/thing.json', document).sign();
      const client = clientOf((path) => attacker.tree.get(path), rootOf(first), { now: at });
      expect((await client.resolve('acme/thing')).version).toBe('1.1.0');
    }
  });
});

async function registryWith(status: object): Promise<SmallRegistry> {
  const registry = await smallRegistry();
  setStatus(registry, status);
  return registry;
}

describe('revoked', () => {
  test('is neither chosen nor loaded, locked or not, by a process that has seen it and by the next one', async () => {
    const built = await withStatus(REVOKED);
    const store = await installed();
    expect(sha256(await clientAt(first, store).load(digest))).toBe(digest);
    const client = clientAt(built, store);
    await client.refresh();
    expect(await codeOf(() => client.load(digest))).toBe('REVOKED');
    expect((await client.resolve('acme/thing')).version).toBe('1.0.0');
    expect(await codeOf(() => client.install('acme/thing', locked()))).toBe('REVOKED');
    // Without a network and without a refresh.
    const next = clientOf(() => undefined, rootOf(first), { store });
    expect(await codeOf(() => next.load(digest))).toBe('REVOKED');
    const other = releaseOf(first, 'acme/thing', '1.0.0')?.release.artifact.sha256 ?? '';
    expect(await codeOf(() => next.load(other))).toBe('NOT_INSTALLED');
  });

  test('the online key’s word alone keeps it from being chosen, and from nothing else', async () => {
    const attacker = new Attacker(first);
    const document = attacker.document('acme/thing');
    (document.releases[0] as (typeof document.releases)[number]).status = REVOKED as never;
    attacker.list('plugins/acme/thing.json', document).sign();
    const client = clientAt(attacker, await installed());
    expect((await client.resolve('acme/thing')).version).toBe('1.0.0');
    expect(sha256(await client.load(digest))).toBe(digest);
  });

  test('a list that has dropped it lifts nothing: the client remembers', async () => {
    const store = await installed();
    const revoked = await withStatus(REVOKED);
    await clientAt(revoked, store).refresh();
    // Signed by the real revocations key, as if its holder had been deceived.
    const forgetful = new Map(revoked.tree);
    const list = jsonFile({ ...jsonOf(revoked.offline.files, 'revocations.json'), revocations: [] });
    const attacker = new Attacker({ ...revoked, tree: forgetful });
    attacker.tree.set(`targets/${sha256(list)}.revocations.json`, list);
    const { signed } = jsonOf(forgetful, 'metadata/2.revocations.json');
    const role = { ...signed, version: 3, targets: { 'revocations.json': targetEntry(list) } };
    attacker.tree.set('metadata/3.revocations.json', signRole(role, [signerOf(OFFICE_KEYS.revocations)]));
    attacker.meta = { 'revocations.json': { version: 3 } };
    attacker.versions = { documents: 9, snapshot: 9, timestamp: 9 };
    const client = clientAt(attacker.sign(), store);
    await client.refresh();
    expect(await codeOf(() => client.load(digest))).toBe('REVOKED');
    // Who never saw it revoked has nothing to remember.
    const newcomer = clientAt(attacker);
    await newcomer.refresh();
    expect(await codeOf(() => newcomer.load(digest))).toBe('NOT_INSTALLED');
  });

  test('lifted by the holders it loads again, and stays so when the entry is dropped later', async () => {
    const store = await installed();
    const revoked = await withStatus(REVOKED);
    await clientAt(revoked, store).refresh();
    const lift = [{ plugin: 'acme/thing', version: '1.1.0', reason: 'A mistake.' }];
    const lifted = await build(await smallRegistry(), { previous: revoked, now: later(2 * HOUR), lift });
    const client = clientAt(lifted, store, later(2 * HOUR));
    await client.refresh();
    expect(sha256(await client.load(digest))).toBe(digest);
    expect((await client.resolve('acme/thing')).version).toBe('1.1.0');
  });

  test('a memory that was damaged is made anew from what is signed now', async () => {
    const store = await installed();
    const revoked = await withStatus(REVOKED);
    await clientAt(revoked, store).refresh();
    await store.put('trust/revocations-seen', new TextEncoder().encode('{'));
    const client = clientAt(revoked, store);
    await client.refresh();
    expect(await codeOf(() => client.load(digest))).toBe('REVOKED');
  });
});

describe('advisories', () => {
  const advisory = (affected: Partial<Advisory['affected'][number]>, more: Partial<Advisory> = {}): Advisory => ({
    schema_version: '1.7.0',
    id: 'x_SMALL-2026-0001',
    modified: SINCE,
    published: SINCE,
    summary: 'Reads past the end.',
    details: 'It does.',
    affected: [{ ranges: [], versions: [], database_specific: { plugin: 'acme/thing', sha256: [] }, ...affected }],
    references: [{ type: 'ADVISORY', url: EVIDENCE }],
    ...more,
  });
  const about = (value: Advisory): string[] =>
    advisoryNotes(
      'acme/thing',
      [...(first.documents.find(({ plugin }) => plugin === 'acme/thing')?.releases ?? [])].map(
        ({ release }) => release,
      ),
      [value],
    ).flatMap(({ versions }) => versions);
  const range = (...events: Advisory['affected'][number]['ranges'][number]['events']) => ({
    ranges: [{ type: 'SEMVER' as const, events }],
  });

  test.each<[string, Partial<Advisory['affected'][number]>, string[]]>([
    ['a listed version', { versions: ['1.0.0'] }, ['1.0.0']],
    ['a version nobody released', { versions: ['7.0.0'] }, []],
    ['from the beginning until fixed', range({ introduced: '0' }, { fixed: '1.1.0' }), ['1.0.0']],
    ['from a version on', range({ introduced: '1.1.0' }), ['1.1.0']],
    ['up to and with the last', range({ introduced: '0' }, { last_affected: '1.0.0' }), ['1.0.0']],
    ['events in any order', range({ fixed: '1.1.0' }, { introduced: '0' }), ['1.0.0']],
    [
      'introduced again after a fix',
      range({ introduced: '0' }, { fixed: '1.0.0' }, { introduced: '1.1.0' }),
      ['1.1.0'],
    ],
    ['another plugin', { versions: ['1.0.0'], database_specific: { plugin: 'indie/tool', sha256: [] } }, []],
  ])('%s', (_, affected, versions) => {
    expect(about(advisory(affected))).toEqual(versions);
  });

  test('by digest, whatever the version says; withdrawn ones are gone', () => {
    const byDigest = { database_specific: { plugin: 'acme/thing', sha256: [digest] } };
    expect(about(advisory(byDigest))).toEqual(['1.1.0']);
    expect(about(advisory(byDigest, { withdrawn: SINCE }))).toEqual([]);
  });

  test('reach the tree, the signed document and the client', async () => {
    const registry = await smallRegistry();
    registry.files.set('advisories/x_SMALL-2026-0001.json', jsonFile(advisory({ versions: ['1.0.0'] })));
    const built = await build(registry, { previous: first, now: later(HOUR) });
    expect(jsonOf(built.tree, 'v1/advisories/x_SMALL-2026-0001.json').summary).toBe('Reads past the end.');
    expect((await clientAt(built).document('acme/thing')).advisories).toEqual([
      { id: 'x_SMALL-2026-0001', summary: 'Reads past the end.', modified: SINCE, url: EVIDENCE, versions: ['1.0.0'] },
    ]);
    expect((await clientAt(built).document('indie/tool')).advisories).toBeUndefined();
  });
});
