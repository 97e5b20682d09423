// A plan as the files of registry/, each made by the code that makes real ones: manifests become releases, releases are signed.
import { readFileSync } from 'node:fs';
import { type FileTree, jsonFile, type KeySigner, makeRelease, sha256, signRelease } from '@plugmark/publish';
import {
  type Advisory,
  HostProfile,
  type Listing,
  type Manifest,
  type Publisher,
  parseJson,
  Registry,
  type Status,
} from '@plugmark/schemas';
import { signerOf } from '../registry-folder.ts';
import { ed25519Key } from '../test-keys.ts';
import { hostModule } from './host-module.ts';
import { type Fate, HOSTS, type Plan, type PlannedPlugin, type PlannedPublisher, type PlannedRelease } from './plan.ts';
import { repeatableP256 } from './repeatable-p256.ts';

export const SYNTHETIC_ID = 'synthetic.example';
const REAL_REGISTRY = new URL('../../../registry/', import.meta.url);
const SINCE = '2020-01-01T00:00:00Z';
const DAY_MS = 86_400_000;

export interface SourceFiles {
  /** By path relative to `registry/`. */
  readonly files: FileTree;
  /** By sha256. */
  readonly artifacts: Map<string, Uint8Array>;
}

export interface SourceOptions {
  readonly now: Date;
  /** At least so many bytes for each artifact of the first plugin. */
  readonly firstArtifactBytes?: number | undefined;
}

export async function sourceFiles({ publishers, plugins }: Plan, options: SourceOptions): Promise<SourceFiles> {
  const source: SourceFiles = { files: commonFiles(), artifacts: new Map() };
  const { files } = source;
  const signers = new Map(publishers.map((publisher) => [publisher.id, publisherSigner(publisher)]));
  for (const publisher of publishers)
    files.set(
      `publishers/${publisher.id}.json`,
      jsonFile(publisherFile(publisher, signers.get(publisher.id) as KeySigner)),
    );
  for (const [number, plugin] of plugins.entries()) {
    files.set(`plugins/${plugin.id}/listing.json`, jsonFile(listingFile(plugin)));
    const signer = signers.get(plugin.id.split('/')[0] ?? '') as KeySigner;
    const bytes = number === 0 ? options.firstArtifactBytes : undefined;
    for (const release of plugin.releases) await addRelease(source, { plugin, release, signer, bytes });
    addStatus(files, plugin, options.now);
    if (plugin.advisory) addAdvisory(files, plugin, { number, now: options.now });
  }
  return { files: sorted(files), artifacts: source.artifacts };
}

const sorted = (files: FileTree): FileTree => new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
const readReal = (path: string): Uint8Array => new Uint8Array(readFileSync(new URL(path, REAL_REGISTRY)));

/** Policy, host profiles and terms of this repository’s own registry, under another name. */
function commonFiles(): FileTree {
  const real = parseJson(Registry, readReal('registry.json'), 'registry.json');
  const { repository: _, ...own } = real;
  const registry = { ...own, id: SYNTHETIC_ID, title: 'Synthetic', url: `https://${SYNTHETIC_ID}/` };
  return new Map([
    ['registry.json', jsonFile(registry)],
    ['policy.json', readReal('policy.json')],
    ['reserved-names.json', readReal('reserved-names.json')],
    ...HOSTS.map((host) => [`hosts/${host}.json`, readReal(`hosts/${host}.json`)] as const),
  ]);
}

function publisherSigner({ id, algorithm }: PlannedPublisher): KeySigner {
  return algorithm === 'ed25519' ? signerOf(ed25519Key(`synthetic ${id}`)) : repeatableP256(`synthetic ${id}`);
}

function publisherFile({ id, title, verified }: PlannedPublisher, { algorithm, keyId, spki }: KeySigner): Publisher {
  const publicKey = Buffer.from(spki).toString('base64');
  return {
    schemaVersion: 1,
    publisher: id,
    title,
    owners: [],
    identities: [{ kind: 'key', algorithm, keyId, publicKey, from: SINCE }],
    ...(verified ? { verified: { since: SINCE, by: 'the maintainers' } } : {}),
  };
}

function listingFile({ id, title, summary, categories, keywords }: PlannedPlugin): Listing {
  const links = { source: `https://git.example/${id}` };
  return { schemaVersion: 1, plugin: id, title, summary, categories: [...categories], keywords: [...keywords], links };
}

const profiles = new Map<string, HostProfile>();

function profileOf(host: string): HostProfile {
  const known = profiles.get(host) ?? parseJson(HostProfile, readReal(`hosts/${host}.json`), host);
  profiles.set(host, known);
  return known;
}

interface ReleaseTurn {
  readonly plugin: PlannedPlugin;
  readonly release: PlannedRelease;
  readonly signer: KeySigner;
  readonly bytes: number | undefined;
}

async function addRelease({ files, artifacts }: SourceFiles, turn: ReleaseTurn): Promise<void> {
  const { plugin, release, signer } = turn;
  const { id, title, summary, host, capabilities, readme } = plugin;
  const { version } = release;
  const profile = profileOf(host);
  const bytes = hostModule({ profile, capabilities, label: `${id}@${version}`, bytes: turn.bytes });
  const manifest: Manifest = {
    schemaVersion: 1,
    plugin: id,
    version,
    license: 'MIT',
    artifact: 'plugin.wasm',
    title,
    summary,
    host,
    capabilities: capabilities.map((capability) => ({ id: capability, reason: `the ${title} needs it` })),
    source: { repository: `https://git.example/${id}` },
  };
  const readmeBytes = new TextEncoder().encode(readme);
  const artifact = { kind: 'core', bytes } as const;
  const made = makeRelease(manifest, { artifact, readme: readmeBytes, vectors: [] }, profile);
  const signed = await signRelease(made, { registry: SYNTHETIC_ID, signer });
  const folder = `plugins/${id}/${version}`;
  files.set(`${folder}/release.json`, signed.release);
  files.set(`${folder}/publisher.sigstore.json`, signed.bundle);
  files.set(
    `${folder}/sources.json`,
    jsonFile({ schemaVersion: 1, sources: [`https://git.example/${id}/${version}.wasm`] }),
  );
  files.set(`${folder}/README.md`, readmeBytes);
  artifacts.set(sha256(bytes), bytes);
}

/** One more release of a planned plugin: its files and artifact, and nothing else. */
export async function nextRelease(
  { publishers, plugins }: Plan,
  number: number,
  version: string,
): Promise<SourceFiles> {
  const plugin = plugins[number] as PlannedPlugin;
  const publisher = publishers.find(({ id }) => plugin.id.startsWith(`${id}/`)) as PlannedPublisher;
  const made: SourceFiles = { files: new Map(), artifacts: new Map() };
  const release = { version, publishedAt: new Date(0), fate: 'active' } as const;
  await addRelease(made, { plugin, release, signer: publisherSigner(publisher), bytes: undefined });
  return made;
}

type VersionStatus = Status['versions'][string];

function addStatus(files: FileTree, { id, releases }: PlannedPlugin, now: Date): void {
  const since = instant(now.getTime() - DAY_MS);
  const replacement = { plugin: id, version: releases.at(-1)?.version ?? '' };
  const reason = 'It gave wrong results for very long inputs.';
  const evidence = `https://git.example/${id}/issues/1`;
  const words: Readonly<Record<Exclude<Fate, 'active'>, VersionStatus>> = {
    deprecated: { state: 'deprecated', since, reason, replacement },
    yanked: { state: 'yanked', since, reasonCode: 'broken', reason, replacement },
    quarantined: {
      state: 'quarantined',
      since,
      until: instant(now.getTime() + 5 * DAY_MS),
      by: 'a maintainer',
      reason,
    },
    revoked: { state: 'revoked', since, severity: 'high', reason, evidence },
  };
  const versions = releases.flatMap(({ version, fate }) =>
    fate === 'active' ? [] : [[version, words[fate]] as const],
  );
  if (versions.length === 0) return;
  const status: Status = { schemaVersion: 1, plugin: id, versions: Object.fromEntries(versions) };
  files.set(`plugins/${id}/status.json`, jsonFile(status));
}

function addAdvisory(
  files: FileTree,
  { id, title, releases }: PlannedPlugin,
  { number, now }: { readonly number: number; readonly now: Date },
): void {
  const [first, last] = [releases[0]?.version ?? '', releases.at(-1)?.version ?? ''];
  const at = instant(now.getTime() - DAY_MS);
  const advisory: Advisory = {
    schema_version: '1.7.0',
    id: `x_SYNTH-2026-${String(number + 1).padStart(4, '0')}`,
    modified: at,
    published: at,
    summary: `${title} reads past the end of its input`,
    details: 'An input that ends inside a window is read to the end of the window.',
    affected: [
      {
        ranges: [{ type: 'SEMVER', events: [{ introduced: first }, { fixed: last }] }],
        versions: releases.slice(0, -1).map(({ version }) => version),
        database_specific: { plugin: id, sha256: [] },
      },
    ],
    references: [{ type: 'FIX', url: `https://git.example/${id}/commits` }],
  };
  files.set(`advisories/${advisory.id}.json`, jsonFile(advisory));
}

export function instant(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
