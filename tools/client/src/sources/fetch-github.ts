// Requests to GitHub's API, under limits. Redirects are followed only to hosts that are listed, so that no answer steers a request to an
// address behind the user's firewall; no credentials are sent (a host that has a token adds it in its own fetch).
import { ClientError } from '../error.ts';
import { isWebPage, REQUEST, readBody } from '../fetch.ts';
import { idleClock } from '../store/download.ts';

export interface GitHubPorts {
  readonly fetch: typeof fetch;
  /** Ends with a slash. */
  readonly api: string;
  /** For one answer of the API; for the bytes of a plugin, between any two parts of it. */
  readonly timeoutMs: number;
}

export interface Asked {
  readonly path: string;
  readonly accept: string;
  readonly maxBytes: number;
  /** A plugin may take longer than an answer; a server that sends nothing for so long is given up all the same. */
  readonly isLong?: boolean;
  readonly onLength?: ((length: number) => void) | undefined;
}

export const GITHUB_API = 'https://api.github.com/';
const MAX_HOPS = 5;
/** Longer than any plugin takes on a slow line, shorter than for ever. */
const LONG_MS = 1_800_000;

/** The body, or undefined when GitHub has no such thing. Throws NETWORK, TOO_LARGE, SOURCE_LIMITED. */
export async function fetchGitHub(asked: Asked, ports: GitHubPorts): Promise<Uint8Array | undefined> {
  const url = ports.api + asked.path;
  const idle = new AbortController();
  const clock = idleClock(idle, ports.timeoutMs);
  const signal = AbortSignal.any([idle.signal, AbortSignal.timeout(asked.isLong ? LONG_MS : ports.timeoutMs)]);
  try {
    const response = await follow(url, { ...ports, accept: asked.accept, signal });
    if (response.status === 200 && !isWebPage(response))
      return await readBody(response, url, asked.maxBytes, (length) => {
        clock.restart();
        asked.onLength?.(length);
      });
    await response.body?.cancel();
    return refused(response, url);
  } catch (cause) {
    if (cause instanceof ClientError) throw cause;
    throw new ClientError('NETWORK', { url, ...(signal.aborted ? { timeoutMs: ports.timeoutMs } : {}) }, cause);
  } finally {
    clock.stop();
  }
}

function refused({ status, headers }: Response, url: string): undefined {
  const isLimit = status === 429 || headers.get('x-ratelimit-remaining') === '0' || headers.has('retry-after');
  if ((status === 403 || status === 429) && isLimit) {
    const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN) * 1000;
    throw new ClientError('SOURCE_LIMITED', { url, until: Number.isSafeInteger(reset) ? iso(reset) : undefined });
  }
  if (status === 404 || status === 410) return undefined;
  throw new ClientError('NETWORK', { url, status, contentType: headers.get('content-type') ?? undefined });
}

const iso = (milliseconds: number): string | undefined =>
  Math.abs(milliseconds) <= 8.64e15 ? new Date(milliseconds).toISOString() : undefined;

interface Hop extends GitHubPorts {
  readonly accept: string;
  readonly signal: AbortSignal;
}

async function follow(url: string, ports: Hop): Promise<Response> {
  const { fetch, api, accept, signal } = ports;
  let next = url;
  for (let hop = 0; hop <= MAX_HOPS; hop++) {
    const request = { ...REQUEST, headers: { accept }, signal };
    const response = await fetch(next, { ...request, redirect: 'manual' });
    if (response.type === 'opaqueredirect')
      return followed(await fetch(next, { ...request, redirect: 'follow' }), api, next);
    const location = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || location === null) return response;
    await response.body?.cancel();
    const target = URL.parse(location, next);
    if (target === null || !isGitHubs(target, api)) throw new ClientError('NETWORK', { url: next, redirect: location });
    next = target.href;
  }
  throw new ClientError('NETWORK', { url, redirect: `more than ${MAX_HOPS}` });
}

/** A page cannot see where a redirect leads before it is followed; its browser keeps it from reading what is not meant for it. */
async function followed(response: Response, api: string, url: string): Promise<Response> {
  const target = URL.parse(response.url);
  if (target !== null && isGitHubs(target, api)) return response;
  await response.body?.cancel();
  throw new ClientError('NETWORK', { url, redirect: response.url });
}

/** The API itself, and where GitHub keeps files. An installation of one's own serves everything from its own address. */
function isGitHubs({ origin, protocol, hostname, username, password }: URL, api: string): boolean {
  if (username !== '' || password !== '') return false;
  if (origin === new URL(api).origin) return true;
  const isTheirs =
    hostname === 'github.com' ||
    hostname === 'codeload.github.com' ||
    /^[a-z0-9-]+\.githubusercontent\.com$/.test(hostname);
  return api === GITHUB_API && protocol === 'https:' && isTheirs;
}
