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

/** A path longer than this is not followed. */
const LONGEST = 200;

/**
 * The folder below a prefix, spelled exactly as systems do, that is not the middle of an address: `/home/alice`. What lies below
 * it says no more about whose machine it was.
 */
export function lookAtFolder(prefix: string, notFollowedBy: readonly string[] = []): Look {
  return ({ bytes, start, end }) => {
    if (!hasText(bytes, start, prefix) || isIn(at(bytes, start - 1), HOST)) return undefined;
    if (!isIn(at(bytes, end), WORD) || notFollowedBy.some((name) => hasText(bytes, end, name))) return undefined;
    const path = asciiText(bytes.subarray(end, end + span(bytes, end, { set: PATH, most: LONGEST })));
    return { text: prefix + (/^[^/\\]+/.exec(path)?.[0] ?? '').slice(0, 60), start, length: end - start + path.length };
  };
}

/** The package whose source lies in a folder of downloads: `serde-1.0.0`, `github.com/acme/fft@v1.2.0`. */
export const lookAtPackage: Look = ({ bytes, start, end }) => {
  const path = asciiText(bytes.subarray(end, end + span(bytes, end, { set: PATH, most: LONGEST })));
  const name = (/^src\/[^/]+\/([^/]+)/.exec(path) ?? /^([^@]+@[^/]+)/.exec(path) ?? /^([^/]+\/[^/]+)/.exec(path))?.[1];
  return name === undefined ? undefined : { text: name.slice(0, 80), start, length: end - start + path.length };
};
