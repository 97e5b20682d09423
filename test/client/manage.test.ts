// Managing plugins over a registry in memory: dependencies, consent, grants, going back, logs that somebody changed.
import { readdirSync, readFileSync } from 'node:fs';
import {
  CLIENT_ERROR_CODES,
  type ClientError,
  type ConsentQuestion,
  memoryStore,
  type PluginStore,
  verifyRunLog,
} from '@plugmark/client';
import { beforeAll, describe, expect, test } from 'vitest';
import { Attacker } from '../publish/attacker.ts';
import { CONDUCTOR, DDALAB, hostModule } from '../testkit/host-plugins.ts';
import { codeOf, DAY, HOUR, later, NOW, serving } from '../testkit/office.ts';
import { buildTwice, copyOf, digests, first, host, second, unplugged, versions, YES } from './managed-host.ts';

beforeAll(buildTwice, 60_000);

describe('dependencies', () => {
  test('come with what needs them, are explained, and go when nobody needs them', async () => {
    const store = memoryStore();
    const plugins = host({ store });
    const installed = await plugins.install('acme/spectrum');
    expect(installed.map(({ plugin, requested }) => [plugin, requested])).toEqual([
      ['acme/fft', undefined],
      ['acme/spectrum', '*'],
    ]);
    expect(await plugins.why('acme/fft')).toEqual([
      {
        requested: { plugin: 'acme/spectrum', range: '*' },
        path: [
          { plugin: 'acme/spectrum', version: '1.0.0' },
          { plugin: 'acme/fft', version: '1.0.0' },
        ],
      },
    ]);
    expect(await codeOf(() => plugins.uninstall('acme/fft'))).toBe('STILL_NEEDED');
    expect(await plugins.uninstall('acme/spectrum')).toEqual(['acme/fft', 'acme/spectrum']);
    expect(await plugins.list()).toEqual([]);
    expect(await codeOf(() => plugins.load('acme/fft'))).toBe('NOT_INSTALLED');
  });

  test('one that others need moves where all of them accept it, and is refused with who wants what where not', async () => {
    const store = memoryStore();
    await host({ store }).install('acme/spectrum');
    const plugins = host({ built: second, store, now: later(HOUR) });
    const installed = await plugins.install('acme/bands');
    expect(installed.map(({ plugin, version }) => `${plugin} ${version}`)).toEqual([
      'acme/fft 1.1.0',
      'acme/bands 1.0.0',
    ]);
    const refusal = await plugins.install('acme/old-bands').catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'DEPENDENCY_CONFLICT', details: { plugin: 'acme/fft' } });
    expect((refusal as ClientError).details['wants']).toEqual(
      expect.arrayContaining(['acme/bands 1.0.0 wants ^1.1', 'acme/old-bands 1.0.0 wants ~1.0']),
    );
    expect(versions(await plugins.lockfile())).toEqual({
      'acme/bands': '1.0.0',
      'acme/fft': '1.1.0',
      'acme/spectrum': '1.0.0',
    });
    // Every entry names what it really gets.
    expect(await plugins.restore({ frozen: true })).toHaveLength(3);
  });

  test('one that is not listed makes a conflict that names it, and installs nothing', async () => {
    const store = memoryStore();
    const refusal = await host({ store })
      .install('acme/lost')
      .catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: 'DEPENDENCY_CONFLICT',
      details: { plugin: 'acme/nowhere', wants: ['acme/lost 1.0.0 wants *'] },
    });
    expect(await store.list('blobs/')).toEqual([]);
  });

  test('every version that was not taken has its reason', async () => {
    const plugins = host(
      { built: second, now: later(HOUR) },
      { host: { id: 'conductor', api: '2.7.0' }, policy: { minimumReleaseAgeMinutes: 30 } },
    );
    const { changes, excluded } = await plugins.resolve('acme/fft');
    expect(changes.map(({ version }) => version)).toEqual(['1.0.0']);
    expect(excluded.get('acme/fft')).toEqual([
      { version: '1.1.0', code: 'age', reason: expect.stringContaining('waits until 2026-06-01T13:30:00.000Z') },
    ]);
    expect(await codeOf(() => host({}, { host: { id: 'ddalab' } }).resolve('acme/fft'))).toBe('NO_RELEASE');
    const strict = host({ built: second, now: later(HOUR) }, { policy: { publishers: { never: ['acme'] } } });
    await expect(strict.resolve('acme/fft')).rejects.toMatchObject({
      code: 'NO_RELEASE',
      details: { reasons: expect.stringContaining('1.1.0: this host refuses it: publisher (acme/fft)') },
    });
  });
});

describe('consent', () => {
  test('is a receipt for a set of capabilities: asked once, shown with everything a screen needs', async () => {
    const asked: ConsentQuestion[] = [];
    const store = memoryStore();
    const plugins = host({ store, answer: YES, asked });
    await plugins.install('acme/lamp');
    const [question] = asked;
    expect(question).toMatchObject({
      plugin: 'acme/lamp',
      version: '1.0.0',
      tier: 'verified',
      registry: 'small.example',
      publisher: { title: 'acme', signer: expect.stringMatching(/^[0-9a-f]{64}$/) },
      decision: { outcome: 'ask', ask: ['filesystem'], explicit: [] },
      screen: {
        risk: 'medium',
        headline: 'Medium risk: can use its own folder',
        rows: [
          {
            id: 'filesystem',
            reason: 'It needs filesystem.',
            seenInCode: ['wasi_snapshot_preview1.path_create_directory'],
            isNew: false,
          },
          {
            id: 'network',
            sentence:
              'This plugin can send requests to other computers and receive answers, also without asking each time.',
            params: [{ name: 'hosts', kind: 'hosts', title: 'Addresses it may reach', values: ['a.example.org'] }],
          },
        ],
        cannot: ['It cannot run other programs.', 'It cannot change anything about your computer.'],
      },
    });
    await plugins.uninstall('acme/lamp');
    await plugins.install('acme/lamp');
    expect(asked).toHaveLength(2);
    const [receipt] = await store.list('hosts/conductor/consents/acme/lamp/');
    const bytes = await store.get(receipt?.name ?? '');
    expect(JSON.parse(new TextDecoder().decode(bytes))).toMatchObject({
      by: 'user',
      grants: [{ id: 'filesystem' }, { id: 'network', params: { hosts: ['a.example.org'] } }],
    });
  });

  test('a version that can do less needs none; one that reaches one address more does', async () => {
    const store = memoryStore();
    await host({ store, answer: { allow: true, denied: ['network'] } }).install('acme/lamp');
    const at = later(HOUR);
    // Held at 1.2.0, which reaches further.
    const held = await host(
      { built: second, store, now: at },
      { policy: { minimumReleaseAgeMinutes: 0, capabilities: { network: 'ask' } } },
    ).update();
    expect(held).toMatchObject([
      {
        state: 'held',
        to: '1.2.0',
        difference: {
          widened: [{ id: 'network', change: 'parameter', parameter: 'hosts', values: ['b.example.org'] }],
          removed: ['filesystem'],
        },
      },
    ]);
    const plugins = host(
      { built: second, store, now: at },
      { policy: { minimumReleaseAgeMinutes: 0, capabilities: { network: 'ask' } } },
    );
    expect(await plugins.install('acme/lamp@~1.1')).toMatchObject([{ version: '1.1.0', grants: [] }]);
    expect(await plugins.diffPermissions('acme/lamp')).toMatchObject({
      from: '1.1.0',
      to: '1.1.0',
      needsConsent: false,
    });
    expect(await plugins.describePermissions('acme/lamp')).toMatchObject({
      version: '1.2.0',
      rows: [{ id: 'network', isNew: false, widened: [{ change: 'parameter', values: ['b.example.org'] }] }],
    });
  });

  test('is taken back, expires, and is not borrowed from another plugin', async () => {
    const store = memoryStore();
    const plugins = host({ store, answer: { allow: true, expires: '2026-06-02T00:00:00Z' } });
    await plugins.install('acme/lamp');
    expect((await plugins.load('acme/lamp')).grants).toHaveLength(2);
    expect(await codeOf(() => host({ store, now: later(DAY) }).load('acme/lamp'))).toBe('GRANT_REVOKED');
    await plugins.revoke('acme/lamp');
    await expect(plugins.load('acme/lamp')).rejects.toMatchObject({
      code: 'GRANT_REVOKED',
      details: { state: 'revoked' },
    });
    expect(await plugins.list()).toMatchObject([{ consent: 'revoked' }]);
    expect((await plugins.audit()).findings).toMatchObject([{ kind: 'consent', code: 'GRANT_REVOKED' }]);
    const [kept] = await store.list('hosts/conductor/consents/');
    const bytes = (await store.get(kept?.name ?? '')) ?? new Uint8Array();
    const text = new TextDecoder()
      .decode(bytes)
      .replace(/,"revokedAt":"[^"]*"/, '')
      .replace('acme/lamp', 'acme/fft');
    await store.put(kept?.name ?? '', new TextEncoder().encode(text));
    expect(await codeOf(() => plugins.load('acme/lamp'))).toBe('CONSENT_REQUIRED');
  });

  test('a refusal, or nobody to ask, installs nothing', async () => {
    for (const [answer, code] of [
      [{ allow: false } as const, 'CONSENT_DENIED'],
      [{ allow: true, denied: ['what it never asked for'] } as const, 'CONSENT_INCOMPLETE'],
      [undefined, 'CONSENT_REQUIRED'],
    ] as const) {
      const store = memoryStore();
      expect(await codeOf(() => host(answer === undefined ? { store } : { store, answer }).install('acme/lamp'))).toBe(
        code,
      );
      expect(await store.list('blobs/')).toEqual([]);
      expect(await store.list('hosts/conductor/plugmark.lock')).toEqual([]);
    }
  });

  test('a document that lists one thing and hashes another is refused', async () => {
    const document = new TextEncoder().encode(new TextDecoder().decode(first.tree.get('v1/plugins/acme/lamp.json')));
    const { packageDocument } = await import('../../tools/client/src/documents/package-document.ts');
    const { verifiedSet } = await import('../../tools/client/src/plugins/capability-set.ts');
    const read = packageDocument(JSON.parse(new TextDecoder().decode(document)), {
      code: 'DOCUMENT_MALFORMED',
      path: 'x',
    });
    const [summary] = read.releases[0]?.analysis ?? [];
    if (summary === undefined) throw new Error('no analysis');
    expect((await verifiedSet(summary, 'acme/lamp')).hash).toBe(summary.capabilities.hash);
    const hidden = { ...summary, capabilities: { ...summary.capabilities, declared: [], derived: [] } };
    expect(await codeOf(() => verifiedSet(hidden, 'acme/lamp'))).toBe('DOCUMENT_MISMATCH');
  });
});

describe('what the online key claims', () => {
  test('about checks that nobody vouched for is found out before anything is installed', async () => {
    const store = memoryStore();
    await host({ store }).install('acme/fft');
    // A release whose document claims every level, without the co-signature that would show them.
    const attacker = new Attacker(second);
    const document = attacker.document('acme/fft');
    document.releases = document.releases.map((release) => {
      const { registry: _, ...attestations } = release.attestations;
      return release.release.version === '1.1.0' ? { ...release, attestations } : release;
    });
    attacker.list('plugins/acme/fft.json', document).sign();
    const fetch = serving((path) => attacker.tree.get(path));
    const [held] = await host({ store, now: later(HOUR) }, { fetch }).update();
    expect(held).toMatchObject({
      state: 'held',
      code: 'CONSENT_REQUIRED',
      details: { rules: [expect.stringContaining('levels')] },
    });
    const strict = { minimumReleaseAgeMinutes: 0, lostLevels: 'refuse' } as const;
    const [refused] = await host({ store, now: later(HOUR) }, { fetch, policy: strict }).update();
    expect(refused).toMatchObject({ state: 'refused', code: 'POLICY_REFUSED' });
    expect((await host({ store }).load('acme/fft')).version).toBe('1.0.0');
  });
});

describe('going back', () => {
  test('to the version before, and not further than there is', async () => {
    const store = memoryStore();
    await host({ store }).install('acme/fft');
    const plugins = host({ built: second, store, now: later(HOUR) });
    expect(await codeOf(() => plugins.rollback('acme/fft'))).toBe('ROLLBACK_NONE');
    expect(await plugins.update('acme/fft')).toMatchObject([{ state: 'updated', to: '1.1.0' }]);
    expect(await plugins.rollback('acme/fft')).toMatchObject({ version: '1.0.0', requested: '*' });
    expect((await plugins.load('acme/fft')).sha256).toBe(digests['acme/fft@1.0.0']);
  });

  test('not where another plugin needs the newer one', async () => {
    const store = memoryStore();
    await host({ store }).install('acme/fft');
    const plugins = host({ built: second, store, now: later(HOUR) });
    await plugins.update();
    await plugins.install('acme/bands');
    await expect(plugins.rollback('acme/fft')).rejects.toMatchObject({
      code: 'DEPENDENCY_CONFLICT',
      details: { plugin: 'acme/fft', wants: ['acme/bands 1.0.0 wants ^1.1'] },
    });
  });

  test('a disk that fails in the middle of a trial leaves none behind, also in the same process', async () => {
    const disk = memoryStore();
    const failing = { isOn: false };
    const store: PluginStore = {
      ...disk,
      put: (name, bytes) =>
        failing.isOn && name.includes('log/') ? Promise.reject(new TypeError(name)) : disk.put(name, bytes),
    };
    await host({ store }).install('acme/fft');
    const plugins = host({ built: second, store, now: later(HOUR) });
    failing.isOn = true;
    await expect(plugins.update('acme/fft', { health: async () => true })).rejects.toBeInstanceOf(TypeError);
    failing.isOn = false;
    expect((await plugins.load('acme/fft')).version).toBe('1.0.0');
    expect(await plugins.update()).toMatchObject([{ state: 'updated', to: '1.1.0' }]);
  });

  test('an update that was interrupted while it was tried is undone by the next start, once', async () => {
    const store = memoryStore();
    await host({ store }).install('acme/fft');
    const dying = host({ built: second, store, now: later(HOUR) });
    let frozen: PluginStore | undefined;
    await dying.update('acme/fft', {
      health: async () => {
        frozen = await copyOf(store);
        return true;
      },
    });
    const after = host({ built: second, store: frozen as PluginStore, now: later(HOUR) });
    expect(versions(await after.lockfile())).toEqual({ 'acme/fft': '1.0.0' });
    expect((await after.log.records()).at(-1)).toMatchObject({
      event: 'rolledBack',
      version: '1.1.0',
      detail: 'interrupted while it was tried',
    });
    expect(await after.update()).toMatchObject([{ state: 'updated', to: '1.1.0' }]);
  });
});

describe('the run log', () => {
  test('shows any change before its head, and what is missing at its end only by a head kept elsewhere', async () => {
    const store = memoryStore();
    const plugins = host({ store });
    await plugins.install('acme/fft');
    for (let i = 0; i < 4; i++)
      await plugins.ran('acme/fft', { inputSha256: String(i).repeat(64), correlationId: `run-${i}` });
    const { lines, head } = await plugins.log.export();
    expect(head.records).toBe(6);
    expect(await plugins.log.verify(head)).toEqual(head);
    const text = new TextDecoder().decode(lines);
    const rows = text.split('\n').slice(0, -1);
    const verify = (changed: readonly string[], kept?: typeof head) =>
      codeOf(() => verifyRunLog(new TextEncoder().encode(changed.map((row) => `${row}\n`).join('')), kept));
    expect(await verify(rows)).toMatchObject({ accepted: { head } });
    for (const index of rows.keys()) {
      const changed = rows.map((row, i) => (i === index ? row.replace('acme/fft', 'acme/fff') : row));
      expect(await verify(changed, head)).toBe('RUN_LOG_BROKEN');
      if (index < rows.length - 1) expect(await verify(changed)).toBe('RUN_LOG_BROKEN');
      if (index < rows.length - 1) expect(await verify(rows.filter((_, i) => i !== index))).toBe('RUN_LOG_BROKEN');
    }
    const cut = rows.slice(0, -1);
    expect(await verify(cut)).toMatchObject({ accepted: {} });
    expect(await verify(cut, head)).toBe('RUN_LOG_BROKEN');
    expect(await verify([...rows, rows[0] as string])).toBe('RUN_LOG_BROKEN');
    expect(await verify(rows.map((row) => row.replace('{', '{ ')))).toBe('RUN_LOG_BROKEN');
    expect(await codeOf(() => plugins.ran('acme/fft', { correlationId: 'with a space' }))).toBe('RUN_RECORD_INVALID');
    expect(await plugins.log.verify(head)).toEqual(head);
  });

  test('goes on over many files', async () => {
    const store = memoryStore();
    const plugins = host({ store });
    await plugins.install('acme/fft');
    for (let i = 0; i < 210; i++) await plugins.ran('acme/fft', {});
    expect((await store.list('hosts/conductor/log/')).length).toBe(2);
    const { records } = await plugins.log.verify();
    expect(records).toBe(212);
    expect(await plugins.log.records()).toHaveLength(212);
  });
});

describe('news', () => {
  test('older than the host accepts, or from the future, and a plugin is not loaded', async () => {
    const store = memoryStore();
    const at = (now: Date) =>
      host({ store, now }, { policy: { minimumReleaseAgeMinutes: 0, maxRevocationAgeHours: 48 }, fetch: unplugged });
    await host({ store }).install('acme/fft');
    expect((await at(later(2 * DAY)).load('acme/fft')).version).toBe('1.0.0');
    expect(await codeOf(() => at(later(3 * DAY)).load('acme/fft'))).toBe('REVOCATIONS_STALE');
    expect(await codeOf(() => at(later(-400 * DAY)).load('acme/fft'))).toBe('REVOCATIONS_STALE');
  });

  test('a host that runs for long resolves from the list of now, not of the day it started', async () => {
    const clock = { now: NOW };
    const tree = { built: first };
    const plugins = host({}, { now: () => clock.now, fetch: serving((path) => tree.built.tree.get(path)) });
    const newest = async () => (await plugins.resolve('acme/fft')).changes.map(({ version }) => version);
    expect(await newest()).toEqual(['1.0.0']);
    tree.built = second;
    clock.now = later(HOUR / 2);
    expect(await newest()).toEqual(['1.0.0']);
    clock.now = later(HOUR);
    expect(await newest()).toEqual(['1.1.0']);
  });

  test('the state says how fresh it is, and whether the registry words this host otherwise', async () => {
    const store = memoryStore();
    expect(await host({ store }).refresh()).toMatchObject({ registry: 'small.example', freshness: 'fresh' });
    expect(await host({ store }, { profile: CONDUCTOR }).refresh()).toMatchObject({ profileDiffers: false });
    const louder = { ...CONDUCTOR, capabilities: CONDUCTOR.capabilities.map((item) => ({ ...item, risk: 'high' })) };
    expect(await host({ store }, { profile: louder }).refresh()).toMatchObject({ profileDiffers: true });
    expect(await host({ store, now: later(30 * HOUR) }).refresh()).toMatchObject({ freshness: 'aging' });
    expect(await codeOf(() => host({ store }, { profile: DDALAB }).describePermissions('acme/fft'))).toBe(
      'HOST_UNKNOWN',
    );
  });

  test('what is asked of all that is installed is asked at once', async () => {
    const store = memoryStore();
    await host({ store, answer: YES }).install(['acme/spectrum', 'acme/lamp']);
    const serve = serving((path) => second.tree.get(path));
    let [open, most] = [0, 0];
    const fetch: typeof globalThis.fetch = async (input, init) => {
      if (!String(input).includes('targets/plugins/')) return serve(input, init);
      most = Math.max(most, ++open);
      await new Promise((done) => setTimeout(done, 10));
      open--;
      return serve(input, init);
    };
    const at = { store, built: second, now: later(HOUR) };
    expect((await host(at, { fetch }).outdated()).map(({ plugin }) => plugin)).toEqual(['acme/lamp']);
    // Those of the two plugins that have something new.
    expect(most).toBe(2);
  });

  test('search finds names and says that nothing about them is checked', async () => {
    const plugins = host({ built: second });
    const hits = await plugins.search('lamp');
    expect(hits.map(({ plugin, verification, latest }) => [plugin, verification, latest])).toEqual([
      ['acme/lamp', 'notChecked', '1.2.0'],
    ]);
    expect(await plugins.search('lamp', { without: ['network'] })).toEqual([]);
    expect((await plugins.search('', { host: false })).length).toBeGreaterThan((await plugins.search('')).length);
    const broken = host({}, { fetch: serving(() => new TextEncoder().encode('{"plugins":[]}')) });
    expect(await codeOf(() => broken.search('x'))).toBe('INDEX_MALFORMED');
  });
});

describe('beside plugins of no registry', () => {
  const file = (plugin: string, version: string, more = {}) => ({
    kind: 'file' as const,
    name: 'plugin.wasm',
    bytes: hostModule(CONDUCTOR, [], { number: 60 }),
    manifest: async () =>
      new TextEncoder().encode(
        JSON.stringify({ plugin, version, license: 'MIT', artifact: 'plugin.wasm', host: 'conductor', ...more }),
      ),
  });
  const open = (store: PluginStore, built = first) =>
    host(
      {
        store,
        built,
        answer: { allow: true, explicitly: ['unknown'] },
        ...(built === second ? { now: later(2 * HOUR) } : {}),
      },
      {
        profile: CONDUCTOR,
        policy: { minimumReleaseAgeMinutes: 0, tiers: ['verified', 'community', 'local'] },
        registry: 'small.example',
      },
    );

  test('a registry’s plugin is neither replaced by one of its name nor served by one', async () => {
    const store = memoryStore();
    await open(store).installFrom(file('acme/fft', '1.0.0'));
    expect(await codeOf(() => open(store).install('acme/fft'))).toBe('SOURCE_CHANGED');
    const conflict = await open(store)
      .install('acme/spectrum')
      .catch((error: unknown) => error);
    expect(conflict).toMatchObject({
      code: 'DEPENDENCY_CONFLICT',
      details: { plugin: 'acme/fft', versions: ['1.0.0: installed from elsewhere'] },
    });
    expect(await open(store).uninstall('acme/fft')).toEqual(['acme/fft']);
    await open(store).install('acme/spectrum');
    expect(await codeOf(() => open(store).installFrom(file('acme/fft', '1.0.0')))).toBe('SOURCE_CHANGED');
  });

  test('what one of them needs of a registry stays, and is not moved away from under it', async () => {
    const store = memoryStore();
    await open(store).install('acme/fft');
    await open(store).installFrom(file('local/needy', '1.0.0', { dependencies: { 'acme/fft': '~1.0' } }));
    expect(await open(store).restore({ frozen: true })).toHaveLength(2);
    expect(await codeOf(() => open(store).uninstall('acme/fft'))).toBe('STILL_NEEDED');
    expect(await open(store, second).update()).toMatchObject([
      { plugin: 'acme/fft', state: 'current', excluded: [{ version: '1.1.0', code: 'dependency' }] },
      { plugin: 'local/needy', state: 'current' },
    ]);
    // Its author takes more now, and then it moves.
    await open(store).installFrom(file('local/needy', '1.0.1', { dependencies: { 'acme/fft': '^1' } }));
    expect(await open(store, second).update()).toMatchObject([{ state: 'updated', to: '1.1.0' }, { state: 'current' }]);
    expect(await open(store, second).restore({ frozen: true })).toHaveLength(2);
    const audit = await open(store, second).audit();
    expect(audit).toMatchObject({ against: 'registry', findings: [{ plugin: 'local/needy', kind: 'unwatched' }] });
  });

  test('the host’s profile is the compiled one, else the signed one, which is asked for once', async () => {
    const store = memoryStore();
    const answer = { allow: true, explicitly: ['unknown'] } as const;
    const policy = { tiers: ['local'] } as const;
    expect(
      await codeOf(() => host({ store, answer }, { policy, fetch: unplugged }).installFrom(file('local/a', '1.0.0'))),
    ).toBe('NETWORK');
    await host({ store, answer }, { policy }).installFrom(file('local/a', '1.0.0'));
    await host({ store, answer }, { policy, fetch: unplugged }).installFrom(file('local/b', '1.0.0'));
    expect(await host({ store, answer }, { policy, fetch: unplugged }).restore({ frozen: true })).toHaveLength(2);
    const other = { policy, profile: DDALAB };
    expect(await codeOf(() => host({ answer }, other).installFrom(file('local/a', '1.0.0')))).toBe('HOST_UNKNOWN');
  });

  test('what a registry revoked is not taken from elsewhere either', async () => {
    const store = memoryStore();
    const plugin = file('local/copy', '1.0.0');
    const { sha256 } = await open(memoryStore()).installFrom(plugin);
    // As refreshing remembers it.
    const entry = {
      sha256,
      plugin: 'acme/lamp',
      version: '9.0.0',
      since: '2026-05-01T00:00:00Z',
      severity: 'high',
      reason: 'It sends recordings to strangers.',
      evidence: 'https://example.org/evidence',
    };
    const memory = { schemaVersion: 1, registry: 'small.example', revocations: [entry] };
    await store.put('trust/revocations-seen', new TextEncoder().encode(JSON.stringify(memory)));
    expect(await codeOf(() => open(store).installFrom(plugin))).toBe('REVOKED');
  });
});

test('every refusal of this part of the client is met by a test of it', () => {
  const codes = Object.keys(CLIENT_ERROR_CODES);
  const own = codes.slice(codes.indexOf('STORE_BUSY'), codes.indexOf('RUN_LOG_BROKEN') + 1);
  const folder = new URL('./', import.meta.url);
  const tests = readdirSync(folder).filter((name) => name.endsWith('.test.ts'));
  const text = tests.map((name) => readFileSync(new URL(name, folder), 'utf8')).join('');
  expect(own.length).toBeGreaterThan(19);
  expect(own.filter((code) => !text.includes(`'${code}'`))).toEqual([]);
});
