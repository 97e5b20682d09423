// What DDALAB's functions do here, by the conventions of its host profile: addresses and lengths in, 0 or a count out, negative numbers for
// errors. Which of them a plugin gets is decided in run-instance.ts; none of them can reach anything but what is in `Guest`.

export interface Channel {
  readonly label: string;
  readonly unit: string;
  readonly sampleRate: number;
  readonly samples: readonly number[];
}

export interface Guest {
  readonly channels: readonly Channel[];
  readonly outputBytes: number;
  /** Of the instance; made anew for each use, since a memory that grew is another buffer. */
  memory(): Uint8Array<ArrayBuffer>;
  /** What the plugin gave back last. */
  result?: unknown;
  panel?: unknown;
}

type HostFunction = (guest: Guest, ...values: number[]) => number | undefined;

const ERRORS = { notGranted: -1, noSuchChannel: -2, outsideMemory: -3, tooLarge: -4, notJson: -5, failed: -5 } as const;
/** What a function answers that was not granted. */
export const NOT_GRANTED = ERRORS.notGranted;

/** By `module.name`. Runtime functions of WASI that a plugin of yours needs go here as well. */
export const HOST_FUNCTIONS: Readonly<Record<string, HostFunction>> = {
  'ddalab.channel_count': ({ channels }) => channels.length,
  'ddalab.channel_label': (guest, channel = 0, address = 0, capacity = 0) =>
    putText(guest, guest.channels[channel]?.label, [address, capacity]),
  'ddalab.channel_unit': (guest, channel = 0, address = 0, capacity = 0) =>
    putText(guest, guest.channels[channel]?.unit, [address, capacity]),
  'ddalab.channel_sample_rate': ({ channels }, channel = 0) => channels[channel]?.sampleRate ?? 0,
  'ddalab.channel_length': ({ channels }, channel = 0) => channels[channel]?.samples.length ?? ERRORS.noSuchChannel,
  'ddalab.channel_read': readChannel,
  'ddalab.result_write': (guest, address = 0, length = 0) =>
    takeJson(guest, [address, length], (value) => {
      guest.result = value;
    }),
  'ddalab.panel_render': (guest, address = 0, length = 0) =>
    takeJson(guest, [address, length], (value) => {
      guest.panel = value;
    }),
  // This page has no network to give. One that has puts the request here, and its address into `connect-src`.
  'ddalab.http_request': () => ERRORS.failed,
  'ddalab.answer_read': () => 0,
  'ddalab.progress': () => undefined,
  'ddalab.log': () => undefined,
  'env.abort': () => {
    throw new Error('the plugin stopped itself');
  },
};

/** A part of the memory; undefined where it is not all inside. Numbers of WebAssembly are signed here. */
function part({ memory }: Guest, address: number, length: number): Uint8Array<ArrayBuffer> | undefined {
  const [all, start, size] = [memory(), address >>> 0, length >>> 0];
  return start + size <= all.length ? all.subarray(start, start + size) : undefined;
}

function putText(guest: Guest, text: string | undefined, [address, capacity]: readonly [number, number]): number {
  if (text === undefined) return ERRORS.noSuchChannel;
  const bytes = new TextEncoder().encode(text);
  const target = part(guest, address, Math.min(bytes.length, capacity >>> 0));
  target?.set(bytes.subarray(0, target.length));
  return target === undefined ? ERRORS.outsideMemory : bytes.length;
}

function readChannel(guest: Guest, channel = 0, start = 0, count = 0, address = 0): number {
  const samples = guest.channels[channel]?.samples;
  if (samples === undefined || start < 0 || count < 0 || start + count > samples.length) return ERRORS.noSuchChannel;
  const target = part(guest, address, count * 8);
  if (target === undefined) return ERRORS.outsideMemory;
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  for (let i = 0; i < count; i++) view.setFloat64(i * 8, samples[start + i] as number, true);
  return count;
}

function takeJson(guest: Guest, [address, length]: readonly [number, number], take: (value: unknown) => void): number {
  if (length >>> 0 > guest.outputBytes) return ERRORS.tooLarge;
  const bytes = part(guest, address, length);
  if (bytes === undefined) return ERRORS.outsideMemory;
  try {
    take(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
    return 0;
  } catch {
    return ERRORS.notJson;
  }
}
