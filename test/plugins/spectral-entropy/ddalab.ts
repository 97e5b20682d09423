// The host functions of DDALAB that the plugin uses, with the texts and numbers in AssemblyScript's own types.

@external('ddalab', 'channel_count')
export declare function channelCount(): i32;

@external('ddalab', 'channel_length')
export declare function channelLength(channel: i32): i32;

@external('ddalab', 'channel_sample_rate')
export declare function channelSampleRate(channel: i32): f64;

@external('ddalab', 'channel_label')
declare function labelInto(channel: i32, pointer: usize, capacity: i32): i32;

@external('ddalab', 'channel_read')
declare function readInto(channel: i32, start: i32, count: i32, pointer: usize): i32;

@external('ddalab', 'result_write')
declare function writeFrom(pointer: usize, length: i32): i32;

const LABEL_CAPACITY: i32 = 256;

/** Label of a channel, cut at 256 bytes. */
export function channelLabel(channel: i32): string {
  const buffer = new ArrayBuffer(LABEL_CAPACITY);
  const length = labelInto(channel, changetype<usize>(buffer), LABEL_CAPACITY);
  return String.UTF8.decodeUnsafe(changetype<usize>(buffer), <usize>max(0, min(length, LABEL_CAPACITY)));
}

/** Fills `samples` from `start` on; false when the host gave fewer. */
export function readSamples(channel: i32, start: i32, samples: StaticArray<f64>): bool {
  return readInto(channel, start, samples.length, changetype<usize>(samples)) == samples.length;
}

/** True when the host took the document. */
export function writeResult(json: string): bool {
  const bytes = String.UTF8.encode(json);
  return writeFrom(changetype<usize>(bytes), bytes.byteLength) == 0;
}
