// What a name in an archive may be, so that unpacking writes inside its folder, on every system the same files, and shows people
// the names that are there. A name is never repaired.

import type { ZipLimits } from './zip-limits.ts';
import type { ZipProblemCode } from './zip-problem.ts';

/** Whole names Windows takes for devices, with any extension; superscript digits count as digits there. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9¹²³])(?:\..*)?$/i;
/** Not names on Windows; the colon is also a stream on NTFS and a separator of old Macintosh. */
const NO_NAME = /[<>:"|?*]/;
/** Control, format and private characters, line breaks, spaces but the plain one, and what is drawn as nothing. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|[^\P{Zs} ]/u;

type PathRule = readonly [ZipProblemCode, (path: string, limits: ZipLimits) => boolean];

const some = (test: (segment: string) => boolean) => (path: string) => path.split('/').some(test);

/** In the order they are asked: the first that applies is said. */
const PATH_RULES: readonly PathRule[] = [
  ['ZIP_PATH_EMPTY', (path) => path === ''],
  ['ZIP_PATH_BACKSLASH', (path) => path.includes('\\')],
  ['ZIP_PATH_ABSOLUTE', (path) => path.startsWith('/') || /^[A-Za-z]:/.test(path) || path.startsWith('~')],
  ['ZIP_PATH_PARENT', some((segment) => segment === '.' || segment === '..')],
  ['ZIP_PATH_EMPTY', some((segment) => segment === '')],
  ['ZIP_PATH_CHARACTER', (path) => UNSEEN.test(path) || NO_NAME.test(path)],
  // Windows drops dots and spaces at the end, so the file is written under another name.
  ['ZIP_PATH_RESERVED', some((segment) => DEVICE.test(segment) || /[. ]$|^ /.test(segment))],
  [
    'ZIP_PATH_LENGTH',
    (path, { pathCharacters, depth }) => path.length > pathCharacters || path.split('/').length > depth,
  ],
];

/** Why this name is refused; undefined when it is not. `path` without the slash that ends a folder's name. */
export function pathProblem(path: string, limits: ZipLimits): ZipProblemCode | undefined {
  return PATH_RULES.find(([, applies]) => applies(path, limits))?.[0];
}

/** Names that become one file on a system that folds case (Windows, macOS) or normalises (macOS) have one key. */
export function foldedPath(path: string): string {
  // Through upper case, since `ß` and `ſ` have no lower case of their own; composed again, since mapping may decompose.
  return path.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
}
