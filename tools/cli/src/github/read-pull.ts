// A pull request as the merge decision takes it, from GitHub's own account of it. Nothing of it is checked out and none of its
// code is run; its files come one by one, by their ids.

import {
  type ChangedEntry,
  isWorthReading,
  type PullComment,
  type PullRequest,
  type PullReview,
} from '@plugmark/analysis';
import {
  GitHubBlob,
  GitHubCheckRuns,
  GitHubComment,
  GitHubCommit,
  GitHubFile,
  GitHubPull,
  type GitHubPullItem,
  GitHubReview,
  type Policy,
} from '@plugmark/schemas';
import { CliError } from '../cli-error.ts';
import { diffTrees } from './diff-trees.ts';
import { blobId } from './git-ids.ts';
import type { GitHubApi } from './github-api.ts';

export interface PullReading {
  readonly pull: PullRequest;
  readonly title: string;
  readonly comments: readonly GitHubComment[];
  /** The check run that marks the first sight of this head, where there is one. */
  readonly mark: number | undefined;
}

export interface PullContext {
  readonly policy: Policy;
  /** The commit of main that the decision is made from. */
  readonly main: string;
  readonly others: readonly GitHubPullItem[];
  readonly now: Date;
}

export async function readPull(api: GitHubApi, number: number, context: PullContext): Promise<PullReading> {
  const { repository } = api;
  const pull = await triedPull(api, number);
  const trial = await trialOf(api, pull, context);
  const files = await readFiles(api, trial.entries, context.policy);
  const [comments, reviews, seen] = await Promise.all([
    api.list(GitHubComment, (request, page) =>
      request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
        ...repository,
        issue_number: number,
        ...page,
      }),
    ),
    api.list(GitHubReview, (request, page) =>
      request('GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews', { ...repository, pull_number: number, ...page }),
    ),
    firstSeen(api, pull.head.sha),
  ]);
  const author = pull.user ?? NOBODY;
  return {
    title: pull.title,
    comments,
    mark: seen?.id,
    pull: {
      number,
      author,
      draft: pull.draft === true,
      createdAt: pull.created_at,
      base: { repositoryId: pull.base.repo?.id ?? 0, branch: pull.base.ref, sha: context.main },
      head: {
        sha: pull.head.sha,
        seenAt: seen?.at ?? `${context.now.toISOString().slice(0, 19)}Z`,
        ...(pull.head.repo === null ? {} : { repositoryId: pull.head.repo.id }),
      },
      ...trial,
      files,
      labels: pull.labels.map(({ name }) => name),
      comments: comments.flatMap(commentOf),
      reviews: reviews.flatMap(reviewOf),
      othersByAuthor: context.others.flatMap((other) =>
        other.number !== number && other.user !== null && other.user.id === author.id ? [other.number] : [],
      ),
    },
  };
}

const TRIES = 3;
const TRIAL_MS = 3000;

/** GitHub tries a merge when it is asked about it, and answers before it is done. */
async function triedPull(api: GitHubApi, number: number): Promise<GitHubPull> {
  for (let tries = 1; ; tries++) {
    const pull = await api.ask(GitHubPull, (request) =>
      request('GET /repos/{owner}/{repo}/pulls/{pull_number}', { ...api.repository, pull_number: number }),
    );
    if (pull.mergeable !== null || tries === TRIES) return pull;
    await api.pause(TRIAL_MS);
  }
}

/** Of an account that is gone. */
const NOBODY = { login: 'ghost', id: 0 };

type Trial = Pick<PullRequest, 'trial' | 'entries' | 'truncated'>;

/**
 * The trial merge that GitHub made, if it is of exactly this head and this main: its tree against main's is what merging would do,
 * whatever the history of the head looks like. A merge base could be one of several.
 */
async function trialOf(api: GitHubApi, pull: GitHubPull, { main, policy }: PullContext): Promise<Trial> {
  const { mergeable, merge_commit_sha: sha, head } = pull;
  if (mergeable !== true || sha === null)
    return { trial: mergeable === false ? 'conflict' : 'unknown', ...(await listed(api, pull)) };
  const commit = await readCommit(api, sha);
  const [base, tried, ...more] = commit.parents.map((parent) => parent.sha);
  if (base !== main || tried !== head.sha || more.length > 0) return { trial: 'unknown', ...(await listed(api, pull)) };
  const before = (await readCommit(api, main)).tree.sha;
  const most = policy.limits.changedFiles;
  return { trial: 'clean', ...(await diffTrees(api, { before, after: commit.tree.sha, most })) };
}

export function readCommit(
  { ask, repository }: GitHubApi,
  sha: string,
): Promise<ReturnType<typeof GitHubCommit.parse>> {
  return ask(GitHubCommit, (request) =>
    request('GET /repos/{owner}/{repo}/git/commits/{commit_sha}', { ...repository, commit_sha: sha }),
  );
}

/** Paths alone, where there is no merge to look at: enough to say what it is about, and nothing is merged on it. */
async function listed(api: GitHubApi, { number }: GitHubPull): Promise<Pick<Trial, 'entries' | 'truncated'>> {
  const files = await api.list(
    GitHubFile,
    (request, page) =>
      request('GET /repos/{owner}/{repo}/pulls/{pull_number}/files', {
        ...api.repository,
        pull_number: number,
        ...page,
      }),
    { most: 3000 },
  );
  const change = (status: string): ChangedEntry['change'] =>
    status === 'added' || status === 'removed' ? status : 'modified';
  return {
    truncated: false,
    entries: files.map(({ filename, status }) => ({ path: filename, change: change(status) })),
  };
}

async function readFiles(
  api: GitHubApi,
  entries: readonly ChangedEntry[],
  policy: Policy,
): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  if (entries.length > policy.limits.changedFiles) return files;
  for (const entry of entries) {
    const { path, sha } = entry;
    if (sha !== undefined && isWorthReading(entry, policy)) files.set(path, await readBlob(api, sha));
  }
  return files;
}

async function readBlob(api: GitHubApi, sha: string): Promise<Uint8Array> {
  const { content } = await api.ask(GitHubBlob, (request) =>
    request('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', { ...api.repository, file_sha: sha }),
  );
  const bytes = new Uint8Array(Buffer.from(content, 'base64'));
  if (blobId(bytes) === sha) return bytes;
  throw new CliError('GITHUB_ANSWER', `GitHub gave other bytes than those of ${sha}`);
}

/** The registry's mark on a head: when it was first seen. Several runs of one name: the earliest, none of which can be before the push. */
export const SEEN_CHECK = 'plugmark review';

async function firstSeen(
  api: GitHubApi,
  head: string,
): Promise<{ readonly id: number; readonly at: string } | undefined> {
  const about = { ref: head, check_name: SEEN_CHECK, filter: 'all', per_page: 100 } as const;
  const { check_runs: runs } = await api.ask(GitHubCheckRuns, (request) =>
    request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', { ...api.repository, ...about }),
  );
  return runs
    .flatMap(({ id, name, head_sha: sha, started_at: at }) =>
      name === SEEN_CHECK && sha === head && at !== null ? [{ id, at }] : [],
    )
    .sort((a, b) => (a.at < b.at ? -1 : 1))[0];
}

function commentOf({ user, body = '', created_at: at }: GitHubComment): PullComment[] {
  return user === null ? [] : [{ by: user, body, at }];
}

const STATES: Readonly<Record<string, PullReview['state']>> = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changesRequested',
  DISMISSED: 'dismissed',
  COMMENTED: 'commented',
};

/** Reviews that are not handed in yet have no time, and do not count. */
function reviewOf(review: ReturnType<typeof GitHubReview.parse>): PullReview[] {
  const { user, commit_id: commit, submitted_at: at } = review;
  const state = STATES[review.state];
  if (user === null || commit === null || at === undefined || state === undefined) return [];
  return [{ by: user, state, commit, at }];
}
