// What the reviewer does about a decision: one comment edited in place, one label, one check run, and the merge of exactly the head
// that was judged. Everything is written so that doing it again changes nothing.

import { type ChangedEntry, MERGE_MARKER } from '@plugmark/analysis';
import {
  GitHubCheckRun,
  GitHubComment,
  GitHubMerge,
  GitHubPull,
  GitHubUser,
  type MergeDecision,
} from '@plugmark/schemas';
import { CliError } from '../cli-error.ts';
import { diffTrees } from './diff-trees.ts';
import type { GitHubApi } from './github-api.ts';
import { readCommit, SEEN_CHECK } from './read-pull.ts';

/** The bot that a workflow's token speaks as, which cannot ask who it is. */
const WORKFLOW_BOT = 'github-actions[bot]';

/** Whose comments are this command's. A marker alone would let anybody have their comment edited. */
export async function viewerId(api: GitHubApi): Promise<number> {
  try {
    return (await api.ask(GitHubUser, (request) => request('GET /user'))).id;
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'GITHUB_FORBIDDEN') throw error;
    const bot = await api.ask(GitHubUser, (request) => request('GET /users/{username}', { username: WORKFLOW_BOT }));
    return bot.id;
  }
}

/** Marks a head as seen now: its wait begins. */
export async function markSeen(api: GitHubApi, head: string, now: Date): Promise<number> {
  const run = await api.ask(GitHubCheckRun, (request) =>
    request('POST /repos/{owner}/{repo}/check-runs', {
      ...api.repository,
      name: SEEN_CHECK,
      head_sha: head,
      status: 'in_progress',
      started_at: `${now.toISOString().slice(0, 19)}Z`,
    }),
  );
  return run.id;
}

const CONCLUSIONS = { merge: 'success', refuse: 'failure', wait: undefined, human: undefined } as const;
const TITLES = {
  merge: 'nothing keeps it from being merged',
  refuse: 'not as it is',
  wait: 'waits',
  human: 'a person has to look',
} as const;

export async function concludeMark(api: GitHubApi, id: number, { answer, findings }: MergeDecision): Promise<void> {
  const conclusion = CONCLUSIONS[answer];
  const rules = [...new Set(findings.map(({ ruleId }) => ruleId))].slice(0, 20).join(', ');
  await api.send((request) =>
    request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
      ...api.repository,
      check_run_id: id,
      output: { title: TITLES[answer], summary: rules === '' ? 'no rule applies' : rules },
      ...(conclusion === undefined ? { status: 'in_progress' } : { status: 'completed', conclusion }),
    }),
  );
}

/** Whether anything was written: the same comment is left as it is. */
export async function upsertComment(
  api: GitHubApi,
  {
    number,
    body,
    comments,
    viewer,
  }: { number: number; body: string; comments: readonly GitHubComment[]; viewer: number },
): Promise<boolean> {
  const own = comments.find((comment) => comment.user?.id === viewer && comment.body?.startsWith(MERGE_MARKER));
  if (own !== undefined && sameText(own.body ?? '', body)) return false;
  if (own === undefined)
    await api.ask(
      GitHubComment,
      (request) =>
        request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
          ...api.repository,
          issue_number: number,
          body,
        }),
      { again: false },
    );
  else
    await api.send((request) =>
      request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', {
        ...api.repository,
        comment_id: own.id,
        body,
      }),
    );
  return true;
}

const sameText = (a: string, b: string): boolean => a.replace(/\r/g, '').trim() === b.trim();

/** What people filter by; none of them is ever read by a decision. */
const LABELS = {
  merge: undefined,
  wait: 'plugmark: waits',
  human: 'plugmark: a person',
  refuse: 'plugmark: not as it is',
} as const;

/** Whether a label is one of this command's, which only who may write there can set. */
export const isOurs = (label: string): boolean => Object.values<string | undefined>(LABELS).includes(label);

export async function setLabel(
  api: GitHubApi,
  number: number,
  { answer, labels }: { answer: MergeDecision['answer']; labels: readonly string[] },
): Promise<boolean> {
  const wanted: string | undefined = LABELS[answer];
  const other = Object.values(LABELS).filter(
    (label) => label !== undefined && label !== wanted && labels.includes(label),
  );
  for (const name of other)
    await api.send((request) =>
      request('DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}', {
        ...api.repository,
        issue_number: number,
        name: name ?? '',
      }),
    );
  if (wanted === undefined || labels.includes(wanted)) return other.length > 0;
  await api.send((request) =>
    request('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', {
      ...api.repository,
      issue_number: number,
      labels: [wanted],
    }),
  );
  return true;
}

/** Merges exactly the judged head, and makes sure that the commit holds exactly the judged changes. Throws MERGED_OTHERWISE. */
export async function mergeJudged(
  api: GitHubApi,
  decision: MergeDecision,
  { entries, title, message }: { entries: readonly ChangedEntry[]; title: string; message: string },
): Promise<string> {
  const sha = await mergeHead(api, decision, { title, message });
  const commit = await readCommit(api, sha);
  const before = (await readCommit(api, commit.parents[0]?.sha ?? '')).tree.sha;
  const made = await diffTrees(api, { before, after: commit.tree.sha, most: entries.length + 1 });
  const listed = (list: readonly ChangedEntry[]): string =>
    list
      .map(({ path, mode, sha: blob }) => `${mode} ${blob} ${path}`)
      .sort()
      .join('\n');
  if (made.truncated || listed(made.entries) !== listed(entries))
    throw new CliError('MERGED_OTHERWISE', `${sha} does not hold what was judged in pull request ${decision.pull}`);
  return sha;
}

async function mergeHead(
  api: GitHubApi,
  { pull, head }: MergeDecision,
  { title, message }: { title: string; message: string },
): Promise<string> {
  const about = { ...api.repository, pull_number: pull };
  try {
    const merged = await api.ask(
      GitHubMerge,
      (request) =>
        request('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge', {
          ...about,
          sha: head,
          merge_method: 'squash',
          commit_title: title,
          commit_message: message,
        }),
      { again: false },
    );
    return merged.sha;
  } catch (error) {
    // The answer was lost, the merge perhaps not.
    if (!(error instanceof CliError) || !LOST.has(error.code)) throw error;
    const now = await api.ask(GitHubPull, (request) => request('GET /repos/{owner}/{repo}/pulls/{pull_number}', about));
    if (!now.merged || now.merge_commit_sha === null || now.head.sha !== head) throw error;
    return now.merge_commit_sha;
  }
}

const LOST: ReadonlySet<string> = new Set(['UNREACHABLE', 'GITHUB_ANSWER']);

/** A merge by a workflow's token starts no workflow, so publishing is asked for. */
export async function startWorkflow(api: GitHubApi, workflow: string, branch: string): Promise<void> {
  await api.send((request) =>
    request('POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches', {
      ...api.repository,
      workflow_id: workflow,
      ref: branch,
    }),
  );
}
