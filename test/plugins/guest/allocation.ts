// The two exports by which a host lends memory to a plugin: it takes a block, fills it, calls, and gives the block back.

export function alloc(size: i32): usize {
  return heap.alloc(<usize>max(size, 1));
}

export function dealloc(pointer: usize, _size: i32): void {
  heap.free(pointer);
}
