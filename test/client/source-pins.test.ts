// What was pinned stays what it was: repositories made again, tags that move, edited lockfiles, newer releases, grants, power cuts.
import { type ConsentQuestion, encodeLockfile, memoryStore, parseSource } from '@plugmark/client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { codeOf, HOUR, later } from '../testkit/office.ts';
import { copyOf } from './managed-host.ts';
import {
  bytesOf,
  closeSources,
  forgetRequests,
  github,
  host,
  openSources,
  refusalOf,
  release,
  repository,
  SHARED,
} from './source-host.ts';

beforeAll(openSources, 60_000);
afterAll(closeSources);
beforeEach(forgetRequests);

describe('what was pinned', () => {
  test('a repository that was deleted and made again by somebody else is another one', async () => {
    const made = await repository('given-up');
    const store = memoryStore();
    await host({ store }).installFrom(parseSource('github:octo/given-up'));
    made.gone = true;
    const again = await repository('given-up', { version: '9.0.0' }, 'v9.0.0');
    const details = { repository: 'octo/given-up', expected: String(made.id), actual: String(again.id) };
    for (const act of [
      () => host({ store }).installFrom(parseSource('github:octo/given-up')),
      () => host({ store }).installFrom(parseSource('github:octo/given-up@v9.0.0')),
    ])
      expect(await refusalOf(act())).toMatchObject({ code: 'SOURCE_REPLACED', details });
    expect(await host({ store }).update()).toMatchObject([{ state: 'refused', code: 'SOURCE_REPLACED' }]);
    expect(await host({ store }).outdated()).toMatchObject([{ code: 'SOURCE_REPLACED' }]);
    expect((await host({ store }).load('octo/lamp')).version).toBe('1.0.0');
  });

  test('a tag that was moved to other bytes is refused, by whoever looks', async () => {
    const made = await repository('moved', { number: 3 });
    const store = memoryStore();
    await host({ store }).installFrom(parseSource('github:octo/moved@v1.0.0'));
    await release(made, { number: 4 }, 'v1.0.0');
    expect(await codeOf(() => host({ store }).installFrom(parseSource('github:octo/moved@v1.0.0')))).toBe(
      'SOURCE_MOVED',
    );
    expect(await host({ store }).update()).toMatchObject([{ state: 'refused', code: 'SOURCE_MOVED' }]);
    // What is installed goes on working; on a computer that has only the lockfile, nothing else is taken for it.
    expect((await host({ store }).load('octo/lamp')).version).toBe('1.0.0');
    const empty = memoryStore();
    await empty.put('hosts/ddalab/plugmark.lock', (await store.get('hosts/ddalab/plugmark.lock')) as Uint8Array);
    expect(await codeOf(() => host({ store: empty }).restore())).toBe('SOURCE_MOVED');
  });

  test('a manifest that was exchanged under the same bytes as well', async () => {
    const made = await repository('rewritten', { number: 5 });
    const store = memoryStore();
    await host({ store }).installFrom(parseSource('github:octo/rewritten'));
    await release(made, { number: 5, more: 'description: It shines brighter\n' }, 'v1.0.0');
    const empty = memoryStore();
    await empty.put('hosts/ddalab/plugmark.lock', (await store.get('hosts/ddalab/plugmark.lock')) as Uint8Array);
    expect(await refusalOf(host({ store: empty }).restore())).toMatchObject({
      code: 'SOURCE_MOVED',
      details: { what: 'manifestSha256' },
    });
  });

  test('a lockfile alone brings the very same on another computer, once somebody agrees', async () => {
    await repository('elsewhere');
    const store = memoryStore();
    await host({ store }).installFrom(parseSource('github:octo/elsewhere'));
    const empty = memoryStore();
    await empty.put('hosts/ddalab/plugmark.lock', (await store.get('hosts/ddalab/plugmark.lock')) as Uint8Array);
    expect(await codeOf(() => host({ store: empty, says: 'nobody' }).restore())).toBe('CONSENT_REQUIRED');
    expect(await host({ store: empty }).restore()).toMatchObject([{ plugin: 'octo/lamp', state: 'fetched' }]);
    const requests = github.requests.length;
    expect(await host({ store: empty }).restore({ frozen: true })).toMatchObject([{ state: 'proved' }]);
    expect(github.requests).toHaveLength(requests);
  });

  test.each([
    ['version', { version: '2.0.0' }],
    ['capabilityHash', { capabilityHash: '0'.repeat(64) }],
    ['tier', { tier: 'verified' }],
    ['kind', { kind: 'component' }],
  ] as const)('an edited lockfile is refused: %s', async (what, change) => {
    const store = memoryStore();
    await host({ store }).installFrom(SHARED);
    const lockfile = await host({ store }).lockfile();
    const [entry] = lockfile.plugins;
    await store.put(
      'hosts/ddalab/plugmark.lock',
      encodeLockfile({ ...lockfile, plugins: [{ ...entry, ...change } as never] }),
    );
    for (const act of [() => host({ store }).load('octo/lamp'), () => host({ store }).restore({ frozen: true })])
      expect(await refusalOf(act())).toMatchObject({ code: 'LOCKFILE_MISMATCH', details: { what } });
  });

  test('damaged bytes are fetched again from where they came, and only those bytes', async () => {
    const made = await repository('healed', { number: 6 });
    const store = memoryStore();
    const { sha256 } = await host({ store }).installFrom(parseSource('github:octo/healed'));
    await store.put(`blobs/sha256/${sha256}`, bytesOf('damaged'));
    expect((await host({ store }).load('octo/lamp')).sha256).toBe(sha256);
    await store.put(`blobs/sha256/${sha256}`, bytesOf('damaged'));
    await release(made, { number: 7 }, 'v1.0.0');
    expect(await codeOf(() => host({ store }).load('octo/lamp'))).toBe('ARTIFACT_DIGEST');
    expect(await host({ store }).audit()).toMatchObject({
      findings: expect.arrayContaining([expect.objectContaining({ kind: 'damaged' })]),
    });
  });
});

describe('updates', () => {
  test('look for a newer release and ask no registry; wider ones wait, unhealthy ones go back', async () => {
    const made = await repository('growing', { number: 10 });
    const store = memoryStore();
    await host({ store }).installFrom(parseSource('github:octo/growing'));
    expect(await host({ store }).outdated()).toEqual([]);
    expect(await host({ store }).update()).toMatchObject([{ state: 'current' }]);
    await release(made, { version: '1.1.0', number: 11 }, 'v1.1.0');
    expect(await host({ store }).outdated()).toMatchObject([
      { installed: '1.0.0', latest: '1.1.0', difference: { widened: [] } },
    ]);
    expect(await host({ store, says: 'nobody' }).update('octo/lamp')).toMatchObject([
      { state: 'updated', to: '1.1.0' },
    ]);
    await release(made, { version: '1.2.0', number: 12, capabilities: ['network'] }, 'v1.2.0');
    expect(await host({ store, says: 'nobody' }).update()).toMatchObject([
      { state: 'held', to: '1.2.0', difference: { widened: [{ id: 'network', change: 'new' }] } },
    ]);
    expect(await host({ store }).update('octo/lamp', { health: async () => false })).toMatchObject([
      { state: 'rolledBack' },
    ]);
    expect((await host({ store }).list())[0]?.version).toBe('1.1.0');
    expect(await host({ store }).update()).toMatchObject([{ state: 'current', excluded: [{ code: 'failed' }] }]);
    await release(made, { version: '1.0.5', number: 13 }, 'v1.0.5');
    expect(await host({ store }).update()).toMatchObject([
      { state: 'current', excluded: [{ version: '1.0.5', code: 'lower' }] },
    ]);
    expect((await host({ store }).rollback('octo/lamp')).version).toBe('1.0.0');
    expect((await host({ store }).load('octo/lamp')).version).toBe('1.0.0');
  });

  test('drafts and prereleases are nobody’s latest; a tag that was asked for stays', async () => {
    const made = await repository('drafts', { number: 20 });
    await release(made, { version: '2.0.0-rc.1', number: 21 }, 'v2.0.0-rc.1');
    Object.assign(made, { prereleases: new Set(['v2.0.0-rc.1']), drafts: new Set(['v3.0.0']) });
    await release(made, { version: '3.0.0', number: 22 }, 'v3.0.0');
    expect((await host().installFrom(parseSource('github:octo/drafts'))).version).toBe('1.0.0');
    const store = memoryStore();
    await host({ store }).installFrom(parseSource('github:octo/drafts@v2.0.0-rc.1'));
    expect(await host({ store }).update()).toMatchObject([{ state: 'current', to: '2.0.0-rc.1' }]);
    expect(await codeOf(() => host().installFrom(parseSource('github:octo/drafts@v3.0.0')))).toBe('SOURCE_MISSING');
  });

  test('a renamed repository is the same one', async () => {
    const made = await repository('old-name', { number: 25 });
    const store = memoryStore();
    await host({ store }).installFrom(parseSource('github:octo/old-name'));
    Object.assign(made, { name: 'new-name', formerNames: ['octo/old-name'] });
    await release(made, { version: '1.1.0', number: 26 }, 'v1.1.0');
    expect(await host({ store }).update()).toMatchObject([{ state: 'updated', to: '1.1.0' }]);
    expect((await host({ store }).list())[0]?.source).toMatchObject({ repository: 'octo/new-name' });
  });

  test('a repository that changed hands is asked about again, though its number is the same', async () => {
    const made = await repository('sold', { number: 27 });
    const store = memoryStore();
    await host({ store }).installFrom(parseSource('github:octo/sold'));
    await release(made, { version: '1.1.0', number: 28 }, 'v1.1.0');
    Object.assign(made, { owner: github.user('mallory', 7666), formerNames: ['octo/sold'] });
    expect(await host({ store, says: 'nobody' }).update()).toMatchObject([
      { state: 'held', code: 'CONSENT_REQUIRED', details: { rules: ['signature (notSigned, mallory)'] } },
    ]);
    const asked: ConsentQuestion[] = [];
    expect(await host({ store, asked }).update()).toMatchObject([{ state: 'updated' }]);
    expect(asked[0]?.publisher.title).toBe('mallory/sold');
  });

  test('an audit says what nobody can know', async () => {
    const store = memoryStore();
    await host({ store }).installFrom(SHARED);
    expect(await host({ store }).audit()).toMatchObject({
      against: 'nothing',
      findings: [
        {
          kind: 'unwatched',
          severity: 'warning',
          reason: 'from github:octo/shared@v1.0.0: no registry revokes it, and nobody writes advisories about it here',
        },
      ],
    });
  });
});

describe('grants', () => {
  let serial = 0;
  const installed = async () => {
    const store = memoryStore();
    const { name } = await repository(`grants-${serial++}`, { capabilities: ['network', 'read:channel_data'] });
    await host({ store }).installFrom(parseSource(`github:octo/${name}`));
    return store;
  };

  test('show what is granted and when it was last used; one is taken back, then all, then given anew', async () => {
    const store = await installed();
    await host({ store }, { now: () => later(HOUR) }).load('octo/lamp');
    await host({ store }).revoke('octo/lamp', { capability: 'network' });
    const loaded = await host({ store }, { now: () => later(2 * HOUR) }).load('octo/lamp');
    expect(loaded.grants.map(({ id }) => id)).toEqual(['read:channel_data']);
    expect(await host({ store }).permissions('octo/lamp')).toMatchObject({
      consent: 'active',
      lastActivity: '2026-06-01T14:00:00Z',
      screen: { rows: [{ id: 'network' }, { id: 'read:channel_data' }] },
      capabilities: [
        { id: 'network', granted: false, lastActivity: '2026-06-01T13:00:00Z' },
        { id: 'read:channel_data', granted: true, lastActivity: '2026-06-01T14:00:00Z' },
      ],
    });
    expect(await codeOf(() => host({ store }).revoke('octo/lamp', { capability: 'network' }))).toBe(
      'CONSENT_INCOMPLETE',
    );
    await host({ store }).revoke('octo/lamp');
    expect(await codeOf(() => host({ store }).load('octo/lamp'))).toBe('GRANT_REVOKED');
    expect(await host({ store }).permissions('octo/lamp')).toMatchObject({
      consent: 'revoked',
      capabilities: [{ granted: false }, { granted: false }],
    });
    expect(await codeOf(() => host({ store, says: 'no' }).agree('octo/lamp'))).toBe('CONSENT_DENIED');
    expect(await host({ store }).agree('octo/lamp')).toEqual(['network', 'read:channel_data']);
    expect((await host({ store }).load('octo/lamp')).grants).toHaveLength(2);
    expect((await host({ store }).log.records()).map(({ event, detail }) => [event, detail]).slice(-4)).toEqual([
      ['revokedConsent', undefined],
      ['refused', undefined],
      ['consented', 'by user'],
      ['loaded', undefined],
    ]);
  });

  test('uninstalling takes them back', async () => {
    const store = await installed();
    expect(await host({ store }).uninstall('octo/lamp')).toEqual(['octo/lamp']);
    expect(await host({ store }).list()).toEqual([]);
  });
});

test('a cut of the power leaves the old state or the new one', async () => {
  const made = await repository('power', { number: 40 });
  const before = memoryStore();
  await host({ store: before }).installFrom(parseSource('github:octo/power'));
  await release(made, { version: '1.1.0', number: 41 }, 'v1.1.0');
  for (let writes = 0; ; writes++) {
    const store = await copyOf(before);
    let left = writes;
    const dying = {
      ...store,
      put: (name: string, bytes: Uint8Array) =>
        left-- > 0 ? store.put(name, bytes) : Promise.reject(new TypeError('no power')),
    };
    const ended = await host({ store: dying })
      .update('octo/lamp', { health: async () => true })
      .catch((error: unknown) => error);
    const plugins = host({ store });
    const [listed] = await plugins.list();
    expect(['1.0.0', '1.1.0']).toContain(listed?.version);
    expect((await plugins.load('octo/lamp')).version).toBe(listed?.version);
    expect(await plugins.restore({ frozen: true })).toHaveLength(1);
    if (!(ended instanceof TypeError)) break;
    expect(writes).toBeLessThan(50);
  }
});
