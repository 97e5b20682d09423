// A small, strict zip reader: stored and deflated entries, one reading of every file. It refuses what unpackers read differently
// rather than choosing one of their readings. Bytes are unpacked one file at a time, into buffers whose size was bounded before.

import { ZipBytes } from './bytes.ts';
import { readDirectory } from './central-directory.ts';
import { crc32 } from './crc32.ts';
import { duplicateProblems } from './duplicate-paths.ts';
import { findEndRecord } from './end-record.ts';
import { pathProblem } from './entry-path.ts';
import { inflateRaw } from './inflate-raw.ts';
import { type PlacedEntry, placeEntries } from './local-headers.ts';
import { METHOD } from './zip-entry.ts';
import type { ZipLimits } from './zip-limits.ts';
import { ZipError, type ZipProblem } from './zip-problem.ts';

export interface ZipArchive {
  /** In the directory's order; none when there is any problem. */
  readonly entries: readonly PlacedEntry[];
  /** Unpack nothing while there is one. */
  readonly problems: readonly ZipProblem[];
}

/** Whether the bytes begin as a zip: with an entry, or with the end record of an empty one. */
export function looksLikeZip(bytes: Uint8Array): boolean {
  const [p, k, first, second] = bytes;
  return p === 0x50 && k === 0x4b && ((first === 3 && second === 4) || (first === 5 && second === 6));
}

/** The entries of an archive, or everything that is wrong with it up to the limit. Never throws. */
export function readZip(bytes: Uint8Array, limits: ZipLimits): ZipArchive {
  try {
    const zip = new ZipBytes(bytes);
    const end = findEndRecord(zip);
    const directory = readDirectory(zip, end, limits);
    const named = directory.entries.filter(({ path }) => pathProblem(path, limits) === undefined);
    const placed = placeEntries(zip, directory.entries, end.directoryOffset);
    const problems = [...directory.problems, ...duplicateProblems(named), ...placed.problems];
    return { entries: problems.length > 0 ? [] : placed.entries, problems: problems.slice(0, limits.problems) };
  } catch (error) {
    if (error instanceof ZipError) return { entries: [], problems: [error.problem] };
    throw error;
  }
}

/** The content of one entry of an archive without problems. */
export function unpackEntry(bytes: Uint8Array, entry: PlacedEntry): { readonly content: Uint8Array } | ZipProblem {
  const { dataOffset, packedBytes, method, path } = entry;
  const packed = bytes.subarray(dataOffset, dataOffset + packedBytes);
  if (method === METHOD.deflated) {
    const unpacked = inflateRaw(packed, entry.bytes);
    if ('problem' in unpacked)
      return { code: unpacked.problem === 'size' ? 'ZIP_SIZE' : 'ZIP_DEFLATE', offset: dataOffset + unpacked.at, path };
    return checked(unpacked.bytes, entry);
  }
  return packedBytes === entry.bytes ? checked(packed, entry) : { code: 'ZIP_SIZE', offset: dataOffset, path };
}

function checked(
  content: Uint8Array,
  { crc, path, dataOffset }: PlacedEntry,
): { readonly content: Uint8Array } | ZipProblem {
  return crc32(content) === crc ? { content } : { code: 'ZIP_CRC', offset: dataOffset, path };
}
