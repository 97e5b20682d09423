// Failures of GitHub on demand: what a client must live through.

import type { Answer } from './answer.ts';

export type FaultKind =
  | 'rateLimit'
  | 'secondaryRateLimit'
  | 'unprocessable'
  | 'badGateway'
  | 'signInPage'
  | 'elsewhere'
  | 'endless'
  | 'slow'
  | 'truncated'
  | 'reset';

export interface Fault {
  readonly kind: FaultKind;
  /** Which requests, as `METHOD /path`. */
  readonly on: RegExp;
  /** How often; without it, always. */
  readonly times?: number;
  /** For `rateLimit`: seconds to wait. */
  readonly retryAfter?: number;
  /** For `elsewhere`: where it sends whoever asks. */
  readonly to?: string;
}

/** What is answered in place of the real answer, or made of it. `slow` waits; `truncated` and `reset` break the connection. */
export const FAULTS: Readonly<Record<FaultKind, ((fault: Fault, now: Date) => Answer) | undefined>> = {
  rateLimit: ({ retryAfter = 1 }: Fault, now: Date): Answer => ({
    status: 403,
    body: { message: 'API rate limit exceeded', documentation_url: 'https://docs.github.com/rest' },
    headers: {
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Math.floor(now.getTime() / 1000) + retryAfter),
    },
  }),
  secondaryRateLimit: ({ retryAfter = 1 }: Fault): Answer => ({
    status: 403,
    body: { message: 'You have exceeded a secondary rate limit' },
    headers: { 'retry-after': String(retryAfter) },
  }),
  unprocessable: (): Answer => ({ status: 422, body: { message: 'Validation Failed' } }),
  badGateway: (): Answer => ({
    status: 502,
    bytes: new TextEncoder().encode('<html>502 Bad Gateway</html>'),
    headers: { 'content-type': 'text/html' },
  }),
  signInPage: () => ({
    status: 200,
    bytes: new TextEncoder().encode('<html><form>Accept the terms of this network</form></html>'),
    headers: { 'content-type': 'text/html; charset=utf-8' },
  }),
  elsewhere: ({ to = 'http://169.254.169.254/latest/meta-data/' }: Fault) => ({
    status: 302,
    headers: { location: to },
  }),
  endless: undefined,
  slow: undefined,
  truncated: undefined,
  reset: undefined,
};
