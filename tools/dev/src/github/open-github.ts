// GitHub on this machine: exactly the endpoints that are called, over a real bare repository. A request that no endpoint takes is
// remembered, so that a test can say that there was none.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Answer } from './answer.ts';
import type { Call, Handler } from './call.ts';
import { FAULTS, type Fault } from './faults.ts';
import { GIT_ENDPOINTS } from './git-endpoints.ts';
import { gitRequest, serveGit } from './git-http.ts';
import { GitStore } from './git-store.ts';
import {
  branchRef,
  emptyState,
  type GitHubState,
  newSettings,
  type Repository,
  tagRef,
  type User,
} from './github-state.ts';
import { ISSUE_ENDPOINTS } from './issue-endpoints.ts';
import { PULL_ENDPOINTS } from './pull-endpoints.ts';
import { RELEASE_ENDPOINTS } from './release-endpoints.ts';
import { REPOSITORY_ENDPOINTS } from './repository-endpoints.ts';
import { SETTINGS_ENDPOINTS } from './settings-endpoints.ts';

const ENDPOINTS: Readonly<Record<string, Handler>> = {
  ...REPOSITORY_ENDPOINTS,
  ...RELEASE_ENDPOINTS,
  ...GIT_ENDPOINTS,
  ...PULL_ENDPOINTS,
  ...ISSUE_ENDPOINTS,
  ...SETTINGS_ENDPOINTS,
};

export interface GitHubOptions {
  /** An empty folder. */
  readonly folder: string;
  readonly now: () => Date;
  /** Milliseconds that a slow answer takes. */
  readonly slowness?: number;
}

interface Interruption {
  readonly on: RegExp;
  readonly act: () => Promise<unknown>;
}

export interface GitHub {
  /** `http://127.0.0.1:<port>` */
  readonly address: string;
  readonly state: GitHubState;
  /** Requests that no endpoint takes, as `METHOD /path`. */
  readonly unknown: readonly string[];
  /** Every request, as `METHOD /path`. */
  readonly requests: readonly string[];
  readonly faults: Fault[];
  /** Done once, before the next request that fits is answered: what happens in between. */
  readonly before: Interruption[];
  user(login: string, id: number, type?: User['type']): User;
  /** A token of a user, or of a workflow that may write to one repository. */
  token(user: User, kind?: 'user' | 'installation'): string;
  /** A repository whose default branch holds these files. */
  repository(owner: User, name: string, files: ReadonlyMap<string, Uint8Array>, id?: number): Promise<Repository>;
  /** Gives the repository another name or owner; the former name leads to it until somebody takes it. */
  move(repository: Repository, to: { readonly owner?: User; readonly name?: string }): void;
  /** Commits to a branch as a push would; a file that is `null` is removed. */
  push(repository: Repository, branch: string, files: ReadonlyMap<string, Pushed | null>): Promise<string>;
  /** Tags what a branch holds now. */
  tag(repository: Repository, name: string): Promise<string>;
  close(): Promise<void>;
}

export type Pushed =
  | Uint8Array
  | { readonly mode: string; readonly bytes: Uint8Array }
  | { readonly mode: string; readonly sha: string };

export async function openGitHub({ folder, now, slowness = 50 }: GitHubOptions): Promise<GitHub> {
  const git = await GitStore.create(join(folder, 'network.git'));
  const state = emptyState(git, now);
  const desk = {
    state,
    unknown: [] as string[],
    requests: [] as string[],
    faults: [] as Fault[],
    before: [] as Interruption[],
    slowness,
  };
  const server = createServer((request, response) => void serve(desk, request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    ...desk,
    user: (login, number, type = 'User') => addUser(state, { login, id: number, type }),
    token: (user, kind = 'user') => {
      const token = `${kind}-${user.id}-${state.nextId()}`;
      state.tokens.set(token, { user, installation: kind === 'installation' });
      return token;
    },
    repository: (owner, name, files, number) =>
      addRepository(state, { owner, name, files, id: number ?? state.nextId() }),
    move: ({ id, owner, name }, to) => {
      state.formerNames.set(`${owner.login}/${name}`.toLowerCase(), id);
      Object.assign(state.repositories.get(id) ?? {}, to);
    },
    push: (repository, branch, files) => push(state, repository, branch, files),
    tag: async (repository, name) => {
      const sha = (await git.readRef(branchRef(repository, repository.defaultBranch))) ?? '';
      await git.writeRef(tagRef(repository, name), sha);
      return sha;
    },
    close: () =>
      new Promise((done) => {
        git.close();
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

function addUser(state: GitHubState, user: User): User {
  state.users.set(user.id, user);
  return user;
}

async function addRepository(
  state: GitHubState,
  { owner, name, files, id }: Pick<Repository, 'owner' | 'name' | 'id'> & { files: ReadonlyMap<string, Uint8Array> },
): Promise<Repository> {
  const repository: Repository = {
    id,
    owner,
    name,
    defaultBranch: 'main',
    writers: new Set(),
    releases: new Map(),
    settings: newSettings(),
  };
  state.repositories.set(repository.id, repository);
  await push(state, repository, 'main', files);
  return repository;
}

async function push(
  state: GitHubState,
  repository: Repository,
  branch: string,
  files: ReadonlyMap<string, Pushed | null>,
): Promise<string> {
  const { git } = state;
  const parent =
    (await git.readRef(branchRef(repository, branch))) ??
    (await git.readRef(branchRef(repository, repository.defaultBranch)));
  const changes = [];
  for (const [path, file] of files) {
    if (file === null) changes.push({ path, mode: '100644', sha: null });
    else if (file instanceof Uint8Array) changes.push({ path, mode: '100644', sha: await git.writeBlob(file) });
    else changes.push({ path, mode: file.mode, sha: 'sha' in file ? file.sha : await git.writeBlob(file.bytes) });
  }
  const base = parent === undefined ? undefined : (await git.readCommit(parent)).tree;
  const tree = await git.writeTree(base, changes);
  const by = { name: repository.owner.login, email: `${repository.owner.login}@example.org` };
  const sha = await git.writeCommit({
    message: 'A push',
    tree,
    parents: parent === undefined ? [] : [parent],
    by,
    at: state.now(),
  });
  await git.writeRef(branchRef(repository, branch), sha);
  return sha;
}

interface Desk {
  readonly state: GitHubState;
  readonly unknown: string[];
  readonly requests: string[];
  readonly faults: Fault[];
  readonly before: Interruption[];
  readonly slowness: number;
}

async function serve(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const line = `${request.method} ${decodeURI(url.pathname)}`;
  desk.requests.push(line);
  const git = gitRequest(desk.state, url);
  if (git !== undefined) return serveGit(desk.state, git, { request, response });
  const body = await readBody(request);
  const at = desk.before.findIndex(({ on }) => on.test(line));
  if (at >= 0) await desk.before.splice(at, 1)[0]?.act();
  const fault = takeFault(desk.faults, line);
  if (fault?.kind === 'reset') return void request.socket.destroy();
  if (fault?.kind === 'slow') await new Promise((done) => setTimeout(done, desk.slowness));
  const made = fault === undefined ? undefined : FAULTS[fault.kind]?.(fault, desk.state.now());
  const answer =
    made ??
    (await answerTo(desk, request, body).catch(
      (error: unknown): Answer => ({ status: 500, body: { message: String(error) } }),
    ));
  const bytes =
    answer.bytes ??
    (answer.body === undefined ? new Uint8Array() : new TextEncoder().encode(JSON.stringify(answer.body)));
  response.writeHead(answer.status, {
    'content-type': 'application/json; charset=utf-8',
    ...answer.headers,
    ...(fault?.kind === 'endless' ? {} : { 'content-length': bytes.length }),
  });
  if (fault?.kind === 'endless') return pour(response);
  if (fault?.kind === 'truncated') {
    response.write(bytes.subarray(0, bytes.length / 2), () => request.socket.destroy());
    return;
  }
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

/** Bytes without end, until whoever asked has had enough. */
function pour(response: ServerResponse): void {
  const more = (): void => {
    while (!response.destroyed && response.write(new Uint8Array(65_536)));
  };
  response.on('drain', more);
  more();
}

const MAX_BODY = 40_000_000;

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY) chunks.push(chunk);
  }
  try {
    return (JSON.parse(Buffer.concat(chunks).toString('utf8')) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function takeFault(faults: Fault[], line: string): Fault | undefined {
  const at = faults.findIndex(({ on }) => on.test(line));
  const fault = faults[at];
  if (fault?.times === undefined) return fault;
  if (fault.times <= 1) faults.splice(at, 1);
  else faults[at] = { ...fault, times: fault.times - 1 };
  return fault;
}

async function answerTo(
  { state, unknown }: Desk,
  request: IncomingMessage,
  body: Record<string, unknown>,
): Promise<Answer> {
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
  for (const [route, handler] of Object.entries(ENDPOINTS)) {
    const params = match(route, request.method ?? 'GET', url.pathname);
    if (params === undefined) continue;
    const token = /^(?:token|bearer) (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const known = token === undefined ? undefined : state.tokens.get(token);
    if (token !== undefined && known === undefined) return { status: 401, body: { message: 'Bad credentials' } };
    const call: Call = { state, url, body, params, user: known?.user, installation: known?.installation === true };
    return handler(call);
  }
  unknown.push(`${request.method} ${url.pathname}`);
  return { status: 501, body: { message: 'the stand-in has no such endpoint' } };
}

/** `{name}` is one part of the path, `{name...}` all the rest. */
function match(route: string, method: string, path: string): Record<string, string> | undefined {
  const [verb, pattern = ''] = route.split(' ');
  if (verb !== method) return undefined;
  const source = pattern
    .replace(/[.]/g, '\\.')
    .replace(
      /\{(\w+)(\\\.\\\.\\\.)?\}/g,
      (_, name: string, rest?: string) => `(?<${name}>${rest === undefined ? '[^/]+' : '.+'})`,
    );
  const groups = new RegExp(`^${source}$`).exec(path)?.groups;
  if (groups === undefined) return new RegExp(`^${source}$`).test(path) ? {} : undefined;
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
}
