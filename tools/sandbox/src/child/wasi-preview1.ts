// WASI preview 1, our own and whole: 46 functions over streams that are the vector's and a folder in memory. What a host did not grant
// never gets here (see link.ts); without a folder there is nothing that a path could start from. The clock stands, random numbers
// come from the seed, and nothing waits.

import { Exit } from './faults.ts';
import type { HostModule } from './guest.ts';
import { descriptorFunctions } from './wasi-descriptor-functions.ts';
import { ERRNO, WasiError, WasiMemory } from './wasi-memory.ts';
import { pathFunctions } from './wasi-path-functions.ts';
import { streamFunctions } from './wasi-stream-functions.ts';
import type { WasiOptions } from './wasi-streams.ts';
import { type Descriptor, DescriptorTable } from './wasi-table.ts';

export const WASI = 'wasi_snapshot_preview1';

const NUL = '\0';
const NANOSECOND = 1n;
const EVENT_BYTES = 32;
const SUBSCRIPTION_BYTES = 48;
const LARGEST_RANDOM = 65_536;

export function wasiPreview1(options: WasiOptions): HostModule {
  const memory = new WasiMemory(options.guest);
  const table = new DescriptorTable(openDescriptors(options), options.folder?.writable === true);
  const file = { ...options, memory, table };
  const functions = {
    ...textFunctions(options, memory),
    ...machineFunctions(options, memory),
    ...streamFunctions(file),
    ...descriptorFunctions(file),
    ...pathFunctions(file),
  };
  return Object.fromEntries(Object.entries(functions).map(([name, act]) => [name, answering(act)]));
}

type Act = (...values: never[]) => number | undefined;

/** Success unless it says otherwise. */
function answering(act: Act): Act {
  return (...values) => {
    try {
      return act(...values) ?? ERRNO.success;
    } catch (error) {
      if (error instanceof WasiError) return error.errno;
      throw error;
    }
  };
}

function openDescriptors({ folder }: WasiOptions): Map<number, Descriptor> {
  const descriptors = new Map<number, Descriptor>([
    [0, { kind: 'stream', stream: 'input' }],
    [1, { kind: 'stream', stream: 'output' }],
    [2, { kind: 'stream', stream: 'errors' }],
  ]);
  if (folder !== undefined) {
    descriptors.set(3, { kind: 'folder', node: folder.files.root, preopen: folder.name, append: false, position: 0n });
  }
  return descriptors;
}

/** Arguments and environment; the environment is always empty. */
function textFunctions({ streams }: WasiOptions, memory: WasiMemory): Record<string, Act> {
  const encoded = (): Uint8Array[] => streams.args.map((text) => new TextEncoder().encode(text + NUL));
  return {
    args_sizes_get: (count: number, size: number) => {
      const texts = encoded();
      memory.u32(count, texts.length);
      return void memory.u32(
        size,
        texts.reduce((sum, { length }) => sum + length, 0),
      );
    },
    args_get: (pointers: number, buffer: number) => {
      let at = buffer >>> 0;
      for (const [i, text] of encoded().entries()) {
        memory.u32((pointers >>> 0) + i * 4, at);
        memory.bytes(at, text.length).set(text);
        at += text.length;
      }
      return undefined;
    },
    environ_sizes_get: (count: number, size: number) => {
      memory.u32(count, 0);
      return void memory.u32(size, 0);
    },
    environ_get: () => undefined,
  };
}

function machineFunctions({ world }: WasiOptions, memory: WasiMemory): Record<string, Act> {
  const unsupported = (): number => ERRNO.nosys;
  return {
    clock_res_get: (_clock: number, address: number) => void memory.u64(address, NANOSECOND),
    clock_time_get: (_clock: number, _precision: bigint, address: number) => void memory.u64(address, world.now),
    random_get: (address: number, length: number) => {
      if (length >>> 0 > LARGEST_RANDOM) throw new WasiError('inval');
      return void memory.bytes(address, length).set(world.randomBytes(length >>> 0));
    },
    proc_exit: (status: number) => {
      throw new Exit(status >>> 0);
    },
    proc_raise: unsupported,
    sched_yield: () => undefined,
    poll_oneoff: (subscriptions: number, events: number, count: number, done: number) => {
      if (count >>> 0 === 0 || count >>> 0 > 1024) throw new WasiError('inval');
      for (let i = 0; i < count >>> 0; i++) {
        const wanted = memory.view((subscriptions >>> 0) + i * SUBSCRIPTION_BYTES, SUBSCRIPTION_BYTES);
        const event = memory.view((events >>> 0) + i * EVENT_BYTES, EVENT_BYTES);
        event.setBigUint64(0, wanted.getBigUint64(0, true), true);
        event.setUint16(8, ERRNO.success, true);
        event.setUint8(10, wanted.getUint8(8));
      }
      return void memory.u32(done, count);
    },
    sock_accept: unsupported,
    sock_recv: () => ERRNO.notsock,
    sock_send: () => ERRNO.notsock,
    sock_shutdown: () => ERRNO.notsock,
  };
}
