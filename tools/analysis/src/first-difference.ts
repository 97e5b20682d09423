// Where two runs of one vector part, in words: the first thing a person would see, not the hash that shows that there is one.

import type { RunCall, RunObservation, VectorRun } from '@plugmark/schemas';
import { visible } from './render/text-columns.ts';

const LONGEST = 600;
const VALUE = 80;

/** The first difference between configurations of any vector, or undefined when all agree. */
export function firstDifference({ engines, runs }: Pick<RunObservation, 'engines' | 'runs'>): string | undefined {
  const firsts = new Map<string, VectorRun>();
  for (const run of runs) {
    const first = firsts.get(run.vector);
    if (first === undefined) {
      firsts.set(run.vector, run);
      continue;
    }
    const what = differenceOf(first, run);
    if (what === undefined) continue;
    const [one, other] = [first, run].map(({ engine }) => engines[engine]?.configuration ?? `configuration ${engine}`);
    return visible(`${run.vector}: ${what} (${one}; ${other})`).slice(0, LONGEST);
  }
  return undefined;
}

function differenceOf(a: VectorRun, b: VectorRun): string | undefined {
  const calls = Math.max(a.calls.length, b.calls.length);
  for (let i = 0; i < calls; i++) {
    const what = callDifference(a.calls[i], b.calls[i]);
    if (what !== undefined) return `call ${i + 1}: ${what}`;
  }
  return (
    pair('ending', [a.ending, a.trap].join(' '), [b.ending, b.trap].join(' ')) ??
    hostCallDifference(a, b) ??
    pair('fuel of the start', a.startFuel, b.startFuel) ??
    pair('memory in bytes', a.peakMemoryBytes, b.peakMemoryBytes) ??
    pair('content of the memory', a.memorySha256?.slice(0, 12), b.memorySha256?.slice(0, 12))
  );
}

function callDifference(a: RunCall | undefined, b: RunCall | undefined): string | undefined {
  if (a === undefined || b === undefined) return `was made ${a === undefined ? 'only later' : 'only first'}`;
  return (
    pair('ending', [a.ending, a.trap].join(' '), [b.ending, b.trap].join(' ')) ??
    valueDifference('output', a.output, b.output) ??
    pair('fuel', a.fuel, b.fuel) ??
    pair('host calls', a.hostCalls, b.hostCalls)
  );
}

function hostCallDifference(a: VectorRun, b: VectorRun): string | undefined {
  if (a.hostCallLogSha256 === b.hostCallLogSha256) return undefined;
  const at = a.hostCallLog.findIndex((call, i) => JSON.stringify(call) !== JSON.stringify(b.hostCallLog[i]));
  if (at < 0) return 'host calls after those that are listed';
  const shown = (run: VectorRun): string => {
    const call = run.hostCallLog[at];
    return call === undefined ? 'none' : `${call.function}(${call.arguments.join(', ')}) = ${call.result ?? 'nothing'}`;
  };
  return pair(`host call ${at + 1}`, shown(a), shown(b));
}

/** The place in a JSON value, as a path. */
function valueDifference(path: string, a: unknown, b: unknown): string | undefined {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return pair(path, a, b);
  if (Array.isArray(a) !== Array.isArray(b)) return pair(path, a, b);
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const inside = Array.isArray(a) ? `${path}[${key}]` : `${path}.${key}`;
    const what = valueDifference(inside, (a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]);
    if (what !== undefined) return what;
  }
  return undefined;
}

function pair(what: string, a: unknown, b: unknown): string | undefined {
  // JSON has one zero.
  if (Object.is(a, b) || (a === 0 && b === 0)) return undefined;
  const [one, other] = [text(a), text(b)];
  return one === other ? `${what}: differs after ${one}` : `${what}: ${one} and ${other}`;
}

function text(value: unknown): string {
  const plain = value === undefined ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value);
  return plain.length > VALUE ? `${plain.slice(0, VALUE)}…` : plain;
}
