// When a request to GitHub is made again, and after how long. A table by status: limits say themselves when they end, a gateway is
// tried a few times, and what was refused stays refused.

export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether there was an answer at all. */
  readonly answered: boolean;
  /** GitHub's message, for people. */
  readonly said?: string;
}

export interface Attempt {
  readonly tries: number;
  /** Whether doing it twice does no harm. */
  readonly again: boolean;
  readonly now: Date;
}

const TRIES = 4;
/** No job waits longer than this for a limit to end. */
const PATIENCE_MS = 120_000;
const SECOND = 1000;

/** Milliseconds until the next try; undefined to give up. */
export function retryDelay(refusal: Refusal, { tries, again, now }: Attempt): number | undefined {
  if (tries >= TRIES) return undefined;
  const limited = limitDelay(refusal, now);
  // Nothing was done when a limit refused it.
  if (limited !== undefined) return limited <= PATIENCE_MS ? limited : undefined;
  return again && refusal.status >= 500 && refusal.status !== 501 ? SECOND * 2 ** tries : undefined;
}

function limitDelay({ status, headers }: Refusal, now: Date): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const after = Number(headers['retry-after'] ?? Number.NaN);
  if (Number.isFinite(after) && after >= 0) return after * SECOND;
  if (headers['x-ratelimit-remaining'] !== '0') return undefined;
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN);
  return Number.isFinite(reset) ? Math.max(SECOND, reset * SECOND - now.getTime() + SECOND) : undefined;
}
