import type { RunReport } from '@plugmark/schemas';
import { runDifference } from './first-difference.ts';

/** Whether two machines saw the same: the same vectors in the same configurations, and no difference in any of them. */
export function runsAgree(a: RunReport, b: RunReport): boolean {
  if (a.runs.length !== b.runs.length || a.engines.length !== b.engines.length) return false;
  const others = new Map(b.runs.map((run) => [keyOf(run, b), run]));
  return a.runs.every((run) => {
    const other = others.get(keyOf(run, a));
    return other !== undefined && runDifference(run, other) === undefined;
  });
}

/** By configuration, not by engine version: two machines may have different ones, and then agree all the more. */
const keyOf = ({ vector, engine }: RunReport['runs'][number], { engines }: RunReport): string =>
  JSON.stringify([vector, engines[engine]?.name, engines[engine]?.configuration]);
