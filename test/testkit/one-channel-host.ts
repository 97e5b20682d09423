// The smallest ddalab host there can be: one channel, everything granted, no limits. For tests that call one of our own plugins very
// often, or with samples that JSON does not have (NaN, infinities).

interface Guest {
  readonly memory: WebAssembly.Memory;
  readonly alloc: (size: number) => number;
  readonly analyze: (address: number, length: number) => number;
}

export interface Analyzed {
  readonly status: number;
  readonly result: unknown;
}

export async function analyzeChannel(
  bytes: Uint8Array<ArrayBuffer>,
  samples: readonly number[],
  options: object,
): Promise<Analyzed> {
  let result: unknown;
  let guest: Guest | undefined;
  const memory = (): ArrayBuffer => (guest as Guest).memory.buffer as ArrayBuffer;
  const text = (value: string, address: number, capacity: number): number => {
    const encoded = new TextEncoder().encode(value);
    new Uint8Array(memory()).set(encoded.subarray(0, capacity), address);
    return encoded.length;
  };
  const { instance } = await WebAssembly.instantiate(bytes, {
    ddalab: {
      channel_count: () => 1,
      channel_label: (_channel: number, address: number, capacity: number) => text('x', address, capacity),
      channel_unit: (_channel: number, address: number, capacity: number) => text('uV', address, capacity),
      channel_sample_rate: () => 256,
      channel_length: () => samples.length,
      channel_read: (_channel: number, start: number, count: number, address: number) => {
        const view = new DataView(memory());
        for (let i = 0; i < count; i++) view.setFloat64(address + i * 8, samples[start + i] ?? Number.NaN, true);
        return count;
      },
      result_write: (address: number, length: number) => {
        result = JSON.parse(new TextDecoder().decode(new Uint8Array(memory(), address, length)));
        return 0;
      },
    },
  });
  guest = instance.exports as unknown as Guest;
  const input = new TextEncoder().encode(JSON.stringify(options));
  const address = guest.alloc(input.length);
  new Uint8Array(memory()).set(input, address);
  return { status: guest.analyze(address, input.length), result };
}
