// Measures one thing beside its peer in the same run, and renders the one JSON line that ends a bench's stdout.
// A time is a fact about this machine and this minute: it goes into a row, it never fails anything.
import { performance } from 'node:perf_hooks';

/** What a row must reach: a bound on the ratio to the peer where there is one, on the value otherwise. */
interface Goal {
  readonly of: 'ratio' | 'value';
  readonly atMost?: number;
  readonly atLeast?: number;
}

interface Measured {
  readonly name: string;
  /** In `unit`; times are medians. */
  readonly value: number;
  readonly unit: string;
  readonly peer: string | null;
  readonly peerValue: number | null;
  /** value / peerValue. */
  readonly ratio: number | null;
  /** The bound in words, such as `ratio <= 0.6`; null when the row is for information. */
  readonly goal: string | null;
  readonly reached: boolean;
}

/** A row that could not be measured, or whose peer is not here; it decides nothing. */
interface Skipped {
  readonly name: string;
  readonly value: number | null;
  readonly unit: string;
  readonly peer: string | null;
  readonly peerValue: null;
  readonly ratio: null;
  readonly goal: string | null;
  readonly reached: null;
  /** Why, in words. */
  readonly skipped: string;
}

export type Row = Measured | Skipped;

export interface RowInput {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly peer?:
    | { readonly name: string; readonly value: number }
    | { readonly name: string; readonly missing: string };
  readonly goal?: Goal;
}

/** A row from what was measured; one whose goal is a ratio is skipped when the peer is missing. */
export function row({ name, unit, value, peer, goal }: RowInput): Row {
  const words = goal === undefined ? null : describe(goal);
  if (peer !== undefined && 'missing' in peer) {
    const facts = { name, value: round(value), unit, peer: peer.name, peerValue: null, ratio: null, goal: words };
    return goal?.of === 'value'
      ? { ...facts, reached: meets(value, goal) }
      : { ...facts, reached: null, skipped: peer.missing };
  }
  const ratio = peer === undefined ? null : value / peer.value;
  const judged = goal?.of === 'ratio' ? ratio : value;
  return {
    name,
    value: round(value),
    unit,
    peer: peer?.name ?? null,
    peerValue: peer === undefined ? null : round(peer.value),
    ratio: ratio === null ? null : round(ratio),
    goal: words,
    reached: goal === undefined || (judged !== null && meets(judged, goal)),
  };
}

/** A row that could not be measured at all. */
export function skippedRow(name: string, unit: string, reason: string): Row {
  const nothing = { value: null, peer: null, peerValue: null, ratio: null, goal: null, reached: null };
  return { name, unit, ...nothing, skipped: reason };
}

/** The last line of stdout: every row, and whether all that were measured reached their goal. */
export function benchLine(bench: string, rows: readonly Row[]): string {
  return JSON.stringify({ bench, rows, reached: rows.every((each) => each.reached !== false) });
}

/** Median milliseconds of `runs` (at least 5) calls after `warmup` unmeasured ones. */
export async function medianMs(
  work: () => unknown,
  { runs = 7, warmup = 2 }: { readonly runs?: number; readonly warmup?: number } = {},
): Promise<number> {
  for (let i = 0; i < warmup; i += 1) await work();
  const times: number[] = [];
  for (let i = 0; i < Math.max(5, runs); i += 1) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return median(times);
}

/**
 * Median milliseconds of several things that are to be compared, each measured in turn, so that whatever else the machine does meets
 * all of them alike. Every one runs until it has been warm for `warmMs`: compilers of the engine go on for many calls. After five
 * rounds no new one begins once the rounds have taken `budgetMs`, since a peer may need seconds.
 */
export async function mediansMs(
  works: readonly (() => unknown)[],
  {
    runs = 7,
    warmMs = 0,
    budgetMs = 10_000,
  }: { readonly runs?: number; readonly warmMs?: number; readonly budgetMs?: number } = {},
): Promise<number[]> {
  for (const work of works) {
    const until = performance.now() + warmMs;
    do await work();
    while (performance.now() < until);
  }
  const times: number[][] = works.map(() => []);
  const until = performance.now() + budgetMs;
  for (let i = 0; i < 5 || (i < runs && performance.now() < until); i += 1) {
    for (const [index, work] of works.entries()) {
      const start = performance.now();
      await work();
      times[index]?.push(performance.now() - start);
    }
  }
  return times.map(median);
}

/** The middle value, or the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

/** Talk for people; stdout is kept for the JSON line. */
export function talk(line: string): void {
  process.stderr.write(`${line}\n`);
}

function describe({ of, atMost, atLeast }: Goal): string {
  return [atMost === undefined ? '' : `${of} <= ${atMost}`, atLeast === undefined ? '' : `${of} >= ${atLeast}`]
    .filter(Boolean)
    .join(' and ');
}

function meets(
  value: number,
  { atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY }: Goal,
): boolean {
  return value <= atMost && value >= atLeast;
}

/** Four significant digits: more would be noise that makes two lines hard to compare. */
function round(value: number): number {
  return Number(value.toPrecision(4));
}
