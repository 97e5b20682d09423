import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore, openRegistry } from '@plugmark/client';
import { readLedger } from '@plugmark/publish';
import { parseJson, Revocations } from '@plugmark/schemas';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digests, NOW } from '../testkit/office.ts';
import { type Fate, planRegistry } from '../testkit/synthetic-registry/plan.ts';
import { SYNTHETIC_ID } from '../testkit/synthetic-registry/source-files.ts';
import { type SyntheticRegistry, synthesise } from '../testkit/synthetic-registry/synthesise.ts';
import { syntheticFolder } from '../testkit/synthetic-registry/synthetic-folder.ts';

const FATES: readonly Fate[] = ['active', 'deprecated', 'yanked', 'quarantined', 'revoked'];
const SIZE = { plugins: 12, releases: 5, now: NOW };

/** The first small registry in which everything happens. */
function eventfulSeed(): string {
  for (let number = 0; ; number++) {
    const { plugins } = planRegistry({ ...SIZE, seed: `eventful ${number}` });
    const fates = new Set(plugins.flatMap(({ releases }) => releases.map(({ fate }) => fate)));
    if (fates.size === FATES.length && plugins.some(({ advisory }) => advisory)) return `eventful ${number}`;
  }
}

describe('a synthetic registry', () => {
  let made: SyntheticRegistry;
  const seed = eventfulSeed();
  beforeAll(async () => {
    made = await synthesise({ ...SIZE, seed });
  });

  test('is accepted whole by a client that has its root: every plugin is installed', async () => {
    const client = openRegistry({
      url: 'https://synthetic.example/',
      root: made.offline.roots[0] as Uint8Array,
      store: memoryStore(),
      now: () => NOW,
      fetch: async (input) => {
        const bytes = made.tree.get(decodeURIComponent(new URL(String(input)).pathname.slice(1)));
        return new Response(bytes as Uint8Array<ArrayBuffer> | undefined, { status: bytes === undefined ? 404 : 200 });
      },
    });
    const installed = await Promise.all(made.plugins.map((plugin) => client.install(plugin)));
    expect(new Set(installed.map(({ tier }) => tier))).toEqual(new Set(['verified', 'community']));
    expect(installed.every(({ publisher }) => publisher.state === 'verified')).toBe(true);
    // Who is verified and passed the policy is co-signed; nobody else is.
    const cosigned = installed.filter(({ registry }) => registry.state === 'verified');
    expect(cosigned.length).toBeGreaterThan(0);
    expect(cosigned.every(({ tier }) => tier === 'verified')).toBe(true);
  });

  test('has every state a release can come to, advisories, and releases over two years', () => {
    const documents = made.plugins.map((plugin) => JSON.parse(text(`v1/plugins/${plugin}.json`)));
    const releases = documents.flatMap((document) => document.releases);
    expect(releases).toHaveLength(60);
    const states = new Set(releases.map(({ status }) => status.state));
    expect([...states].sort()).toEqual([...FATES].sort());
    const revoked = parseJson(Revocations, made.tree.get('v1/revocations.json') as Uint8Array, 'revocations');
    expect(revoked.revocations.length).toBeGreaterThan(0);
    expect(documents.some(({ advisories }) => advisories?.length === 1)).toBe(true);
    expect(new Set(releases.map(({ publishedAt }) => publishedAt.slice(0, 4))).size).toBeGreaterThan(1);
    expect(new Set(releases.map(({ release }) => release.artifact.sha256)).size).toBe(60);
  });

  test('has a ledger that the next build takes', () => {
    expect(readLedger(made.ledger, SYNTHETIC_ID).entries.size).toBe(60);
  });

  test('has the same bytes each time, P-256 signatures included, and others for another seed', async () => {
    const again = await synthesise({ ...SIZE, seed });
    expect(digests(again.tree)).toEqual(digests(made.tree));
    expect(digests(again.ledger)).toEqual(digests(made.ledger));
    const algorithms = new Set(
      [...made.files].flatMap(([path, bytes]) =>
        /^publishers\/[^/]+\.json$/.test(path) ? [JSON.parse(decode(bytes)).identities[0].algorithm] : [],
      ),
    );
    expect(algorithms).toEqual(new Set(['ed25519', 'ecdsa-p256']));
    const other = planRegistry({ ...SIZE, seed: 'another' });
    expect(other.plugins.map(({ id }) => id)).not.toEqual(made.plugins);
  });

  const decode = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
  const text = (path: string): string => decode(made.tree.get(path));
});

describe('the plan of a large one', () => {
  const plan = planRegistry({ plugins: 2000, releases: 5, seed: 'large', now: NOW });
  const shareOf = <T>(list: readonly T[], holds: (item: T) => boolean): number =>
    list.filter(holds).length / list.length;

  test('has the shape of a registry', () => {
    expect(new Set(plan.plugins.map(({ id }) => id)).size).toBe(2000);
    expect(shareOf(plan.publishers, ({ verified }) => verified)).toBeCloseTo(0.3, 1);
    const owned = new Map<string, number>();
    for (const { id } of plan.plugins) {
      const owner = id.slice(0, id.indexOf('/'));
      owned.set(owner, (owned.get(owner) ?? 0) + 1);
    }
    expect(owned.size).toBe(plan.publishers.length);
    expect(Math.max(...owned.values())).toBeGreaterThan(20);
    const releases = plan.plugins.flatMap((plugin) => plugin.releases);
    expect(shareOf(releases, ({ fate }) => fate === 'active')).toBeGreaterThan(0.93);
    for (const fate of FATES) expect(shareOf(releases, (release) => release.fate === fate)).toBeGreaterThan(0);
  });

  test('does not depend on its size: a plugin of a smaller one by a first publisher says the same', () => {
    const small = planRegistry({ plugins: 100, releases: 5, seed: 'large', now: NOW });
    expect(small.plugins.slice(0, 20)).toEqual(plan.plugins.slice(0, 20));
  });
});

describe('its folder', () => {
  let scratch: string;
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'synthetic-'));
  });
  afterAll(() => rm(scratch, { recursive: true }));

  test('is made once for the same options, and never over files of others', async () => {
    const options = { folder: join(scratch, 'made'), plugins: 1, releases: 1, seed: 'one', now: NOW };
    expect(await syntheticFolder(options)).toBe(true);
    expect(await syntheticFolder(options)).toBe(false);
    expect(await syntheticFolder({ ...options, seed: 'two' })).toBe(true);
    await writeFile(join(scratch, 'notes.txt'), 'mine');
    await expect(syntheticFolder({ ...options, folder: scratch })).rejects.toThrow(TypeError);
  });
});
