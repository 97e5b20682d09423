// What is read of GitHub: a repository by its number, one of its releases, and files of either. Members that are not read are passed
// over; what is read has to be there and of its kind, because a body that broke off must not count as an empty answer.
import { ClientError } from '../error.ts';
import { boolean, integer, list, matching, object, optional, type Reader, readJson, string } from '../trust/shape.ts';
import { fetchGitHub, type GitHubPorts } from './fetch-github.ts';
import { REPOSITORY, TAG } from './plugin-source.ts';

export interface GitHubRepository {
  /** As it is called now. */
  readonly repository: string;
  readonly id: string;
}

interface GitHubAsset {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  /** `sha256:...`, as GitHub computed it; absent for old ones. */
  readonly digest?: string | undefined;
}

export interface GitHubRelease {
  readonly tag: string;
  readonly publishedAt: string;
  readonly assets: readonly GitHubAsset[];
}

const JSON_TYPE = 'application/vnd.github+json';
const RAW_TYPE = 'application/vnd.github.raw+json';
const BYTES_TYPE = 'application/octet-stream';
/** A release may have a thousand assets, each with two kilobytes of words about it. */
const MAX_ANSWER = 4_000_000;

const nullable =
  <T>(reader: Reader<T>): Reader<T | undefined> =>
  (value, at) =>
    value === null ? undefined : optional(reader)(value, at);

const repositoryAnswer = object<{ id: number; full_name: string }>({
  id: integer(1),
  full_name: matching(REPOSITORY),
});
const releaseAnswer = object<{
  tag_name: string;
  draft: boolean;
  published_at: string | undefined;
  assets: readonly { id: number; name: string; size: number; digest: string | undefined }[];
}>({
  tag_name: string,
  draft: boolean,
  published_at: nullable(string),
  assets: list(object({ id: integer(0), name: string, size: integer(0), digest: nullable(string) })),
});
const commitAnswer = object<{ sha: string }>({ sha: string });

async function ask<T>(path: string, reader: Reader<T>, ports: GitHubPorts): Promise<T | undefined> {
  const bytes = await fetchGitHub({ path, accept: JSON_TYPE, maxBytes: MAX_ANSWER }, ports);
  if (bytes === undefined) return undefined;
  try {
    return readJson(bytes, { code: 'NETWORK', path: 'answer' }, reader);
  } catch (cause) {
    if (!(cause instanceof ClientError)) throw cause;
    throw new ClientError('NETWORK', { url: ports.api + path, answer: cause.details['path'] }, cause);
  }
}

/** Parts of a path that are data; GitHub takes an escaped slash in a tag for a slash. */
const part = encodeURIComponent;
const pathOf = (repository: string): string => `repos/${repository.split('/').map(part).join('/')}`;

/** Throws SOURCE_MISSING. */
export async function readRepository(repository: string, ports: GitHubPorts): Promise<GitHubRepository> {
  const answer = await ask(pathOf(repository), repositoryAnswer, ports);
  if (answer === undefined) throw new ClientError('SOURCE_MISSING', { what: 'repository', repository });
  return { repository: answer.full_name, id: String(answer.id) };
}

/** The release of that tag, else the latest one. Throws SOURCE_MISSING. */
export async function readRelease(
  { repository, tag }: { readonly repository: string; readonly tag: string | undefined },
  ports: GitHubPorts,
): Promise<GitHubRelease> {
  const which = tag === undefined ? 'latest' : `tags/${part(tag)}`;
  const answer = await ask(`${pathOf(repository)}/releases/${which}`, releaseAnswer, ports);
  const isOther = tag !== undefined && answer !== undefined && answer.tag_name !== tag;
  if (answer === undefined || answer.draft || isOther)
    throw new ClientError('SOURCE_MISSING', { what: 'release', repository, tag });
  // Git allows names that a person could not read in a lockfile, or would read as another.
  if (!TAG.test(answer.tag_name))
    throw new ClientError('SOURCE_MALFORMED', { source: `${repository}@${answer.tag_name}` });
  return { tag: answer.tag_name, publishedAt: answer.published_at ?? '', assets: answer.assets };
}

export interface FileLimits {
  readonly maxBytes: number;
  readonly onLength?: (length: number, size: number) => void;
}

/** A file of the release, else of the repository at its tag. Throws SOURCE_MISSING, TOO_LARGE. */
export async function readReleaseFile(
  path: string,
  { repository, release }: { readonly repository: string; readonly release: GitHubRelease },
  { maxBytes, onLength }: FileLimits,
  ports: GitHubPorts,
): Promise<Uint8Array> {
  const asset = release.assets.find(({ name }) => name === path.split('/').at(-1));
  if (asset !== undefined && asset.size > maxBytes)
    throw new ClientError('TOO_LARGE', { url: `${repository} ${asset.name}`, maxBytes });
  const size = asset?.size ?? 0;
  const from =
    asset === undefined
      ? { path: await contentPath(path, repository, release.tag, ports), accept: RAW_TYPE }
      : { path: `${pathOf(repository)}/releases/assets/${asset.id}`, accept: BYTES_TYPE };
  const limits = {
    maxBytes: asset?.size ?? maxBytes,
    isLong: true,
    onLength: (length: number) => onLength?.(length, size),
  };
  const bytes = await fetchGitHub({ ...from, ...limits }, ports);
  if (bytes !== undefined) return bytes;
  throw new ClientError('SOURCE_MISSING', { what: 'file', repository, tag: release.tag, file: path });
}

/** By the commit that the tag names: a branch may have the tag's name. */
async function contentPath(path: string, repository: string, tag: string, ports: GitHubPorts): Promise<string> {
  const commit = await ask(`${pathOf(repository)}/commits/${part(`tags/${tag}`)}?per_page=1`, commitAnswer, ports);
  if (commit === undefined) throw new ClientError('SOURCE_MISSING', { what: 'tag', repository, tag });
  const file = path.split('/').map(part).join('/');
  return `${pathOf(repository)}/contents/${file}?ref=${part(commit.sha)}`;
}
