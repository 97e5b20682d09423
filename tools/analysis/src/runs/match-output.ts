// Whether one call of a run gave what its vector promises. Numbers may differ by the stated tolerance, everything else must be equal;
// how a call ends is part of the promise.

import type { RunCall, Vector, VectorRun } from '@plugmark/schemas';
import { printable } from '../printable.ts';

type Expected = NonNullable<Vector['expect']>[number];
type Json = RunCall['output'] extends infer Value ? Exclude<Value, undefined> : never;
type ExpectedEnding = Extract<Expected, { ending: unknown }>;

/** Whether a run gave all that its vector promises, and nothing beyond; undefined when it promises nothing. */
export function matchesExpected(vector: Vector, run: VectorRun): boolean | undefined {
  return vector.expect === undefined ? undefined : runMismatch(vector.expect, run) === undefined;
}

/** The first call that is not as promised, counted from 1, and what is different. */
export function runMismatch(
  expect: readonly Expected[],
  { calls, ending }: Pick<VectorRun, 'calls' | 'ending'>,
): { readonly call: number; readonly problem: string } | undefined {
  for (const [i, expected] of expect.entries()) {
    const call = calls[i];
    const problem = call === undefined ? 'the call was not made' : outputMismatch(expected, call);
    if (problem !== undefined) return { call: i + 1, problem };
  }
  // A call beyond what is promised would go unseen, as would an end that no call shows.
  if (calls.length > expect.length) return { call: expect.length + 1, problem: 'nothing is promised for it' };
  const last = expect.at(-1);
  const isAsSaid = ending === 'ok' || (last !== undefined && 'ending' in last);
  return isAsSaid ? undefined : { call: calls.length, problem: `the run ended with ${ending} after it` };
}

/** Undefined when the call is as expected, else what is different, in a few words. */
function outputMismatch(expected: Expected, call: RunCall): string | undefined {
  if ('ending' in expected) return endingMismatch(expected, call);
  if (call.ending !== 'ok') return `ended with ${endingText(call)} instead of an output`;
  if ('sha256' in expected) {
    return call.outputSha256 === expected.sha256 ? undefined : 'the output has another digest';
  }
  const { payload, tolerance = 0 } = expected;
  const wanted = 'json' in payload ? payload.json : 'text' in payload ? payload.text : payload.base64;
  const found = firstValueDifference(wanted as Json, (call.output ?? null) as Json, tolerance);
  return found === undefined ? undefined : `promised and actual output differ: ${found}`;
}

function endingMismatch({ ending, trap }: ExpectedEnding, call: RunCall): string | undefined {
  const isAsWanted = call.ending === ending && (trap === undefined || call.trap === trap);
  if (isAsWanted) return undefined;
  return `ended with ${endingText(call)} instead of ${trap === undefined ? ending : `${ending} (${trap})`}`;
}

export function endingText({ ending, trap }: Pick<RunCall, 'ending' | 'trap'>): string {
  return trap === undefined ? ending : `${ending} (${trap})`;
}

/** Where two JSON values first differ, as a path with both values; undefined when they are equal within the tolerance. */
export function firstValueDifference(wanted: Json, got: Json, tolerance = 0): string | undefined {
  // A stack of pairs, not recursion: the depth of an output is the plugin's choice.
  const open: { readonly path: string; readonly wanted: Json; readonly got: Json }[] = [{ path: '$', wanted, got }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { path } = next;
    const [a, b] = [members(next.wanted), members(next.got)];
    if (a === undefined || b === undefined || a.isList !== b.isList) {
      if (!isSameScalar(next.wanted, next.got, tolerance)) return difference(path, next.wanted, next.got);
      continue;
    }
    const missing = [...a.entries.keys()].find((name) => !b.entries.has(name));
    const added = [...b.entries.keys()].find((name) => !a.entries.has(name));
    if (missing !== undefined || added !== undefined) {
      const name = missing ?? added ?? '';
      return `${step(path, name, a.isList)} is ${missing === undefined ? 'only in the second' : 'only in the first'}`;
    }
    // Pushed backwards, so that the first member is looked at first.
    for (const [name, value] of [...a.entries].reverse())
      open.push({ path: step(path, name, a.isList), wanted: value, got: b.entries.get(name) as Json });
  }
  return undefined;
}

function members(value: Json): { readonly isList: boolean; readonly entries: ReadonlyMap<string, Json> } | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return { isList: Array.isArray(value), entries: new Map(Object.entries(value) as [string, Json][]) };
}

function isSameScalar(a: Json, b: Json, tolerance: number): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a === b || Math.abs(a - b) <= tolerance;
  return a === b;
}

const step = (path: string, name: string, isList: boolean): string =>
  isList ? `${path}[${name}]` : `${path}.${printable(name, 40)}`;

function difference(path: string, a: Json, b: Json): string {
  const [one, other] = [shown(a), shown(b)];
  return one === other ? `${path}: differs after ${one}` : `${path}: ${one} and ${other}`;
}

const shown = (value: Json): string => printable(JSON.stringify(value).slice(0, 200), 60);
