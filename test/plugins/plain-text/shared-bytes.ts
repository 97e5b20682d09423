// dprint's one shared buffer: the host asks for room, writes into it and calls; the plugin leaves its answer in it.

let pointer: usize = 0;
let length: i32 = 0;

export function get_shared_bytes_ptr(): usize {
  return pointer;
}

export function clear_shared_bytes(size: i32): usize {
  if (pointer != 0) heap.free(pointer);
  pointer = heap.alloc(<usize>max(size, 1));
  memory.fill(pointer, 0, <usize>size);
  length = size;
  return pointer;
}

/** What the host wrote. */
export function takeBytes(): Uint8Array {
  const bytes = new Uint8Array(length);
  memory.copy(bytes.dataStart, pointer, <usize>length);
  clear_shared_bytes(0);
  return bytes;
}

export function takeText(): string {
  return String.UTF8.decode(takeBytes().buffer);
}

/** Leaves bytes for the host and answers how many. */
export function giveBytes(bytes: Uint8Array): i32 {
  memory.copy(clear_shared_bytes(bytes.length), bytes.dataStart, <usize>bytes.length);
  return bytes.length;
}

export function giveText(text: string): i32 {
  return giveBytes(Uint8Array.wrap(String.UTF8.encode(text)));
}
