// Words of other programs in data: paths of the machine that built the file, shells, scripts, mining.

import { asciiText, at, HOST, hasText, isIn, PATH, span, WORD } from './byte-sets.ts';
import type { Look } from './look.ts';

/** The word itself, where it is one by itself. */
export const lookAtWord: Look = ({ bytes, start, end }) => {
  const goesOn = isIn(at(bytes, start), WORD) && isIn(at(bytes, start - 1), WORD);
  if (goesOn || isIn(at(bytes, end), WORD)) return undefined;
  return { text: asciiText(bytes.subarray(start, end)), start, length: end - start };
};

/** What is called, where the word is not the end of another. */
export const lookAtCall: Look = ({ bytes, start, end }) => {
  if (isIn(at(bytes, start), WORD) && isIn(at(bytes, start - 1), WORD)) return undefined;
  return { text: asciiText(bytes.subarray(start, end)), start, length: end - start };
};

/** So much of a path is shown. */
const SHOWN = 100;

/** A path from here on, spelled exactly as systems do, that is not the middle of an address. */
export function lookAtPath(prefix: string, notFollowedBy: readonly string[] = []): Look {
  return ({ bytes, start, end }) => {
    if (!hasText(bytes, start, prefix) || isIn(at(bytes, start - 1), HOST)) return undefined;
    if (!isIn(at(bytes, end), WORD) || notFollowedBy.some((name) => hasText(bytes, end, name))) return undefined;
    const length = prefix.length + span(bytes, end, { set: PATH, most: SHOWN - prefix.length });
    return { text: asciiText(bytes.subarray(start, start + length)), start, length };
  };
}

/** The name that follows a folder of downloaded sources. */
export const lookInside: Look = ({ bytes, start, end }) => {
  const length = end - start + span(bytes, end, { set: PATH, most: SHOWN });
  return length - (end - start) < 3
    ? undefined
    : { text: asciiText(bytes.subarray(start, start + length)), start, length };
};
