// The directory at the end of an archive: one record an entry. What it says of an entry is checked here by itself; local-headers.ts
// holds it against the entry's own header.

import { SIGNATURE, type ZipBytes } from './bytes.ts';
import type { EndRecord } from './end-record.ts';
import { pathProblem } from './entry-path.ts';
import { extraProblem } from './extra-fields.ts';
import { FLAG, KNOWN_FLAGS, METHOD, type ZipEntry } from './zip-entry.ts';
import type { ZipLimits } from './zip-limits.ts';
import { ZipError, type ZipProblem, type ZipProblemCode } from './zip-problem.ts';

/** APPNOTE 4.3.12, without name, extra fields and comment. */
const RECORD = 46;

interface DirectoryRecord extends ZipEntry {
  readonly attributes: number;
  readonly extraOffset: number;
  readonly extraLength: number;
  readonly disk: number;
  readonly end: number;
}

interface Directory {
  readonly entries: readonly ZipEntry[];
  readonly problems: readonly ZipProblem[];
}

/** Throws ZipError when the records themselves do not fit; what is wrong with an entry is a problem. */
export function readDirectory(zip: ZipBytes, end: EndRecord, limits: ZipLimits): Directory {
  if (end.entries > limits.entries)
    throw new ZipError({ code: 'ZIP_ENTRIES', offset: end.offset, detail: `${end.entries}, of ${limits.entries}` });
  const entries: ZipEntry[] = [];
  const problems: ZipProblem[] = [];
  let at = end.directoryOffset;
  for (let count = 0; count < end.entries; count += 1) {
    const record = readRecord(zip, at, end.offset);
    problems.push(...recordProblems(zip, record, limits));
    entries.push(record);
    at = record.end;
  }
  if (at !== end.offset) throw new ZipError({ code: 'ZIP_COUNT', offset: at });
  return { entries, problems: problems.length > 0 ? problems : totalProblems(entries, end, limits) };
}

function readRecord(zip: ZipBytes, offset: number, directoryEnd: number): DirectoryRecord {
  if (offset + RECORD > directoryEnd) throw new ZipError({ code: 'ZIP_COUNT', offset });
  if (zip.u32(offset) !== SIGNATURE.central) throw new ZipError({ code: 'ZIP_BAD_RECORD', offset });
  const [nameLength, extraLength, commentLength] = [zip.u16(offset + 28), zip.u16(offset + 30), zip.u16(offset + 32)];
  const extraOffset = offset + RECORD + nameLength;
  const end = extraOffset + extraLength + commentLength;
  if (end > directoryEnd)
    throw new ZipError({ code: 'ZIP_BAD_RECORD', offset, detail: 'it reaches past the directory' });
  const nameBytes = zip.slice(offset + RECORD, nameLength);
  const name = decodeName(nameBytes);
  const isFolder = name.endsWith('/');
  return {
    path: isFolder ? name.slice(0, -1) : name,
    isFolder,
    flags: zip.u16(offset + 8),
    method: zip.u16(offset + 10),
    crc: zip.u32(offset + 16),
    packedBytes: zip.u32(offset + 20),
    bytes: zip.u32(offset + 24),
    recordOffset: offset,
    headerOffset: zip.u32(offset + 42),
    nameBytes,
    disk: zip.u16(offset + 34),
    attributes: zip.u32(offset + 38),
    extraOffset,
    extraLength,
    end,
  };
}

/** What is no UTF-8 keeps a mark in its place and is a problem of its own. */
const decodeName = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

type RecordRule = (record: DirectoryRecord, zip: ZipBytes, limits: ZipLimits) => ZipProblemCode | undefined | false;

/** Each is asked of every record. */
const RECORD_RULES: readonly RecordRule[] = [
  ({ path, isFolder }, _, limits) => (path === '' && isFolder ? 'ZIP_PATH_ABSOLUTE' : pathProblem(path, limits)),
  (record) => !isPlainText(record) && 'ZIP_NAME_ENCODING',
  ({ extraOffset, extraLength }, zip) => extraProblem(zip, extraOffset, extraLength),
  (record) => !isPlain(record) && 'ZIP_SPECIAL',
  ({ isFolder, bytes, packedBytes }) => isFolder && (bytes > 0 || packedBytes > 2) && 'ZIP_FOLDER_DATA',
  ({ flags }) => (flags & (FLAG.encrypted | FLAG.strongEncryption | FLAG.masked)) !== 0 && 'ZIP_ENCRYPTED',
  ({ flags }) => (flags & ~KNOWN_FLAGS) !== 0 && 'ZIP_FLAGS',
  ({ method }) => method !== METHOD.stored && method !== METHOD.deflated && 'ZIP_METHOD',
  ({ disk }) => disk !== 0 && 'ZIP_SPLIT',
  (record) => [record.bytes, record.packedBytes, record.headerOffset].includes(0xffffffff) && 'ZIP_64',
  ({ bytes, packedBytes }, _, limits) => sizeProblem(bytes, packedBytes, limits),
];

function sizeProblem(
  bytes: number,
  packedBytes: number,
  { fileBytes, ratio, ratioFrom }: ZipLimits,
): ZipProblemCode | undefined {
  if (bytes > fileBytes) return 'ZIP_FILE_SIZE';
  return bytes > ratioFrom && bytes > packedBytes * ratio ? 'ZIP_RATIO' : undefined;
}

function recordProblems(zip: ZipBytes, record: DirectoryRecord, limits: ZipLimits): ZipProblem[] {
  const { recordOffset: offset, path } = record;
  const codes = RECORD_RULES.map((rule) => rule(record, zip, limits)).filter((code) => typeof code === 'string');
  return [...new Set(codes)].map((code) => ({ code, offset, path }));
}

/** Without the flag a name is of an old code page, of which readers guess; ASCII is the same in all of them. */
function isPlainText({ path, nameBytes, flags }: DirectoryRecord): boolean {
  if (nameBytes.every((byte) => byte < 0x80)) return true;
  return (flags & FLAG.utf8) !== 0 && !path.includes('\ufffd');
}

/** stat(7): the kind of file in the upper half of the attributes, and the bits that run it as somebody else. */
const UNIX = { kind: 0xf000, file: 0x8000, folder: 0x4000, setId: 0x0c00 } as const;
/** MS-DOS: volume label, folder, device, and Windows' reparse point. */
const DOS = { volume: 0x08, folder: 0x10, device: 0x40, reparsePoint: 0x400 } as const;

/** Whatever system the archive says it is from: readers differ in whether they ask. */
function isPlain({ attributes, isFolder }: DirectoryRecord): boolean {
  const mode = attributes >>> 16;
  const kind = mode & UNIX.kind;
  if (kind !== 0 && kind !== (isFolder ? UNIX.folder : UNIX.file)) return false;
  if ((mode & UNIX.setId) !== 0 || (attributes & (DOS.volume | DOS.device | DOS.reparsePoint)) !== 0) return false;
  return isFolder || (attributes & DOS.folder) === 0;
}

function totalProblems(
  entries: readonly ZipEntry[],
  { directoryOffset }: EndRecord,
  { totalBytes }: ZipLimits,
): ZipProblem[] {
  const total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  return total > totalBytes
    ? [{ code: 'ZIP_TOTAL_SIZE', offset: directoryOffset, detail: `${total} bytes, of ${totalBytes}` }]
    : [];
}
