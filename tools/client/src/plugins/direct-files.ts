// The files of a plugin of no registry, from where they lie. The repository is known by its number: a name that was given up can be
// registered by anybody.
import type { DirectSource, LockedPlugin, LockedSource } from '../documents/lockfile.ts';
import { ClientError } from '../error.ts';
import { GITHUB_API, type GitHubPorts } from '../sources/fetch-github.ts';
import { fetchOci } from '../sources/fetch-oci.ts';
import type { SourcePorts } from '../sources/fetch-source.ts';
import { type GitHubRelease, readRelease, readReleaseFile, readRepository } from '../sources/github-repository.ts';
import { ociReference, type PluginSource } from '../sources/plugin-source.ts';
import { sha256, toHex } from '../trust/bytes.ts';
import { type ManifestFile, readManifest } from './direct-manifest.ts';
import { type DirectName, nameOfArtifact } from './direct-name.ts';
import type { DirectProfile } from './direct-profile.ts';
import type { PluginsContext } from './plugins-context.ts';

export interface DirectFiles {
  readonly source: DirectSource;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly manifest?: ManifestFile | undefined;
  /** Where there is no manifest and the source gives more than a file's name. */
  readonly named?: DirectName;
  /** As its source says. An OCI registry says nothing of it: then the release is of this moment. */
  readonly publishedAt?: string | undefined;
}

type GitHubSource = Extract<LockedSource, { kind: 'github' }>;
type Named = Extract<PluginSource, { kind: 'github' }>;
type OciSource = Extract<LockedSource, { kind: 'oci' }>;

const MAX_MANIFEST = 262_144;
const MAX_BYTES = 268_435_456;

/** Throws SOURCE_*, NETWORK, TOO_LARGE, MANIFEST_MALFORMED, ARTIFACT_*. */
export async function readFiles(
  context: PluginsContext,
  source: PluginSource,
  profile: DirectProfile,
): Promise<DirectFiles> {
  if (source.kind === 'file') {
    const { name, bytes } = source;
    const { file } = profile.profile.manifest;
    const manifest = await source.manifest?.(file);
    return { source: { kind: 'file' }, name, bytes, manifest: manifest && { name: file, bytes: manifest } };
  }
  if (source.kind === 'oci') return artifactOf(context, source);
  const found = await findRelease(context, source);
  return filesOf(context, found, profile);
}

/** Nothing of an author's manifest lies in an artifact of this layout, so no host is asked for and nothing is declared. */
async function artifactOf(
  context: PluginsContext,
  { repository, digest }: Pick<OciSource, 'repository' | 'digest'>,
): Promise<DirectFiles> {
  const { options } = context;
  const reference = ociReference({ repository, digest });
  const onLength = (received: number, size: number): void =>
    options.onProgress?.({ sha256: '', received, size, resumedFrom: 0 });
  const limits = { maxBytes: options.policy?.maxBytes ?? MAX_BYTES, onLength };
  const { bytes, annotations } = await fetchOci(reference, limits, sourcePorts(context));
  return {
    source: { kind: 'oci', repository, digest },
    name: repository,
    bytes,
    named: nameOfArtifact(reference, annotations),
  };
}

export interface FoundRelease {
  readonly source: GitHubSource;
  readonly release: GitHubRelease;
}

/** Throws SOURCE_MISSING, SOURCE_REPLACED, NETWORK. */
export async function findRelease(
  context: PluginsContext,
  { repository: named, tag }: Named,
  pinned?: string,
): Promise<FoundRelease> {
  const ports = portsOf(context);
  const { repository, id } = await readRepository(named, ports);
  await requireSameRepository(context, named, { repository, id, pinned });
  const release = await readRelease({ repository, tag }, ports);
  return { source: { kind: 'github', repository, repositoryId: id, tag: release.tag }, release };
}

/** Deleted and made again, by whoever: the name is the same and the number is not. */
async function requireSameRepository(
  { state }: PluginsContext,
  named: string,
  { repository, id, pinned }: { readonly repository: string; readonly id: string; readonly pinned: string | undefined },
): Promise<void> {
  const { plugins } = await state.lockfile();
  const same = (name: string): boolean =>
    [named, repository].some((other) => other.toLowerCase() === name.toLowerCase());
  const known = plugins.flatMap(({ source }) =>
    source.kind === 'github' && same(source.repository) ? [source.repositoryId] : [],
  );
  const expected = pinned ?? known.find((other) => other !== id);
  if (expected !== undefined && expected !== id)
    throw new ClientError('SOURCE_REPLACED', { repository, expected, actual: id });
}

export async function filesOf(
  context: PluginsContext,
  { source, release }: FoundRelease,
  profile: DirectProfile,
): Promise<DirectFiles> {
  const { options } = context;
  const ports = portsOf(context);
  const { file } = profile.profile.manifest;
  const place = { repository: source.repository, release };
  const manifest = { name: file, bytes: await readReleaseFile(file, place, { maxBytes: MAX_MANIFEST }, ports) };
  const { artifact: path } = readManifest(context, manifest, profile).manifest;
  const maxBytes = options.policy?.maxBytes ?? MAX_BYTES;
  // A file of the repository does not say how long it is.
  const onLength = (received: number, size: number): void => {
    if (size > 0) options.onProgress?.({ sha256: '', received, size, resumedFrom: 0 });
  };
  const bytes = await readReleaseFile(path, place, { maxBytes, onLength }, ports);
  await requireListedDigest(release, path, bytes);
  const name = path.split('/').at(-1) ?? path;
  return { source, name, bytes, manifest, publishedAt: release.publishedAt };
}

/** What GitHub says the file was when it was uploaded. Not proof against GitHub; it finds a transfer that went wrong. */
async function requireListedDigest({ assets }: GitHubRelease, path: string, bytes: Uint8Array): Promise<void> {
  const listed = assets.find(({ name }) => name === path.split('/').at(-1))?.digest;
  if (listed === undefined || !listed.startsWith('sha256:')) return;
  const actual = `sha256:${toHex(await sha256(bytes))}`;
  if (actual !== listed)
    throw new ClientError('ARTIFACT_DIGEST', { expected: listed.slice(7), actual: actual.slice(7) });
}

const sourcePorts = ({ options, core }: PluginsContext): SourcePorts => ({
  fetch: options.fetch,
  timeoutMs: core.timeoutMs,
});

function portsOf(context: PluginsContext): GitHubPorts {
  const api = context.options.github?.api ?? GITHUB_API;
  return { ...sourcePorts(context), api: api.endsWith('/') ? api : `${api}/` };
}

/** The very files that are locked. Throws SOURCE_REPLACED, SOURCE_MOVED, SOURCE_MISSING, LOCKFILE_MISMATCH, NETWORK. */
export async function readLocked(
  context: PluginsContext,
  entry: LockedPlugin,
  profile: DirectProfile,
): Promise<DirectFiles> {
  const { plugin, source } = entry;
  if (source.kind === 'oci') return lockedArtifact(context, entry, source);
  if (source.kind !== 'github')
    throw new ClientError('NOT_INSTALLED', { plugin, sha256: entry.sha256, source: 'file' });
  const files = await filesOf(context, await findRelease(context, source, source.repositoryId), profile);
  const actual = {
    sha256: toHex(await sha256(files.bytes)),
    manifestSha256: files.manifest && toHex(await sha256(files.manifest.bytes)),
  };
  for (const what of ['sha256', 'manifestSha256'] as const)
    if (actual[what] !== entry[what])
      throw new ClientError('SOURCE_MOVED', {
        plugin,
        tag: source.tag,
        what,
        expected: entry[what],
        actual: actual[what],
      });
  return files;
}

/** A digest never moves: bytes other than the locked ones mean that the lockfile names two things. */
async function lockedArtifact(
  context: PluginsContext,
  { plugin, sha256: locked }: LockedPlugin,
  source: OciSource,
): Promise<DirectFiles> {
  const files = await artifactOf(context, source);
  const expected = toHex(await sha256(files.bytes));
  if (expected === locked) return files;
  throw new ClientError('LOCKFILE_MISMATCH', { plugin, what: 'sha256', actual: locked, expected });
}
