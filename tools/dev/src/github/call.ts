// One request to the stand-in, with who asks and what about.

import { type Answer, forbidden, notFound, unauthorized } from './answer.ts';
import type { GitHubState, Repository, User } from './github-state.ts';

export interface Call {
  readonly state: GitHubState;
  readonly url: URL;
  readonly body: Readonly<Record<string, unknown>>;
  /** Parts of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Whose token it is; undefined without one. */
  readonly user: User | undefined;
  /** The token of a workflow: no user, and the only one that makes check runs. */
  readonly installation: boolean;
}

export type Handler = (call: Call) => Promise<Answer> | Answer;

export const text = ({ body }: Call, name: string, otherwise = ''): string => {
  const value = body[name];
  return typeof value === 'string' ? value : otherwise;
};

export function repositoryNamed({ repositories }: GitHubState, owner: string, name: string): Repository | undefined {
  const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
  return [...repositories.values()].find((one) => !one.gone && same(one.owner.login, owner) && same(one.name, name));
}

type InRepository = (call: Call, repository: Repository) => Promise<Answer> | Answer;

/** Anybody may read: every repository here is public. */
export const reading =
  (handler: InRepository): Handler =>
  (call) => {
    const { owner = '', repo = '' } = call.params;
    const repository = repositoryNamed(call.state, owner, repo);
    if (repository !== undefined) return handler(call, repository);
    const moved = call.state.formerNames.get(`${owner}/${repo}`.toLowerCase());
    return moved === undefined ? notFound() : movedTo(call, moved);
  };

/** GitHub's answer for a name that was given up: the same by number. */
function movedTo({ url }: Call, id: number): Answer {
  const rest = url.pathname.replace(/^\/repos\/[^/]+\/[^/]+/, '');
  const location = new URL(`/repositories/${id}${rest}${url.search}`, url).href;
  return { status: 301, headers: { location }, body: { message: 'Moved Permanently', url: location } };
}

/** Whoever has an account. */
export const signedIn =
  (handler: InRepository): Handler =>
  (call) =>
    call.user === undefined ? unauthorized() : reading(handler)(call);

export const mayWrite = ({ owner, writers }: Repository, user: User | undefined): boolean =>
  user !== undefined && (owner.id === user.id || writers.has(user.id));

/** Whoever may push there. */
export const writing =
  (handler: InRepository): Handler =>
  (call) => {
    if (call.user === undefined) return unauthorized();
    return reading((inner, repository) =>
      mayWrite(repository, inner.user) ? handler(inner, repository) : forbidden(),
    )(call);
  };
