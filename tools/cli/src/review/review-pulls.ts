// The reviewer: every open pull request in turn, decided from main and from Git's objects, then acted on. One that cannot be looked at
// does not keep the others waiting; a merge that is not what was judged stops everything.

import {
  ANALYSER_VERSION,
  assessPull,
  DATA,
  decideMerge,
  type MergeInput,
  type PullAssessment,
  previousVersion,
  type ReleaseReview,
  renderMergeComment,
} from '@plugmark/analysis';
import { type RegistrySource, type ReleaseSource, readRegistrySource } from '@plugmark/publish';
import {
  GitHubComment,
  GitHubPullItem,
  GitHubRepository,
  type MergeDecision,
  type PullSubject,
  parse,
  ReviewResult,
} from '@plugmark/schemas';
import { fetchArtifact } from '../artifact-sources.ts';
import { CliError } from '../cli-error.ts';
import { describeError } from '../describe-error.ts';
import type { Unsafely } from '../fetch-public.ts';
import {
  concludeMark,
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
import { reviewSubmitted } from './review-release.ts';

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
  readonly unsafely?: Unsafely;
}

type Reviewed = ReviewResult['reviewed'][number];

export async function reviewPulls(run: ReviewRun): Promise<ReviewResult> {
  const { io, api, folder, dryRun, only } = run;
  const { repository } = api;
  const about = await api.ask(GitHubRepository, (request) => request('GET /repos/{owner}/{repo}', { ...repository }));
  const branch = about.default_branch;
  let main = await openMain(api, folder, branch);
  const open = await api.list(GitHubPullItem, (request, page) =>
    request('GET /repos/{owner}/{repo}/pulls', {
      ...repository,
      state: 'open',
      sort: 'created',
      direction: 'asc',
      ...page,
    }),
  );
  const viewer = dryRun ? 0 : await viewerId(api);
  const reviewed: Reviewed[] = [];
  const left: number[] = [];
  for (const item of open.filter(({ number }) => only === undefined || only.includes(number))) {
    const desk: Desk = { ...run, main, repositoryId: about.id, branch, viewer, open, now: io.now() };
    const done = await reviewOne(desk, item);
    if (done === undefined) left.push(item.number);
    else reviewed.push(done.reviewed);
    main = done?.main ?? main;
  }
  if (!dryRun && reviewed.some(({ merged }) => merged !== undefined)) await startWorkflow(api, run.workflow, branch);
  return parse(ReviewResult, { repository: about.full_name, dryRun, reviewed, left }, 'result');
}

interface Desk extends ReviewRun {
  readonly main: MainRegistry;
  readonly repositoryId: number;
  readonly branch: string;
  readonly viewer: number;
  readonly open: readonly GitHubPullItem[];
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
  const { api, dryRun, main, now, open } = desk;
  const context = { policy: main.source.policy, main: main.sha, others: open, now };
  const reading = await readPull(api, number, context);
  const input: MergeInput = { pull: reading.pull, repositoryId: desk.repositoryId, main: main.source, now };
  const assessment = assessPull(input);
  if (assessment.none) return undefined;
  const mark = dryRun ? reading.mark : (reading.mark ?? (await markSeen(api, reading.pull.head.sha, now)));
  const review = await reviewOf(desk, reading, assessment);
  const decision = await decideMerge({ ...input, ...(review === undefined ? {} : { review }) });
  const comment = commentOf(desk, decision, review);
  const reviewed: Reviewed = { pull: number, title, decision, actions: [], comment };
  if (dryRun) return { reviewed };
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

/** Only what nothing refuses yet is fetched and analysed. */
async function reviewOf(
  { main, artifacts, now, unsafely }: Desk,
  { pull }: PullReading,
  { subject, findings }: PullAssessment,
): Promise<ReleaseReview | undefined> {
  if (subject?.kind !== 'release' || findings.some(({ effect }) => effect === 'refuse')) return undefined;
  const release = submittedSource(main, pull.files, subject);
  if (release === undefined) return undefined;
  const { limits } = main.source.policy;
  const fetching = {
    folders: artifacts,
    limits: { maxBytes: limits.artifactBytes, timeoutMs: limits.analysisSeconds * 100 },
    ...(unsafely === undefined ? {} : { unsafely }),
  };
  const artifact = await fetchArtifact(release, fetching);
  const before = earlier(main.source, subject);
  const bytes = before && (await fetchArtifact(withOwnBlob(before, main.source), fetching));
  const previous =
    before !== undefined && bytes !== undefined && 'bytes' in bytes
      ? { release: before, bytes: bytes.bytes }
      : undefined;
  return reviewSubmitted({
    main: main.source,
    head: pull.head.sha,
    release,
    artifact,
    ...(previous === undefined ? {} : { previous }),
    now,
  });
}

function earlier({ plugins }: RegistrySource, { plugin = '', version = '' }: PullSubject): ReleaseSource | undefined {
  const listed = plugins.get(plugin);
  const last = listed && previousVersion(listed, version);
  return last === undefined ? undefined : listed?.releases.get(last);
}

/** What is published is served by the registry itself, whatever became of its publisher's own place. */
function withOwnBlob(
  { release, sources }: ReleaseSource,
  { registry }: RegistrySource,
): Pick<ReleaseSource, 'release' | 'sources'> {
  const end = release.artifact.kind === 'process' ? 'zip' : 'wasm';
  const own = `${registry.url.replace(/\/?$/, '/')}blobs/sha256/${release.artifact.sha256}.${end}`;
  return { release, sources: { ...sources, sources: [own, ...sources.sources] } };
}

const NEEDED = ['registry.json', 'policy.json', 'reserved-names.json'];

/** The proposed release as the registry would read it: its plugin's files on main with those of the head laid over. */
function submittedSource(
  main: MainRegistry,
  files: ReadonlyMap<string, Uint8Array>,
  { plugin = '', version = '' }: PullSubject,
): ReleaseSource | undefined {
  const own = [...main.files].filter(([path]) => NEEDED.includes(path) || path.startsWith(`plugins/${plugin}/`));
  const head = [...files].map(([path, bytes]) => [path.slice(DATA.length), bytes] as const);
  return readRegistrySource(new Map([...own, ...head]))
    .plugins.get(plugin)
    ?.releases.get(version);
}
