// Reading arguments and writing results as the component model's canonical ABI lays them out in linear memory (32 bit, UTF-8):
// a string or list is a pointer and a length, a record its fields in order.

const POINTER: usize = 4;

export function readString(at: usize): string {
  return String.UTF8.decodeUnsafe(<usize>load<u32>(at), <usize>load<u32>(at + POINTER));
}

/** Frees the block behind a string or list; an empty one has none. */
export function freeBlock(at: usize): void {
  if (load<u32>(at + POINTER) != 0) heap.free(<usize>load<u32>(at));
}

export function writeStrings(at: usize, texts: string[]): void {
  const block = texts.length == 0 ? POINTER : heap.alloc(<usize>texts.length * 8);
  for (let i = 0; i < texts.length; i++) writeString(block + <usize>i * 8, texts[i]);
  store<u32>(at, <u32>block);
  store<u32>(at + POINTER, <u32>texts.length);
}

function writeString(at: usize, text: string): void {
  const length = String.UTF8.byteLength(text);
  const block = heap.alloc(<usize>max(length, 1));
  String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, block);
  store<u32>(at, <u32>block);
  store<u32>(at + POINTER, <u32>length);
}

export function freeStrings(at: usize): void {
  const block = <usize>load<u32>(at);
  const length = load<u32>(at + POINTER);
  for (let i: u32 = 0; i < length; i++) heap.free(<usize>load<u32>(block + i * 8));
  if (length != 0) heap.free(block);
}

/** `cabi_realloc`: how the host obtains memory for the arguments. Every alignment the interface needs is at most 16, the allocator's own. */
export function reallocate(old: usize, oldSize: usize, alignment: usize, size: usize): usize {
  if (size == 0) return alignment;
  return oldSize == 0 ? heap.alloc(size) : heap.realloc(old, size);
}
