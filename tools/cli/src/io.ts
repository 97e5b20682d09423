// Everything a command may touch of the outside: two streams, the clock, the folder it runs in, the environment. Data goes to
// stdout, talk to stderr, so that output can be piped.

import { styleText } from 'node:util';
import { canonicalJson } from '@plugmark/schemas';
import type { Fetched, FetchLimits } from './fetch-public.ts';

export interface Stream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export interface Io {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  readonly fetch: typeof fetch;
  /** Bytes at an address that a stranger named; absent: from public addresses alone. Only a test on loopback has another. */
  readonly fetchPublic?: (address: string, limits: FetchLimits) => Promise<Fetched>;
  /** Waits; absent where nobody minds that time passes. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
  /** One line from the person; absent where nobody is there to answer. */
  readonly ask?: (question: string, options: { readonly hidden: boolean }) => Promise<string>;
}

/** The value as one line of canonical JSON: the same value is the same bytes. */
export function printJson({ stdout }: Io, value: unknown): void {
  stdout.write(`${canonicalJson(value)}\n`);
}

export function print({ stdout }: Io, text: string): void {
  stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** A line of talk: lower case, no full stop. */
export function say({ stderr }: Io, text: string): void {
  stderr.write(`${text}\n`);
}

/** Columns to lay text out for: those of the terminal, or of COLUMNS; undefined where nobody says. */
export function columnsOf({ env }: Io, stream: Stream): number | undefined {
  const named = Number(env['COLUMNS'] ?? '');
  return Number.isInteger(named) && named > 0 ? named : stream.columns;
}

const STYLES = { good: 'green', bad: 'red', warn: 'yellow', dim: 'dim', bold: 'bold' } as const;
export type Style = keyof typeof STYLES;

/** Colour where the stream is a terminal that wants it (NO_COLOR, FORCE_COLOR); text unchanged elsewhere. */
export function painter({ env }: Io, stream: Stream): (style: Style, text: string) => string {
  const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0';
  const wanted = forced || (stream.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb');
  return wanted ? (style, text) => styleText(STYLES[style], text, { validateStream: false }) : (_, text) => text;
}
