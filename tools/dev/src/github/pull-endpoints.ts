// Pull requests across forks: the trial merge, the list of changed files, reviews, and the merge itself with the head it is for.

import { type Answer, conflict, created, forbidden, notAllowed, notFound, ok, page, unprocessable } from './answer.ts';
import { type Call, type Handler, mayWrite, reading, repositoryNamed, signedIn, text, writing } from './call.ts';
import { branchRef, type GitHubState, type Pull, type Repository, timeOf } from './github-state.ts';
import { type PullHeads, pullShape, reviewShape } from './shapes.ts';

type Heads = PullHeads & { readonly mergeable: boolean | null };

async function headsOf(state: GitHubState, pull: Pull): Promise<Heads> {
  const head = await state.git.readRef(pullRef(pull));
  const base = await state.git.readRef(branchRef(pull.base.repository, pull.base.branch));
  if (head === undefined || base === undefined)
    return { head: head ?? '', base: base ?? '', mergeCommit: null, mergeable: null };
  if (pull.merged !== undefined) return { head, base, mergeCommit: pull.merged.sha, mergeable: null };
  if (state.isSlowToTry) return { head, base, mergeCommit: null, mergeable: null };
  const mergeCommit = await trialMerge(state, base, head);
  return { head, base, mergeCommit: mergeCommit ?? null, mergeable: mergeCommit !== undefined };
}

/** The commit that merging would make, its parents main and the head; undefined when they conflict. */
async function trialMerge({ git, now, trials }: GitHubState, base: string, head: string): Promise<string | undefined> {
  const known = trials.get(`${base} ${head}`);
  if (known !== undefined) return known;
  const tree = await git.mergeTrees(base, head);
  if (tree === undefined) return undefined;
  const by = { name: 'GitHub', email: 'noreply@github.com' };
  const message = `Merge ${head} into ${base}`;
  const made = await git.writeCommit({ message, tree, parents: [base, head], by, at: now() });
  trials.set(`${base} ${head}`, made);
  return made;
}

/** Where the head of a pull request is kept in the base repository, also when its branch is gone. */
const pullRef = ({ base, number }: Pull): string =>
  branchRef(base.repository, 'x').replace(/refs\/heads\/x$/, `refs/pull/${number}/head`);

/** The head follows its branch while the request is open. */
async function followBranch({ git }: GitHubState, pull: Pull): Promise<void> {
  if (pull.state !== 'open') return;
  const sha = await git.readRef(branchRef(pull.head.repository, pull.head.branch));
  if (sha !== undefined && sha !== (await git.readRef(pullRef(pull)))) await git.writeRef(pullRef(pull), sha);
}

async function shown(state: GitHubState, pull: Pull): Promise<object> {
  await followBranch(state, pull);
  const heads = await headsOf(state, pull);
  return {
    ...pullShape(pull, heads),
    mergeable: heads.mergeable,
    merged: pull.merged !== undefined,
  };
}

export const pullsOf = ({ pulls }: GitHubState, { id }: Repository): Pull[] => pulls.get(id) ?? [];

const withPull =
  (handler: (call: Call, pull: Pull, repository: Repository) => Promise<Answer> | Answer) =>
  (call: Call, repository: Repository): Promise<Answer> | Answer => {
    const pull = pullsOf(call.state, repository).find(({ number }) => number === Number(call.params['pull_number']));
    return pull === undefined ? notFound() : handler(call, pull, repository);
  };

const list = reading(async ({ state, url }, repository) => {
  const { searchParams } = url;
  const wanted = searchParams.get('state') ?? 'open';
  const head = searchParams.get('head')?.toLowerCase();
  const found = pullsOf(state, repository).filter(
    ({ state: is, head: { repository: from, branch } }) =>
      (wanted === 'all' || is === wanted) &&
      (head === undefined || head === `${from.owner.login}:${branch}`.toLowerCase()),
  );
  const newest = searchParams.get('direction') === 'asc' ? found : found.toReversed();
  const shapes = [];
  for (const pull of newest) {
    await followBranch(state, pull);
    const heads = await headsOf(state, pull);
    shapes.push(pullShape(pull, heads));
  }
  return page(shapes, url);
});

const get = reading(withPull(async ({ state }, pull) => ok(await shown(state, pull))));

const FILES = 3000;

/** Without modes, as GitHub lists them. */
const files = reading(
  withPull(async ({ state, url }, pull) => {
    await followBranch(state, pull);
    const { head, base } = await headsOf(state, pull);
    const from = await state.git.git(['merge-base', base, head]);
    const raw = (await state.git.git(['diff-tree', '-r', '-z', '--no-renames', from, head]))
      .split('\0')
      .filter(Boolean);
    const status: Readonly<Record<string, string>> = { A: 'added', D: 'removed', M: 'modified', T: 'changed' };
    const listed = raw.flatMap((about, i) => {
      if (i % 2 === 1) return [];
      const [, , , sha = '', kind = ''] = about.split(' ');
      return [{ filename: raw[i + 1] ?? '', status: status[kind] ?? 'changed', sha }];
    });
    return page(listed.slice(0, FILES), url);
  }),
);

const open = signedIn(async (call, repository) => {
  const { state, user } = call;
  const [owner = '', branch = ''] = text(call, 'head').includes(':')
    ? text(call, 'head').split(':')
    : [repository.owner.login, text(call, 'head')];
  const from = repositoryNamed(state, owner, text(call, 'head_repo') || repository.name);
  const base = text(call, 'base');
  if (user === undefined || from === undefined || (await state.git.readRef(branchRef(from, branch))) === undefined)
    return unprocessable('Validation Failed: head is invalid');
  if ((await state.git.readRef(branchRef(repository, base))) === undefined)
    return unprocessable('Validation Failed: base is invalid');
  const twice = pullsOf(state, repository).some(
    ({ state: is, head }) => is === 'open' && head.repository.id === from.id && head.branch === branch,
  );
  if (twice) return unprocessable(`Validation Failed: A pull request already exists for ${owner}:${branch}.`);
  if (!mayWrite(from, user)) return forbidden();
  const at = timeOf(state);
  const pull: Pull = {
    number: numberFor(state, repository),
    user,
    base: { repository, branch: base },
    head: { repository: from, branch },
    title: text(call, 'title'),
    body: text(call, 'body'),
    draft: call.body['draft'] === true,
    state: 'open',
    createdAt: at,
    updatedAt: at,
    labels: new Set(),
    reviews: [],
  };
  state.pulls.set(repository.id, [...pullsOf(state, repository), pull]);
  return created(await shown(state, pull));
});

const numberFor = (state: GitHubState, repository: Repository): number =>
  Math.max(0, ...pullsOf(state, repository).map(({ number }) => number)) + 1;

const patch = signedIn(
  withPull(async (call, pull, repository) => {
    const { user, body } = call;
    if (user?.id !== pull.user.id && !mayWrite(repository, user)) return forbidden();
    if (typeof body['title'] === 'string') pull.title = body['title'];
    if (typeof body['body'] === 'string') pull.body = body['body'];
    if (typeof body['base'] === 'string') pull.base.branch = body['base'];
    if (body['state'] === 'open' || body['state'] === 'closed') pull.state = body['state'];
    pull.updatedAt = timeOf(call.state);
    return ok(await shown(call.state, pull));
  }),
);

async function withMore({ git, mergesAlso }: GitHubState, tree: string): Promise<string> {
  if (mergesAlso.size === 0) return tree;
  const changes = [];
  for (const [path, bytes] of mergesAlso) changes.push({ path, mode: '100644', sha: await git.writeBlob(bytes) });
  return git.writeTree(tree, changes);
}

const merge = writing(
  withPull(async (call, pull) => {
    const { state } = call;
    await followBranch(state, pull);
    const { head, base, mergeable } = await headsOf(state, pull);
    if (pull.state !== 'open' || pull.draft || mergeable !== true) return notAllowed('Pull Request is not mergeable');
    // What makes a push between looking and merging harmless.
    if (call.body['sha'] !== undefined && call.body['sha'] !== head)
      return conflict('Head branch was modified. Review and try the merge again.');
    const merged = (await state.git.mergeTrees(base, head)) ?? '';
    const tree = await withMore(state, merged);
    const parents = call.body['merge_method'] === 'squash' ? [base] : [base, head];
    const message = `${text(call, 'commit_title', pull.title)} (#${pull.number})\n\n${text(call, 'commit_message')}`;
    const login = call.user?.login ?? 'nobody';
    const by = { name: login, email: `${login}@users.noreply.github.com` };
    const sha = await state.git.writeCommit({ message, tree, parents, by, at: state.now() });
    await state.git.writeRef(branchRef(pull.base.repository, pull.base.branch), sha, base);
    pull.state = 'closed';
    pull.merged = { sha, at: timeOf(state) };
    pull.updatedAt = pull.merged.at;
    return ok({ sha, merged: true, message: 'Pull Request successfully merged' });
  }),
);

const reviews = reading(withPull(({ url }, pull) => page(pull.reviews.map(reviewShape), url)));

const EVENTS: Readonly<Record<string, Pull['reviews'][number]['state']>> = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
};

const review = signedIn(
  withPull(async (call, pull) => {
    const { state, user } = call;
    await followBranch(state, pull);
    const { head } = await headsOf(state, pull);
    const event = EVENTS[text(call, 'event')];
    if (user === undefined || event === undefined) return unprocessable('Validation Failed');
    if (user.id === pull.user.id && event !== 'COMMENTED')
      return unprocessable('Can not approve your own pull request');
    const made = { id: state.nextId(), user, state: event, commit: text(call, 'commit_id', head), at: timeOf(state) };
    pull.reviews.push(made);
    return ok(reviewShape(made));
  }),
);

const PULL = '/repos/{owner}/{repo}/pulls/{pull_number}';

export const PULL_ENDPOINTS: Readonly<Record<string, Handler>> = {
  'GET /repos/{owner}/{repo}/pulls': list,
  'POST /repos/{owner}/{repo}/pulls': open,
  [`GET ${PULL}`]: get,
  [`PATCH ${PULL}`]: patch,
  [`GET ${PULL}/files`]: files,
  [`PUT ${PULL}/merge`]: merge,
  [`GET ${PULL}/reviews`]: reviews,
  [`POST ${PULL}/reviews`]: review,
};
