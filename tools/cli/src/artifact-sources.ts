// The bytes of a release from where they can be had: without the network, from a folder of files named by digest, the tree that was
// built before, or an installed npm package; for a proposed release, from the sources it names. A damaged copy in one place does not
// hide a whole one in the next.

import { readFile, realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import type { ArtifactSearch } from '@plugmark/analysis';
import { blobPath, fileEnding } from '@plugmark/client';
import { sha256 as digest, type ReleaseSource } from '@plugmark/publish';
import { type Fetched, type FetchLimits, fetchPublic } from './fetch-public.ts';
import { fetchOciSource } from './oci/oci-source.ts';
import { fileOfPackage } from './read-tar.ts';

export interface ArtifactPlaces {
  /** Folders with `<sha256>.wasm` or `<sha256>.zip`. */
  readonly folders: readonly string[];
  /** A folder from which npm packages are resolved. */
  readonly npmFrom: string;
}

/** The bytes with the release's digest; where no place has those, the first that go by its name, for whoever asked to refuse. Undefined when nothing has them. */
export async function findArtifact(
  { release, sources }: ReleaseSource,
  { folders, npmFrom }: ArtifactPlaces,
): Promise<Uint8Array | undefined> {
  const { sha256 } = release.artifact;
  const name = artifactFile(release);
  const candidates = [
    ...folders.map((folder) => () => read(join(folder, name))),
    ...sources.sources.map((source) => () => readNpm(source, npmFrom)),
  ];
  let damaged: Uint8Array | undefined;
  for (const candidate of candidates) {
    const bytes = await candidate();
    if (bytes !== undefined && digest(bytes) === sha256) return bytes;
    damaged ??= bytes;
  }
  return damaged;
}

async function read(path: string): Promise<Uint8Array | undefined> {
  return readFile(path).then(
    (bytes) => new Uint8Array(bytes),
    () => undefined,
  );
}

const NPM = /^npm:((?:@[^/]+\/)?[^@/]+)@([^#]+)#(.+)$/;

/** A file of an installed package, if that very version is installed and the file lies inside it. */
async function readNpm(source: string, from: string): Promise<Uint8Array | undefined> {
  const [, name, version, file] = NPM.exec(source) ?? [];
  const folder = name === undefined ? undefined : await packageFolder(name, from);
  if (folder === undefined || file === undefined) return undefined;
  if ((await packageVersion(folder)) !== version) return undefined;
  const path = await realpath(join(folder, file)).catch(() => undefined);
  return path?.startsWith(folder + sep) ? read(path) : undefined;
}

async function packageVersion(folder: string): Promise<unknown> {
  const manifest = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '{}');
  try {
    return (JSON.parse(manifest) as { version?: unknown } | null)?.version;
  } catch {
    return undefined;
  }
}

/** Found by Node's own search, whatever the package exports. */
async function packageFolder(name: string, from: string): Promise<string | undefined> {
  const roots = createRequire(join(from, 'package.json')).resolve.paths(name) ?? [];
  for (const root of roots) {
    const folder = await realpath(join(root, name)).catch(() => undefined);
    if (folder !== undefined && (await read(join(folder, 'package.json'))) !== undefined) return folder;
  }
  return undefined;
}

export type Get = (address: string, limits: FetchLimits) => Promise<Fetched>;

export interface ArtifactFetching {
  /** Looked into first. */
  readonly folders: readonly string[];
  readonly limits: FetchLimits;
  /** How an address is fetched: from public ones only, unless something else is asked for. */
  readonly get?: Get | undefined;
}

/** Why a source did not have the bytes. */
export type SourceFailure = Exclude<ArtifactSearch, { state: 'found' }>;

export interface SearchedSources {
  /** With the release's digest; undefined where no source has them. */
  readonly found: { readonly bytes: Uint8Array; readonly source: string } | undefined;
  /** Of the sources asked before. */
  readonly failures: readonly SourceFailure[];
}

/** Asks each source in turn until one has the bytes with the digest. */
export async function searchSources(
  sha256: string,
  sources: readonly string[],
  { limits, get = fetchPublic }: Pick<ArtifactFetching, 'limits' | 'get'>,
): Promise<SearchedSources> {
  const failures: SourceFailure[] = [];
  for (const source of sources) {
    const fetched = await fetchSource(source, limits, get);
    if (!('bytes' in fetched)) failures.push({ source, ...fetched });
    else if (digest(fetched.bytes) === sha256) return { found: { bytes: fetched.bytes, source }, failures };
    else failures.push({ source, state: 'different', reason: `serves bytes with sha256 ${digest(fetched.bytes)}` });
  }
  return { found: undefined, failures };
}

/** The failure that says most: what must not be is worse than what is not there. */
function worstOf(failures: readonly SourceFailure[]): SourceFailure | undefined {
  return (['forbidden', 'different', 'unreachable'] as const)
    .map((state) => failures.find((failure) => failure.state === state))
    .find((failure) => failure !== undefined);
}

/** Fetches what a proposed release names, each source in turn until one has the signed bytes; else why not, the worst first. */
export async function fetchArtifact(
  { release, sources }: Pick<ReleaseSource, 'release' | 'sources'>,
  { folders, ...fetching }: ArtifactFetching,
): Promise<{ readonly bytes: Uint8Array } | SourceFailure> {
  const { sha256 } = release.artifact;
  for (const folder of folders) {
    const bytes = await read(join(folder, artifactFile(release)));
    if (bytes !== undefined && digest(bytes) === sha256) return { bytes };
  }
  const { found, failures } = await searchSources(sha256, sources.sources, fetching);
  if (found !== undefined) return { bytes: found.bytes };
  return worstOf(failures) ?? { state: 'unreachable', source: 'sources.json', reason: 'names no source' };
}

/** What the bytes of a release are called wherever they lie by their digest. */
export function artifactFile({ artifact }: ReleaseSource['release']): string {
  return `${artifact.sha256}.${fileEnding(artifact)}`;
}

/** Where a registry, or a mirror of it, serves what was published, whatever became of its publisher's own place. */
export function ownBlob(address: string, { artifact }: ReleaseSource['release']): string {
  return `${address.replace(/\/?$/, '/')}${blobPath(artifact)}`;
}

const GITHUB_ASSET = /^github:([^/]+)\/([^@]+)@([^#]+)#(.+)$/;

async function fetchSource(source: string, limits: FetchLimits, get: Get): Promise<Fetched> {
  if (source.startsWith('https://')) return get(source, limits);
  if (source.startsWith('oci://')) return fetchOciSource(source, limits, get);
  const [, owner, repository, tag, asset] = GITHUB_ASSET.exec(source) ?? [];
  if (asset !== undefined)
    return get(`https://github.com/${owner}/${repository}/releases/download/${tag}/${asset}`, limits);
  const [, name, version, file = ''] = NPM.exec(source) ?? [];
  if (name === undefined)
    return {
      state: 'unreachable',
      reason: `is a source of the kind ${source.split(':')[0]}:, which is not fetched here`,
    };
  const archive = `https://registry.npmjs.org/${name}/-/${name.split('/').at(-1)}-${version}.tgz`;
  const fetched = await get(archive, limits);
  if (!('bytes' in fetched)) return fetched;
  const bytes = fileOfPackage(fetched.bytes, file, 4 * limits.maxBytes);
  return bytes === undefined ? { state: 'unreachable', reason: `the package has no file ${file}` } : { bytes };
}

/** Where the blobs of a built tree lie. */
export function blobFolder(tree: string): string {
  return join(tree, 'blobs', 'sha256');
}

/** The repository a registry's data lies in. */
export function repositoryOf(registry: string): string {
  return dirname(registry);
}
