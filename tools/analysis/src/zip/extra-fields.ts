// Extra fields of an entry. Most hold times and owners and mean nothing here; some give a reader another size, name or kind than
// the header does, so that two readers would see two files.

import type { ZipBytes } from './bytes.ts';
import type { ZipProblemCode } from './zip-problem.ts';

/** APPNOTE 4.5.2 and 4.6; Info-ZIP's extrafld.txt for the two letters. */
const MEANINGFUL: ReadonlyMap<number, ZipProblemCode> = new Map([
  [0x0001, 'ZIP_64'],
  [0x000d, 'ZIP_SECOND_NAME'],
  [0x0017, 'ZIP_ENCRYPTED'],
  [0x7075, 'ZIP_SECOND_NAME'],
  [0x756e, 'ZIP_SECOND_NAME'],
  [0x9901, 'ZIP_ENCRYPTED'],
]);
/** zipalign fills up with up to three zero bytes. */
const MAX_PADDING = 3;

/** The first field that changes what the entry is; undefined when there is none. */
export function extraProblem(zip: ZipBytes, start: number, length: number): ZipProblemCode | undefined {
  const end = start + length;
  let at = start;
  while (end - at > MAX_PADDING) {
    const problem = MEANINGFUL.get(zip.u16(at));
    if (problem !== undefined) return problem;
    at += 4 + zip.u16(at + 2);
  }
  if (at > end) return 'ZIP_EXTRA';
  return zip.slice(at, end - at).every((byte) => byte === 0) ? undefined : 'ZIP_EXTRA';
}
