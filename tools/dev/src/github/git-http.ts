// Git over HTTP as GitHub serves it: clone, fetch and push of a repository by git's own server program, each repository in its
// namespace of the shared one. Reading is for everybody, pushing for whoever may write there.

import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename, dirname } from 'node:path';
import { mayWrite, repositoryNamed } from './call.ts';
import type { GitHubState, Repository } from './github-state.ts';

const PATH = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

export interface GitRequest {
  readonly repository: Repository;
  readonly service: string;
  readonly isPush: boolean;
}

/** Undefined for what is no request of git. */
export function gitRequest(state: GitHubState, url: URL): GitRequest | undefined {
  const [, owner = '', name = '', service = ''] = PATH.exec(url.pathname) ?? [];
  const repository = repositoryNamed(state, owner, name);
  if (service === '' || repository === undefined) return undefined;
  return { repository, service, isPush: `${service}${url.search}`.includes('receive-pack') };
}

export async function serveGit(
  state: GitHubState,
  { repository, service, isPush }: GitRequest,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> {
  const user = userOf(state, request.headers.authorization);
  if (isPush && !mayWrite(repository, user))
    return void response.writeHead(401, { 'www-authenticate': 'Basic realm="stand-in"' }).end();
  const { git } = state;
  const child = spawn('git', ['http-backend'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      PATH: process.env['PATH'],
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_PROJECT_ROOT: dirname(git.folder),
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_NAMESPACE: `${repository.owner.id}-${repository.name}`,
      PATH_INFO: `/${basename(git.folder)}/${service}`,
      QUERY_STRING: new URL(request.url ?? '/', 'http://127.0.0.1').search.slice(1),
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      ...(isPush && user !== undefined ? { REMOTE_USER: user.login } : {}),
    },
  });
  child.stdin.on('error', () => undefined); // it may end before it has read everything
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) chunks.push(chunk);
  answer(Buffer.concat(chunks), response);
}

/** A CGI answer: header lines, an empty one, the body. */
function answer(output: Buffer, response: ServerResponse): void {
  const end = output.indexOf('\r\n\r\n');
  const lines = output.subarray(0, Math.max(end, 0)).toString('latin1').split('\r\n');
  const headers = Object.fromEntries(
    lines.flatMap((line) => {
      const at = line.indexOf(': ');
      return at < 0 ? [] : [[line.slice(0, at).toLowerCase(), line.slice(at + 2)]];
    }),
  ) as Record<string, string>;
  const { status = end < 0 ? '500' : '200', ...rest } = headers;
  response.writeHead(Number.parseInt(status, 10), rest).end(output.subarray(end + 4));
}

function userOf({ tokens }: GitHubState, authorization = ''): Parameters<typeof mayWrite>[1] {
  const [, basic = ''] = /^basic (.+)$/i.exec(authorization) ?? [];
  const password = Buffer.from(basic, 'base64').toString('utf8').split(':').slice(1).join(':');
  return tokens.get(password)?.user;
}
