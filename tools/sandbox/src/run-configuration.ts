// All vectors in one configuration. When a child does not live to the end, the vector it was at keeps the ending that was seen from
// outside, and the rest go on in another child.

import { randomBytes } from 'node:crypto';
import type { Vector, VectorRun } from '@plugmark/schemas';
import { childBounds } from './bounds.ts';
import type { ChildRequest, ChildVector } from './child/request.ts';
import { childImage } from './child-image.ts';
import { type ChildEnd, converse } from './child-process.ts';
import { CONFIGURATIONS, type ConfigurationId } from './configurations.ts';
import { SandboxError } from './error.ts';
import type { LayerStack } from './layer-stack.ts';
import type { MeteredPart, Metering } from './prepare.ts';
import type { RunOptions, RunRequest } from './request.ts';
import type { SecondEngine } from './second-engine.ts';
import { VectorListener } from './vector-listener.ts';

export interface Prepared {
  /** What every vector's request has in common. */
  readonly base: Omit<ChildRequest, 'nonce' | 'vectors' | 'world'>;
  /** What follows the request. */
  readonly frames: readonly Uint8Array[];
  readonly parts: readonly MeteredPart[];
}

export interface ConfigurationRun {
  readonly request: RunRequest;
  readonly prepared: Prepared;
  readonly metering: Metering;
  readonly engine: number;
  readonly id: ConfigurationId;
  readonly layers: LayerStack;
  readonly options: RunOptions;
  /** For the configurations that are its. */
  readonly second: SecondEngine | undefined;
}

/** Node's own start on a machine with other work. */
const FIRST_MILLISECONDS = 60_000;

export async function runConfiguration(run: ConfigurationRun): Promise<VectorRun[]> {
  const { request, options } = run;
  const runs: VectorRun[] = [];
  while (runs.length < request.vectors.length) {
    const made = await runChild(run, runs.length);
    options.signal?.throwIfAborted();
    runs.push(...made);
  }
  return runs;
}

/** At least one run: that of the vector at `from`. */
async function runChild(run: ConfigurationRun, from: number): Promise<VectorRun[]> {
  const { request, prepared, metering, engine, id, layers, options } = run;
  const second = CONFIGURATIONS[id].engine === 'V8' ? undefined : run.second;
  const { limits } = request.profile;
  const configuration = CONFIGURATIONS[id];
  const vectors = request.vectors.slice(from);
  const image = await childImage('run');
  const calls = vectors.reduce((sum, vector) => sum + vector.calls.length, 0);
  const milliseconds = vectors.length * wall(limits.startMilliseconds) + calls * wall(limits.callMilliseconds);
  const bounds = childBounds(image, limits, {
    milliseconds: Math.min(milliseconds, 3_600_000),
    options,
    ...(second === undefined ? {} : { executable: second.path }),
  });
  const nonce = randomBytes(16).toString('hex');
  const message: ChildRequest = {
    ...prepared.base,
    nonce,
    world: configuration.world,
    vectors: vectors.map((vector, i) => childVector(vector, from + i)),
  };
  const listener = new VectorListener({ nonce, vectors, from, metering, engine, limits, wall });
  const end = await converse({
    command:
      second === undefined
        ? layers.command(bounds, { flags: configuration.flags, entry: image.entry })
        : layers.secondCommand(bounds, image.entry),
    frames: [new TextEncoder().encode(JSON.stringify(message)), ...prepared.frames],
    frameBytes: 2 * limits.outputBytes + 1_000_000,
    first: FIRST_MILLISECONDS,
    hear: (frame) => listener.hear(frame),
    stop: layers.stop(bounds),
    signal: options.signal,
  });
  if (end.kind === 'notStarted') {
    throw new SandboxError('CHILD_UNAVAILABLE', 'the child process cannot be started', { cause: end.cause });
  }
  if (!listener.heard && end.kind === 'exited') throw unavailable(end);
  return listener.finish(end);
}

/** A child that ends before it says a word never saw the plugin. */
function unavailable({ code, signal, stderr }: Extract<ChildEnd, { kind: 'exited' }>): SandboxError {
  const how = signal ?? `exit code ${code}`;
  return new SandboxError('CHILD_UNAVAILABLE', `the child process ended at once (${how}): ${stderr.slice(0, 500)}`);
}

/**
 * How long to wait for what the host gives so many milliseconds: fuel ends a plugin exactly, the clock only one that fuel does not
 * stop, and a busy machine must not look like a slow plugin.
 */
const PATIENCE = 5;
const wall = (milliseconds: number): number => 2_000 + PATIENCE * milliseconds;

function childVector({ calls, grants, seed, channels, files, responses }: Vector, index: number): ChildVector {
  return { index, calls, grants, seed, channels, files, responses };
}
