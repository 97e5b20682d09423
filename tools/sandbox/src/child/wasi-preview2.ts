// WASI 0.2 for components, as far as a host may grant it without a network: streams that are the vector's, a clock that stands, random
// numbers from the seed, and a folder in memory when a file capability was granted. Everything else has no behaviour and traps.

import { type Behaviour, type Behaviours, stateOf } from './component-imports.ts';
import { Exit, trapped } from './faults.ts';
import { descriptorBehaviours } from './wasi-descriptors.ts';
import { failure, type StreamState, type WasiP2Options } from './wasi-preview2-state.ts';
import type { World } from './world.ts';

const WRITABLE_BYTES = 1_048_576n;
const NANOSECONDS = 1_000_000_000n;

export function wasiPreview2(options: WasiP2Options): Behaviours {
  const { world } = options;
  const log: StreamState = { write: (bytes) => world.print(bytes) };
  const out: Behaviour = (_, resources) => resources.make('output-stream', log);
  const none: Behaviour = () => undefined;
  const randomBytes: Behaviour = ([length]) => world.randomBytes(sized(length));
  const randomNumber: Behaviour = () => new DataView(world.randomBytes(8).buffer).getBigUint64(0, true);
  return {
    'wasi:cli/environment': {
      'get-environment': () => [],
      'get-arguments': () => [],
      'initial-cwd': none,
    },
    'wasi:cli/exit': { exit: ([status]) => leave(world, (status as { tag?: string }).tag === 'ok' ? 0 : 1) },
    'wasi:cli/stdin': { 'get-stdin': (_, resources) => resources.make('input-stream', {}) },
    'wasi:cli/stdout': { 'get-stdout': out },
    'wasi:cli/stderr': { 'get-stderr': out },
    'wasi:cli/terminal-stdin': { 'get-terminal-stdin': none },
    'wasi:cli/terminal-stdout': { 'get-terminal-stdout': none },
    'wasi:cli/terminal-stderr': { 'get-terminal-stderr': none },
    'wasi:io/error': { '[method]error.to-debug-string': () => 'error' },
    'wasi:io/poll': {
      '[method]pollable.ready': () => true,
      '[method]pollable.block': none,
      poll: ([list]) => Uint32Array.from((list as unknown[]).keys()),
    },
    'wasi:io/streams': streamBehaviours(),
    'wasi:clocks/monotonic-clock': {
      now: () => world.now,
      resolution: () => 1n,
      'subscribe-instant': (_, resources) => resources.make('pollable', {}),
      'subscribe-duration': (_, resources) => resources.make('pollable', {}),
    },
    'wasi:clocks/wall-clock': {
      now: () => ({ seconds: world.now / NANOSECONDS, nanoseconds: Number(world.now % NANOSECONDS) }),
      resolution: () => ({ seconds: 0n, nanoseconds: 1 }),
    },
    'wasi:clocks/timezone': {
      display: () => ({ utcOffset: 0, name: 'UTC', inDaylightSavingTime: false }),
      'utc-offset': () => 0,
    },
    'wasi:random/random': { 'get-random-bytes': randomBytes, 'get-random-u64': randomNumber },
    'wasi:random/insecure': { 'get-insecure-random-bytes': randomBytes, 'get-insecure-random-u64': randomNumber },
    'wasi:random/insecure-seed': { 'insecure-seed': (...values) => [randomNumber(...values), randomNumber(...values)] },
    ...descriptorBehaviours(options),
  };
}

const LARGEST = 65_536;

/** A length that a plugin asks for. */
function sized(length: unknown): number {
  const wanted = Number(length);
  if (wanted > LARGEST) throw trapped('bad-answer', `${wanted} random bytes at once`);
  return wanted;
}

function leave(world: World, status: number): never {
  const { message } = new Exit(status);
  throw world.log.stop(trapped('exit', message));
}

const CLOSED = failure({ tag: 'closed' });

function streamBehaviours(): Readonly<Record<string, Behaviour>> {
  const read: Behaviour = ([stream, length]) => {
    const { read: from } = stateOf(stream) as StreamState;
    const bytes = from?.(Math.min(Number(length), LARGEST)) ?? new Uint8Array();
    if (bytes.length === 0 && Number(length) > 0) throw CLOSED;
    return bytes;
  };
  const write: Behaviour = ([stream, bytes]) => {
    const { write: to } = stateOf(stream) as StreamState;
    if (to === undefined) throw CLOSED;
    return void to(bytes as Uint8Array);
  };
  const zeroes: Behaviour = ([stream, length], resources) =>
    write([stream, new Uint8Array(Math.min(Number(length), LARGEST))], resources);
  const skip: Behaviour = (values, resources) => BigInt((read(values, resources) as Uint8Array).length);
  const subscribe: Behaviour = (_, resources) => resources.make('pollable', {});
  const nothing: Behaviour = () => undefined;
  return {
    '[method]input-stream.read': read,
    '[method]input-stream.blocking-read': read,
    '[method]input-stream.skip': skip,
    '[method]input-stream.blocking-skip': skip,
    '[method]input-stream.subscribe': subscribe,
    '[method]output-stream.check-write': () => WRITABLE_BYTES,
    '[method]output-stream.write': write,
    '[method]output-stream.blocking-write-and-flush': write,
    '[method]output-stream.flush': nothing,
    '[method]output-stream.blocking-flush': nothing,
    '[method]output-stream.subscribe': subscribe,
    '[method]output-stream.write-zeroes': zeroes,
    '[method]output-stream.blocking-write-zeroes-and-flush': zeroes,
  };
}
