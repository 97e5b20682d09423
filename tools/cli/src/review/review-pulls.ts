// The reviewer: every open pull request in turn, decided from main and from Git's objects, then acted on. One that cannot be looked at
// does not keep the others waiting; a merge that is not what was judged stops everything.

import {
  ANALYSER_VERSION,
  assessPull,
  decideMerge,
  type MergeInput,
  type ReleaseReview,
  renderMergeComment,
} from '@plugmark/analysis';
import type { RegistrySource } from '@plugmark/publish';
import {
  GitHubComment,
  GitHubPullItem,
  GitHubRepository,
  type MergeDecision,
  type PullSubject,
  parse,
  ReviewResult,
} from '@plugmark/schemas';
import { CliError } from '../cli-error.ts';
import { describeError } from '../describe-error.ts';
import {
  concludeMark,
  isOurs,
  markSeen,
  mergeJudged,
  setLabel,
  startWorkflow,
  upsertComment,
  viewerId,
} from '../github/act-on-pull.ts';
import type { GitHubApi } from '../github/github-api.ts';
import { type MainRegistry, moveMain, openMain } from '../github/main-registry.ts';
import { type PullReading, readPull } from '../github/read-pull.ts';
import { type Io, say } from '../io.ts';
import { analyseSubmission } from './analyse-submission.ts';

export interface ReviewRun {
  readonly io: Io;
  readonly api: GitHubApi;
  /** The registry's data as checked out. */
  readonly folder: string;
  readonly dryRun: boolean;
  /** Folders with <sha256>.wasm, looked into before anything is fetched. */
  readonly artifacts: readonly string[];
  /** Only these; else all that are open. */
  readonly only?: readonly number[];
  /** Started after a merge. */
  readonly workflow: string;
}

type Reviewed = ReviewResult['reviewed'][number];

export async function reviewPulls(run: ReviewRun): Promise<ReviewResult> {
  const { io, api, folder, dryRun, only } = run;
  const { repository } = api;
  const about = await api.ask(GitHubRepository, (request) => request('GET /repos/{owner}/{repo}', { ...repository }));
  const branch = about.default_branch;
  let main = await openMain(api, folder, branch);
  const open = await api.list(
    GitHubPullItem,
    (request, page) =>
      request('GET /repos/{owner}/{repo}/pulls', {
        ...repository,
        state: 'open',
        sort: 'created',
        direction: 'asc',
        ...page,
      }),
    { most: 10_000 },
  );
  const viewer = dryRun ? 0 : await viewerId(api);
  const reviewed: Reviewed[] = [];
  const left: number[] = [];
  // Its own labels say which of them it has already taken for submissions.
  const submissions = new Set(
    open.flatMap(({ number, labels }) => (labels.some(({ name }) => isOurs(name)) ? number : [])),
  );
  for (const item of open.filter(({ number }) => only === undefined || only.includes(number))) {
    const others = open.filter(({ number }) => submissions.has(number));
    if (isCrowdedOut(item, others, main.source)) {
      reviewed.push({ pull: item.number, title: shownTitle(item.title), actions: ['none'] });
      continue;
    }
    const desk: Desk = { ...run, main, repositoryId: about.id, branch, viewer, others, now: io.now() };
    const done = await reviewOne(desk, item);
    if (done === undefined) left.push(item.number);
    else submissions.add(item.number);
    if (done !== undefined) reviewed.push(done.reviewed);
    main = done?.main ?? main;
  }
  if (!dryRun && reviewed.some(({ merged }) => merged !== undefined)) await startPublishing(run, branch);
  return parse(ReviewResult, { repository: about.full_name, dryRun, reviewed, left }, 'result');
}

/** One that was told to wait for its author's earlier ones is not read again before it is its turn: a flood costs one look each. */
function isCrowdedOut(item: GitHubPullItem, others: readonly GitHubPullItem[], { policy }: RegistrySource): boolean {
  const { maintainers = [], watcher } = policy.merge ?? {};
  const isOffice = [...maintainers, ...(watcher === undefined ? [] : [watcher])].some(
    ({ githubId }) => githubId === item.user?.id,
  );
  const earlier = others.filter(({ number, user }) => number < item.number && user?.id === item.user?.id);
  const isTold = item.labels.some(({ name }) => isOurs(name));
  return isTold && !isOffice && earlier.length >= policy.limits.openPullRequests;
}

/** What was merged stays merged: a start that fails is said, and made up for by the publishing job's own schedule. */
async function startPublishing({ io, api, workflow }: ReviewRun, branch: string): Promise<void> {
  try {
    await startWorkflow(api, workflow, branch);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    say(io, `${workflow} was not started: ${error.message} [${error.code}]; its next run publishes what was merged`);
  }
}

interface Desk extends ReviewRun {
  readonly main: MainRegistry;
  readonly repositoryId: number;
  readonly branch: string;
  readonly viewer: number;
  /** Open submissions. */
  readonly others: readonly GitHubPullItem[];
  readonly now: Date;
}

interface Done {
  readonly reviewed: Reviewed;
  readonly main?: MainRegistry;
}

/** Undefined for what is no submission. */
async function reviewOne(desk: Desk, item: GitHubPullItem): Promise<Done | undefined> {
  const title = shownTitle(item.title);
  try {
    return await decideAndAct(desk, item.number, title);
  } catch (error) {
    if (error instanceof CliError && STOPS.has(error.code)) throw error;
    const { code, message } = describeError(error);
    say(desk.io, `pull request ${item.number}: ${message} [${code}]`);
    return {
      reviewed: { pull: item.number, title, actions: ['failed'], problem: `${message} [${code}]`.slice(0, 2000) },
    };
  }
}

/** Not about one pull request: going on would decide on sand. */
const STOPS: ReadonlySet<string> = new Set(['GITHUB_AUTH', 'GITHUB_LIMIT', 'MERGED_OTHERWISE', 'MAIN_DIFFERS']);

const shownTitle = (title: string): string =>
  title.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '?').slice(0, 300) || '?';

async function decideAndAct(desk: Desk, number: number, title: string): Promise<Done | undefined> {
  const { api, dryRun, main, now, others } = desk;
  const context = { policy: main.source.policy, main: main.sha, others, now };
  const reading = await readPull(api, number, context);
  const input: MergeInput = { pull: reading.pull, repositoryId: desk.repositoryId, main: main.source, now };
  const assessment = assessPull(input);
  if (assessment.none) return undefined;
  const mark = dryRun ? reading.mark : (reading.mark ?? (await markSeen(api, reading.pull.head.sha, now)));
  const review = await analyseSubmission(desk, reading.pull, assessment);
  const decision = await decideMerge({ ...input, ...(review === undefined ? {} : { review }) });
  const comment = commentOf(desk, decision, review);
  const reviewed: Reviewed = { pull: number, title, decision, actions: [], comment };
  // Nothing was judged yet that anybody should read.
  if (dryRun || reading.pull.trial === 'unknown') return { reviewed };
  const actions: Reviewed['actions'] = [];
  if (await upsertComment(api, { number, body: comment, comments: reading.comments, viewer: desk.viewer }))
    actions.push('commented');
  if (await setLabel(api, number, { answer: decision.answer, labels: reading.pull.labels })) actions.push('labelled');
  if (mark !== undefined) await concludeMark(api, mark, decision);
  const done = { ...reviewed, actions: actions.length === 0 ? (['none'] as const) : actions };
  if (decision.answer !== 'merge') return { reviewed: { ...done, actions: [...done.actions] } };
  return merge(desk, { reading, decision, review, reviewed: { ...reviewed, actions } });
}

interface Merging {
  readonly reading: PullReading;
  readonly decision: MergeDecision;
  readonly review: ReleaseReview | undefined;
  readonly reviewed: Reviewed;
}

async function merge(desk: Desk, { reading, decision, review, reviewed }: Merging): Promise<Done> {
  const { api, branch, viewer } = desk;
  const { entries, files, number } = reading.pull;
  const words = { title: titleOf(decision.subject), message: messageOf(desk, decision) };
  const sha = await mergeJudged(api, decision, { entries, ...words });
  const main = await moveMain(api, desk.main, files, branch);
  const comments = await api.list(GitHubComment, (request, page) =>
    request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      ...api.repository,
      issue_number: number,
      ...page,
    }),
  );
  await upsertComment(api, { number, body: commentOf(desk, decision, review, sha), comments, viewer });
  return { main, reviewed: { ...reviewed, actions: [...reviewed.actions, 'merged'], merged: sha } };
}

const KINDS = { release: 'Release', presentation: 'Present', status: 'Status of', publisher: 'Publisher' } as const;

/** Our own words: a pull request's title is its author's. */
function titleOf(subject: PullSubject | undefined): string {
  if (subject === undefined) return 'Submission';
  const { kind, publisher, plugin, version } = subject;
  return [KINDS[kind], plugin ?? publisher, version].filter(Boolean).join(' ');
}

function messageOf({ main }: Desk, { head, findings }: MergeDecision): string {
  const settled = findings.flatMap(({ ruleId, settledBy }) =>
    settledBy === undefined ? [] : [`${ruleId} approved by ${settledBy.github} (${settledBy.githubId})`],
  );
  return [
    `Decided for ${head} by plugmark ${ANALYSER_VERSION}, policy revision ${main.source.policy.revision}.`,
    ...settled,
  ].join('\n');
}

function commentOf(
  { main, api, branch }: Desk,
  decision: MergeDecision,
  review: ReleaseReview | undefined,
  merged?: string,
): string {
  const { owner, repo } = api.repository;
  return renderMergeComment(decision, {
    policyRevision: main.source.policy.revision,
    rulesUrl: `https://github.com/${owner}/${repo}/blob/${branch}/.github/MERGE_RULES.md`,
    ...(review === undefined ? {} : { review }),
    ...(merged === undefined ? {} : { merged }),
  });
}
