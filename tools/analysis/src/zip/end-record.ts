// The end record says where the directory is, and readers find it by searching backwards. Two candidates are two archives in one
// file: what one program checks is not what the next unpacks. So there must be exactly one, and it must reach the end.

import { SIGNATURE, type ZipBytes } from './bytes.ts';
import { ZipError } from './zip-problem.ts';

export interface EndRecord {
  readonly offset: number;
  readonly entries: number;
  readonly directoryOffset: number;
}

/** APPNOTE 4.3.16: 22 bytes and a comment of at most 65,535. */
const SIZE = 22;
const MAX_COMMENT = 0xffff;
/** APPNOTE 4.3.15. */
const LOCATOR_64 = 20;

export function findEndRecord(zip: ZipBytes): EndRecord {
  const offset = endOffset(zip);
  const [disk, startDisk, here, entries] = [4, 6, 8, 10].map((at) => zip.u16(offset + at)) as [
    number,
    number,
    number,
    number,
  ];
  const [directorySize, directoryOffset] = [zip.u32(offset + 12), zip.u32(offset + 16)];
  const isLong =
    [disk, startDisk, here, entries].includes(0xffff) || [directorySize, directoryOffset].includes(0xffffffff);
  const hasLocator = offset >= LOCATOR_64 && zip.u32(offset - LOCATOR_64) === SIGNATURE.end64Locator;
  if (isLong || hasLocator) throw new ZipError({ code: 'ZIP_64', offset: hasLocator ? offset - LOCATOR_64 : offset });
  if (disk !== 0 || startDisk !== 0 || here !== entries) throw new ZipError({ code: 'ZIP_SPLIT', offset });
  const directoryEnd = directoryOffset + directorySize;
  if (directoryEnd > offset)
    throw new ZipError({ code: 'ZIP_BAD_RECORD', offset, detail: 'the directory reaches past the end record' });
  if (directoryEnd < offset)
    throw new ZipError({ code: 'ZIP_STRAY_BYTES', offset: directoryEnd, detail: 'before the end record' });
  return { offset, entries, directoryOffset };
}

function endOffset(zip: ZipBytes): number {
  const candidates: number[] = [];
  for (let at = zip.size - SIZE; at >= Math.max(0, zip.size - SIZE - MAX_COMMENT); at -= 1)
    if (zip.bytes[at] === 0x50 && zip.u32(at) === SIGNATURE.end) candidates.push(at);
  const [last] = candidates;
  if (last === undefined) throw new ZipError({ code: 'ZIP_NO_END', offset: zip.size });
  const endOf = (at: number): number => at + SIZE + zip.u16(at + 20);
  const [reaching, other] = candidates.filter((at) => endOf(at) === zip.size);
  if (reaching === undefined) {
    const end = endOf(last);
    throw new ZipError(
      end < zip.size
        ? { code: 'ZIP_STRAY_BYTES', offset: end, detail: 'after the end record' }
        : { code: 'ZIP_TRUNCATED', offset: last },
    );
  }
  // One inside the comment is the last one, which readers that do not measure comments take.
  if (reaching !== last || other !== undefined)
    throw new ZipError({ code: 'ZIP_TWO_ENDS', offset: reaching !== last ? last : (other ?? last) });
  return reaching;
}
