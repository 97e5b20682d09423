// The stand-in, asked by octokit: its answers fit octokit's types, its ids are those of git, and what it has no endpoint for is seen.
import { createHash } from 'node:crypto';
import { request as octokit } from '@octokit/request';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { branchRef } from '../../tools/dev/src/github/github-state.ts';
import type { Pushed } from '../../tools/dev/src/github/open-github.ts';
import type {
  BranchPoliciesShape,
  EnvironmentShape,
  PagesShape,
  ProtectionShape,
  SecretsShape,
  WorkflowsShape,
} from '../../tools/dev/src/github/settings-shapes.ts';
import type {
  CheckRunShape,
  CommentShape,
  PullShape,
  ReleaseShape,
  RepositoryShape,
  ReviewShape,
  TreeShape,
  UserShape,
} from '../../tools/dev/src/github/shapes.ts';
import { mainRegistry } from '../analysis/merge/merge-world.ts';
import { openWorld, type World } from './stand-in.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld((await mainRegistry()).files);
});
afterAll(() => world.end());

const as = (token?: string): typeof octokit =>
  octokit.defaults({
    baseUrl: world.github.address,
    headers: token === undefined ? {} : { authorization: `token ${token}` },
  });
const REGISTRY = { owner: 'plugmark', repo: 'registry' };
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** Of octokit's type O the members that A has. */
type Picked<O, A> = A extends readonly (infer AI)[]
  ? O extends readonly (infer OI)[]
    ? readonly Picked<OI, AI>[]
    : never
  : A extends object
    ? { readonly [K in keyof A]: K extends keyof NonNullable<O> ? Picked<NonNullable<O>[K], A[K]> : never }
    : O;
/** Takes a stand-in's shape only where it has, in each of its members, what octokit expects there. */
const fits = <O, A>(same: (answer: A) => Picked<O, A>): unknown => same;
type Data<T extends (...args: never[]) => Promise<{ data: unknown }>> = Awaited<ReturnType<T>>['data'];
const getUser = () => octokit('GET /users/{username}', { username: '' });
const getRepository = () => octokit('GET /repos/{owner}/{repo}', REGISTRY);
const getPulls = () => octokit('GET /repos/{owner}/{repo}/pulls', REGISTRY);
const getTree = () => octokit('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', { ...REGISTRY, tree_sha: '' });
const getComments = () =>
  octokit('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', { ...REGISTRY, issue_number: 1 });
const getReviews = () =>
  octokit('GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews', { ...REGISTRY, pull_number: 1 });
const getRelease = () => octokit('GET /repos/{owner}/{repo}/releases/tags/{tag}', { ...REGISTRY, tag: '' });
const postCheckRun = () => octokit('POST /repos/{owner}/{repo}/check-runs', { ...REGISTRY, name: '', head_sha: '' });
const getReleases = () => octokit('GET /repos/{owner}/{repo}/releases', REGISTRY);
const AT = { ...REGISTRY, environment_name: '' };
const getProtection = () =>
  octokit('GET /repos/{owner}/{repo}/branches/{branch}/protection', { ...REGISTRY, branch: '' });
const getEnvironment = () => octokit('GET /repos/{owner}/{repo}/environments/{environment_name}', AT);
const getBranchPolicies = () =>
  octokit('GET /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies', AT);
const getSecrets = () => octokit('GET /repos/{owner}/{repo}/environments/{environment_name}/secrets', AT);
const getPages = () => octokit('GET /repos/{owner}/{repo}/pages', REGISTRY);
const getWorkflows = () => octokit('GET /repos/{owner}/{repo}/actions/workflows', REGISTRY);
const getActions = () => octokit('GET /repos/{owner}/{repo}/actions/permissions', REGISTRY);
const getWorkflowPermissions = () => octokit('GET /repos/{owner}/{repo}/actions/permissions/workflow', REGISTRY);

test('the shapes of settings and releases are those of octokit’s types', () => {
  const named = [
    fits<Data<typeof getReleases>[number], ReleaseShape>((answer) => answer),
    fits<Data<typeof getProtection>, ProtectionShape>((answer) => answer),
    fits<Data<typeof getEnvironment>, Omit<EnvironmentShape, 'protection_rules'>>((answer) => answer),
    fits<Data<typeof getBranchPolicies>, BranchPoliciesShape>((answer) => answer),
    fits<Data<typeof getSecrets>, SecretsShape>((answer) => answer),
    fits<Data<typeof getPages>, PagesShape>((answer) => answer),
    fits<Data<typeof getWorkflows>, WorkflowsShape>((answer) => answer),
    fits<Data<typeof getActions>, { enabled: boolean; sha_pinning_required: boolean }>((answer) => answer),
    fits<Data<typeof getWorkflowPermissions>, { can_approve_pull_request_reviews: boolean }>((answer) => answer),
    // @ts-expect-error a member that GitHub does not have
    fits<Data<typeof getPages>, { built_from: string }>((answer) => answer),
  ];
  expect(named).toHaveLength(10);
});

test('the shapes are those of octokit’s types', () => {
  const named = [
    fits<Data<typeof getUser>, UserShape>((answer) => answer),
    fits<Data<typeof getRepository>, RepositoryShape>((answer) => answer),
    fits<Data<typeof getPulls>[number], Omit<PullShape, 'head' | 'base'>>((answer) => answer),
    fits<Data<typeof getTree>, TreeShape>((answer) => answer),
    fits<Data<typeof getComments>[number], CommentShape>((answer) => answer),
    fits<Data<typeof getReviews>[number], ReviewShape>((answer) => answer),
    fits<Data<typeof postCheckRun>, CheckRunShape>((answer) => answer),
    fits<Data<typeof getRelease>, ReleaseShape>((answer) => answer),
    // @ts-expect-error a member of another type
    fits<Data<typeof getUser>, { login: number }>((answer) => answer),
    // @ts-expect-error a member that GitHub does not have
    fits<Data<typeof getUser>, { height: number }>((answer) => answer),
  ];
  expect(named).toHaveLength(10);
});

describe('git data', () => {
  test('a blob has git’s id, and comes back as it was', async () => {
    const { people, github } = world;
    const request = as(github.token(people.alice));
    await request('POST /repos/{owner}/{repo}/forks', REGISTRY);
    const bytes = Buffer.from([0, 255, 10, 13, 0]);
    const fork = { owner: 'alice', repo: 'registry' };
    const { data } = await request('POST /repos/{owner}/{repo}/git/blobs', {
      ...fork,
      content: bytes.toString('base64'),
      encoding: 'base64',
    });
    expect(data.sha).toBe(createHash('sha1').update('blob 5\0').update(bytes).digest('hex'));
    // Forks share their objects, so that the registry can read what was pushed to one.
    const again = await as()('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', { ...REGISTRY, file_sha: data.sha });
    expect(Buffer.from(again.data.content, 'base64').equals(bytes)).toBe(true);
    expect(again.data.size).toBe(5);
  });

  test('refuses a ref that is no fast forward, a mode git does not have, a tree of nothing, and a stranger', async () => {
    const { people, github, registry } = world;
    const request = as(github.token(people.mona));
    const main = await request('GET /repos/{owner}/{repo}/git/ref/{ref}', { ...REGISTRY, ref: 'heads/main' });
    const { data: commit } = await request('GET /repos/{owner}/{repo}/git/commits/{commit_sha}', {
      ...REGISTRY,
      commit_sha: main.data.object.sha,
    });
    const { data: orphan } = await request('POST /repos/{owner}/{repo}/git/commits', {
      ...REGISTRY,
      message: 'x',
      tree: commit.tree.sha,
      parents: [],
    });
    const patch = request('PATCH /repos/{owner}/{repo}/git/refs/{ref}', {
      ...REGISTRY,
      ref: 'heads/main',
      sha: orphan.sha,
    });
    await expect(patch).rejects.toMatchObject({ status: 422 });
    const tree = request('POST /repos/{owner}/{repo}/git/trees', {
      ...REGISTRY,
      tree: [{ path: 'a', mode: '100666' as '100644', type: 'blob', sha: commit.tree.sha }],
    });
    await expect(tree).rejects.toMatchObject({ status: 422 });
    await expect(
      as(github.token(people.mallory))('POST /repos/{owner}/{repo}/git/blobs', { ...REGISTRY, content: 'a' }),
    ).rejects.toMatchObject({ status: 403 });
    await expect(as('nobody')('GET /user')).rejects.toMatchObject({ status: 401 });
    expect(await github.state.git.readRef(branchRef(registry, 'main'))).toBe(main.data.object.sha);
  });
});

describe('a pull request across forks', () => {
  test('is tried, read by its tree, merged with its head and not with another', async () => {
    const { people, github, registry } = world;
    const request = as(github.token(people.alice));
    const { data: fork } = await request('POST /repos/{owner}/{repo}/forks', REGISTRY);
    const from = github.state.repositories.get(Number(fork.id));
    if (from === undefined) throw new Error('no fork');
    const pushed = new Map<string, Pushed>([['registry/new.txt', text('new\n')]]);
    pushed.set('link', { mode: '120000', bytes: text('/etc/passwd') });
    await github.push(from, 'one', pushed);
    const { data: pull } = await request('POST /repos/{owner}/{repo}/pulls', {
      ...REGISTRY,
      title: 'One',
      head: 'alice:one',
      base: 'main',
    });
    expect(pull.head.repo?.id).toBe(fork.id);
    const get = { ...REGISTRY, pull_number: pull.number };
    const { data: seen } = await as()('GET /repos/{owner}/{repo}/pulls/{pull_number}', get);
    expect(seen).toMatchObject({ mergeable: true, user: { id: people.alice.id } });
    const { data: trial } = await as()('GET /repos/{owner}/{repo}/git/commits/{commit_sha}', {
      ...REGISTRY,
      commit_sha: seen.merge_commit_sha ?? '',
    });
    expect(trial.parents.map(({ sha }) => sha)).toEqual([seen.base.sha, seen.head.sha]);
    const { data: tree } = await as()('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
      ...REGISTRY,
      tree_sha: trial.tree.sha,
    });
    expect(tree.tree.find(({ path }) => path === 'link')?.mode).toBe('120000');
    const merge = as(github.token(people.mona));
    const put = { ...get, merge_method: 'squash' as const };
    await expect(
      as(github.token(people.alice))('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge', put),
    ).rejects.toMatchObject({ status: 403 });
    await github.push(from, 'one', new Map([['registry/new.txt', text('other\n')]]));
    await expect(
      merge('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge', { ...put, sha: seen.head.sha }),
    ).rejects.toMatchObject({ status: 409 });
    const { data: later } = await as()('GET /repos/{owner}/{repo}/pulls/{pull_number}', get);
    const { data: merged } = await merge('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge', {
      ...put,
      sha: later.head.sha,
    });
    expect(await github.state.git.readRef(branchRef(registry, 'main'))).toBe(merged.sha);
    expect(Buffer.from(await github.state.git.bytes(['show', `${merged.sha}:registry/new.txt`])).toString()).toBe(
      'other\n',
    );
    expect((await github.state.git.readCommit(merged.sha)).parents).toEqual([later.base.sha]);
  });

  test('refuses a second one of the same branch, an approval of one’s own, and a conflict', async () => {
    const { people, github, registry } = world;
    const request = as(github.token(people.bob));
    const { data: fork } = await request('POST /repos/{owner}/{repo}/forks', REGISTRY);
    const from = github.state.repositories.get(Number(fork.id));
    if (from === undefined) throw new Error('no fork');
    await github.push(from, 'two', new Map([['README.md', text('# Other\n')]]));
    const open = { ...REGISTRY, title: 'Two', head: 'bob:two', base: 'main' };
    const { data: pull } = await request('POST /repos/{owner}/{repo}/pulls', open);
    await expect(request('POST /repos/{owner}/{repo}/pulls', open)).rejects.toMatchObject({ status: 422 });
    const review = { ...REGISTRY, pull_number: pull.number, event: 'APPROVE' as const };
    await expect(request('POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews', review)).rejects.toMatchObject({
      status: 422,
    });
    await github.push(registry, 'main', new Map([['README.md', text('# Third\n')]]));
    const { data: seen } = await as()('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
      ...REGISTRY,
      pull_number: pull.number,
    });
    expect(seen).toMatchObject({ mergeable: false, merge_commit_sha: null });
    const merge = as(github.token(people.mona))('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge', {
      ...REGISTRY,
      pull_number: pull.number,
    });
    await expect(merge).rejects.toMatchObject({ status: 405 });
  });
});

test('git itself finds nothing wrong with what was written', async () => {
  const said = await world.github.state.git.git(['fsck', '--strict', '--no-dangling', '--no-progress']);
  expect(said).toBe('');
});

test('faults come when asked for and go away again', async () => {
  const { github } = world;
  const on = /^GET \/users\/mona$/;
  const get = () => as()('GET /users/{username}', { username: 'mona' });
  for (const [kind, status] of [
    ['rateLimit', 403],
    ['badGateway', 502],
    ['unprocessable', 422],
  ] as const) {
    github.faults.push({ kind, on, times: 1 });
    await expect(get()).rejects.toMatchObject({ status });
    expect((await get()).data.id).toBe(1);
  }
  github.faults.push({ kind: 'reset', on, times: 1 });
  await expect(get()).rejects.toMatchObject({ status: 500 });
  github.faults.push({ kind: 'truncated', on, times: 1 });
  // Octokit takes a body that broke off for an empty one: whoever reads it has to look.
  expect((await get()).data).not.toHaveProperty('id');
});

test('what it has no endpoint for is an error, and is remembered', async () => {
  const before = world.github.unknown.length;
  await expect(as()('GET /repos/{owner}/{repo}/stargazers', REGISTRY)).rejects.toMatchObject({ status: 501 });
  expect(world.github.unknown.slice(before)).toEqual(['GET /repos/plugmark/registry/stargazers']);
});

describe('releases', () => {
  test('by tag, the latest, their files by way of another address, and files at the commit of a tag', async () => {
    const { github, people } = world;
    const repository = await github.repository(
      people.alice,
      'lamp',
      new Map([['plugin.yaml', text('plugin: alice/lamp\n')]]),
    );
    const lamp = { owner: 'alice', repo: 'lamp' };
    repository.releases.set('v1', new Map([['lamp.wasm', text('one')]]));
    repository.releases.set(
      'v2',
      new Map([
        ['lamp.wasm', text('two')],
        ['notes.txt', text('new')],
      ]),
    );
    repository.releases.set('v3', new Map());
    Object.assign(repository, { prereleases: new Set(['v3']), drafts: new Set(['v4']) });
    const sha = await github.tag(repository, 'v1');
    await github.push(repository, 'main', new Map([['plugin.yaml', text('plugin: alice/other\n')]]));
    const { data: latest } = await as()('GET /repos/{owner}/{repo}/releases/latest', lamp);
    expect(latest.tag_name).toBe('v2');
    const { data: first } = await as()('GET /repos/{owner}/{repo}/releases/tags/{tag}', { ...lamp, tag: 'v1' });
    const ids = [...first.assets, ...latest.assets].map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    const asset = latest.assets.find(({ name }) => name === 'notes.txt');
    expect(asset?.digest).toBe(`sha256:${createHash('sha256').update('new').digest('hex')}`);
    const { data: bytes, url } = await as()('GET /repos/{owner}/{repo}/releases/assets/{asset_id}', {
      ...lamp,
      asset_id: asset?.id ?? 0,
      headers: { accept: 'application/octet-stream' },
    });
    expect(Buffer.from(bytes as unknown as ArrayBuffer).toString()).toBe('new');
    expect(url).toContain('/objects/');
    const { data: commit } = await as()('GET /repos/{owner}/{repo}/commits/{ref}', {
      ...lamp,
      ref: 'tags/v1',
      per_page: 1,
    });
    expect(commit.sha).toBe(sha);
    const { data: file } = await as()('GET /repos/{owner}/{repo}/contents/{path}', {
      ...lamp,
      path: 'plugin.yaml',
      ref: commit.sha,
      mediaType: { format: 'raw' },
    });
    expect(String(file)).toBe('plugin: alice/lamp\n');
    const missing = as()('GET /repos/{owner}/{repo}/releases/tags/{tag}', { ...lamp, tag: 'v4' });
    await expect(missing).rejects.toMatchObject({ status: 404 });
  });
});
