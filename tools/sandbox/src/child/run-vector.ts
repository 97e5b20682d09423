// One vector on a fresh instance, from start to the last call. Every ending is data; nothing thrown by a plugin leaves this file.

import { CallLog } from './call-log.ts';
import { type Ended, endingOf, Fault, startEndingOf } from './faults.ts';
import { Gauges } from './gauges.ts';
import type { ChildRequest, ChildVector, Json, Payload } from './request.ts';
import type { Reporter } from './wire.ts';
import { World } from './world.ts';

/** A plugin that was started, whatever its kind. */
export interface Started {
  readonly call: (call: {
    readonly entry: string;
    readonly input: Payload | undefined;
    readonly number: number;
  }) => Json;
}

export interface Surroundings {
  readonly request: ChildRequest;
  readonly world: World;
  readonly log: CallLog;
  readonly gauges: Gauges;
}

/** Makes an instance and does what comes before the first call. */
export type Start = (surroundings: Surroundings) => Promise<Started> | Started;

/** Resident memory before anything of the plugin was there. */
const BASELINE = process.memoryUsage.rss();

export async function runVector(
  request: ChildRequest,
  vector: ChildVector,
  { start, reporter }: { readonly start: Start; readonly reporter: Reporter },
): Promise<void> {
  const gauges = new Gauges(request.limits.fuel);
  // A plugin that catches what should end it finds its fuel gone.
  const log = new CallLog(request.limits.hostCalls, () => gauges.drain());
  const surroundings = { request, log, world: new World(request, vector, log), gauges };
  reporter.send({ kind: 'begun', vector: vector.index });
  const begin = performance.now();
  let ended: Ended = { ending: 'ok' };
  let started: Started | undefined;
  try {
    started = await start(surroundings);
    if (log.reached !== undefined) throw log.reached;
  } catch (error) {
    ended = refine(log.reached === undefined ? startEndingOf(error) : endingOf(log.reached), surroundings);
  }
  if (started !== undefined && ended.ending === 'ok') {
    const milliseconds = performance.now() - begin;
    reporter.send({ kind: 'started', vector: vector.index, milliseconds, ...fuelOf(surroundings) });
    ended = makeCalls(started, vector, { ...surroundings, reporter });
  }
  reporter.send({ kind: 'ended', vector: vector.index, ...ended, ...figuresOf(surroundings) });
}

function makeCalls(
  started: Started,
  vector: ChildVector,
  { reporter, ...surroundings }: Surroundings & { readonly reporter: Reporter },
): Ended {
  const { log, gauges } = surroundings;
  for (const [number, { entry, input }] of vector.calls.entries()) {
    log.beginCall();
    gauges.fill();
    const begin = performance.now();
    let ended: Ended = { ending: 'ok' };
    let output: Json | undefined;
    try {
      output = sendable(started.call({ entry, input, number }), surroundings);
      // The error that was to end the call may have been caught inside the plugin.
      if (log.reached !== undefined) throw log.reached;
    } catch (error) {
      ended = refine(endingOf(log.reached ?? error), surroundings);
    }
    const milliseconds = performance.now() - begin;
    const result = ended.ending === 'ok' && output !== undefined ? { output } : {};
    const figures = { hostCalls: log.count, milliseconds, ...fuelOf(surroundings) };
    reporter.send({ kind: 'called', vector: vector.index, call: number, ...ended, ...result, ...figures });
    if (ended.ending !== 'ok') return ended;
  }
  return { ending: 'ok' };
}

/** What fits into the frame that the parent accepts; escapes make a text longer than it was. */
function sendable(output: Json, { request }: Surroundings): Json {
  const { length } = new TextEncoder().encode(JSON.stringify(output));
  if (length <= 2 * request.limits.outputBytes) return output;
  throw new Fault('outputLimit', `an answer of ${length} bytes`);
}

/** A trap is only how it looks when fuel or memory ran out. */
function refine(ended: Ended, { gauges }: Surroundings): Ended {
  if (ended.ending !== 'trap' || !gauges.metered) return ended;
  const { detail = '' } = ended;
  if (gauges.exhausted()) return { ending: 'outOfFuel', detail: 'the fuel of the call is used up' };
  if (gauges.growthFailed()) return { ending: 'outOfMemory', detail: `after the memory could not grow: ${detail}` };
  return ended;
}

const fuelOf = ({ gauges }: Surroundings): { readonly fuel?: number } =>
  gauges.metered ? { fuel: gauges.used() } : {};

function figuresOf({ gauges, log, world }: Surroundings): {
  readonly memorySha256?: string;
  readonly hostCallLogSha256: string;
  readonly hostCalls: number;
  readonly hostCallLog: CallLog['listed'];
  readonly printed: string;
  readonly peakMemoryBytes: number;
  readonly residentBytes: number;
} {
  return {
    ...(gauges.metered ? { memorySha256: gauges.stateSha256() } : {}),
    hostCallLogSha256: log.sha256(),
    hostCalls: log.total,
    hostCallLog: log.listed,
    printed: world.printed,
    peakMemoryBytes: gauges.memoryBytes(),
    residentBytes: Math.max(0, process.memoryUsage.rss() - BASELINE),
  };
}
