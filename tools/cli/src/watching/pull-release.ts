// One release of a publisher's repository as a pull request's files, or why not. Everything of it is a stranger's until it is held
// to the publisher's statement; nothing that is not signed by name or digest is carried over.

import { DATA } from '@plugmark/analysis';
import { type FileTree, jsonFile, type ReleaseSource, sha256 } from '@plugmark/publish';
import { type GitHubReleases, type Policy, parseCanonical, Release, SchemaError } from '@plugmark/schemas';
import type { Fetched, FetchLimits } from '../fetch-public.ts';
import type { MainRegistry } from '../github/main-registry.ts';
import { vectorAsset } from '../release-assets.ts';
import { signatureOf } from '../review/review-release.ts';
import { submittedSource } from '../review/submitted-source.ts';
import { WatchProblem } from './watch-problem.ts';

export interface PulledFrom {
  readonly main: MainRegistry;
  readonly plugin: string;
  readonly version: string;
  /** `owner/name` as GitHub says it now. */
  readonly repository: string;
  readonly release: GitHubReleases[number];
  readonly get: (address: string, limits: FetchLimits) => Promise<Fetched>;
}

type Asset = GitHubReleases[number]['assets'][number];

export const MANIFEST = 'release.json';
export const STATEMENT = 'publisher.sigstore.json';
const DETACHED = 'plugin.wasm.sig';
const READER = { manifest: 1_000_000, statement: 1_000_000, detached: 4096 } as const;
/** Of one size there are rarely two; a publisher must not make the registry fetch a hundred. */
const MOST_CANDIDATES = 3;

/** By path in the registry's repository. Throws WatchProblem. */
export async function pullRelease(from: PulledFrom): Promise<FileTree> {
  const { main, plugin, version } = from;
  const { limits } = main.source.policy;
  const manifest = await required(from, MANIFEST, READER.manifest);
  const release = readManifest(manifest, from);
  const statement = await required(from, STATEMENT, READER.statement);
  // Before anything large is fetched: only what the publisher signed can cost that much.
  await requireSigned(main, unfetched(release, manifest, statement));
  const artifact = await findArtifact(from, release, limits);
  const at = `${DATA}plugins/${plugin}/${version}`;
  const files: FileTree = new Map([
    [`${at}/${MANIFEST}`, manifest],
    [`${at}/${STATEMENT}`, statement],
    [`${at}/sources.json`, jsonFile({ schemaVersion: 1, sources: [sourceOf(from, artifact.name)] })],
  ]);
  for (const [path, bytes] of await namedFiles(from, release, limits)) files.set(`${at}/${path}`, bytes);
  const source = parsed(() => submittedSource(main.files, files, { plugin, version }));
  if (source === undefined) throw new WatchProblem('release-malformed', `${plugin} ${version} cannot be read`);
  // Once more with the bytes, which a detached signature is about.
  await requireSigned(main, source, artifact.bytes);
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const unfetched = (release: Release, manifest: Uint8Array, bundle: Uint8Array): ReleaseSource => ({
  release,
  manifestSha256: sha256(manifest),
  sources: { schemaVersion: 1, sources: [] },
  bundle,
  detached: undefined,
  readme: undefined,
  vectors: new Map(),
});

const sourceOf = ({ repository, release }: PulledFrom, asset: string): string =>
  `github:${repository}@${release.tag_name}#${asset}`;

function readManifest(bytes: Uint8Array, { plugin, version }: PulledFrom): Release {
  const release = parsed(() => parseCanonical(Release, bytes, MANIFEST));
  if (release.plugin !== plugin)
    throw new WatchProblem('release-other-plugin', `its release.json is about ${release.plugin}`);
  if (release.version === version) return release;
  throw new WatchProblem('release-other-version', `its release.json is about version ${release.version}`);
}

function parsed<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    throw new WatchProblem('release-malformed', error.message);
  }
}

/** Names of assets are no evidence: size and digest say which one it is. */
async function findArtifact(
  from: PulledFrom,
  { artifact }: Release,
  limits: Policy['limits'],
): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  if (artifact.size > limits.artifactBytes)
    throw new WatchProblem('file-forbidden', `the artifact has ${artifact.size} bytes, of ${limits.artifactBytes}`);
  const candidates = from.release.assets.filter(({ size }) => size === artifact.size).slice(0, MOST_CANDIDATES);
  for (const { name } of candidates) {
    const bytes = await fetched(from, name, artifact.size);
    if (sha256(bytes) === artifact.sha256) return { name, bytes };
  }
  throw new WatchProblem('file-missing', `no asset has the ${artifact.size} bytes with sha256 ${artifact.sha256}`);
}

/** What release.json names by digest, as `plugmark sign --assets` writes it, and the detached signature, which needs no name. */
async function namedFiles(from: PulledFrom, release: Release, limits: Policy['limits']): Promise<FileTree> {
  const files: FileTree = new Map();
  if (release.vectors.length > limits.vectors)
    throw new WatchProblem('file-forbidden', `${release.vectors.length} vectors, of ${limits.vectors}`);
  const wanted = [
    ...(release.readme === undefined
      ? []
      : [{ asset: 'README.md', path: 'README.md', digest: release.readme.sha256, most: limits.readmeBytes }]),
    ...release.vectors.map(({ name, sha256: digest }) => ({
      asset: vectorAsset(name),
      path: `vectors/${name}.json`,
      digest,
      most: limits.vectorBytes,
    })),
  ];
  for (const { asset, path, digest, most } of wanted) {
    const bytes = await required(from, asset, most);
    if (sha256(bytes) !== digest) throw new WatchProblem('file-different', `${asset} is not the file that was signed`);
    files.set(path, bytes);
  }
  if (assetNamed(from, DETACHED) !== undefined) files.set(DETACHED, await required(from, DETACHED, READER.detached));
  return files;
}

const assetNamed = ({ release }: PulledFrom, name: string): Asset | undefined =>
  release.assets.find((asset) => asset.name === name);

async function required(from: PulledFrom, name: string, most: number): Promise<Uint8Array> {
  const asset = assetNamed(from, name);
  if (asset === undefined) throw new WatchProblem('file-missing', `the release has no asset ${name}`);
  if (asset.size > most) throw new WatchProblem('file-forbidden', `${name} has ${asset.size} bytes, of ${most}`);
  return fetched(from, name, most);
}

const TIMEOUT_MS = 60_000;

/** From where everybody will fetch it afterwards. */
async function fetched({ repository, release, get }: PulledFrom, name: string, maxBytes: number): Promise<Uint8Array> {
  const part = encodeURIComponent;
  const address = `https://github.com/${repository}/releases/download/${part(release.tag_name)}/${part(name)}`;
  const answer = await get(address, { maxBytes, timeoutMs: TIMEOUT_MS });
  if ('bytes' in answer) return answer.bytes;
  const code = answer.state === 'forbidden' ? 'file-forbidden' : 'file-unreachable';
  throw new WatchProblem(code, `${name} ${answer.reason}`);
}

/** The statement binds plugin, version, registry, manifest and bytes, so one of another release is none. */
async function requireSigned(
  { source: main }: MainRegistry,
  release: ReleaseSource,
  artifact?: Uint8Array,
): Promise<void> {
  const signature = await signatureOf({ main }, release, artifact);
  if (typeof signature === 'object' && signature.outcome === 'pass') return;
  const why =
    typeof signature === 'object' && 'problem' in signature ? `${signature.code}: ${signature.problem}` : 'none';
  throw new WatchProblem('statement-invalid', `no key or workflow that main lists has signed it (${why})`);
}
