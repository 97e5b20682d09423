// A small registry as publishers and maintainers would have made it: two publishers (one verified), two plugins, three releases,
// signed through the real code. In memory as files, so that a test can damage it; on disk for tests of the command.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type FileTree,
  jsonFile,
  type KeySigner,
  keySigner,
  makeRelease,
  type RegistrySource,
  readRegistrySource,
  sha256,
  signRelease,
} from '@plugmark/publish';
import {
  canonicalBytes,
  type HostProfile,
  type Identity,
  type Manifest,
  parseCanonical,
  type Registry,
  Release,
} from '@plugmark/schemas';
import { CORE_HOST } from './host-profile.ts';
import { TEST_POLICY } from './policy.ts';
import { ed25519Key, p256Key, type TestKey } from './test-keys.ts';
import { WasmBuilder } from './wasm-builder.ts';

export const REGISTRY_ID = 'small.example';
export const PUBLISHER_KEYS = { acme: ed25519Key('small acme'), indie: p256Key('small indie') } as const;
type PublisherName = keyof typeof PUBLISHER_KEYS;

export interface SmallRegistry {
  /** By path relative to `registry/`. */
  readonly files: FileTree;
  /** By sha256. */
  readonly artifacts: Map<string, Uint8Array>;
}

export function pemOf({ privateKey }: TestKey): string {
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

export function signerOf(key: TestKey): KeySigner {
  return keySigner(pemOf(key), 'a test key');
}

export function identityOf(key: TestKey): Identity {
  const { algorithm, keyId, spki } = signerOf(key);
  const publicKey = Buffer.from(spki).toString('base64');
  return { kind: 'key', algorithm, keyId, publicKey, from: '2026-01-01T00:00:00Z' };
}

/** A module that fits the host `bench`; each number gives other bytes. */
export function honestModule(number: number): WasmBuilder {
  return new WasmBuilder()
    .memory({ min: 1, max: 2 }, { export: 'memory' })
    .function({ parameters: ['i32', 'i32'], results: ['i32'], body: [0x41, number], export: 'run' });
}

export interface NewRelease {
  readonly plugin: string;
  readonly version: string;
  readonly bytes: Uint8Array;
  readonly manifest?: Partial<Manifest>;
  readonly readme?: string;
  readonly vectors?: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  /** Who signs; by default the publisher. */
  readonly key?: TestKey;
  /** The registry the statement names. */
  readonly registry?: string;
  readonly change?: (release: Release) => Release;
  /** Whose plugin it is; by default the host of the small registry. */
  readonly host?: HostProfile;
}

/** Adds a release as `plugmark sign` would. */
export async function addRelease({ files, artifacts }: SmallRegistry, input: NewRelease): Promise<Release> {
  const {
    plugin,
    version,
    bytes,
    manifest,
    readme,
    vectors = [],
    registry = REGISTRY_ID,
    change = (same: Release) => same,
    host = CORE_HOST,
  } = input;
  const key = input.key ?? PUBLISHER_KEYS[plugin.split('/')[0] as PublisherName];
  const whole = {
    schemaVersion: 1,
    plugin,
    version,
    license: 'MIT',
    artifact: 'plugin.wasm',
    title: plugin,
    summary: 'A test.',
    host: host.host,
    ...manifest,
  } as Manifest;
  const readmeBytes = readme === undefined ? undefined : new TextEncoder().encode(readme);
  const release = change(makeRelease(whole, { artifact: { kind: 'core', bytes }, readme: readmeBytes, vectors }, host));
  const signed = await signRelease(release, { registry, signer: signerOf(key) });
  const folder = `plugins/${plugin}/${version}`;
  files.set(`${folder}/release.json`, signed.release);
  files.set(`${folder}/publisher.sigstore.json`, signed.bundle);
  files.set(`${folder}/sources.json`, jsonFile({ schemaVersion: 1, sources: ['https://example.org/plugin.wasm'] }));
  if (readmeBytes !== undefined) files.set(`${folder}/README.md`, readmeBytes);
  for (const { name, bytes: vector } of vectors) files.set(`${folder}/vectors/${name}.json`, vector);
  const listing = `plugins/${plugin}/listing.json`;
  if (!files.has(listing))
    files.set(
      listing,
      jsonFile({
        schemaVersion: 1,
        plugin,
        title: plugin,
        summary: 'A test.',
        categories: ['testing'],
        keywords: [],
        links: {},
      }),
    );
  artifacts.set(sha256(bytes), bytes);
  return release;
}

/** Lists another key of a publisher, with the proof that `plugmark key prove` writes. */
export async function addProvenKey(
  { files }: SmallRegistry,
  key: TestKey,
  proof: { plugin: string; version: string },
): Promise<void> {
  const [publisher = ''] = proof.plugin.split('/');
  const path = `plugins/${proof.plugin}/${proof.version}/release.json`;
  const release = parseCanonical(Release, files.get(path) ?? new Uint8Array(), path);
  const { bundle } = await signRelease(release, { registry: REGISTRY_ID, signer: signerOf(key) });
  files.set(`publishers/${publisher}/proofs/${key.keyId}.sigstore.json`, bundle);
  editJson(files, `publishers/${publisher}.json`, (value: Json) => ({
    ...value,
    identities: [...value.identities, { ...identityOf(key), proof }],
  }));
}

const REGISTRY: Registry = {
  schemaVersion: 1,
  id: REGISTRY_ID,
  title: 'Small',
  url: 'https://small.example/',
  contact: 'nobody',
  upstreams: [],
  mirrors: [],
  expiries: {
    rootDays: 730,
    targetsDays: 730,
    revocationsDays: 365,
    documentsDays: 365,
    snapshotDays: 365,
    timestampHours: 72,
    timestampRefreshHours: 6,
    lookAheadDays: 90,
  },
  blobBudgetBytes: 1_000_000,
  cosign: { mode: 'key' },
};

/** acme (verified, Ed25519) with thing 1.0.0 and 1.1.0, indie (community, P-256) with tool 0.1.0 for two hosts. */
export async function smallRegistry(): Promise<SmallRegistry> {
  made ??= makeSmallRegistry();
  const { files, artifacts } = await made;
  return { files: new Map(files), artifacts: new Map(artifacts) };
}

/** Made once: P-256 signatures differ each time, and a test compares what two builds make of one registry. */
let made: Promise<SmallRegistry> | undefined;

async function makeSmallRegistry(): Promise<SmallRegistry> {
  const registry: SmallRegistry = { files: new Map(), artifacts: new Map() };
  const { files } = registry;
  files.set('registry.json', jsonFile(REGISTRY));
  files.set('policy.json', jsonFile(TEST_POLICY));
  files.set('reserved-names.json', jsonFile({ schemaVersion: 1, publishers: {}, plugins: {} }));
  files.set('hosts/bench.json', jsonFile(CORE_HOST));
  files.set('hosts/desk.json', jsonFile({ ...CORE_HOST, host: 'desk', title: 'Desk' }));
  const verified = { since: '2026-01-01T00:00:00Z', by: 'the maintainers' };
  for (const [publisher, key] of Object.entries(PUBLISHER_KEYS)) {
    const mark = publisher === 'acme' ? { verified } : {};
    files.set(
      `publishers/${publisher}.json`,
      jsonFile({ schemaVersion: 1, publisher, title: publisher, owners: [], identities: [identityOf(key)], ...mark }),
    );
  }
  await addRelease(registry, {
    plugin: 'acme/thing',
    version: '1.0.0',
    bytes: honestModule(1).build(),
    readme: '# Thing\n',
  });
  await addRelease(registry, { plugin: 'acme/thing', version: '1.1.0', bytes: honestModule(2).build() });
  const targets = ['bench', 'desk'].map((host) => ({ host, api: '^1.0.0' }));
  await addRelease(registry, {
    plugin: 'indie/tool',
    version: '0.1.0',
    bytes: honestModule(3).build(),
    manifest: { targets },
  });
  return registry;
}

/** Replaces a JSON file by what `change` makes of it, written as it would be signed. */
export function editJson(files: FileTree, path: string, change: (value: Json) => unknown): void {
  const bytes = files.get(path);
  const value = bytes === undefined ? {} : (JSON.parse(new TextDecoder().decode(bytes)) as Json);
  files.set(path, canonicalBytes(change(value)));
}

// biome-ignore lint/suspicious/noExplicitAny: tests reach into any file
export type Json = any;

export function sourceOf({ files }: SmallRegistry): RegistrySource {
  return readRegistrySource(new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1))));
}

export async function writeFiles(
  folder: string,
  files: Iterable<readonly [string, Uint8Array | string]>,
): Promise<void> {
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
}

/** registry/, artifacts/ and keys/ below `folder`, as the command wants them. */
export async function writeSmallRegistry(folder: string, { files, artifacts }: SmallRegistry): Promise<void> {
  await writeFiles(join(folder, 'registry'), files);
  await writeFiles(
    join(folder, 'artifacts'),
    [...artifacts].map(([digest, bytes]) => [`${digest}.wasm`, bytes] as const),
  );
  await writeFiles(
    join(folder, 'keys'),
    Object.entries(OFFICE_KEYS).map(([name, key]) => [`${name}.pem`, pemOf(key)] as const),
  );
}

export const OFFICE_KEYS = {
  root: p256Key('small root'),
  targets: p256Key('small targets'),
  revocations: ed25519Key('small revocations'),
  online: ed25519Key('small online'),
  cosign: ed25519Key('small cosign'),
} as const;
