// One file out of an npm package: a gzipped tar (POSIX ustar). Nothing is unpacked to disk; what does not fit the format ends it.

import { gunzipSync } from 'node:zlib';

const BLOCK = 512;

/** The bytes of `package/<path>`; undefined when the archive has no such plain file, or is none. */
export function fileOfPackage(archive: Uint8Array, path: string, maxBytes: number): Uint8Array | undefined {
  const tar = unzip(archive, maxBytes);
  if (tar === undefined) return undefined;
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const header = tar.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) return undefined;
    const size = Number.parseInt(field(header, 124, 12).trim() || 'x', 8);
    if (!Number.isSafeInteger(size) || size < 0 || at + BLOCK + size > tar.length) return undefined;
    const type = field(header, 156, 1);
    const prefix = field(header, 345, 155);
    const name = prefix === '' ? field(header, 0, 100) : `${prefix}/${field(header, 0, 100)}`;
    // Packages have one folder at the top, which not everybody calls `package`.
    if ((type === '0' || type === '') && name.slice(name.indexOf('/') + 1) === path)
      return tar.slice(at + BLOCK, at + BLOCK + size);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return undefined;
}

function unzip(archive: Uint8Array, maxBytes: number): Uint8Array | undefined {
  try {
    return new Uint8Array(gunzipSync(archive, { maxOutputLength: maxBytes }));
  } catch {
    return undefined;
  }
}

function field(header: Uint8Array, at: number, length: number): string {
  const bytes = header.subarray(at, at + length);
  const end = bytes.indexOf(0);
  return new TextDecoder('latin1').decode(end < 0 ? bytes : bytes.subarray(0, end));
}
