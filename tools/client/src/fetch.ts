// Reads one HTTP resource into memory under a byte limit and a time limit.
// It must never send credentials, never follow a redirect, and never return more than `maxBytes`.
import { ClientError } from './error.ts';

/** Bounds of one request. */
export interface FetchBytesOptions {
  /** Hard limit on the decoded body; reading stops as soon as it is passed. */
  readonly maxBytes: number;
  /** For the whole exchange, so that a server that trickles bytes cannot hold the caller. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** How every request is made. */
export const REQUEST: RequestInit = {
  credentials: 'omit',
  referrerPolicy: 'no-referrer',
  // A registry is a tree of static files: an answer from elsewhere is a captive portal, a moved registry (whose
  // new address the host must be given), or a server steering us to an address behind the user's firewall.
  redirect: 'error',
  // Revalidate: a browser's cached timestamp or 404 must not pass for the server's present answer.
  cache: 'no-cache',
};

/**
 * The body of `url`, or undefined when the server says that there is no such file (404, or 403 as object stores do).
 *
 * Throws TOO_LARGE, ABORTED (the caller's signal), or NETWORK with `url` and, when there was an answer, `status`.
 */
export async function fetchBytes(
  fetch: typeof globalThis.fetch,
  url: string,
  options: FetchBytesOptions,
): Promise<Uint8Array | undefined> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]);
  try {
    const response = await fetch(url, { ...REQUEST, signal });
    if (response.status === 200 && !isWebPage(response)) return await readBody(response, url, options.maxBytes);
    await response.body?.cancel();
    if (response.status === 404 || response.status === 403) return undefined;
    const contentType = response.headers.get('content-type') ?? undefined;
    throw new ClientError('NETWORK', { url, status: response.status, contentType });
  } catch (cause) {
    if (cause instanceof ClientError) throw cause;
    if (options.signal?.aborted) throw new ClientError('ABORTED', { url }, cause);
    throw new ClientError('NETWORK', { url, ...(timeout.aborted ? { timeoutMs: options.timeoutMs } : {}) }, cause);
  }
}

/** Nothing we read is HTML; a hotel's sign-in page is, and comes with status 200. */
export function isWebPage(response: Response): boolean {
  return /^\s*text\/html\b/i.test(response.headers.get('content-type') ?? '');
}

/** Throws TOO_LARGE, and what reading throws. `onLength`: how much has come so far. */
export async function readBody(
  response: Response,
  url: string,
  maxBytes: number,
  onLength?: (length: number) => void,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    length += part.value.length;
    if (length > maxBytes) {
      await reader?.cancel();
      throw new ClientError('TOO_LARGE', { url, maxBytes });
    }
    chunks.push(part.value);
    onLength?.(length);
  }
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}
