// Accounts, repositories and forks, the bytes of a release's assets, and starting a workflow.

import { empty, forbidden, notFound, ok, unauthorized, unprocessable } from './answer.ts';
import { type Handler, mayWrite, reading, repositoryNamed, signedIn, text, writing } from './call.ts';
import { branchRef, newSettings, type Repository } from './github-state.ts';
import { repositoryShape, userShape } from './shapes.ts';

const getViewer: Handler = ({ user, installation }) => {
  if (user === undefined) return unauthorized();
  // A workflow's token is of an installation: it is no user.
  return installation ? forbidden() : ok(userShape(user));
};

const getUser: Handler = ({ state, params }) => {
  const login = (params['username'] ?? '').toLowerCase();
  const user = [...state.users.values()].find((one) => one.login.toLowerCase() === login);
  return user === undefined ? notFound() : ok(userShape(user));
};

const getUserById: Handler = ({ state, params }) => {
  const user = state.users.get(Number(params['account_id']));
  return user === undefined ? notFound() : ok(userShape(user));
};

const getRepository = reading(({ user }, repository) => {
  const permissions = { admin: user?.id === repository.owner.id, push: mayWrite(repository, user), pull: true };
  return ok({ ...repositoryShape(repository), ...(user === undefined ? {} : { permissions }) });
});

const getRepositoryById: Handler = ({ state, params }) => {
  const repository = state.repositories.get(Number(params['id']));
  return repository === undefined || repository.gone ? notFound() : ok(repositoryShape(repository));
};

const fork = signedIn(async ({ state, user }, parent) => {
  if (user === undefined) return unauthorized();
  const known = repositoryNamed(state, user.login, parent.name);
  if (known !== undefined) return { status: 202, body: repositoryShape(known) };
  const { name, defaultBranch } = parent;
  const copy: Repository = {
    id: state.nextId(),
    owner: user,
    name,
    defaultBranch,
    parent,
    writers: new Set(),
    releases: new Map(),
    settings: newSettings(),
  };
  state.repositories.set(copy.id, copy);
  const sha = await state.git.readRef(branchRef(parent, defaultBranch));
  if (sha !== undefined) await state.git.writeRef(branchRef(copy, defaultBranch), sha);
  return { status: 202, body: repositoryShape(copy) };
});

const dispatch = writing((call, repository) => {
  const workflow = call.params['workflow_id'] ?? '';
  const ref = text(call, 'ref');
  if (ref !== repository.defaultBranch) return unprocessable(`No ref found for: ${ref}`);
  call.state.dispatches.push({ repository: repository.id, workflow, ref });
  return empty();
});

/** As a browser gets it: by way of another address. */
const download = reading(({ params, url }, repository) => {
  const has = repository.releases.get(params['tag'] ?? '')?.has(params['asset'] ?? '');
  if (!has) return notFound();
  const location = new URL(`/objects/${repository.id}/${params['tag']}/${params['asset']}`, url).href;
  return { status: 302, headers: { location } };
});

const assetBytes: Handler = ({ state, params }) => {
  const repository = state.repositories.get(Number(params['id']));
  const bytes = repository?.releases.get(params['tag'] ?? '')?.get(params['asset'] ?? '');
  return bytes === undefined
    ? notFound()
    : { status: 200, bytes, headers: { 'content-type': 'application/octet-stream' } };
};

const rawFile = reading(async ({ state, params }, repository) => {
  const ref = (await state.git.readRef(branchRef(repository, params['ref'] ?? ''))) ?? params['ref'] ?? '';
  const bytes = await state.git.bytes(['cat-file', 'blob', `${ref}:${params['path'] ?? ''}`]).catch(() => undefined);
  return bytes === undefined
    ? notFound()
    : { status: 200, bytes, headers: { 'content-type': 'text/plain; charset=utf-8' } };
});

export const REPOSITORY_ENDPOINTS: Readonly<Record<string, Handler>> = {
  'GET /user': getViewer,
  'GET /users/{username}': getUser,
  'GET /user/{account_id}': getUserById,
  'GET /repos/{owner}/{repo}': getRepository,
  'GET /repositories/{id}': getRepositoryById,
  'POST /repos/{owner}/{repo}/forks': fork,
  'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches': dispatch,
  'GET /{owner}/{repo}/releases/download/{tag}/{asset}': download,
  'GET /objects/{id}/{tag}/{asset}': assetBytes,
  'GET /raw/{owner}/{repo}/{ref}/{path...}': rawFile,
};
