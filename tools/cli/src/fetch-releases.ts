// The bytes of releases, by digest, into a folder where each file is named by its digest. A file is whole or not there, so that a
// fetch that was killed goes on where it stopped; what lies there already is hashed again and kept when it is right. Nothing is ever
// removed. One publisher whose server is gone keeps nobody else waiting.

import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonFile, type RegistrySource, type ReleaseSource, sha256 } from '@plugmark/publish';
import { FetchResult, parse } from '@plugmark/schemas';
import { artifactFile, type Get, ownBlob, type SourceFailure, searchSources } from './artifact-sources.ts';
import type { FetchLimits } from './fetch-public.ts';
import { replaceFile } from './replace-file.ts';

export interface FetchRun {
  readonly registry: RegistrySource['registry'];
  readonly releases: readonly ReleaseSource[];
  /** Where the files go. */
  readonly out: string;
  /** Folders with files named by digest, looked into before anybody is asked. */
  readonly folders: readonly string[];
  readonly limits: FetchLimits;
  readonly get?: Get | undefined;
  /** In the order of the releases, whichever came first. */
  readonly onDone: (release: FetchedRelease, done: number) => void;
}

export type FetchedRelease = FetchResult['releases'][number];

/** The file that says what came of the others; there even when a registry has no release yet. */
const LIST = 'artifacts.json';
/** Enough that one slow server does not hold up the others. */
const AT_ONCE = 4;

export async function fetchReleases(run: FetchRun): Promise<FetchResult> {
  const { releases, out, onDone } = run;
  await mkdir(out, { recursive: true });
  const fetched: FetchedRelease[] = [];
  let next = 0;
  let said = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < releases.length; at = next++) {
      fetched[at] = await fetchRelease(run, releases[at] as ReleaseSource);
      for (let one = fetched[said]; one !== undefined; one = fetched[said]) onDone(one, ++said);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const result = parse(FetchResult, { schemaVersion: 1, outcome: outcomeOf(fetched), releases: fetched }, 'result');
  await replaceFile(join(out, LIST), jsonFile(result));
  return result;
}

function outcomeOf(releases: readonly FetchedRelease[]): FetchResult['outcome'] {
  const failed = releases.filter(({ state }) => state === 'failed');
  if (failed.length === 0) return 'pass';
  const isGone = failed.every(({ failures }) => failures.every(({ state }) => state === 'unreachable'));
  return isGone ? 'inconclusive' : 'fail';
}

async function fetchRelease(run: FetchRun, { release, sources }: ReleaseSource): Promise<FetchedRelease> {
  const { out, folders, limits, get, registry } = run;
  const { plugin, version, artifact } = release;
  const about = { plugin, version, sha256: artifact.sha256 };
  const name = artifactFile(release);
  if (await holds(join(out, name), artifact.sha256)) return { ...about, state: 'present', failures: [] };
  for (const folder of folders) {
    const bytes = await bytesOf(join(folder, name), artifact.sha256);
    if (bytes === undefined) continue;
    await replaceFile(join(out, name), bytes);
    return { ...about, state: 'fetched', source: 'a folder here', failures: [] };
  }
  const places = placesOf(registry, release, sources.sources);
  const { found, failures } = await searchSources(artifact.sha256, places, { limits, get });
  const own = ownBlob(registry.url, release);
  if (found === undefined) return { ...about, state: 'failed', failures: named(failures, own) };
  await replaceFile(join(out, name), found.bytes);
  // That a new release is not served yet is no failure.
  return { ...about, state: 'fetched', source: found.source, failures: named(failures, own) };
}

/**
 * The registry's own copy first: what was published once does not hang on the publisher's server. Its mirrors last, so that a release
 * nobody has yet is not asked for everywhere.
 */
function placesOf(
  { url, mirrors }: RegistrySource['registry'],
  release: ReleaseSource['release'],
  sources: readonly string[],
): string[] {
  return [...new Set([ownBlob(url, release), ...sources, ...mirrors.map((mirror) => ownBlob(mirror.url, release))])];
}

function named(failures: readonly SourceFailure[], own: string): FetchedRelease['failures'] {
  return failures.filter(({ source, state }) => source !== own || state === 'different');
}

async function bytesOf(path: string, digest: string): Promise<Uint8Array | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  return bytes !== undefined && sha256(bytes) === digest ? new Uint8Array(bytes) : undefined;
}

const holds = async (path: string, digest: string): Promise<boolean> => (await bytesOf(path, digest)) !== undefined;
