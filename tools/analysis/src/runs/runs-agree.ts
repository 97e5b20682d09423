import type { RunReport, VectorRun } from '@plugmark/schemas';
import { runDifference } from './first-difference.ts';

/**
 * Whether two machines saw the same: in every engine that both have, the same vectors in the same configurations with no difference in
 * any of them. An engine that only one of them has is no reason to disagree as long as it saw what the others on its machine saw.
 */
export function runsAgree(a: RunReport, b: RunReport): boolean {
  const [here, there] = [enginesOf(a), enginesOf(b)];
  const shared = new Set([...here].filter((name) => there.has(name)));
  if (shared.size === 0 || configurationsOf(a, shared) !== configurationsOf(b, shared)) return false;
  const [left, right] = [runsIn(a, shared), runsIn(b, shared)];
  if (left.size !== right.size) return false;
  const isSame = [...left].every(([key, run]) => {
    const other = right.get(key);
    return other !== undefined && runDifference(run, other) === undefined;
  });
  return isSame && isAtOne(a, shared) && isAtOne(b, shared);
}

const engineOf = ({ engine }: VectorRun, { engines }: RunReport): RunReport['engines'][number] | undefined =>
  engines[engine];

/** By name: two machines may have different versions, and then agree all the more. */
const enginesOf = ({ engines }: RunReport): Set<string> => new Set(engines.map(({ name }) => name));

const configurationsOf = ({ engines }: RunReport, names: ReadonlySet<string>): string =>
  JSON.stringify(
    engines
      .flatMap(({ name, configuration }) => (names.has(name) ? [JSON.stringify([name, configuration])] : []))
      .sort(),
  );

function runsIn(report: RunReport, names: ReadonlySet<string>): Map<string, VectorRun> {
  return new Map(
    report.runs.flatMap((run) => {
      const engine = engineOf(run, report);
      if (engine === undefined || !names.has(engine.name)) return [];
      return [[JSON.stringify([run.vector, engine.name, engine.configuration]), run] as const];
    }),
  );
}

/** What ran in an engine of its own alone shows nothing else than the first run that both machines made. */
function isAtOne(report: RunReport, shared: ReadonlySet<string>): boolean {
  const isShared = (run: VectorRun): boolean => shared.has(engineOf(run, report)?.name ?? '');
  return report.runs.every((run) => {
    if (isShared(run)) return true;
    const first = report.runs.find((other) => other.vector === run.vector && isShared(other));
    return first !== undefined && runDifference(first, run) === undefined;
  });
}
