// Every way the zip reader refuses an archive, as a closed set of codes, and the rule each is reported by. Codes are for scripts and
// tests; the sentence is the rule's.

import { printable } from '../printable.ts';

/** Code -> the rule it is reported by, and what it means. */
export const ZIP_PROBLEMS = {
  ZIP_NO_END: { rule: 'zip.malformed', says: 'it does not end with the record that every zip ends with' },
  ZIP_TRUNCATED: { rule: 'zip.malformed', says: 'it ends in the middle of something' },
  ZIP_BAD_RECORD: {
    rule: 'zip.malformed',
    says: 'a record does not start with its signature or does not fit its place',
  },
  ZIP_COUNT: { rule: 'zip.malformed', says: 'the number of entries is not the one its end record names' },
  ZIP_EXTRA: { rule: 'zip.malformed', says: 'the extra fields of an entry do not fit the space they are given' },
  ZIP_DEFLATE: { rule: 'zip.malformed', says: 'the compressed data cannot be unpacked' },
  ZIP_TWO_ENDS: { rule: 'zip.ambiguous', says: 'it has two end records, and readers differ in which they take' },
  ZIP_STRAY_BYTES: { rule: 'zip.ambiguous', says: 'bytes that belong to no entry' },
  ZIP_OVERLAP: { rule: 'zip.ambiguous', says: 'two entries share bytes' },
  ZIP_HEADERS_DISAGREE: { rule: 'zip.ambiguous', says: 'an entry’s two headers differ' },
  ZIP_64: { rule: 'zip.ambiguous', says: 'zip64, which no archive of an allowed size needs' },
  ZIP_SPLIT: { rule: 'zip.ambiguous', says: 'part of an archive on several disks' },
  ZIP_SECOND_NAME: { rule: 'zip.ambiguous', says: 'an extra field that gives an entry another name or kind' },
  ZIP_NAME_ENCODING: { rule: 'zip.ambiguous', says: 'a name that is not ASCII and not marked as UTF-8, or no UTF-8' },
  ZIP_CRC: { rule: 'zip.content-mismatch', says: 'the content has another checksum than its header' },
  ZIP_SIZE: { rule: 'zip.content-mismatch', says: 'the content has another size than its header' },
  ZIP_PATH_ABSOLUTE: { rule: 'zip.path-unsafe', says: 'an absolute path or a drive letter' },
  ZIP_PATH_PARENT: { rule: 'zip.path-unsafe', says: 'a path with `.` or `..`' },
  ZIP_PATH_BACKSLASH: { rule: 'zip.path-unsafe', says: 'a backslash, which some systems take for a slash' },
  ZIP_PATH_CHARACTER: {
    rule: 'zip.path-unsafe',
    says: 'a character that is invisible, changes direction, or no name may hold',
  },
  ZIP_PATH_RESERVED: { rule: 'zip.path-unsafe', says: 'a name that Windows reserves or changes' },
  ZIP_PATH_EMPTY: { rule: 'zip.path-unsafe', says: 'an empty name or part of one' },
  ZIP_PATH_LENGTH: { rule: 'zip.path-unsafe', says: 'a path that is too long or too deep' },
  ZIP_DUPLICATE: { rule: 'zip.path-duplicate', says: 'the same name as another entry' },
  ZIP_DUPLICATE_FOLDED: {
    rule: 'zip.path-duplicate',
    says: 'the same name as another entry on systems that fold case or accents',
  },
  ZIP_FILE_AS_FOLDER: { rule: 'zip.path-duplicate', says: 'a name that is a file and a folder' },
  ZIP_SPECIAL: { rule: 'zip.special-file', says: 'no plain file or folder by its attributes' },
  ZIP_FOLDER_DATA: { rule: 'zip.special-file', says: 'a folder with content' },
  ZIP_ENCRYPTED: { rule: 'zip.encrypted', says: 'encrypted' },
  ZIP_METHOD: { rule: 'zip.method-unsupported', says: 'packed by a method other than stored and deflate' },
  ZIP_FLAGS: { rule: 'zip.method-unsupported', says: 'flags of a format that is not read here' },
  ZIP_ENTRIES: { rule: 'zip.too-large', says: 'more entries than are read' },
  ZIP_FILE_SIZE: { rule: 'zip.too-large', says: 'a file larger than is unpacked' },
  ZIP_TOTAL_SIZE: { rule: 'zip.too-large', says: 'files larger in all than is unpacked' },
  ZIP_RATIO: { rule: 'zip.too-large', says: 'a file that is far larger than its packed form' },
} as const;

export type ZipProblemCode = keyof typeof ZIP_PROBLEMS;

/** One thing that is wrong; `offset` is a byte of the archive, within `[0, size]`. */
export interface ZipProblem {
  readonly code: ZipProblemCode;
  readonly offset: number;
  /** As the archive writes it; a hostile name is in here as it is. */
  readonly path?: string;
  /** Ours. */
  readonly detail?: string;
}

const SHOWN_PATH = 200;

/** Ends the reading of an archive: nothing after it could be believed. The only error this package throws for what a file holds. */
export class ZipError extends Error {
  override readonly name = 'ZipError';
  readonly code: ZipProblemCode;
  readonly problem: ZipProblem;

  constructor(problem: ZipProblem, { where, cause }: { readonly where?: string; readonly cause?: unknown } = {}) {
    const entry = problem.path === undefined ? '' : `${printable(problem.path, SHOWN_PATH)}: `;
    super((where === undefined ? '' : `${where}: `) + entry + zipProblemText(problem), { cause });
    this.code = problem.code;
    this.problem = problem;
  }
}

export function zipProblemText({ code, detail }: ZipProblem): string {
  return ZIP_PROBLEMS[code].says + (detail === undefined ? '' : `: ${detail}`);
}
