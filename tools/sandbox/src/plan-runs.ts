// In which configurations a plugin is run here: those that were named, or those of the word `observed` with the second engine where
// one is there and may run it. An engine that is left out is said, never passed over.

import type { RunObservation, VectorRun } from '@plugmark/schemas';
import { CONFIGURATIONS, type ConfigurationId, DETERMINISM_CONFIGURATIONS } from './configurations.ts';
import { SandboxError } from './error.ts';
import { type LayerStack, NODE_ONLY_LAYERS } from './layer-stack.ts';
import type { RunOptions } from './request.ts';
import { type SecondEngine, type SecondEngineCase, secondEngine, whyNotSecond } from './second-engine.ts';

type NotRun = NonNullable<RunObservation['notRun']>;

export interface RunPlan {
  readonly ids: readonly ConfigurationId[];
  /** For the configurations that are its. */
  readonly second: SecondEngine | undefined;
  readonly notRun: readonly NotRun[number][];
}

const SECOND: ConfigurationId = 'bun';
const isSecond = (id: ConfigurationId): boolean => CONFIGURATIONS[id].engine !== 'V8';

/** @throws {SandboxError} ENGINE_UNAVAILABLE */
export async function planRuns(
  { configurations, secondEngine: path, requiredLayers = [] }: RunOptions,
  plugin: Pick<SecondEngineCase, 'component' | 'metered'> & { readonly layers: LayerStack },
): Promise<RunPlan> {
  const wanted = configurations ?? [...DETERMINISM_CONFIGURATIONS, ...(path === undefined ? [] : [SECOND])];
  if (!wanted.some(isSecond)) return { ids: wanted, second: undefined, notRun: [] };
  if (path === undefined) throw new SandboxError('ENGINE_UNAVAILABLE', `${SECOND} needs the path of a Bun`);
  const second = await secondEngine(path);
  const { states } = plugin.layers;
  const active = new Set(states.flatMap((state) => (state.active ? [state.layer] : [])));
  const reason = whyNotSecond({ ...plugin, active, lacking: NODE_ONLY_LAYERS, required: requiredLayers });
  if (reason === undefined) return { ids: wanted, second, notRun: [] };
  if (configurations !== undefined) throw new SandboxError('ENGINE_UNAVAILABLE', `Bun does not run it: ${reason}`);
  return { ids: wanted.filter((id) => !isSecond(id)), second: undefined, notRun: [notRunFor(reason)] };
}

const notRunFor = (reason: string): NotRun[number] => ({
  name: CONFIGURATIONS[SECOND].engine,
  configuration: CONFIGURATIONS[SECOND].title,
  reason: reason.slice(0, 300).toWellFormed(),
});

export function engineOf(id: ConfigurationId, { second }: RunPlan): RunObservation['engines'][number] {
  const { engine: name, title: configuration } = CONFIGURATIONS[id];
  return isSecond(id)
    ? { name, version: second?.version ?? '', configuration, without: [...NODE_ONLY_LAYERS] }
    : { name, version: process.versions.v8, configuration };
}

/**
 * A module that one engine cannot read and the other runs is no difference in what it does: there is just nothing to compare. Only
 * what was not asked for by name is left out.
 */
export function withoutUnreadable(
  plan: RunPlan,
  runs: readonly (readonly VectorRun[])[],
  { configurations }: RunOptions,
): { readonly plan: RunPlan; readonly runs: readonly (readonly VectorRun[])[] } {
  const at = configurations === undefined ? plan.ids.findIndex(isSecond) : -1;
  const [first, ofSecond] = [runs[0] ?? [], runs[at] ?? []];
  const isRefused = ({ ending }: VectorRun): boolean => ending === 'linkError';
  const unreadable = ofSecond.length > 0 && ofSecond.every(isRefused) && !first.some(isRefused);
  // It is last, so that the others keep their numbers.
  if (!unreadable || at !== plan.ids.length - 1) return { plan, runs };
  const reason = `the module does not load there: ${ofSecond[0]?.detail ?? 'it says no more'}`;
  return {
    plan: { ids: plan.ids.slice(0, -1), second: undefined, notRun: [notRunFor(reason)] },
    runs: runs.slice(0, -1),
  };
}
