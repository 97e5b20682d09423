// The world outside as one vector shows it: time, random numbers, answers, streams. Everything in it is a function of the vector and
// the number of the world, so that two runs differ only where the host would have let them.

import type { CallLog } from './call-log.ts';
import { Fault } from './faults.ts';
import type { ChildRequest, ChildVector, Payload } from './request.ts';

/** 2000-01-01T00:00:00Z in nanoseconds. */
const EPOCH = 946_684_800_000_000_000n;
const OTHER_TIME = 86_400_000_000_007n;
const OTHER_SEED = 0x9e3779b9;
const PRINTED = 20_000;

export class World {
  readonly vector: ChildVector;
  readonly log: CallLog;
  readonly grants: ReadonlySet<string>;
  readonly outputBytes: number;
  /** Nanoseconds since 1970; it does not advance by itself. */
  now: bigint;
  #printed = '';
  #printedBytes = 0;
  readonly #random: () => number;
  readonly #responses: Map<string, Payload[]>;
  readonly #decoder = new TextDecoder();

  constructor(request: ChildRequest, vector: ChildVector, log: CallLog) {
    this.vector = vector;
    this.log = log;
    this.grants = new Set(vector.grants);
    this.outputBytes = request.limits.outputBytes;
    // A host that promises a clock that stands still, or a seed, keeps the promise in every world.
    const varies = (kind: string): boolean =>
      request.world > 0 && request.capabilities.some(({ id, class: of }) => of === kind && this.grants.has(id));
    const goesOn =
      request.world > 0 && request.imports.some(({ meaning }) => meaning?.as === 'runtime' && meaning.varies);
    this.now = EPOCH + (varies('clock') || goesOn ? OTHER_TIME * BigInt(request.world) : 0n);
    this.#random = generator((vector.seed ?? 0) + (varies('random') ? OTHER_SEED * request.world : 0));
    this.#responses = new Map(Object.entries(vector.responses ?? {}).map(([name, list]) => [name, [...list]]));
  }

  randomByte(): number {
    return this.#random() >>> 24;
  }

  randomBytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.randomByte());
  }

  /** The next answer that the vector has for a host function. */
  response(name: string): Payload | undefined {
    return this.#responses.get(name)?.shift();
  }

  /** Text for the log: kept in part, counted in whole. */
  print(bytes: Uint8Array): void {
    this.#printedBytes += bytes.length;
    if (this.#printedBytes > this.outputBytes) {
      throw this.log.stop(new Fault('outputLimit', `more than ${this.outputBytes} bytes printed`));
    }
    if (this.#printed.length < PRINTED) this.#printed += this.#decoder.decode(bytes.subarray(0, PRINTED));
  }

  get printed(): string {
    return this.#printed.slice(0, PRINTED).toWellFormed();
  }
}

/** sfc32: small, fast and the same everywhere. */
function generator(seed: number): () => number {
  let [a, b, c, count] = [seed | 0, Math.floor(seed / 2 ** 32) | 0, 0x5bd1e995, 1];
  const next = (): number => {
    const sum = (((a + b) | 0) + count) | 0;
    count = (count + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 15; round++) next();
  return next;
}

export function payloadBytes(payload: Payload): Uint8Array {
  if ('base64' in payload) return Uint8Array.from(Buffer.from(payload.base64, 'base64'));
  return new TextEncoder().encode('text' in payload ? payload.text : JSON.stringify(payload.json));
}

export function payloadValue(payload: Payload | undefined): unknown {
  if (payload === undefined) return null;
  if ('json' in payload) return payload.json;
  return 'text' in payload ? payload.text : payload.base64;
}
