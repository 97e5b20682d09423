import type { EngineCount, RunObservation } from '@plugmark/schemas';

/** Configurations by engine, in the order in which the engines were first used. */
export function countEngines(engines: readonly Pick<RunObservation['engines'][number], 'name'>[]): EngineCount[] {
  const counts = new Map<string, number>();
  for (const { name } of engines) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, configurations]) => ({ name, configurations }));
}
