// Plugins from OCI registries: named by digest alone, installed as what nobody vouches for, restored as the very same.
import { type ConsentQuestion, encodeLockfile, type HostPolicy, memoryStore, parseSource } from '@plugmark/client';
import { describe, expect, test } from 'vitest';
import { codeOf } from '../testkit/office.ts';
import { BASE, fakeRegistry, pushed, REPOSITORY } from './oci-registry.ts';
import { host, moduleOf, refusalOf } from './source-host.ts';

describe('an artifact', () => {
  test('is installed as what nobody vouches for, pinned by its digest, and loads', async () => {
    const bytes = moduleOf({ capabilities: ['network'] });
    const { reference, digest, answers } = pushed(bytes);
    const registry = fakeRegistry(answers);
    const [store, asked] = [memoryStore(), [] as ConsentQuestion[]];
    const plugins = host({ store, asked }, { fetch: registry.fetch });
    const source = { kind: 'oci', repository: REPOSITORY, digest };
    expect(await plugins.describeFrom(parseSource(reference))).toMatchObject({
      plugin: 'octo/lamp',
      source,
      risk: 'high',
    });
    expect(await plugins.installFrom(parseSource(reference))).toMatchObject({
      plugin: 'octo/lamp',
      version: '0.0.0',
      tier: 'community',
      publisher: { state: 'notChecked' },
      registry: { state: 'notSigned', levels: [] },
      analysed: true,
      grants: ['network'],
      source,
    });
    expect(asked[0]).toMatchObject({ publisher: { title: REPOSITORY, state: 'notChecked' }, tier: 'community' });
    expect(asked[0]?.decision.rules.map(({ rule }) => rule)).toEqual(['signature', 'capability']);
    expect((await plugins.load('octo/lamp')).bytes).toEqual(bytes);
    expect((await plugins.log.records()).map(({ detail }) => detail)).toContain(`from ${reference}`);
    expect(registry.asked.slice(2)).toEqual(answers.map(([url]) => url));
    registry.asked.length = 0;
    // Nothing newer is looked for: not a request.
    expect(await plugins.update()).toMatchObject([{ state: 'current', to: '0.0.0', excluded: [] }]);
    expect([await plugins.outdated(), await plugins.restore({ frozen: true })]).toMatchObject([
      [],
      [{ state: 'proved' }],
    ]);
    expect(await plugins.audit()).toMatchObject({
      findings: [{ kind: 'unwatched', reason: expect.stringContaining(reference) }],
    });
    expect(registry.asked).toEqual([]);
  });

  const labelled = (annotations: object) =>
    pushed(moduleOf({ number: 1 }), (manifest) => ({ ...manifest, annotations }));

  test.each([
    ['1.2.0-rc.1', 'It shines', { version: '1.2.0-rc.1', summary: 'It shines' }],
    ['v1', 'two\nlines', { version: '0.0.0' }],
    ['1.2.0+build', '\u202eevil', { version: '0.0.0' }],
  ])('its author’s labels are labels: %s', async (version, description, expected) => {
    const { reference, answers } = labelled({
      'org.opencontainers.image.version': version,
      'org.opencontainers.image.description': description,
    });
    const told = await host({}, { fetch: fakeRegistry(answers).fetch }).describeFrom(parseSource(reference));
    expect(told).toMatchObject(expected);
    expect('summary' in expected || told.summary === undefined).toBe(true);
  });

  test.each([
    ['localhost:5000/lamp', 'local/lamp'],
    ['registry.example.org/octo/tools/My.lamp', undefined],
    ['registry.example.org/octo/tools/my_lamp', 'octo/my-lamp'],
    [`registry.example.org/${'a'.repeat(60)}/${'b'.repeat(90)}`, `${'a'.repeat(39)}/${'b'.repeat(64)}`],
  ])('%s is called %s', async (repository, plugin) => {
    const { digest, answers } = pushed(moduleOf({ number: 2 }));
    const own = `${repository.startsWith('localhost') ? 'http' : 'https'}://${repository.replace('/', '/v2/')}`;
    const { fetch } = fakeRegistry(answers.map(([url, answer]) => [url.replace(BASE, own), answer]));
    const told = host({}, { fetch }).describeFrom({ kind: 'oci', repository, digest });
    if (plugin !== undefined) expect(await told).toMatchObject({ plugin, title: plugin.split('/')[1] });
    else expect(await refusalOf(told)).toMatchObject({ code: 'SOURCE_MALFORMED' });
  });

  test.each([
    ['takes nothing unsigned', { unsigned: 'refuse' }, 'signature (notChecked)'],
    ['takes verified publishers only', { tiers: ['verified'] }, 'tier (community)'],
    ['waits for what is new: nobody says since when it is there', { minimumReleaseAgeMinutes: 1 }, 'age'],
  ] as const)('a host that %s refuses it', async (_, policy, rule) => {
    const { reference, answers } = pushed(moduleOf({ number: 3 }));
    const store = memoryStore();
    const plugins = host({ store, policy: policy as HostPolicy }, { fetch: fakeRegistry(answers).fetch });
    const refusal = await refusalOf(plugins.installFrom(parseSource(reference)));
    expect([refusal.code, String(refusal.details['rules'])]).toEqual(['POLICY_REFUSED', expect.stringContaining(rule)]);
    expect(await store.list('')).toEqual([]);
  });

  test('without the inspect port is unknown, and agreed to for these bytes', async () => {
    const { reference, answers } = pushed(moduleOf({ number: 4 }));
    const asked: ConsentQuestion[] = [];
    const options = { fetch: fakeRegistry(answers).fetch, inspect: undefined as never };
    expect(await host({ asked }, options).installFrom(parseSource(reference))).toMatchObject({ analysed: false });
    expect(asked[0]).toMatchObject({ decision: { explicit: ['unknown'] }, screen: { risk: 'high' } });
  });
});

describe('what was pinned', () => {
  const first = pushed(moduleOf({ number: 10, capabilities: ['network'] }));
  const second = pushed(moduleOf({ number: 11, capabilities: ['network'] }));
  const { fetch } = fakeRegistry([...first.answers, ...second.answers]);
  const installed = async () => {
    const store = memoryStore();
    await host({ store }, { fetch }).installFrom(parseSource(first.reference));
    return store;
  };
  const LOCKFILE = 'hosts/ddalab/plugmark.lock';
  type Entry = Record<string, unknown>;
  const edited = async (change: (entry: Entry) => Entry, from: 'empty' | 'same') => {
    const store = await installed();
    const lockfile = await host({ store }, { fetch }).lockfile();
    const [entry] = lockfile.plugins;
    const next = from === 'same' ? store : memoryStore();
    await next.put(LOCKFILE, encodeLockfile({ ...lockfile, plugins: [change({ ...entry }) as never] }));
    return host({ store: next }, { fetch });
  };

  test('another artifact of the repository is asked about again, and one can go back', async () => {
    const store = await installed();
    expect(
      await codeOf(() => host({ store, says: 'nobody' }, { fetch }).installFrom(parseSource(second.reference))),
    ).toBe('CONSENT_REQUIRED');
    const asked: ConsentQuestion[] = [];
    await host({ store, asked }, { fetch }).installFrom(parseSource(second.reference));
    expect(asked[0]?.decision.rules.map(({ rule }) => rule)).toContain('signature');
    expect((await host({ store }, { fetch }).rollback('octo/lamp')).source).toMatchObject({ digest: first.digest });
  });

  test('another repository does not take its name, nor what was allowed to it', async () => {
    const store = await installed();
    const other = fakeRegistry(second.answers.map(([url, answer]) => [url.replace('ghcr.io', 'quay.io'), answer]));
    const source = parseSource(second.reference.replace('ghcr.io', 'quay.io'));
    expect(await refusalOf(host({ store }, { fetch: other.fetch }).installFrom(source))).toMatchObject({
      code: 'SOURCE_CHANGED',
      details: { installed: first.reference, named: second.reference.replace('ghcr.io', 'quay.io') },
    });
  });

  test('a lockfile alone brings the very same on another computer, once somebody agrees', async () => {
    const store = memoryStore();
    await store.put(LOCKFILE, (await (await installed()).get(LOCKFILE)) as Uint8Array);
    expect(await codeOf(() => host({ store, says: 'nobody' }, { fetch }).restore())).toBe('CONSENT_REQUIRED');
    expect(await host({ store }, { fetch }).restore()).toMatchObject([{ plugin: 'octo/lamp', state: 'fetched' }]);
    expect(await host({ store }, { fetch: never }).restore({ frozen: true })).toMatchObject([{ state: 'proved' }]);
  });

  test('damaged bytes are fetched again', async () => {
    const store = await installed();
    const [{ sha256: digest = '' } = {}] = await host({ store }, { fetch }).list();
    await store.put(`blobs/sha256/${digest}`, new Uint8Array([1]));
    expect((await host({ store }, { fetch }).load('octo/lamp')).sha256).toBe(digest);
  });

  test.each([
    [
      'the digest of another artifact',
      (entry: Entry) => ({ ...entry, source: { ...(entry['source'] as object), digest: second.digest } }),
      'sha256',
      'PROOF_MISSING',
    ],
    [
      'the bytes of another artifact',
      (entry: Entry) => ({ ...entry, sha256: second.layer.slice(7) }),
      'sha256',
      'PROOF_MISSING',
    ],
    ['a version', (entry: Entry) => ({ ...entry, version: '2.0.0' }), 'version', 'LOCKFILE_MISMATCH'],
    ['a tier', (entry: Entry) => ({ ...entry, tier: 'verified' }), 'tier', 'LOCKFILE_MISMATCH'],
    [
      'a manifest',
      (entry: Entry) => ({ ...entry, manifestSha256: 'a'.repeat(64) }),
      'manifestSha256',
      'LOCKFILE_MISMATCH',
    ],
  ] as const)('an edited lockfile is refused: %s', async (_, change, what, frozen) => {
    expect(await codeOf(async () => (await edited(change, 'same')).load('octo/lamp'))).toBe(frozen);
    expect(await codeOf(async () => (await edited(change, 'same')).restore({ frozen: true }))).toBe(frozen);
    expect(await refusalOf((await edited(change, 'empty')).restore())).toMatchObject({
      code: 'LOCKFILE_MISMATCH',
      details: { what },
    });
  });

  test('of a lockfile that names two things nothing is asked and nothing kept', async () => {
    const { plugins, ...rest } = await host({ store: await installed() }, { fetch }).lockfile();
    const source = { kind: 'oci', repository: REPOSITORY, digest: second.digest } as const;
    const store = memoryStore();
    await store.put(LOCKFILE, encodeLockfile({ ...rest, plugins: plugins.map((entry) => ({ ...entry, source })) }));
    const asked: ConsentQuestion[] = [];
    expect(await codeOf(() => host({ store, asked }, { fetch }).restore())).toBe('LOCKFILE_MISMATCH');
    expect([asked, (await store.list('')).map(({ name }) => name)]).toEqual([[], [LOCKFILE]]);
  });
});

const never: typeof fetch = async () => {
  throw new Error('something was asked for');
};
