// Runs an example plugin on a vector with the plainest possible host: enough to record and check the vectors of our own plugins,
// no limits and no isolation. It must never be given a plugin of somebody else; that is the sandbox's work.

import type { z } from 'zod/mini';
import type { Payload, Vector } from '../../schemas/src/vector.ts';
import { workspaceImports } from './wasi-workspace.ts';

type Value = z.core.util.JSONType;
type Json = Record<string, Value>;
type Numeric = (...values: number[]) => number;
interface Guest {
  readonly memory: WebAssembly.Memory;
  readonly call: Record<string, Numeric>;
}
interface Run {
  readonly vector: Vector;
  guest?: Guest;
  /** What the plugin handed over in the present call. */
  result: Value;
  panel?: Value;
  answer: Uint8Array;
  readonly responses: Map<string, Payload[]>;
}
interface HostAbi {
  readonly imports: (run: Run) => WebAssembly.Imports;
  readonly call: (guest: Guest, run: Run, entry: string, input: Value) => Value;
}

const NOT_GRANTED = -1;
const OUT_OF_RANGE = -2;

const ABIS: Record<string, HostAbi> = {
  ddalab: { imports: ddalabImports, call: callWithText },
  conductor: { imports: conductorImports, call: callWithText },
  hielements: { imports: hielementsImports, call: callLibrary },
  dprint: { imports: () => ({}), call: callFormatter },
};

/** The output of each call, as the host profile's `conventions.output` describes it. */
export async function runVector(bytes: Uint8Array<ArrayBuffer>, vector: Vector): Promise<Value[]> {
  const abi = ABIS[vector.host];
  if (abi === undefined) throw new Error(`no plain host for ${vector.host}`);
  const responses = new Map(Object.entries(vector.responses ?? {}).map(([name, list]) => [name, [...list]]));
  const run: Run = { vector, result: null, answer: new Uint8Array(), responses };
  const { instance } = await WebAssembly.instantiate(bytes, abi.imports(run));
  const { memory, ...call } = instance.exports;
  const guest: Guest = { memory: memory as WebAssembly.Memory, call: call as Record<string, Numeric> };
  run.guest = guest;
  guest.call['_initialize']?.();
  return vector.calls.map(({ entry, input }) => {
    run.result = null;
    delete run.panel;
    return abi.call(guest, run, entry, input === undefined ? null : payloadValue(input));
  });
}

function payloadValue(payload: Payload): Value {
  if ('json' in payload) return payload.json as Value;
  return 'text' in payload ? payload.text : payload.base64;
}

function callWithText(guest: Guest, run: Run, entry: string, input: Value): Value {
  if (entry === 'init') {
    guest.call['init']?.();
    return { status: 0, result: null };
  }
  const block = lend(guest, encode(JSON.stringify(input)));
  const status = invoke(guest, entry, block.address, block.size);
  invoke(guest, 'dealloc', block.address, block.size);
  return { status, result: run.result, ...(run.panel === undefined ? {} : { panel: run.panel }) };
}

function ddalabImports(run: Run): WebAssembly.Imports {
  const channels = run.vector.channels ?? [];
  const readable = run.vector.grants.includes('read:channel_data');
  const ofChannel = (channel: number, answer: (of: (typeof channels)[number]) => number): number => {
    if (!readable) return NOT_GRANTED;
    const found = channels[channel];
    return found === undefined ? OUT_OF_RANGE : answer(found);
  };
  const textInto = (text: string, address: number, capacity: number): number => {
    const bytes = encode(text);
    memoryOf(run).set(bytes.subarray(0, capacity), address);
    return bytes.length;
  };
  return {
    ddalab: {
      channel_count: () => (readable ? channels.length : NOT_GRANTED),
      channel_label: (channel: number, address: number, capacity: number) =>
        ofChannel(channel, ({ label }) => textInto(label, address, capacity)),
      channel_unit: (channel: number, address: number, capacity: number) =>
        ofChannel(channel, ({ unit }) => textInto(unit, address, capacity)),
      channel_sample_rate: (channel: number) => (readable ? (channels[channel]?.sampleRate ?? 0) : 0),
      channel_length: (channel: number) => ofChannel(channel, ({ samples }) => samples.length),
      channel_read: (channel: number, start: number, count: number, address: number) =>
        ofChannel(channel, ({ samples }) => {
          if (start < 0 || start + count > samples.length) return OUT_OF_RANGE;
          const view = new DataView(memoryOf(run).buffer);
          samples.slice(start, start + count).forEach((sample, i) => view.setFloat64(address + i * 8, sample, true));
          return count;
        }),
      result_write: (address: number, length: number) => {
        if (!run.vector.grants.includes('write:results')) return NOT_GRANTED;
        run.result = JSON.parse(read(run, address, length)) as Value;
        return 0;
      },
      panel_render: (address: number, length: number) => {
        if (!run.vector.grants.includes('ui:panel')) return NOT_GRANTED;
        run.panel = JSON.parse(read(run, address, length)) as Value;
        return 0;
      },
    },
  };
}

function conductorImports(run: Run): WebAssembly.Imports {
  return {
    conductor: {
      set_result: (address: number, length: number) => {
        run.result = JSON.parse(read(run, address, length)) as Value;
      },
      http_request: (address: number, length: number) => {
        if (!run.vector.grants.includes('network')) return NOT_GRANTED;
        JSON.parse(read(run, address, length));
        const response = run.responses.get('conductor.http_request')?.shift();
        if (response === undefined) return -5;
        run.answer = encode(JSON.stringify(payloadValue(response)));
        return run.answer.length;
      },
      http_response_read: (address: number, capacity: number) => {
        const part = run.answer.subarray(0, capacity);
        memoryOf(run).set(part, address);
        return part.length;
      },
    },
  };
}

function hielementsImports(run: Run): WebAssembly.Imports {
  const readable = run.vector.grants.includes('read:workspace');
  const files = (run.vector.files ?? []).map(({ path, content }): [string, Uint8Array] => [
    path,
    encode(String(payloadValue(content))),
  ]);
  return workspaceImports({ memory: () => memoryOf(run), folder: '/workspace', files: readable ? new Map(files) : undefined });
}

function callLibrary(guest: Guest, _run: Run, entry: string, input: Value): Value {
  if (entry === 'library_name') return readNulTerminated(guest, invoke(guest, entry));
  const { function: name = null, args = null } = input as Json;
  const blocks = [name, args, '/workspace'].map((value) => lend(guest, encode(`${JSON.stringify(value)}\0`)));
  const output = readNulTerminated(guest, invoke(guest, entry, ...blocks.map(({ address }) => address)));
  for (const { address, size } of blocks) invoke(guest, 'dealloc', address, size);
  return output;
}

function readNulTerminated(guest: Guest, address: number): Value {
  const bytes = new Uint8Array(guest.memory.buffer);
  return JSON.parse(decode(bytes.slice(address, bytes.indexOf(0, address)))) as Value;
}

function callFormatter(guest: Guest, _run: Run, entry: string, input: Value): Value {
  if (entry !== 'format') return JSON.parse(taken(guest, invoke(guest, entry))) as Value;
  const { path = '', text = '', config = {}, global = {}, override } = input as Json;
  give(guest, JSON.stringify({ plugin: config, global }));
  invoke(guest, 'register_config', 1);
  if (override !== undefined) {
    give(guest, JSON.stringify(override));
    invoke(guest, 'set_override_config');
  }
  give(guest, String(path));
  invoke(guest, 'set_file_path');
  give(guest, String(text));
  const status = invoke(guest, 'format', 1);
  if (status === 1) return { status, text: taken(guest, invoke(guest, 'get_formatted_text')) };
  return status === 2 ? { status, error: taken(guest, invoke(guest, 'get_error_text')) } : { status };
}

function give(guest: Guest, text: string): void {
  const bytes = encode(text);
  const address = invoke(guest, 'clear_shared_bytes', bytes.length);
  new Uint8Array(guest.memory.buffer).set(bytes, address);
}

function taken(guest: Guest, length: number): string {
  return decode(new Uint8Array(guest.memory.buffer, invoke(guest, 'get_shared_bytes_ptr'), length));
}

function lend(guest: Guest, bytes: Uint8Array): { address: number; size: number } {
  const address = invoke(guest, 'alloc', bytes.length);
  new Uint8Array(guest.memory.buffer).set(bytes, address);
  return { address, size: bytes.length };
}

function invoke(guest: Guest, name: string, ...values: number[]): number {
  const found = guest.call[name];
  if (found === undefined) throw new Error(`the plugin does not export ${name}`);
  return found(...values);
}

function memoryOf(run: Run): Uint8Array {
  if (run.guest === undefined) throw new Error('a host function was called while the plugin was starting');
  return new Uint8Array(run.guest.memory.buffer);
}

function read(run: Run, address: number, length: number): string {
  return decode(memoryOf(run).slice(address, address + length));
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes);
