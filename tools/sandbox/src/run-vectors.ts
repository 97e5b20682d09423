// Runs a plugin on its vectors: in each configuration of the engine one child, in it a fresh instance for each vector, calls in order.
// It reports what happened and judges nothing; a plugin cannot make it throw.

import { availableParallelism } from 'node:os';
import type { RunObservation, VectorRun } from '@plugmark/schemas';
import type { WasmFacts } from '@plugmark/wasm';
import type { ComponentParts } from './child/request.ts';
import type { ConfigurationId } from './configurations.ts';
import { SandboxError } from './error.ts';
import { type LayerStack, layerStack } from './layer-stack.ts';
import { engineOf, planRuns, withoutUnreadable } from './plan-runs.ts';
import { beyondCaps, factsOf, hostPart, type Metering, meteringOf, meterPart } from './prepare.ts';
import type { RunOptions, RunRequest } from './request.ts';
import { type Prepared, runConfiguration } from './run-configuration.ts';
import { translateComponent } from './translate-component.ts';

/** Host ABIs whose plugins are no WebAssembly. */
const OTHER_ABIS: ReadonlySet<string> = new Set(['process']);

/**
 * @throws {SandboxError} ABI_UNSUPPORTED, VECTOR_MISMATCH, LAYER_UNKNOWN, ENGINE_UNAVAILABLE, CHILD_UNAVAILABLE
 */
export async function runVectors(request: RunRequest, options: RunOptions = {}): Promise<RunObservation> {
  refuseMistakes(request);
  options.signal?.throwIfAborted();
  const layers = await layerStack(options.layers, options.containerImage);
  const metering = meteringOf(request.profile);
  const prepared = await prepare(request, { metering, layers, options });
  const planned = await planRuns(options, { ...kindOf(prepared), layers });
  const seen = await inParallel(planned.ids, (id, engine) =>
    'refused' in prepared
      ? request.vectors.map(({ name }) => notLinked(name, engine, prepared.refused))
      : runConfiguration({ request, prepared, metering, engine, id, layers, options, second: planned.second }),
  );
  options.signal?.throwIfAborted();
  const { plan, runs } = withoutUnreadable(planned, seen, options);
  return {
    engines: plan.ids.map((id) => engineOf(id, plan)),
    ...(plan.notRun.length === 0 ? {} : { notRun: [...plan.notRun] }),
    layers: [...layers.states],
    ...fuelOf(prepared, metering),
    runs: runs.flat(),
  };
}

/** What decides where it may run; what is refused runs nowhere. */
function kindOf(prepared: Prepared | Refused): { readonly component: boolean; readonly metered: boolean } {
  if ('refused' in prepared) return { component: false, metered: true };
  const metered = prepared.parts.every(({ meter }) => meter !== undefined);
  return { component: prepared.base.component !== undefined, metered };
}

function refuseMistakes({ profile, vectors }: RunRequest): void {
  if (OTHER_ABIS.has(profile.abi)) {
    throw new SandboxError(
      'ABI_UNSUPPORTED',
      `plugins of ${profile.host} are run as ${profile.abi}, not as WebAssembly`,
    );
  }
  const other = vectors.find(({ host }) => host !== profile.host);
  if (other === undefined) return;
  throw new SandboxError('VECTOR_MISMATCH', `the vector ${other.name} is for ${other.host}, not for ${profile.host}`);
}

interface Refused {
  readonly refused: string;
}

async function prepare(
  { artifact, profile }: RunRequest,
  {
    metering,
    layers,
    options,
  }: { readonly metering: Metering; readonly layers: LayerStack; readonly options: RunOptions },
): Promise<Prepared | Refused> {
  const facts = factsOf(artifact);
  const base = { task: 'run' as const, ...hostPart(profile, facts) };
  if (facts?.kind === 'component')
    return prepareComponent(artifact, facts, { base, profile, metering, layers, options });
  if (profile.abi === 'component') return { refused: 'the host runs components, and this is none' };
  const part = meterPart(artifact, metering, profile.limits);
  const beyond = beyondCaps(facts, profile.limits);
  return {
    base: {
      ...base,
      ...(part.meter === undefined ? {} : { meter: part.meter }),
      ...(beyond === undefined ? {} : { beyond }),
    },
    frames: [part.bytes],
    parts: [part],
  };
}

async function prepareComponent(
  artifact: Uint8Array,
  { world }: Extract<WasmFacts, { kind: 'component' }>,
  how: {
    readonly base: Prepared['base'];
    readonly profile: RunRequest['profile'];
    readonly metering: Metering;
    readonly layers: LayerStack;
    readonly options: RunOptions;
  },
): Promise<Prepared | Refused> {
  if (how.profile.abi !== 'component') return { refused: 'the host runs core modules, and this is a component' };
  if (world === undefined) return { refused: 'the component’s world cannot be told' };
  const translated = await translateComponent(artifact, how);
  if ('refused' in translated) return translated;
  const parts = translated.modules.map(({ bytes }) => meterPart(bytes, how.metering, how.profile.limits));
  const modules = translated.modules.map(({ name }, i) => ({ name, meter: parts[i]?.meter }));
  const component: ComponentParts = { world, modules };
  return { base: { ...how.base, component }, frames: [translated.glue, ...parts.map(({ bytes }) => bytes)], parts };
}

function fuelOf(prepared: Prepared | Refused, metering: Metering): Pick<RunObservation, 'fuel'> {
  if ('refused' in prepared || prepared.parts.some(({ meter }) => meter === undefined)) return {};
  const exact = prepared.parts.every((part) => part.exact);
  const reasons = [...new Set(prepared.parts.flatMap((part) => part.reasons))];
  return { fuel: { ...metering, exact, reasons } };
}

function notLinked(vector: string, engine: number, detail: string): VectorRun {
  const nothing = {
    calls: [],
    hostCalls: 0,
    hostCallLog: [],
    peakMemoryBytes: 0,
    startMilliseconds: 0,
    callMilliseconds: [],
  };
  return { vector, engine, ending: 'linkError', ...nothing, detail };
}

/** As many children at once as there are processors. */
async function inParallel<T>(
  ids: readonly ConfigurationId[],
  run: (id: ConfigurationId, engine: number) => Promise<T> | T,
): Promise<T[]> {
  const results: T[] = [];
  const left = [...ids.entries()];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift())
      results[next[0]] = await run(next[1], next[0]);
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(ids.length, availableParallelism())) }, work));
  return results;
}
