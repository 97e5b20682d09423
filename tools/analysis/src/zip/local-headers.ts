// Entries as they lie in the file. Some programs unpack by the directory, others by the headers before the data: both must say the
// same, and the entries must fill the file from its first byte to the directory, or something hides between them.

import { SIGNATURE, type ZipBytes } from './bytes.ts';
import { extraProblem } from './extra-fields.ts';
import { FLAG, METHOD, type ZipEntry } from './zip-entry.ts';
import type { ZipProblem } from './zip-problem.ts';

/** APPNOTE 4.3.7, without name and extra fields. */
const HEADER = 30;
/** APPNOTE 4.3.9, without its signature, which is optional. */
const DESCRIPTOR = 12;

/** An entry whose bytes are where both headers say they are. */
export interface PlacedEntry extends ZipEntry {
  readonly dataOffset: number;
}

interface Placed {
  readonly entry: PlacedEntry;
  /** First byte after the data, and after the record that may follow it. */
  readonly end: number;
}

interface Placement {
  readonly entries: readonly PlacedEntry[];
  readonly problems: readonly ZipProblem[];
}

/** In the order of the directory. Problems end the placing of their entry, not of the others. */
export function placeEntries(zip: ZipBytes, entries: readonly ZipEntry[], directoryOffset: number): Placement {
  const found = entries.map((entry) => placeEntry(zip, entry, directoryOffset));
  const problems = found.filter((one) => 'code' in one);
  const placed = found.filter((one) => 'entry' in one);
  return {
    entries: placed.map(({ entry }) => entry),
    problems: problems.length > 0 ? problems : layoutProblems(placed, directoryOffset),
  };
}

function placeEntry(zip: ZipBytes, entry: ZipEntry, directoryOffset: number): Placed | ZipProblem {
  const { headerOffset: offset, path, packedBytes } = entry;
  const problem = (code: ZipProblem['code'], detail?: string): ZipProblem => ({
    code,
    offset: Math.min(offset, zip.size),
    path,
    ...(detail === undefined ? {} : { detail }),
  });
  if (offset + HEADER > directoryOffset || zip.u32(offset) !== SIGNATURE.local) return problem('ZIP_BAD_RECORD');
  const [nameLength, extraLength] = [zip.u16(offset + 26), zip.u16(offset + 28)];
  const extraOffset = offset + HEADER + nameLength;
  const dataOffset = extraOffset + extraLength;
  const dataEnd = dataOffset + packedBytes;
  if (dataEnd > directoryOffset) return problem('ZIP_OVERLAP', 'its data would reach into the directory');
  const difference = differenceOf(zip, entry, zip.slice(offset + HEADER, nameLength));
  if (difference !== undefined) return problem('ZIP_HEADERS_DISAGREE', difference);
  const extra = extraProblem(zip, extraOffset, extraLength);
  if (extra !== undefined) return problem(extra);
  const end = (entry.flags & FLAG.descriptor) === 0 ? dataEnd : descriptorEnd(zip, entry, dataEnd);
  if (end === undefined || end > directoryOffset)
    return problem('ZIP_HEADERS_DISAGREE', 'checksum or size after its data');
  return { entry: { ...entry, dataOffset }, end };
}

/** What the local header says otherwise. With a descriptor it may leave checksum and sizes open. */
function differenceOf(zip: ZipBytes, entry: ZipEntry, nameBytes: Uint8Array): string | undefined {
  const { headerOffset: at, flags, method } = entry;
  const streamed = (flags & FLAG.descriptor) !== 0;
  const same = (offset: number, value: number): boolean =>
    zip.u32(offset) === value || (streamed && zip.u32(offset) === 0);
  if (zip.u16(at + 6) !== flags) return 'flags';
  if (zip.u16(at + 8) !== method) return 'method';
  if (!same(at + 14, entry.crc)) return 'checksum';
  if (!same(at + 18, entry.packedBytes) || !same(at + 22, entry.bytes)) return 'size';
  // Who reads from the front cannot know where stored data ends.
  if (streamed && method === METHOD.stored && zip.u32(at + 18) !== entry.packedBytes) return 'size';
  return equal(nameBytes, entry.nameBytes) ? undefined : 'name';
}

function descriptorEnd(zip: ZipBytes, { crc, packedBytes, bytes }: ZipEntry, dataEnd: number): number | undefined {
  const fits = (at: number): boolean =>
    at + DESCRIPTOR <= zip.size && zip.u32(at) === crc && zip.u32(at + 4) === packedBytes && zip.u32(at + 8) === bytes;
  if (dataEnd + 4 <= zip.size && zip.u32(dataEnd) === SIGNATURE.descriptor && fits(dataEnd + 4))
    return dataEnd + 4 + DESCRIPTOR;
  return fits(dataEnd) ? dataEnd + DESCRIPTOR : undefined;
}

/** Only of entries that all have their place. */
function layoutProblems(placed: readonly Placed[], directoryOffset: number): ZipProblem[] {
  const inOrder = [...placed].sort((a, b) => a.entry.headerOffset - b.entry.headerOffset);
  const starts = [
    ...inOrder.map(({ entry }) => ({ at: entry.headerOffset, path: entry.path })),
    { at: directoryOffset },
  ];
  const ends = [0, ...inOrder.map(({ end }) => end)];
  return starts.flatMap((start, i): ZipProblem[] => {
    const end = ends[i] ?? 0;
    if (start.at === end) return [];
    const named = 'path' in start ? { path: start.path } : {};
    if (start.at > end)
      return [{ code: 'ZIP_STRAY_BYTES', offset: end, detail: `${start.at - end} before the next record` }];
    return [{ code: 'ZIP_OVERLAP', offset: start.at, ...named }];
  });
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);
