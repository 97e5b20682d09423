// Channels in, one JSON result and a panel out; see the conventions of the host profile `ddalab`.

import type { CallInput, CoreHost, Session } from './abi.ts';
import { encode } from './guest.ts';
import type { Json } from './request.ts';
import { CallWithText, ERRORS, textFunctions } from './text-call.ts';

/** -2 of this host: no such channel or range. */
const OUT_OF_RANGE = -2;
const BYTES_OF_SAMPLE = 8;

export function ddalabAbi(session: Session): CoreHost {
  const call = new CallWithText(session, { argumentsOf: 'analyze' });
  let panel: Json | undefined;
  const text = textFunctions(session);
  return {
    functions: {
      ddalab: {
        ...channelFunctions(session),
        result_write: (address: number, length: number) => text.json(address, length, (value) => call.result(value)),
        panel_render: (address: number, length: number) =>
          text.json(address, length, (value) => {
            panel = value;
          }),
        http_request: (address: number, length: number) => text.request('ddalab.http_request', address, length),
        program_run: (address: number, length: number) => text.request('ddalab.program_run', address, length),
        answer_read: (address: number, capacity: number) => text.answer(address, capacity),
        progress: () => undefined,
        log: (_level: number, address: number, length: number) => text.log(address, length),
      },
    },
    // It answers in hertz, and there is no such frequency.
    denials: { 'ddalab.channel_sample_rate': 0 },
    start: () => call.start(),
    call: (input: CallInput): Json => {
      panel = undefined;
      const { status, result } = call.make(input);
      return { status, result, ...(panel === undefined ? {} : { panel }) };
    },
  };
}

function channelFunctions({ guest, world }: Session): Record<string, (...values: number[]) => number> {
  const channels = world.vector.channels ?? [];
  const copyText = (text: string, address: number, capacity: number): number => {
    const bytes = encode(text);
    const target = guest.slice(address, Math.min(bytes.length, capacity >>> 0));
    if (target === undefined) return ERRORS.outsideMemory;
    target.set(bytes.subarray(0, target.length));
    return bytes.length;
  };
  const of = (index: number): (typeof channels)[number] | undefined => channels[index];
  return {
    channel_count: () => channels.length,
    channel_label: (channel = 0, address = 0, capacity = 0) =>
      copyOf(of(channel)?.label, (label) => copyText(label, address, capacity)),
    channel_unit: (channel = 0, address = 0, capacity = 0) =>
      copyOf(of(channel)?.unit, (unit) => copyText(unit, address, capacity)),
    channel_sample_rate: (channel = 0) => of(channel)?.sampleRate ?? 0,
    channel_length: (channel = 0) => of(channel)?.samples.length ?? OUT_OF_RANGE,
    channel_read: (channel = 0, start = 0, count = 0, address = 0) => {
      const samples = of(channel)?.samples;
      if (samples === undefined || start < 0 || count < 0 || start + count > samples.length) return OUT_OF_RANGE;
      const target = guest.slice(address, count * BYTES_OF_SAMPLE);
      if (target === undefined) return ERRORS.outsideMemory;
      const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
      for (let i = 0; i < count; i++) view.setFloat64(i * BYTES_OF_SAMPLE, samples[start + i] as number, true);
      return count;
    },
  };
}

const copyOf = (text: string | undefined, copy: (text: string) => number): number =>
  text === undefined ? OUT_OF_RANGE : copy(text);
