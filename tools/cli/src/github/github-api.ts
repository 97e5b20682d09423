// GitHub's REST API as this command uses it: routes typed by octokit, answers parsed before anything looks at them, retries where a
// second try can do no harm. Nothing decides on a message; what GitHub refuses becomes one of our codes.

import { request as octokit } from '@octokit/request';
import { parse } from '@plugmark/schemas';
import { CliError, type CliErrorCode } from '../cli-error.ts';
import type { Io } from '../io.ts';
import { type Refusal, retryDelay } from './retry.ts';

export interface Repository {
  readonly owner: string;
  readonly repo: string;
}

type Request = typeof octokit;
type Schema = Parameters<typeof parse>[0];
type Parsed<S extends Schema> = ReturnType<typeof parse<S>>;
type Answer = Promise<{ readonly data: unknown }>;

export interface GitHubApi {
  readonly repository: Repository;
  readonly hasToken: boolean;
  /** One answer. `again: false` for what must not be asked twice when nobody knows whether it was done. */
  ask<S extends Schema>(
    schema: S,
    act: (request: Request) => Answer,
    options?: { readonly again?: boolean },
  ): Promise<Parsed<S>>;
  /** Every item of a list. Throws GITHUB_ANSWER beyond `most`: a list that goes on and on is not read to its end. */
  list<S extends Schema>(
    schema: S,
    act: (request: Request, page: Page) => Answer,
    options?: { readonly most?: number },
  ): Promise<Parsed<S>[]>;
  /** For what GitHub does in its own time. */
  pause(milliseconds: number): Promise<void>;
  /** For what has no answer to read. */
  send(act: (request: Request) => Answer): Promise<void>;
}

interface Page {
  readonly per_page: number;
  readonly page: number;
}

const PER_PAGE = 100;
const MOST = 2000;
const TIMEOUT_MS = 30_000;
export const PUBLIC_API = 'https://api.github.com';

export interface ApiOptions {
  readonly repository: Repository;
  readonly api?: string | undefined;
  readonly token?: string | undefined;
}

export function openGitHubApi(io: Io, { repository, api = PUBLIC_API, token }: ApiOptions): GitHubApi {
  const send = async (act: (request: Request) => Answer, again: boolean): Promise<unknown> => {
    for (let tries = 0; ; tries++) {
      const request = octokit.defaults({
        baseUrl: api.replace(/\/$/, ''),
        headers: {
          'user-agent': 'plugmark',
          'x-github-api-version': '2022-11-28',
          ...(token === undefined ? {} : { authorization: `token ${token}` }),
        },
        request: { fetch: io.fetch, signal: AbortSignal.timeout(TIMEOUT_MS) },
      });
      try {
        return (await act(request)).data;
      } catch (error) {
        const refusal = refusalOf(error);
        const delay = retryDelay(refusal, { tries, again, now: io.now() });
        if (delay === undefined) throw errorOf(refusal, error);
        await (io.sleep ?? sleep)(delay);
      }
    }
  };
  /** What `take` makes of an answer. Octokit takes a body that broke off for an empty one, so that is asked again like a lost connection. */
  const read = async <T>(act: (request: Request) => Answer, take: (data: unknown) => T, again: boolean): Promise<T> => {
    for (let tries = 0; ; tries++) {
      const data = await send(act, again);
      try {
        return take(data);
      } catch (error) {
        const delay = data === '' ? retryDelay(BROKEN_OFF, { tries, again, now: io.now() }) : undefined;
        if (delay === undefined) throw error;
        await (io.sleep ?? sleep)(delay);
      }
    }
  };
  return {
    repository,
    hasToken: token !== undefined,
    pause: io.sleep ?? sleep,
    ask: (schema, act, { again = true } = {}) => read(act, (data) => answered(schema, data), again),
    send: async (act) => void (await send(act, true)),
    list: async (schema, act, { most = MOST } = {}) => {
      const all: Parsed<typeof schema>[] = [];
      for (let page = 1; ; page++) {
        const data = await read((request) => act(request, { per_page: PER_PAGE, page }), listed, true);
        for (const item of data) all.push(parse(schema, item, 'the answer of GitHub') as Parsed<typeof schema>);
        if (data.length < PER_PAGE) return all;
        if (all.length >= most)
          throw new CliError('GITHUB_ANSWER', `GitHub lists more than ${most} items where fewer are looked at`);
      }
    },
  };
}

function answered<S extends Schema>(schema: S, data: unknown): Parsed<S> {
  try {
    return parse(schema, data, 'the answer of GitHub') as Parsed<S>;
  } catch (cause) {
    throw new CliError('GITHUB_ANSWER', 'GitHub answered something else than was asked', { cause });
  }
}

function listed(data: unknown): unknown[] {
  if (Array.isArray(data)) return data;
  throw new CliError('GITHUB_ANSWER', 'GitHub answered something else than a list');
}

/** A body that is not whole. */
const BROKEN_OFF: Refusal = { status: 500, headers: {}, answered: false };

const sleep = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

/** What octokit says went wrong; a connection that broke has status 500. */
function refusalOf(error: unknown): Refusal {
  const { status, response } = error as {
    status?: unknown;
    response?: { headers?: Record<string, unknown>; data?: unknown };
  };
  const headers = Object.entries(response?.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]);
  const said = (response?.data as { message?: unknown } | undefined)?.message;
  return {
    status: typeof status === 'number' ? status : 500,
    headers: Object.fromEntries(headers) as Record<string, string>,
    answered: response !== undefined,
    ...(typeof said === 'string' ? { said: said.slice(0, 300) } : {}),
  };
}

const CODES: Readonly<Record<number, CliErrorCode>> = {
  401: 'GITHUB_AUTH',
  403: 'GITHUB_FORBIDDEN',
  404: 'GITHUB_NOT_FOUND',
  405: 'GITHUB_REFUSED',
  409: 'GITHUB_REFUSED',
  422: 'GITHUB_REFUSED',
  429: 'GITHUB_LIMIT',
};

function errorOf(refusal: Refusal, cause: unknown): CliError {
  const { status, said } = refusal;
  const isLimit =
    status === 403 &&
    (refusal.headers['retry-after'] !== undefined || refusal.headers['x-ratelimit-remaining'] === '0');
  const code = isLimit ? 'GITHUB_LIMIT' : (CODES[status] ?? 'UNREACHABLE');
  if (!refusal.answered)
    return new CliError('UNREACHABLE', 'GitHub cannot be reached, or the connection broke off', { cause });
  return new CliError(code, `GitHub answers ${status}${said === undefined ? '' : `: ${said}`}`, { cause });
}
