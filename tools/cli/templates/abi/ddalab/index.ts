// The mean of every channel. Samples are read in blocks, so memory does not grow with the recording.

@external("ddalab", "channel_count")
declare function channelCount(): i32;
@external("ddalab", "channel_length")
declare function channelLength(channel: i32): i32;
@external("ddalab", "channel_read")
declare function channelRead(channel: i32, start: i32, count: i32, address: usize): i32;
@external("ddalab", "result_write")
declare function resultWrite(address: usize, length: i32): i32;

const BLOCK: i32 = 1024;
const samples = new StaticArray<f64>(BLOCK);

export function analyze(_options: usize, _length: i32): i32 {
  const channels = channelCount();
  // A negative number says that the capability was not granted.
  if (channels < 0) return unreadable();
  const means: string[] = [];
  for (let channel = 0; channel < channels; channel++) {
    if (!addMean(channel, means)) return unreadable();
  }
  return answer(0, '{"means":[' + means.join(",") + "]}");
}

/** False when the host does not give the samples. */
function addMean(channel: i32, means: string[]): bool {
  const length = channelLength(channel);
  let sum = 0.0;
  let seen = 0.0;
  for (let start = 0; start < length; start += BLOCK) {
    const count = min(length - start, BLOCK);
    if (channelRead(channel, start, count, changetype<usize>(samples)) != count) return false;
    for (let i = 0; i < count; i++) {
      // A missing sample is a NaN.
      if (isNaN(samples[i])) continue;
      sum += samples[i];
      seen += 1;
    }
  }
  const mean = sum / seen;
  means.push(isFinite(mean) ? mean.toString() : "null");
  return true;
}

function unreadable(): i32 {
  return answer(1, '{"error":"the channels cannot be read"}');
}

function answer(status: i32, json: string): i32 {
  const bytes = String.UTF8.encode(json);
  return resultWrite(changetype<usize>(bytes), bytes.byteLength) < 0 ? 2 : status;
}

export function alloc(size: i32): usize {
  return heap.alloc(<usize>max(size, 1));
}

export function dealloc(address: usize, _size: i32): void {
  heap.free(address);
}
