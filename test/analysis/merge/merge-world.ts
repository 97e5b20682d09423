// A registry on main and the honest pull requests to it, made through the real code: what a case of test/vectors/merge changes.
import { createHash } from 'node:crypto';
import type { ChangedEntry } from '@plugmark/analysis';
import { type FileTree, jsonFile } from '@plugmark/publish';
import {
  addRelease,
  editJson,
  honestModule,
  identityOf,
  type Json,
  PUBLISHER_KEYS,
  type SmallRegistry,
  smallRegistry,
} from '../../testkit/registry-folder.ts';
import { ed25519Key } from '../../testkit/test-keys.ts';
import { WasmBuilder } from '../../testkit/wasm-builder.ts';

export const PEOPLE = {
  alice: { login: 'alice', id: 101 },
  bob: { login: 'bob', id: 102 },
  mona: { login: 'mona', id: 1 },
  mick: { login: 'mick', id: 2 },
  mallory: { login: 'mallory', id: 666 },
  /** The account that pulls releases. */
  watcher: { login: 'registry-watcher', id: 700 },
} as const;
export const REPOSITORY_ID = 4242;
export const HEAD = 'a'.repeat(40);
export const BASE = 'b'.repeat(40);
export const OPENED = '2026-11-01T09:00:00Z';
/** An hour later: the wait of an update is over, that of a new plugin not. */
export const NOW = '2026-11-01T10:00:00Z';

/** What acme opted in with. */
export const WATCHED = {
  plugin: 'acme/thing',
  repository: 'https://github.com/alice/thing',
  repositoryId: '5151',
  ownerId: '101',
} as const;

const SECOND_KEY = ed25519Key('second acme');

/** acme (owned by alice) with thing 1.0.0 and 1.1.0, indie (owned by bob) with tool 0.1.0, two maintainers. */
export async function mainRegistry(): Promise<SmallRegistry> {
  const registry = await smallRegistry();
  const { files } = registry;
  const owned = (publisher: string, { login, id }: { login: string; id: number }): void =>
    editJson(files, `publishers/${publisher}.json`, (value: Json) => ({
      ...value,
      owners: [{ github: login, githubId: id }],
    }));
  owned('acme', PEOPLE.alice);
  owned('indie', PEOPLE.bob);
  editJson(files, 'publishers/acme.json', (value: Json) => ({ ...value, watched: [WATCHED] }));
  editJson(files, 'reserved-names.json', (value: Json) => ({
    ...value,
    publishers: { official: 'used by the registry itself' },
  }));
  editJson(files, 'policy.json', (value: Json) => ({
    ...value,
    waits: { ...value.waits, newPublisherMinutes: 4320, newPluginMinutes: 4320 },
    thresholds: { ...value.thresholds, auditShare: 0 },
    merge: {
      branch: 'main',
      maintainers: [PEOPLE.mona, PEOPLE.mick].map(({ login, id }) => ({ github: login, githubId: id })),
      watcher: { github: PEOPLE.watcher.login, githubId: PEOPLE.watcher.id },
      automatic: ['release', 'presentation', 'status'],
      auditSeed: 'a seed',
      fileBytes: 100_000,
      intervalMinutes: 10,
    },
  }));
  return registry;
}

export interface ReleaseSpec {
  readonly plugin?: string;
  readonly version?: string;
  /** Functions of the host `bench` that the code imports. */
  readonly imports?: readonly string[];
  readonly capabilities?: readonly string[];
  readonly vectors?: readonly string[];
  readonly key?: 'second' | 'indie';
}

/** What an honest person would submit, by kind: changes the files of main into those of the head. */
export const HONEST = {
  release: (head: SmallRegistry, spec: ReleaseSpec) =>
    newRelease(head, { plugin: 'acme/thing', version: '1.2.0', ...spec }),
  'new-plugin': (head: SmallRegistry, spec: ReleaseSpec) =>
    newRelease(head, { plugin: 'acme/lantern', version: '0.1.0', ...spec }),
  presentation: async ({ files }: SmallRegistry) =>
    editJson(files, 'plugins/acme/thing/listing.json', (value: Json) => ({ ...value, summary: 'Better said.' })),
  sources: async ({ files }: SmallRegistry) =>
    editJson(files, 'plugins/acme/thing/1.1.0/sources.json', (value: Json) => ({
      ...value,
      sources: [...value.sources, 'https://mirror.example.org/plugin.wasm'],
    })),
  yank: async ({ files }: SmallRegistry) => {
    const yanked = { state: 'yanked', since: OPENED, reasonCode: 'broken', reason: 'It does not start.' };
    files.set(
      'plugins/acme/thing/status.json',
      jsonFile({ schemaVersion: 1, plugin: 'acme/thing', versions: { '1.0.0': yanked } }),
    );
  },
  'new-publisher': async ({ files }: SmallRegistry, { plugin = 'globex/x' }: ReleaseSpec) => {
    const [publisher = ''] = plugin.split('/');
    const owners = [{ github: PEOPLE.mallory.login, githubId: PEOPLE.mallory.id }];
    const identities = [identityOf(ed25519Key('small globex'))];
    files.set(
      `publishers/${publisher}.json`,
      jsonFile({ schemaVersion: 1, publisher, title: publisher, owners, identities }),
    );
  },
  proof: async ({ files }: SmallRegistry) =>
    files.set(`publishers/globex/proofs/${SECOND_KEY.keyId}.sigstore.json`, bundleOf(files)),
  resigned: async ({ files }: SmallRegistry) =>
    files.set('plugins/acme/thing/1.0.0/publisher.sigstore.json', bundleOf(files)),
  'ghost-listing': async ({ files }: SmallRegistry) =>
    editJson(files, 'plugins/acme/ghost/listing.json', () => ({
      ...JSON.parse(new TextDecoder().decode(files.get('plugins/acme/thing/listing.json'))),
      plugin: 'acme/ghost',
    })),
  'more-files': async ({ files }: SmallRegistry) =>
    files.set('plugins/acme/thing/1.1.0/README.md', new TextEncoder().encode('# Thing\n')),
  keys: async ({ files }: SmallRegistry) =>
    editJson(files, 'publishers/acme.json', (value: Json) => ({
      ...value,
      identities: [...value.identities, identityOf(SECOND_KEY)],
    })),
  watched: async ({ files }: SmallRegistry) =>
    editJson(files, 'publishers/acme.json', (value: Json) => ({
      ...value,
      watched: [{ ...WATCHED, repositoryId: '6666' }],
    })),
  nothing: async () => undefined,
} as const;
export type HonestName = keyof typeof HONEST;

/** Any bundle that can be read. */
const bundleOf = (files: FileTree): Uint8Array =>
  files.get('plugins/acme/thing/1.1.0/publisher.sigstore.json') ?? new Uint8Array();

/** What main has beside, before the pull request is made. */
export const BEFORE = {
  'second-key': async ({ files }: SmallRegistry) =>
    editJson(files, 'publishers/acme.json', (value: Json) => ({
      ...value,
      identities: [...value.identities, identityOf(SECOND_KEY)],
    })),
  'fresh-publisher': async ({ files }: SmallRegistry) => {
    const owners = [{ github: PEOPLE.alice.login, githubId: PEOPLE.alice.id }];
    const identities = [identityOf(PUBLISHER_KEYS.indie)];
    files.set(
      'publishers/fresh.json',
      jsonFile({ schemaVersion: 1, publisher: 'fresh', title: 'Fresh', owners, identities }),
    );
  },
  'release-candidate': (main: SmallRegistry) => newRelease(main, { plugin: 'acme/thing', version: '1.2.0-rc1' }),
} as const;

async function newRelease(head: SmallRegistry, spec: ReleaseSpec & { plugin: string; version: string }): Promise<void> {
  const { plugin, version, imports = [], capabilities = [], vectors = [], key } = spec;
  const builder = new WasmBuilder();
  for (const name of imports) builder.importFunction('bench', name, ['i32', 'i32'], ['i32']);
  const bytes = imports.length === 0 ? honestModule(9).build() : withBody(builder);
  await addRelease(head, {
    plugin,
    version,
    bytes,
    manifest: { capabilities: [...capabilities] },
    vectors: vectors.map((name) => ({
      name,
      bytes: jsonFile({ schemaVersion: 1, name, title: name, host: 'bench', calls: [{ entry: 'run' }], grants: [] }),
    })),
    ...(key === undefined ? {} : { key: key === 'second' ? SECOND_KEY : PUBLISHER_KEYS.indie }),
  });
}

const withBody = (builder: WasmBuilder): Uint8Array<ArrayBuffer> =>
  builder
    .memory({ min: 1, max: 2 }, { export: 'memory' })
    .function({ parameters: ['i32', 'i32'], results: ['i32'], body: [0x20, 0, 0x20, 1, 0x10, 0], export: 'run' })
    .build();

/** As Git would list them. */
export function entriesOf(main: FileTree, head: FileTree): ChangedEntry[] {
  const paths = [...new Set([...main.keys(), ...head.keys()])].sort();
  return paths.flatMap((path): ChangedEntry[] => {
    const [before, after] = [main.get(path), head.get(path)];
    const whole = path.startsWith('/') ? path.slice(1) : `registry/${path}`;
    if (after === undefined) return before === undefined ? [] : [{ path: whole, change: 'removed' }];
    if (before !== undefined && Buffer.compare(before, after) === 0) return [];
    const sha = createHash('sha1').update(`blob ${after.length}\0`).update(after).digest('hex');
    return [
      { path: whole, change: before === undefined ? 'added' : 'modified', mode: '100644', sha, size: after.length },
    ];
  });
}
