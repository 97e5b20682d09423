// Random things that happen to a registry, each as publishers and maintainers would do it, so that two ways to build it can be
// compared after every step. What happens is a function of the seed.
import { jsonFile, sha256 } from '@plugmark/publish';
import { DAY, HOUR } from './office.ts';
import {
  addProvenKey,
  addRelease,
  editJson,
  honestModule,
  identityOf,
  type Json,
  PUBLISHER_KEYS,
  type SmallRegistry,
} from './registry-folder.ts';
import { ed25519Key } from './test-keys.ts';

export interface Step {
  readonly what: string;
  /** Goes by before the next build. */
  readonly wait: number;
  /** Whether offline keys sign anew after it. */
  readonly ceremony?: true;
}

interface Scene {
  readonly registry: SmallRegistry;
  readonly now: Date;
  readonly number: number;
  readonly pick: <T>(list: readonly T[]) => T;
}

const ACTS: Readonly<Record<string, (scene: Scene) => Promise<Partial<Step>> | Partial<Step>>> = {
  nothing: ({ pick }) => ({ wait: pick([0, HOUR, 7 * HOUR, 30 * DAY, 200 * DAY]) }),
  release: async ({ registry, number, pick }) => {
    const plugin = pick(pluginsOf(registry));
    const readme = pick([undefined, '# Shared\n', `# ${number}\n`]);
    const module = honestModule(pick([number % 100, 1]));
    await addRelease(registry, {
      plugin,
      version: `2.${number}.0`,
      bytes: module.build(),
      ...(readme ? { readme } : {}),
    });
    return {};
  },
  plugin: async ({ registry, number, pick }) => {
    const plugin = `${pick(['acme', 'indie'])}/${pick(['tool', 'thing'])}-${number}`;
    await addRelease(registry, { plugin, version: '1.0.0', bytes: honestModule(number % 100).build() });
    return {};
  },
  forged: async ({ registry, number, pick }) => {
    const key = ed25519Key('a stranger');
    await addRelease(registry, {
      plugin: pick(pluginsOf(registry)),
      version: `3.${number}.0`,
      bytes: honestModule(number % 100).build(),
      key,
    });
    return {};
  },
  status: ({ registry, now, pick }) => {
    const plugin = pick(pluginsOf(registry));
    const version = pick(versionsOf(registry, plugin));
    const since = at(now);
    const words = pick([
      { state: 'yanked', since, reasonCode: 'broken', reason: 'It is broken.' },
      { state: 'deprecated', since, reason: 'It is old.' },
      { state: 'quarantined', since, until: at(now, 5 * DAY), by: 'a maintainer', reason: 'It is odd.' },
    ]);
    editJson(registry.files, `plugins/${plugin}/status.json`, (status: Json) => ({
      schemaVersion: 1,
      plugin,
      versions: { ...status.versions, [version]: words },
    }));
    return {};
  },
  restored: ({ registry, pick }) => {
    registry.files.delete(`plugins/${pick(pluginsOf(registry))}/status.json`);
    return {};
  },
  listing: ({ registry, number, pick }) => {
    editJson(registry.files, `plugins/${pick(pluginsOf(registry))}/listing.json`, (listing: Json) => ({
      ...listing,
      summary: `Said at step ${number}.`,
    }));
    return {};
  },
  publisher: ({ registry, number, pick }) => {
    const id = pick(['acme', 'indie']);
    editJson(registry.files, `publishers/${id}.json`, (value: Json) => ({ ...value, title: `${id} ${number}` }));
    return {};
  },
  key: async ({ registry, number }) => {
    await addProvenKey(registry, ed25519Key(`history ${number}`), { plugin: 'indie/tool', version: '0.1.0' });
    return {};
  },
  newcomer: ({ registry, number }) => {
    const publisher = `newcomer-${number}`;
    const identities = [identityOf(PUBLISHER_KEYS.acme)];
    const file = { schemaVersion: 1, publisher, title: publisher, owners: [], identities };
    registry.files.set(`publishers/${publisher}.json`, jsonFile(file));
    return {};
  },
  exception: ({ registry, now, pick }) => {
    const plugin = pick(pluginsOf(registry));
    const window = { since: at(now, pick([-DAY, DAY])), expires: at(now, 20 * DAY) };
    const exception = {
      ruleId: 'wasm.import-unused',
      reason: 'Known.',
      approvedBy: { name: 'a maintainer' },
      ...window,
    };
    registry.files.set(
      `plugins/${plugin}/exceptions.json`,
      jsonFile({ schemaVersion: 1, plugin, exceptions: [exception] }),
    );
    return {};
  },
  advisory: ({ registry, now, number, pick }) => {
    const plugin = pick(pluginsOf(registry));
    const known = [...registry.files.keys()].filter((path) => path.startsWith('advisories/'));
    const id = known.length > 0 && pick([true, false]) ? /x_[^.]+/.exec(pick(known))?.[0] : undefined;
    const advisory = advisoryFile(id ?? `x_TEST-2026-${String(number).padStart(4, '0')}`, plugin, at(now));
    if (id !== undefined && pick([true, false])) registry.files.delete(`advisories/${id}.json`);
    else registry.files.set(`advisories/${advisory.id}.json`, jsonFile(advisory));
    return {};
  },
  mirrors: ({ registry, number, pick }) => {
    const mirrors = pick([[], [{ url: `https://mirror-${number}.example/`, serves: 'blobs' }]]);
    editJson(registry.files, 'registry.json', (value: Json) => ({ ...value, mirrors }));
    return { ceremony: true };
  },
  policy: ({ registry, number }) => {
    editJson(registry.files, 'policy.json', (policy: Json) => ({ ...policy, revision: number + 10 }));
    return { ceremony: true };
  },
};

/** Does one thing to the registry. */
export async function happen(registry: SmallRegistry, now: Date, number: number, random: () => number): Promise<Step> {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const what = pick(Object.keys(ACTS));
  const step = await ACTS[what]?.({ registry, now, number, pick });
  return { what, wait: pick([HOUR, 3 * HOUR]), ...step };
}

/** Between 0 and 1, the same for the same seed. */
export function randomFrom(seed: string): () => number {
  let count = 0;
  return () => Number.parseInt(sha256(new TextEncoder().encode(`${seed} ${count++}`)).slice(0, 8), 16) / 2 ** 32;
}

const at = (now: Date, offset = 0): string => `${new Date(now.getTime() + offset).toISOString().slice(0, 19)}Z`;

function pluginsOf({ files }: SmallRegistry): string[] {
  return [...files.keys()].flatMap((path) => /^plugins\/([^/]+\/[^/]+)\/listing\.json$/.exec(path)?.[1] ?? []).sort();
}

function versionsOf({ files }: SmallRegistry, plugin: string): string[] {
  const prefix = `plugins/${plugin}/`;
  const paths = [...files.keys()].filter((path) => path.startsWith(prefix) && path.endsWith('/release.json'));
  return paths.map((path) => path.slice(prefix.length, -'/release.json'.length)).sort();
}

function advisoryFile(id: string, plugin: string, modified: string): { readonly id: string } {
  const range = { type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '2.0.0' }] };
  return {
    ...{ schema_version: '1.7.0', id, modified, published: modified, summary: 'Reads too far.', details: 'Far.' },
    ...{ affected: [{ ranges: [range], versions: [], database_specific: { plugin, sha256: [] } }] },
    ...{ references: [{ type: 'WEB', url: 'https://git.example/1' }] },
  };
}
