// Files inside the data, by how they begin. The first bytes alone occur by chance; the fields behind them have to make sense too.

import { at, hasText } from './byte-sets.ts';
import type { Look } from './look.ts';

function file(
  name: string,
  magic: string,
  makesSense: (field: (offset: number) => number, bytes: Uint8Array) => boolean,
): Look {
  return ({ bytes, start }) => {
    if (!hasText(bytes, start, magic)) return undefined;
    const rest = bytes.subarray(start);
    return makesSense((offset) => at(rest, offset), rest) ? { text: name, start, length: magic.length } : undefined;
  };
}

/** Core version 1, or the component layer (Component Model, Binary: preamble). */
const WASM_VERSIONS = ['\x01\0\0\0', '\x0d\0\x01\0'];
/** stored, deflate, bzip2, LZMA, zstd, xz (APPNOTE 4.4.5). */
const ZIP_METHODS = [0, 8, 12, 14, 93, 95];
/** RFC 1952 2.3.1: no reserved flag, the operating systems it names, the three marks of a deflater. */
const isGzip = (field: (offset: number) => number): boolean =>
  field(3) < 0x20 && [0, 2, 4].includes(field(8)) && (field(9) <= 13 || field(9) === 255);

export const PROGRAM_FILES: readonly { readonly word: string; readonly look: Look }[] = [
  {
    word: '\x7fELF',
    look: file(
      'an ELF file',
      '\x7fELF',
      (field) => [1, 2].includes(field(4)) && [1, 2].includes(field(5)) && field(6) === 1,
    ),
  },
  {
    word: 'MZ',
    look: file('a Windows program', 'MZ', (field, bytes) => {
      const header = field(60) + field(61) * 0x100;
      return field(62) === 0 && field(63) === 0 && header >= 64 && hasText(bytes, header, 'PE\0\0');
    }),
  },
  // 64 bits, little-endian, a processor type with the ABI64 bit or none.
  {
    word: '\xcf\xfa\xed\xfe',
    look: file('a Mach-O file', '\xcf\xfa\xed\xfe', (field) => [0, 1].includes(field(7)) && field(6) === 0),
  },
];

export const WASM_FILES: readonly { readonly word: string; readonly look: Look }[] = [
  {
    word: '\0asm',
    look: file('WebAssembly', '\0asm', (_, bytes) => WASM_VERSIONS.some((version) => hasText(bytes, 4, version))),
  },
];

export const ARCHIVES: readonly { readonly word: string; readonly look: Look }[] = [
  {
    word: 'PK\x03\x04',
    look: file(
      'a zip archive',
      'PK\x03\x04',
      (field) => field(4) <= 63 && field(9) === 0 && ZIP_METHODS.includes(field(8)),
    ),
  },
  { word: '\x1f\x8b\x08', look: file('gzip', '\x1f\x8b\x08', isGzip) },
  { word: '\xfd7zXZ\0', look: file('xz', '\xfd7zXZ\0', (field) => field(6) === 0 && field(7) < 16) },
  // The descriptor's reserved bit is zero (RFC 8878 3.1.1.1.1).
  { word: '\x28\xb5\x2f\xfd', look: file('zstd', '\x28\xb5\x2f\xfd', (field) => (field(4) & 8) === 0) },
];
