// The git data API: blobs, trees, commits, refs. Ids are those of git, because git makes them.

import { type Answer, conflict, created, notFound, ok, unprocessable } from './answer.ts';
import { type Call, type Handler, reading, text, writing } from './call.ts';
import { NOTHING, type TreeChange } from './git-store.ts';
import { branchRef, type Repository } from './github-state.ts';
import type { TreeShape } from './shapes.ts';

const SHA = /^[0-9a-f]{40}$/;

/** More entries than this are not listed; GitHub's own limit is 100,000 entries or 7 MB. */
const MOST_ENTRIES = 100_000;

const getBlob = reading(async ({ state, params }) => {
  const sha = params['sha'] ?? '';
  if (!SHA.test(sha) || (await state.git.typeOf(sha)) !== 'blob') return notFound();
  const bytes = await state.git.readBlob(sha);
  const content = Buffer.from(bytes)
    .toString('base64')
    .replace(/(.{60})/g, '$1\n');
  return ok({ sha, size: bytes.length, encoding: 'base64', content, node_id: sha, url: '' });
});

const postBlob = writing(async (call) => {
  const content = text(call, 'content');
  const bytes = text(call, 'encoding', 'utf-8') === 'base64' ? Buffer.from(content, 'base64') : Buffer.from(content);
  return created({ sha: await call.state.git.writeBlob(bytes), url: '' });
});

const getTree = reading(async ({ state, params, url }) => {
  const sha = params['sha'] ?? '';
  const type = SHA.test(sha) ? await state.git.typeOf(sha) : undefined;
  if (type !== 'tree' && type !== 'commit') return notFound();
  const entries = await state.git.readTree(sha, { recursive: url.searchParams.get('recursive') !== null });
  const shape: TreeShape = {
    sha,
    url: '',
    truncated: entries.length > MOST_ENTRIES,
    tree: entries.slice(0, MOST_ENTRIES),
  };
  return ok(shape);
});

const MODES = new Set(['100644', '100755', '040000', '160000', '120000']);

const postTree = writing(async (call) => {
  const { tree } = call.body;
  if (!Array.isArray(tree)) return unprocessable('Invalid tree info');
  const changes: TreeChange[] = [];
  for (const entry of tree as Record<string, unknown>[]) {
    const { path, mode, sha, type } = entry;
    const known = sha === null || (typeof sha === 'string' && SHA.test(sha));
    if (typeof path !== 'string' || typeof mode !== 'string' || !MODES.has(mode) || !known || typeof type !== 'string')
      return unprocessable('tree.path, tree.mode, tree.type and tree.sha must be given');
    if (typeof sha === 'string' && mode !== '160000' && (await call.state.git.typeOf(sha)) === undefined)
      return unprocessable(`tree.sha ${sha} is not a valid blob`);
    changes.push({ path, mode, sha: sha as string | null });
  }
  const base = text(call, 'base_tree');
  const written = await call.state.git.writeTree(base === '' ? undefined : base, changes);
  return created({ sha: written, url: '', truncated: false, tree: await call.state.git.readTree(written) });
});

const getCommit = reading(async ({ state, params }) => {
  const sha = params['sha'] ?? '';
  if (!SHA.test(sha) || (await state.git.typeOf(sha)) !== 'commit') return notFound();
  const { tree, parents, message } = await state.git.readCommit(sha);
  return ok({
    sha,
    message,
    tree: { sha: tree, url: '' },
    parents: parents.map((parent) => ({ sha: parent, url: '', html_url: '' })),
  });
});

const postCommit = writing(async (call) => {
  const { state, user, body } = call;
  const tree = text(call, 'tree');
  const parents = Array.isArray(body['parents']) ? (body['parents'] as string[]) : [];
  if ((await state.git.typeOf(tree)) !== 'tree') return unprocessable('Tree SHA does not exist');
  for (const parent of parents)
    if ((await state.git.typeOf(parent)) !== 'commit')
      return unprocessable('Parent SHA does not exist or is not a commit object');
  const login = user?.login ?? 'nobody';
  const by = { name: login, email: `${login}@users.noreply.github.com` };
  const sha = await state.git.writeCommit({ message: text(call, 'message'), tree, parents, by, at: state.now() });
  return created({
    sha,
    tree: { sha: tree, url: '' },
    message: text(call, 'message'),
    parents: parents.map((parent) => ({ sha: parent })),
  });
});

const refAnswer = (ref: string, sha: string): unknown => ({
  ref,
  node_id: sha,
  url: '',
  object: { type: 'commit', sha, url: '' },
});

const getRef = reading(async ({ state, params }, repository) => {
  const branch = branchOf(`refs/${params['ref'] ?? ''}`);
  const sha = branch && (await state.git.readRef(branchRef(repository, branch)));
  return sha === undefined ? notFound() : ok(refAnswer(`refs/heads/${branch}`, sha));
});

const postRef = writing(async (call, repository) => {
  const { state } = call;
  const branch = branchOf(text(call, 'ref'));
  const sha = text(call, 'sha');
  if (branch === undefined || (await state.git.typeOf(sha)) !== 'commit') return unprocessable('Object does not exist');
  if ((await state.git.readRef(branchRef(repository, branch))) !== undefined)
    return unprocessable('Reference already exists');
  await state.git.writeRef(branchRef(repository, branch), sha, NOTHING);
  return created(refAnswer(`refs/heads/${branch}`, sha));
});

const patchRef = writing(async (call, repository) => {
  const branch = branchOf(`refs/${call.params['ref'] ?? ''}`);
  return branch === undefined ? notFound() : moveRef(call, repository, branch);
});

async function moveRef(call: Call, repository: Repository, branch: string): Promise<Answer> {
  const { git } = call.state;
  const name = branchRef(repository, branch);
  const before = await git.readRef(name);
  const sha = text(call, 'sha');
  if (before === undefined) return unprocessable('Reference does not exist');
  if ((await git.typeOf(sha)) !== 'commit') return unprocessable('Object does not exist');
  if (call.body['force'] !== true && !(await git.isAncestor(before, sha)))
    return unprocessable('Update is not a fast forward');
  await git.writeRef(name, sha, before).catch(() => conflict('Reference was changed'));
  return ok(refAnswer(`refs/heads/${branch}`, sha));
}

const branchOf = (ref: string): string | undefined => /^refs\/heads\/([A-Za-z0-9._/-]+)$/.exec(ref)?.[1];

export const GIT_ENDPOINTS: Readonly<Record<string, Handler>> = {
  'GET /repos/{owner}/{repo}/git/blobs/{sha}': getBlob,
  'POST /repos/{owner}/{repo}/git/blobs': postBlob,
  'GET /repos/{owner}/{repo}/git/trees/{sha}': getTree,
  'POST /repos/{owner}/{repo}/git/trees': postTree,
  'GET /repos/{owner}/{repo}/git/commits/{sha}': getCommit,
  'POST /repos/{owner}/{repo}/git/commits': postCommit,
  'GET /repos/{owner}/{repo}/git/ref/{ref...}': getRef,
  'POST /repos/{owner}/{repo}/git/refs': postRef,
  'PATCH /repos/{owner}/{repo}/git/refs/{ref...}': patchRef,
};
