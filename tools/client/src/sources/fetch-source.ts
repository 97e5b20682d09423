// One request to a server that is no registry of plugins, under limits: bytes, time, silence, redirects. What asks says which redirects
// may be followed; no answer may steer a request to an address behind the user's firewall, and no credentials are sent.
import { ClientError } from '../error.ts';
import { isWebPage, REQUEST, readBody } from '../fetch.ts';
import { idleClock } from '../store/download.ts';

export interface SourcePorts {
  readonly fetch: typeof fetch;
  /** For one answer; for the bytes of a plugin, between any two parts of it. */
  readonly timeoutMs: number;
}

export interface SourceRequest<T> {
  readonly url: string;
  /** Of each request on the way: what lets us in at one server is not told to the next. */
  readonly headersFor: (url: string) => Readonly<Record<string, string>>;
  readonly mayFollow: (target: URL) => boolean;
  readonly maxBytes: number;
  /** A plugin may take longer than an answer; a server that sends nothing for so long is given up all the same. */
  readonly isLong?: boolean | undefined;
  readonly onLength?: ((length: number) => void) | undefined;
  /** What an answer without a file means. May throw. */
  readonly refused: (response: Response, url: string) => T;
}

const MAX_HOPS = 5;
/** Longer than any plugin takes on a slow line, shorter than for ever. */
const LONG_MS = 1_800_000;

/** Throws NETWORK, TOO_LARGE, and what `refused` throws. */
export async function fetchSource<T>(request: SourceRequest<T>, ports: SourcePorts): Promise<Uint8Array | T> {
  const { url, maxBytes, isLong, onLength, refused } = request;
  const idle = new AbortController();
  const clock = idleClock(idle, ports.timeoutMs);
  const signal = AbortSignal.any([idle.signal, AbortSignal.timeout(isLong ? LONG_MS : ports.timeoutMs)]);
  try {
    const response = await follow(request, ports.fetch, signal);
    if (response.status === 200 && !isWebPage(response))
      return await readBody(response, url, maxBytes, (length) => {
        clock.restart();
        onLength?.(length);
      });
    drop(response);
    return refused(response, url);
  } catch (cause) {
    if (cause instanceof ClientError) throw cause;
    throw new ClientError('NETWORK', { url, ...(signal.aborted ? { timeoutMs: ports.timeoutMs } : {}) }, cause);
  } finally {
    clock.stop();
  }
}

async function follow(
  { url, headersFor, mayFollow }: SourceRequest<unknown>,
  fetch: SourcePorts['fetch'],
  signal: AbortSignal,
): Promise<Response> {
  let next = url;
  for (let hop = 0; hop <= MAX_HOPS; hop++) {
    const request = { ...REQUEST, headers: headersFor(next), signal };
    const response = await fetch(next, { ...request, redirect: 'manual' });
    if (response.type === 'opaqueredirect')
      return followed(await fetch(next, { ...request, redirect: 'follow' }), mayFollow, next);
    const location = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || location === null) return response;
    drop(response);
    const target = URL.parse(location, next);
    if (target === null || !mayFollow(target)) throw new ClientError('NETWORK', { url: next, redirect: location });
    next = target.href;
  }
  throw new ClientError('NETWORK', { url, redirect: `more than ${MAX_HOPS}` });
}

/** Not waited for: where a host's own fetch keeps a copy of each answer, what is cancelled waits for the copy. */
function drop(response: Response): void {
  response.body?.cancel().catch(() => undefined);
}

/** A page cannot see where a redirect leads before it is followed; its browser keeps it from reading what is not meant for it. */
function followed(response: Response, mayFollow: SourceRequest<unknown>['mayFollow'], url: string): Response {
  const target = URL.parse(response.url);
  if (target !== null && mayFollow(target)) return response;
  drop(response);
  throw new ClientError('NETWORK', { url, redirect: response.url });
}

/** `who` wants to be left alone for a while. Throws SOURCE_LIMITED. */
export function limited(
  url: string,
  { who, until }: { readonly who: string; readonly until?: string | undefined },
): never {
  throw new ClientError('SOURCE_LIMITED', { url, who, until });
}

/** Any other answer. Throws NETWORK. */
export function unexpected({ status, headers }: Response, url: string): never {
  throw new ClientError('NETWORK', { url, status, contentType: headers.get('content-type') ?? undefined });
}
