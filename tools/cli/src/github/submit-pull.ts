// Opens a pull request from a fork through the git data API: blobs, tree, commit, ref, pull. Binary files are carried as they are, and
// doing it again moves the same branch and finds the same pull request.

import type { FileTree } from '@plugmark/publish';
import { GitHubObject, GitHubPullItem, GitHubRef, GitHubRepository, GitHubUser } from '@plugmark/schemas';
import { CliError } from '../cli-error.ts';
import { blobId } from './git-ids.ts';
import type { GitHubApi, Repository } from './github-api.ts';
import { readCommit } from './read-pull.ts';

export interface Submission {
  /** By path in the repository. */
  readonly files: FileTree;
  readonly branch: string;
  readonly title: string;
  /** Of the commit; the title where there is none. */
  readonly message?: string;
  readonly body: string;
}

export interface Submitted {
  readonly number: number;
  readonly url: string;
  /** There was one already, and it has the new commit now. */
  readonly updated: boolean;
  /** The commit of main it stands on. */
  readonly base: string;
}

export async function submitPull(api: GitHubApi, submission: Submission): Promise<Submitted> {
  const { login } = await api.ask(GitHubUser, (request) => request('GET /user'));
  const upstream = await readRepository(api, api.repository);
  const base = await branchHead(api, api.repository, upstream.default_branch);
  if (base === undefined)
    throw new CliError('GITHUB_NOT_FOUND', `${upstream.full_name} has no branch ${upstream.default_branch}`);
  const fork = await forkOf(api, upstream, login);
  const commit = await commitFiles(api, fork, { ...submission, base });
  await moveBranch(api, fork, submission.branch, commit);
  return { ...(await openOrUpdate(api, { ...submission, login, into: upstream.default_branch })), base };
}

function readRepository(api: GitHubApi, repository: Repository): Promise<GitHubRepository> {
  return api.ask(GitHubRepository, (request) => request('GET /repos/{owner}/{repo}', { ...repository }));
}

async function branchHead(api: GitHubApi, repository: Repository, branch: string): Promise<string | undefined> {
  try {
    const { object } = await api.ask(GitHubRef, (request) =>
      request('GET /repos/{owner}/{repo}/git/ref/{ref}', { ...repository, ref: `heads/${branch}` }),
    );
    return object.sha;
  } catch (error) {
    if (error instanceof CliError && error.code === 'GITHUB_NOT_FOUND') return undefined;
    throw error;
  }
}

/** The repository itself for its owner, else the account's fork, made where there is none. GitHub makes it while it answers. */
async function forkOf(api: GitHubApi, upstream: GitHubRepository, login: string): Promise<Repository> {
  if (upstream.owner.login.toLowerCase() === login.toLowerCase()) return api.repository;
  const made = await api.ask(GitHubRepository, (request) =>
    request('POST /repos/{owner}/{repo}/forks', { ...api.repository, default_branch_only: true }),
  );
  return { owner: made.owner.login, repo: made.name };
}

async function commitFiles(
  api: GitHubApi,
  fork: Repository,
  { files, title, message = title, base }: Submission & { base: string },
): Promise<string> {
  const tree: { path: string; mode: '100644'; type: 'blob'; sha: string }[] = [];
  for (const [path, bytes] of files) {
    const content = Buffer.from(bytes).toString('base64');
    const { sha } = await api.ask(GitHubObject, (request) =>
      request('POST /repos/{owner}/{repo}/git/blobs', { ...fork, content, encoding: 'base64' }),
    );
    if (sha !== blobId(bytes)) throw new CliError('GITHUB_ANSWER', `GitHub stored other bytes for ${path}`);
    tree.push({ path, mode: '100644', type: 'blob', sha });
  }
  const { tree: on } = await readCommit(api, base);
  const written = await api.ask(GitHubObject, (request) =>
    request('POST /repos/{owner}/{repo}/git/trees', { ...fork, base_tree: on.sha, tree }),
  );
  const commit = await api.ask(GitHubObject, (request) =>
    request('POST /repos/{owner}/{repo}/git/commits', { ...fork, message, tree: written.sha, parents: [base] }),
  );
  return commit.sha;
}

/** The branch is this command's own, so that it may be moved to where the new commit is. */
async function moveBranch(api: GitHubApi, fork: Repository, branch: string, sha: string): Promise<void> {
  const before = await branchHead(api, fork, branch);
  if (before === sha) return;
  if (before === undefined)
    await api.send((request) =>
      request('POST /repos/{owner}/{repo}/git/refs', { ...fork, ref: `refs/heads/${branch}`, sha }),
    );
  else
    await api.send((request) =>
      request('PATCH /repos/{owner}/{repo}/git/refs/{ref}', { ...fork, ref: `heads/${branch}`, sha, force: true }),
    );
}

interface Opening extends Submission {
  readonly login: string;
  readonly into: string;
}

async function openOrUpdate(
  api: GitHubApi,
  { login, branch, title, body, into }: Opening,
): Promise<Omit<Submitted, 'base'>> {
  const open = await findOpen(api, `${login}:${branch}`);
  if (open !== undefined) {
    await api.send((request) =>
      request('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', {
        ...api.repository,
        pull_number: open.number,
        title,
        body,
      }),
    );
    return { number: open.number, url: open.html_url, updated: true };
  }
  try {
    const made = await api.ask(
      GitHubPullItem,
      (request) =>
        request('POST /repos/{owner}/{repo}/pulls', {
          ...api.repository,
          title,
          body,
          head: `${login}:${branch}`,
          base: into,
          maintainer_can_modify: false,
        }),
      { again: false },
    );
    return { number: made.number, url: made.html_url, updated: false };
  } catch (error) {
    // The answer may have been lost after it was made.
    const there = error instanceof CliError ? await findOpen(api, `${login}:${branch}`) : undefined;
    if (there === undefined) throw error;
    return { number: there.number, url: there.html_url, updated: false };
  }
}

async function findOpen(api: GitHubApi, head: string): Promise<GitHubPullItem | undefined> {
  const found = await api.list(GitHubPullItem, (request, page) =>
    request('GET /repos/{owner}/{repo}/pulls', { ...api.repository, state: 'open', head, ...page }),
  );
  return found[0];
}
