// What a vector expects held against what a run gave, and the figures of a run that are the same on every machine.

import type { RunCall, Vector, VectorResult, VectorRun } from '@plugmark/schemas';
import { canonicalBytes } from '@plugmark/schemas';
import { sha256 } from './digest.ts';

type Expected = NonNullable<Vector['expect']>[number];

/** Whether every call gave what the vector expects; undefined when it expects nothing. */
export async function matchesExpected({ expect }: Vector, run: VectorRun): Promise<boolean | undefined> {
  if (expect === undefined) return undefined;
  for (const [i, expected] of expect.entries()) {
    const call = run.calls[i];
    if (call === undefined || !(await isAsExpected(expected, call))) return false;
  }
  // A call beyond what is expected would have gone unchecked, as would an end that no call shows.
  const ended = expect.at(-1);
  const asSaid = run.ending === 'ok' || (ended !== undefined && 'ending' in ended);
  return run.calls.length === expect.length && asSaid;
}

async function isAsExpected(expected: Expected, { ending, trap, output }: RunCall): Promise<boolean> {
  if ('ending' in expected)
    return ending === expected.ending && (expected.trap === undefined || trap === expected.trap);
  if (ending !== 'ok' || output === undefined) return false;
  if ('sha256' in expected) return (await sha256(canonicalBytes(output))) === expected.sha256;
  const { payload, tolerance = 0 } = expected;
  const wanted = 'json' in payload ? payload.json : 'text' in payload ? payload.text : payload.base64;
  return isClose(wanted, output, tolerance);
}

/** Equal, but for numbers that differ by no more than the tolerance. */
function isClose(wanted: unknown, given: unknown, tolerance: number): boolean {
  if (typeof wanted === 'number' && typeof given === 'number') return Math.abs(wanted - given) <= tolerance;
  if (typeof wanted !== 'object' || wanted === null || typeof given !== 'object' || given === null)
    return wanted === given;
  if (Array.isArray(wanted) !== Array.isArray(given)) return false;
  const [keys, others] = [Object.keys(wanted), Object.keys(given)];
  return (
    keys.length === others.length &&
    keys.every(
      (key) =>
        Object.hasOwn(given, key) &&
        isClose((wanted as Record<string, unknown>)[key], (given as Record<string, unknown>)[key], tolerance),
    )
  );
}

/** What a report says of one vector. `digest` is that of the vector's file. */
export async function vectorResult(vector: Vector, digest: string, run: VectorRun): Promise<VectorResult> {
  const matches = await matchesExpected(vector, run);
  const shares = run.calls.flatMap(({ budgetShare }) => budgetShare ?? []);
  return {
    name: vector.name,
    sha256: digest,
    ending: run.ending,
    ...(run.trap === undefined ? {} : { trap: run.trap }),
    ...(run.outputSha256 === undefined ? {} : { outputSha256: run.outputSha256 }),
    ...(run.fuel === undefined ? {} : { fuel: run.fuel }),
    // The host's budget is for one call, so the call that comes nearest to it counts.
    ...(shares.length === 0 ? {} : { budgetShare: Math.max(...shares) }),
    peakMemoryBytes: run.peakMemoryBytes,
    hostCalls: run.hostCalls,
    ...(matches === undefined ? {} : { matchesExpected: matches }),
  };
}
