// Requests to GitHub's API. Redirects are followed only to hosts that are listed; no credentials are sent (a host that has a token adds
// it in its own fetch).
import { fetchSource, limited, type SourcePorts, unexpected } from './fetch-source.ts';

export interface GitHubPorts extends SourcePorts {
  /** Ends with a slash. */
  readonly api: string;
}

export interface Asked {
  readonly path: string;
  readonly accept: string;
  readonly maxBytes: number;
  readonly isLong?: boolean;
  readonly onLength?: ((length: number) => void) | undefined;
}

export const GITHUB_API = 'https://api.github.com/';

/** The body, or undefined when GitHub has no such thing. Throws NETWORK, TOO_LARGE, SOURCE_LIMITED. */
export function fetchGitHub({ path, accept, ...limits }: Asked, ports: GitHubPorts): Promise<Uint8Array | undefined> {
  const { api } = ports;
  const headersFor = () => ({ accept });
  const mayFollow = (target: URL): boolean => isGitHubs(target, api);
  return fetchSource({ ...limits, url: api + path, headersFor, mayFollow, refused }, ports);
}

function refused(response: Response, url: string): undefined {
  const { status, headers } = response;
  const isLimit = status === 429 || headers.get('x-ratelimit-remaining') === '0' || headers.has('retry-after');
  if ((status === 403 || status === 429) && isLimit) {
    const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN) * 1000;
    limited(url, { who: 'GitHub', until: Number.isSafeInteger(reset) ? iso(reset) : undefined });
  }
  return status === 404 || status === 410 ? undefined : unexpected(response, url);
}

const iso = (milliseconds: number): string | undefined =>
  Math.abs(milliseconds) <= 8.64e15 ? new Date(milliseconds).toISOString() : undefined;

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
