// Comments, labels and check runs.

import { created, forbidden, notFound, ok, page, unprocessable } from './answer.ts';
import { type Call, type Handler, mayWrite, reading, signedIn, text } from './call.ts';
import { type CheckRun, type Comment, type Pull, type Repository, timeOf } from './github-state.ts';
import { pullsOf } from './pull-endpoints.ts';
import { checkRunShape, commentShape } from './shapes.ts';

const commentsOf = ({ state }: Call, { id }: Repository): Comment[] => state.comments.get(id) ?? [];

const pullOf = (call: Call, repository: Repository): Pull | undefined =>
  pullsOf(call.state, repository).find(({ number }) => number === Number(call.params['issue_number']));

const MOST_TEXT = 65_536;

const listComments = reading((call, repository) => {
  const issue = Number(call.params['issue_number']);
  return page(
    commentsOf(call, repository)
      .filter((one) => one.issue === issue)
      .map(commentShape),
    call.url,
  );
});

const postComment = signedIn((call, repository) => {
  const { state, user } = call;
  const pull = pullOf(call, repository);
  const body = text(call, 'body');
  if (pull === undefined || user === undefined) return notFound();
  if (body === '' || body.length > MOST_TEXT) return unprocessable('Body is too long or blank');
  const at = timeOf(state);
  const comment: Comment = { id: state.nextId(), issue: pull.number, user, body, createdAt: at, updatedAt: at };
  state.comments.set(repository.id, [...commentsOf(call, repository), comment]);
  return created(commentShape(comment));
});

const patchComment = signedIn((call, repository) => {
  const comment = commentsOf(call, repository).find(({ id }) => id === Number(call.params['comment_id']));
  if (comment === undefined) return notFound();
  if (comment.user.id !== call.user?.id && !mayWrite(repository, call.user)) return forbidden();
  comment.body = text(call, 'body');
  comment.updatedAt = timeOf(call.state);
  return ok(commentShape(comment));
});

const labelShapes = ({ labels }: Pull) =>
  [...labels].map((name, id) => ({
    id,
    name,
    color: 'ededed',
    default: false,
    description: null,
    node_id: name,
    url: '',
  }));

const listLabels = reading((call, repository) => {
  const pull = pullOf(call, repository);
  return pull === undefined ? notFound() : page(labelShapes(pull), call.url);
});

const addLabels = signedIn((call, repository) => {
  const pull = pullOf(call, repository);
  if (pull === undefined) return notFound();
  if (!mayWrite(repository, call.user)) return forbidden();
  for (const label of Array.isArray(call.body['labels']) ? (call.body['labels'] as string[]) : [])
    pull.labels.add(label);
  return ok(labelShapes(pull));
});

const removeLabel = signedIn((call, repository) => {
  const pull = pullOf(call, repository);
  if (!mayWrite(repository, call.user)) return forbidden();
  return pull?.labels.delete(call.params['name'] ?? '') ? ok(labelShapes(pull)) : notFound();
});

const checkRunsOf = ({ state }: Call, { id }: Repository): CheckRun[] => state.checkRuns.get(id) ?? [];

/** The app behind a workflow's token. */
const ACTIONS = { id: 15_368, slug: 'github-actions' } as const;

const listCheckRuns = reading((call, repository) => {
  const named = call.url.searchParams.get('check_name');
  const runs = checkRunsOf(call, repository).filter(
    ({ head, name }) => head === call.params['ref'] && (named === null || name === named),
  );
  return ok({ total_count: runs.length, check_runs: runs.map(checkRunShape) });
});

/** Only apps make check runs; a person's token does not. */
const postCheckRun = signedIn(async (call, repository) => {
  const head = text(call, 'head_sha');
  if (!call.installation || !mayWrite(repository, call.user)) return forbidden();
  if ((await call.state.git.typeOf(head)) !== 'commit') return unprocessable(`No commit found for SHA: ${head}`);
  const run: CheckRun = {
    id: call.state.nextId(),
    name: text(call, 'name'),
    head,
    app: ACTIONS,
    externalId: text(call, 'external_id'),
    startedAt: text(call, 'started_at', timeOf(call.state)),
    status: statusOf(call),
    conclusion: conclusionOf(call),
    output: outputOf(call),
  };
  call.state.checkRuns.set(repository.id, [...checkRunsOf(call, repository), run]);
  return created(checkRunShape(run));
});

const patchCheckRun = signedIn((call, repository) => {
  const run = checkRunsOf(call, repository).find(({ id }) => id === Number(call.params['check_run_id']));
  if (run === undefined) return notFound();
  if (!call.installation || !mayWrite(repository, call.user)) return forbidden();
  run.status = statusOf(call);
  run.conclusion = conclusionOf(call);
  run.output = outputOf(call);
  return ok(checkRunShape(run));
});

const STATUSES = ['queued', 'in_progress', 'completed'] as const;
const CONCLUSIONS = ['success', 'failure', 'neutral', 'action_required'] as const;

const statusOf = ({ body }: Call): CheckRun['status'] => STATUSES.find((one) => one === body['status']) ?? 'queued';
const conclusionOf = ({ body }: Call): CheckRun['conclusion'] =>
  CONCLUSIONS.find((one) => one === body['conclusion']) ?? null;

function outputOf({ body }: Call): CheckRun['output'] {
  const output = (body['output'] ?? {}) as { title?: string; summary?: string };
  return { title: output.title ?? null, summary: output.summary ?? null };
}

const ISSUE = '/repos/{owner}/{repo}/issues/{issue_number}';

export const ISSUE_ENDPOINTS: Readonly<Record<string, Handler>> = {
  [`GET ${ISSUE}/comments`]: listComments,
  [`POST ${ISSUE}/comments`]: postComment,
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}': patchComment,
  [`GET ${ISSUE}/labels`]: listLabels,
  [`POST ${ISSUE}/labels`]: addLabels,
  [`DELETE ${ISSUE}/labels/{name}`]: removeLabel,
  'GET /repos/{owner}/{repo}/commits/{ref}/check-runs': listCheckRuns,
  'POST /repos/{owner}/{repo}/check-runs': postCheckRun,
  'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}': patchCheckRun,
};
