import type { ByteReader } from './byte-reader.ts';

/** Reads an index that must be below `count`. */
export function readIndex(reader: ByteReader, space: string, count: number): number {
  const start = reader.offset;
  const index = reader.u32();
  if (index < count) return index;
  throw reader.error('WASM_INDEX_OUT_OF_RANGE', `${space} ${index} is not defined`, { space, index, count }, start);
}
