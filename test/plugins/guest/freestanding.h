// What C code needs where there is no C library: types, and memory handed out from the end of the data upwards.
#ifndef FREESTANDING_H
#define FREESTANDING_H

typedef unsigned char u8;
typedef unsigned int u32;
typedef int i32;

#define EXPORT(name) __attribute__((export_name(name)))
#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))

#define PAGE 65536u

// The compiler makes calls of these two for large values.
void *memset(void *target, int byte, __SIZE_TYPE__ size) {
  for (u8 *at = target; size > 0; size--) *at++ = (u8)byte;
  return target;
}

void *memcpy(void *restrict target, const void *restrict source, __SIZE_TYPE__ size) {
  const u8 *from = source;
  for (u8 *at = target; size > 0; size--) *at++ = *from++;
  return target;
}

extern u8 __heap_base;
static u32 heap_next;
static u32 heap_live;

/** Address of a block aligned to 8, or 0. Blocks are freed together: when the last one is given back, all memory is free again. */
static inline u32 heap_take(u32 size) {
  if (heap_next == 0) heap_next = ((u32)&__heap_base + 7) & ~7u;
  u32 pages = __builtin_wasm_memory_size(0);
  u32 left = pages * PAGE - heap_next;
  u32 wanted = (size + 7) & ~7u;
  if (wanted < size) return 0;
  if (wanted > left) {
    u32 more = (wanted - left + PAGE - 1) / PAGE;
    if (__builtin_wasm_memory_grow(0, more) == (__SIZE_TYPE__)-1) return 0;
  }
  u32 address = heap_next;
  heap_next += wanted;
  heap_live += 1;
  return address;
}

static inline void heap_give(u32 address) {
  if (address == 0 || heap_live == 0) return;
  heap_live -= 1;
  if (heap_live == 0) heap_next = 0;
}

#endif
