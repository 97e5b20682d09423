// Which layers are there, found out once for a process, and the command line that puts them around a child.

import type { LayerState } from '@plugmark/schemas';
import { SandboxError } from './error.ts';
import { type Bounds, LAYERS, type Layer, type LayerId } from './layers.ts';
import { secondEngineFlags } from './second-engine.ts';

const IDS = Object.keys(LAYERS) as LayerId[];
const layerOf = (id: LayerId): Layer => LAYERS[id];

export interface LayerStack {
  readonly states: readonly LayerState[];
  /** Ends what a signal to the process group does not reach. */
  stop(bounds: Bounds): (() => void) | undefined;
  /** The command and its arguments for a child in Node; `flags` are the engine's, see `Layer.engineFlags`. */
  command(bounds: Bounds, node: { readonly flags: readonly string[]; readonly entry: string }): readonly string[];
  /** The same for a child in the second engine, which has the layers that are not made of Node. */
  secondCommand(bounds: Bounds, entry: string): readonly string[];
}

export const DEFAULT_CONTAINER_IMAGE = 'node:24-slim';

const problems = new Map<string, Promise<string | undefined>>();

function problemOf(id: LayerId, containerImage: string): Promise<string | undefined> {
  const key = id === 'container' ? `${id} ${containerImage}` : id;
  const known = problems.get(key) ?? layerOf(id).missing?.(containerImage) ?? Promise.resolve(undefined);
  problems.set(key, known);
  return known;
}

/** @throws {SandboxError} LAYER_UNKNOWN */
export async function layerStack(
  wanted: readonly LayerId[] = IDS,
  containerImage: string = DEFAULT_CONTAINER_IMAGE,
): Promise<LayerStack> {
  const unknown = wanted.find((id) => !Object.hasOwn(LAYERS, id));
  if (unknown !== undefined) throw new SandboxError('LAYER_UNKNOWN', `there is no layer ${unknown}`);
  const states = await Promise.all(IDS.map((id) => stateOf(id, wanted, containerImage)));
  const active = IDS.filter((_, i) => states[i]?.active);
  const replaced = new Set(active.flatMap((id) => layerOf(id).replaces ?? []));
  // The outermost layer comes last in the table and first on the command line.
  const wrapped = (bounds: Bounds): string[] =>
    [...active].reverse().flatMap((id) => (replaced.has(id) ? [] : (layerOf(id).wrap?.(bounds) ?? [])));
  return {
    states,
    stop: (bounds) => {
      const stops = active.flatMap((id) => layerOf(id).stop ?? []);
      return stops.length === 0 ? undefined : () => stops.forEach((stop) => void stop(bounds));
    },
    command: (bounds, { flags, entry }) => [
      ...wrapped(bounds),
      bounds.executable,
      ...active.flatMap((id) => layerOf(id).nodeFlags?.(bounds) ?? []),
      entry,
      ...active.flatMap((id) => layerOf(id).engineFlags?.(bounds) ?? []),
      ...flags,
    ],
    secondCommand: (bounds, entry) => [
      ...wrapped(bounds),
      bounds.executable,
      ...secondEngineFlags(bounds.image),
      entry,
    ],
  };
}

async function stateOf(layer: LayerId, wanted: readonly LayerId[], containerImage: string): Promise<LayerState> {
  if (layerOf(layer).always) return { layer, active: true };
  if (!wanted.includes(layer)) return { layer, active: false, reason: 'not asked for' };
  const reason = await problemOf(layer, containerImage);
  return reason === undefined ? { layer, active: true } : { layer, active: false, reason };
}

/** Layers that no child in the second engine has around it. */
export const NODE_ONLY_LAYERS: readonly LayerId[] = IDS.filter((id) => layerOf(id).nodeOnly === true);
