// Two hosts, from the first install to the day a plugin is revoked, as their users would meet it: over a loopback server, with a store
// on disk, and a new process (a new object over the same folder) at every step.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ConsentAnswer,
  type ConsentQuestion,
  openPlugins,
  type Plugins,
  type PluginsOptions,
} from '@plugmark/client';
import { fileStore } from '@plugmark/client/node';
import type { HostProfile } from '@plugmark/schemas';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addHostRelease, CONDUCTOR, DDALAB, hostRegistry, REVOKED, setStatus } from '../testkit/host-plugins.ts';
import { type Built, build, codeOf, HOUR, later, NOW, rootOf } from '../testkit/office.ts';
import type { SmallRegistry } from '../testkit/registry-folder.ts';
import { type RegistryServer, serveTree } from '../testkit/registry-server.ts';

let folder = '';
let server: RegistryServer;
let built: Built;
let registry: SmallRegistry;
let asked: ConsentQuestion[] = [];
let at = NOW;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plugmark-host-'));
  registry = await hostRegistry();
  asked = [];
  at = NOW;
});
afterEach(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function publish(): Promise<void> {
  built = await build(registry, { previous: built, now: at });
  if (built.refusals.length > 0) throw new Error(JSON.stringify(built.refusals));
  if (server !== undefined) server.tree = built.tree;
}

/** As a fresh process of the host would open it. */
function host(
  profile: HostProfile,
  options: Partial<PluginsOptions> & { readonly answer?: ConsentAnswer } = {},
): Plugins {
  const { answer, ...rest } = options;
  return openPlugins({
    url: server.url,
    root: rootOf(built),
    store: fileStore(join(folder, 'store')),
    fetch,
    now: () => at,
    host: { id: profile.host, api: profile.apiVersions.at(-1) as string },
    profile,
    policy: { minimumReleaseAgeMinutes: 0 },
    ...(answer === undefined
      ? {}
      : {
          consent: async (question: ConsentQuestion) => {
            asked.push(question);
            return answer;
          },
        }),
    ...rest,
  });
}

const offline: typeof fetch = async () => {
  throw new TypeError('the cable is out');
};

interface Story {
  readonly profile: HostProfile;
  /** What 1.0.0 asks for, and what 1.1.0 asks for besides. */
  readonly first: Parameters<typeof addHostRelease>[1]['capabilities'];
  readonly more: Parameters<typeof addHostRelease>[1]['capabilities'];
  /** Capabilities that an answer to 1.1.0 must name. */
  readonly explicit: readonly string[];
  /** Whether 1.0.0 is asked about at all. */
  readonly asksFirst: boolean;
}

const STORIES: readonly Story[] = [
  {
    profile: CONDUCTOR,
    first: ['filesystem'],
    more: ['filesystem', 'subprocess'],
    explicit: ['subprocess'],
    asksFirst: true,
  },
  {
    profile: DDALAB,
    first: ['read:channel_data'],
    more: ['read:channel_data', 'network'],
    explicit: ['network'],
    asksFirst: false,
  },
];

describe.each(STORIES)('$profile.title', ({ profile, first, more, explicit, asksFirst }) => {
  const plugin = 'acme/lamp';
  const release = (version: string, capabilities: typeof first) =>
    addHostRelease(registry, {
      host: profile,
      plugin,
      version,
      ...(capabilities === undefined ? {} : { capabilities }),
    });

  test('install, offline, widened, consent, update, unhealthy, back, revoked, audit', { timeout: 60_000 }, async () => {
    const digest = await release('1.0.0', first);
    built = undefined as never;
    built = await build(registry);
    expect(built.refusals).toEqual([]);
    server = await serveTree(built.tree);

    // Without anybody to ask, what has to be asked is not installed.
    if (asksFirst) {
      expect(await codeOf(() => host(profile).install(plugin))).toBe('CONSENT_REQUIRED');
      expect(await host(profile).list()).toEqual([]);
    }
    const [installed] = await host(profile, { answer: { allow: true } }).install(plugin, { correlationId: 'first' });
    expect(installed).toMatchObject({ plugin, version: '1.0.0', sha256: digest, tier: 'verified', grants: first });
    expect(asked.map(({ screen }) => screen.rows.map(({ id }) => id))).toEqual(asksFirst ? [first] : []);

    // Offline, from the lockfile.
    const unplugged = () => host(profile, { fetch: offline });
    expect(await unplugged().restore({ frozen: true })).toEqual([
      { plugin, version: '1.0.0', sha256: digest, state: 'proved' },
    ]);
    const loaded = await unplugged().load(plugin);
    expect(loaded).toMatchObject({ sha256: digest, grants: first?.map((id) => ({ id })) });
    await unplugged().ran(digest, { inputSha256: 'ab'.repeat(32), correlationId: 'run-1', code: 'OK' });
    const [listed] = await unplugged().list();
    expect(listed).toMatchObject({ consent: 'active', lastActivity: '2026-06-01T12:00:00Z' });

    // A version that reaches further is held, and says how far.
    at = later(HOUR);
    const wider = await release('1.1.0', more);
    await publish();
    const [row] = await host(profile).outdated();
    expect(row).toMatchObject({ installed: '1.0.0', wanted: '1.1.0', latest: '1.1.0' });
    expect(row?.difference?.widened).toEqual(explicit.map((id) => ({ id, change: 'new' })));
    const [held] = await host(profile).update();
    expect(held).toMatchObject({ plugin, from: '1.0.0', to: '1.1.0', state: 'held', code: 'CONSENT_REQUIRED' });
    expect((await host(profile).load(plugin)).version).toBe('1.0.0');

    // An answer that does not name the high-risk capability is none.
    const [vague] = await host(profile, { answer: { allow: true } }).update();
    expect(vague).toMatchObject({ state: 'held', code: 'CONSENT_INCOMPLETE' });
    expect(
      asked
        .at(-1)
        ?.screen.rows.filter(({ isNew }) => isNew)
        .map(({ id }) => id),
    ).toEqual(explicit);

    // Consent, update.
    const yes = { allow: true, explicitly: explicit } as const;
    const [updated] = await host(profile, { answer: yes }).update(plugin, { health: async () => true });
    expect(updated).toMatchObject({ state: 'updated', from: '1.0.0', to: '1.1.0' });
    expect(await host(profile).load(plugin)).toMatchObject({ version: '1.1.0', sha256: wider });

    // A version that the host finds unhealthy goes back by itself, and is not tried again.
    at = later(2 * HOUR);
    const sick = await release('1.2.0', more);
    await publish();
    const tried: string[] = [];
    const health = async ({ sha256 }: { sha256: string }) => {
      tried.push(
        (
          await host(profile, { log: 'off' })
            .load(plugin)
            .catch(({ code }) => ({ sha256: code }))
        ).sha256,
        sha256,
      );
      throw new Error('it does not\nanswer');
    };
    const [back] = await host(profile).update(plugin, { health });
    expect(back).toMatchObject({ state: 'rolledBack', code: 'HEALTH_FAILED', from: '1.1.0', to: '1.2.0' });
    // Another process of the host sees the version on trial meanwhile, and does not end the trial.
    expect(tried).toEqual([sick, sick]);
    expect(await host(profile).load(plugin)).toMatchObject({ version: '1.1.0', sha256: wider });
    expect(await host(profile).update()).toMatchObject([{ state: 'current', to: '1.1.0' }]);

    // Revoked: refused from the moment the host knows, also without a network, and the audit says so.
    expect((await host(profile).audit()).findings).toEqual([]);
    at = later(3 * HOUR);
    setStatus(registry, plugin, '1.1.0', REVOKED);
    await publish();
    expect((await host(profile).load(plugin)).version).toBe('1.1.0');
    await host(profile).refresh();
    expect(await codeOf(() => host(profile, { fetch: offline }).load(plugin))).toBe('REVOKED');
    const { findings, against } = await host(profile).audit();
    expect(against).toBe('registry');
    expect(findings).toEqual([
      expect.objectContaining({
        kind: 'revoked',
        severity: 'error',
        code: 'REVOKED',
        sha256: wider,
        reason: REVOKED.reason,
      }),
    ]);
    // The way out: the former version still verifies and was agreed to.
    expect((await host(profile).rollback(plugin)).version).toBe('1.0.0');
    expect((await host(profile, { fetch: offline }).load(plugin)).sha256).toBe(digest);

    const events = (await host(profile).log.records()).map(({ event, version, code }) =>
      `${event} ${version} ${code ?? ''}`.trim(),
    );
    expect(events).toEqual([
      'consented 1.0.0',
      'installed 1.0.0',
      'loaded 1.0.0',
      'ran 1.0.0 OK',
      'loaded 1.0.0',
      'consented 1.1.0',
      'updated 1.1.0',
      'loaded 1.1.0',
      'consented 1.2.0',
      'updated 1.2.0',
      'rolledBack 1.2.0 HEALTH_FAILED',
      'loaded 1.1.0',
      'loaded 1.1.0',
      'refused 1.1.0 REVOKED',
      'rolledBack 1.0.0',
      'loaded 1.0.0',
    ]);
  });
});
