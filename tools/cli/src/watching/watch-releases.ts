// Pulls new releases of plugins whose publishers asked for it: from the repository with exactly the listed number and owner, if the
// publisher's statement is valid. What comes of it is a pull request like any other; `plugmark review` decides it.

import { compareVersions } from '@plugmark/client';
import { publisherIdOf } from '@plugmark/publish';
import {
  GitHubPullItem,
  GitHubReleases,
  GitHubRepository,
  GitHubUser,
  isValid,
  parse,
  RegistryWatchResult,
  SemVer,
  type Watched,
} from '@plugmark/schemas';
import { CliError } from '../cli-error.ts';
import { fetchPublic } from '../fetch-public.ts';
import type { GitHubApi } from '../github/github-api.ts';
import { type MainRegistry, openMain } from '../github/main-registry.ts';
import { submitPull } from '../github/submit-pull.ts';
import type { Io } from '../io.ts';
import { submissionOf } from '../submission-words.ts';
import { MANIFEST, pullRelease, STATEMENT } from './pull-release.ts';
import { PASSING, WatchProblem } from './watch-problem.ts';

export interface WatchRun {
  readonly io: Io;
  readonly api: GitHubApi;
  /** The registry's data as checked out. */
  readonly folder: string;
  readonly dryRun: boolean;
  /** Only these plugins. */
  readonly only?: readonly string[];
}

type WatchedResult = RegistryWatchResult['watched'][number];
type ReleaseResult = WatchedResult['releases'][number];

/** Releases that are listed, those of them that are looked at, and those that are submitted, of one plugin in one run. */
const LISTED = 30;
const LOOKED_AT = 20;
const MOST_SUBMITTED = 3;
/** One publisher's slow files must not keep the others waiting. */
const PATIENCE_MS = 180_000;

export async function watchReleases(run: WatchRun): Promise<RegistryWatchResult> {
  const { api, folder, dryRun, only } = run;
  const about = await api.ask(GitHubRepository, (request) =>
    request('GET /repos/{owner}/{repo}', { ...api.repository }),
  );
  const main = await openMain(api, folder, about.default_branch);
  const entries = watchedOf(main).filter(({ plugin }) => only === undefined || only.includes(plugin));
  if (entries.length > 0 && !dryRun) await requireWatcher(api, main);
  const open = entries.length === 0 ? [] : await openPulls(api);
  const watched: WatchedResult[] = [];
  for (const entry of entries) watched.push(await watchOne({ ...run, main, open }, entry));
  return parse(RegistryWatchResult, { repository: about.full_name, dryRun, watched }, 'result');
}

/** First releases are for people: only what is listed is pulled. */
const watchedOf = ({ source: { publishers, plugins } }: MainRegistry): Watched[] =>
  [...publishers].flatMap(([publisher, { watched = [] }]) =>
    watched.filter(({ plugin }) => plugin.startsWith(`${publisher}/`) && plugins.has(plugin)),
  );

/** Anybody else's pull request would be refused as a stranger's. Throws WATCHER_MISSING, GITHUB_TOKEN_MISSING. */
async function requireWatcher(api: GitHubApi, { source: { policy } }: MainRegistry): Promise<void> {
  const watcher = policy.merge?.watcher;
  if (watcher === undefined)
    throw new CliError('WATCHER_MISSING', 'policy.json names no account that opens pull requests for the registry');
  if (!api.hasToken)
    throw new CliError('GITHUB_TOKEN_MISSING', `opening pull requests takes a token of ${watcher.github}`);
  const { login, id } = await api.ask(GitHubUser, (request) => request('GET /user'));
  if (id !== watcher.githubId)
    throw new CliError('WATCHER_MISSING', `the token is ${login}’s (${id}), the watcher is ${watcher.githubId}`);
}

function openPulls(api: GitHubApi): Promise<GitHubPullItem[]> {
  return api.list(
    GitHubPullItem,
    (request, page) => request('GET /repos/{owner}/{repo}/pulls', { ...api.repository, state: 'open', ...page }),
    { most: 10_000 },
  );
}

interface Desk extends WatchRun {
  readonly main: MainRegistry;
  readonly open: readonly GitHubPullItem[];
}

async function watchOne(desk: Desk, entry: Watched): Promise<WatchedResult> {
  const { plugin } = entry;
  const named = entry.repository.replace(/^https:\/\/github\.com\//, '').replace(/(?:\.git)?\/?$/, '');
  try {
    const repository = await sameRepository(desk.api, named, entry);
    const releases: ReleaseResult[] = [];
    const until = desk.io.now().getTime() + PATIENCE_MS;
    let submitted = 0;
    for (const { release, version } of await unlisted(desk, repository, plugin)) {
      if (submitted === MOST_SUBMITTED || desk.io.now().getTime() > until) break;
      const result = await watchRelease(desk, { plugin, repository, release, version });
      if (result.state === 'submitted' || result.state === 'ready') submitted++;
      releases.push(result);
    }
    return { plugin, repository, releases };
  } catch (error) {
    if (!(error instanceof WatchProblem)) throw error;
    return { plugin, repository: named, problem: problemOf(error), releases: [] };
  }
}

const problemOf = ({ code, message }: WatchProblem) => ({ code, message: message.slice(0, 2000) });

const REPOSITORY = /^([A-Za-z0-9][A-Za-z0-9-]{0,38})\/([A-Za-z0-9._-]{1,100})$/;

/** Its name now. GitHub leads from an old name to a new one, and gives a name that became free to anybody. Throws WatchProblem. */
async function sameRepository(api: GitHubApi, named: string, { repositoryId, ownerId }: Watched): Promise<string> {
  const [, owner, repo] = REPOSITORY.exec(named) ?? [];
  if (owner === undefined || repo === undefined)
    throw new WatchProblem('repository-other', `${named} is no repository on GitHub`);
  const found = await asked(() =>
    api.ask(GitHubRepository, (request) => request('GET /repos/{owner}/{repo}', { owner, repo })),
  );
  if (String(found.id) !== repositoryId)
    throw new WatchProblem('repository-other', `${named} is another repository (${found.id}, not ${repositoryId})`);
  if (String(found.owner.id) !== ownerId)
    throw new WatchProblem(
      'repository-transferred',
      `it belongs to ${found.owner.login} now (${found.owner.id}, not ${ownerId})`,
    );
  return found.full_name;
}

async function asked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof CliError) || STOPS.has(error.code)) throw error;
    throw new WatchProblem('repository-unreachable', error.message);
  }
}

/** Not about one repository. */
const STOPS: ReadonlySet<string> = new Set(['GITHUB_AUTH', 'GITHUB_LIMIT']);

type Found = { readonly release: GitHubReleases[number]; readonly version: string };

/** Newest last: earlier versions are listed before later ones. */
async function unlisted({ api, main }: Desk, repository: string, plugin: string): Promise<Found[]> {
  const [owner = '', repo = ''] = repository.split('/');
  const releases = await asked(() =>
    api.ask(GitHubReleases, (request) =>
      request('GET /repos/{owner}/{repo}/releases', { owner, repo, per_page: LISTED }),
    ),
  );
  const listed = main.source.plugins.get(plugin)?.releases;
  return releases
    .flatMap((release) => {
      const version = release.tag_name.replace(/^v/, '');
      return release.draft || !isValid(SemVer, version) || listed?.has(version) ? [] : [{ release, version }];
    })
    .sort((a, b) => compareVersions(a.version, b.version))
    .slice(-LOOKED_AT);
}

interface Candidate extends Found {
  readonly plugin: string;
  readonly repository: string;
}

async function watchRelease(desk: Desk, { plugin, repository, release, version }: Candidate): Promise<ReleaseResult> {
  const { io, api, main, open, dryRun } = desk;
  const about = { tag: release.tag_name, version };
  const has = (name: string): boolean => release.assets.some((asset) => asset.name === name);
  if (!has(MANIFEST) && !has(STATEMENT)) return { ...about, state: 'unsigned' };
  const words = submissionOf({ plugin, version });
  const waiting =
    open.find((pull) => pull.head.ref === words.branch && maySubmit(main, plugin, pull)) ??
    (await closedPull(desk, words.branch));
  if (waiting !== undefined)
    return {
      ...about,
      state: waiting.state === 'open' ? 'open' : 'closed',
      pull: { number: waiting.number, url: waiting.html_url },
    };
  try {
    const files = await pullRelease({ main, plugin, version, repository, release, get: io.fetchPublic ?? fetchPublic });
    if (dryRun) return { ...about, state: 'ready' };
    const body = `Pulls ${plugin} ${version} from the release ${release.tag_name} of https://github.com/${repository}, as its publisher asked for in publishers/${plugin.split('/')[0]}.json. The publisher’s statement was verified; the registry’s reviewer answers with one comment.\n`;
    const { number, url } = await submitPull(api, { ...words, files, body });
    return { ...about, state: 'submitted', pull: { number, url } };
  } catch (error) {
    if (!(error instanceof WatchProblem)) throw error;
    return { ...about, state: PASSING.has(error.code) ? 'unknown' : 'refused', problem: problemOf(error) };
  }
}

/** Anybody can name a branch so. A stranger's pull request is refused and must not keep the publisher's release waiting. */
function maySubmit(
  { source: { publishers, policy } }: MainRegistry,
  plugin: string,
  { user }: GitHubPullItem,
): boolean {
  const owners = publishers.get(publisherIdOf(plugin))?.owners ?? [];
  const { maintainers = [], watcher } = policy.merge ?? {};
  return user !== null && [...owners, ...maintainers, watcher].some((account) => account?.githubId === user.id);
}

/** What people closed is not opened again and again. */
async function closedPull({ api, main }: Desk, branch: string): Promise<GitHubPullItem | undefined> {
  const watcher = main.source.policy.merge?.watcher;
  if (watcher === undefined) return undefined;
  const found = await api.list(GitHubPullItem, (request, page) =>
    request('GET /repos/{owner}/{repo}/pulls', {
      ...api.repository,
      state: 'closed',
      head: `${watcher.github}:${branch}`,
      ...page,
    }),
  );
  return found[0];
}
