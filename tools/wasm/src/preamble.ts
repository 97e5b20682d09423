/**
 * The first eight bytes: magic number, version and layer (core spec 5.5.16; component model, Binary.md).
 */
import type { ByteReader } from './byte-reader.ts';

export type Layer = 'core' | 'component';

const MAGIC: readonly number[] = [0x00, 0x61, 0x73, 0x6d];

/** `version.layer`, both two bytes little-endian -> what follows. */
const VERSIONS: Readonly<Record<string, Layer>> = { '1.0': 'core', '13.1': 'component' };

/** Reads the preamble; `expected` refuses the other layer, for files inside a component. */
export function readPreamble(reader: ByteReader, expected?: Layer): Layer {
  const start = reader.offset;
  if (MAGIC.some((byte, index) => reader.remaining <= index || reader.bytes[start + index] !== byte)) {
    throw reader.error('WASM_NOT_WASM', 'the bytes do not start with the WebAssembly magic number');
  }
  reader.skip(MAGIC.length);
  const [version, layer] = [u16(reader), u16(reader)];
  const found = VERSIONS[`${version}.${layer}`];
  if (found !== undefined && (expected === undefined || found === expected)) return found;
  const details = { version, layer, ...(expected !== undefined && { expected }) };
  throw reader.error(
    'WASM_UNSUPPORTED_VERSION',
    `version ${version}, layer ${layer} is not supported here`,
    details,
    start + MAGIC.length,
  );
}

function u16(reader: ByteReader): number {
  return reader.u8() | (reader.u8() << 8);
}
