// A tar as a stranger may have made it, entry by entry. Plain files at places a registry has are taken; a link, a device, a path that
// climbs, a second file of one name, a length that does not fit: the archive is refused at that point. Nothing is unpacked here.

import { open } from 'node:fs/promises';
import { CliError, type CliErrorCode } from '../cli-error.ts';
import { carriedPath } from './carried-path.ts';
import { BLOCK, checksum } from './tar-format.ts';

export interface ArchiveEntry {
  readonly path: string;
  readonly size: number;
  /** All of it; only until the next entry is asked for. */
  readonly read: () => Promise<Uint8Array>;
}

/** Where it is, and how the person called it. */
export interface NamedFile {
  readonly path: string;
  readonly named: string;
}

const MAX_ENTRIES = 2_000_000;
const MAX_PAX_BYTES = 4_096;

/** Throws TAR_TRUNCATED, TAR_DAMAGED, TAR_ENTRY, TAR_PATH, TAR_DUPLICATE, TAR_TOO_LARGE. */
export async function* readArchive({ path, named: file }: NamedFile): AsyncGenerator<ArchiveEntry> {
  const handle = await open(path, 'r');
  try {
    const { size: length } = await handle.stat();
    const read = async (at: number, bytes: number): Promise<Uint8Array> => {
      if (at + bytes > length) throw refused('TAR_TRUNCATED', file, at, 'ends in the middle of a file');
      const buffer = new Uint8Array(bytes);
      const { bytesRead } = await handle.read(buffer, 0, bytes, at);
      if (bytesRead !== bytes) throw refused('TAR_TRUNCATED', file, at, 'ends in the middle of a file');
      return buffer;
    };
    yield* entries({ file, length, read });
  } finally {
    await handle.close();
  }
}

interface Archive {
  readonly file: string;
  readonly length: number;
  readonly read: (at: number, bytes: number) => Promise<Uint8Array>;
}

async function* entries(archive: Archive): AsyncGenerator<ArchiveEntry> {
  const { file, read } = archive;
  const seen = new Set<string>();
  let longName: string | undefined;
  for (let at = 0; ; ) {
    const block = await read(at, BLOCK);
    if (isZero(block)) return requireEnd(archive, at);
    const { type, name, size } = parseHeader(block, file, at);
    const next = at + BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    if (type === 'x') {
      if (longName !== undefined || size > MAX_PAX_BYTES)
        throw refused('TAR_DAMAGED', file, at, 'has extended headers that no file follows');
      longName = pathRecord(await read(at + BLOCK, size), file, at);
    } else {
      const path = longName ?? name;
      longName = undefined;
      requireCarried({ path, size, file, at, seen });
      seen.add(path);
      yield { path, size, read: () => read(at + BLOCK, size) };
    }
    at = next;
  }
}

function requireCarried(entry: {
  path: string;
  size: number;
  file: string;
  at: number;
  seen: ReadonlySet<string>;
}): void {
  const { path, size, file, at, seen } = entry;
  const rule = carriedPath(path);
  if (rule === undefined) throw refused('TAR_PATH', file, at, `holds ${path}, which is no file of a registry`);
  if (seen.has(path)) throw refused('TAR_DUPLICATE', file, at, `holds ${path} twice`);
  if (size > rule.maxBytes || seen.size >= MAX_ENTRIES)
    throw refused('TAR_TOO_LARGE', file, at, `holds ${path} with ${size} bytes; ${rule.maxBytes} are taken at most`);
}

function parseHeader(block: Uint8Array, file: string, at: number): { type: string; name: string; size: number } {
  const sum = Number.parseInt(text(block, 148, 8), 8);
  if (sum !== checksum(block)) throw refused('TAR_DAMAGED', file, at, 'has a header that does not fit its checksum');
  if (text(block, 257, 6) !== 'ustar') throw refused('TAR_DAMAGED', file, at, 'is not a POSIX tar');
  const sizeText = text(block, 124, 12).trim();
  if (!/^[0-7]{1,11}$/.test(sizeText)) throw refused('TAR_DAMAGED', file, at, 'has a header without a size');
  const type = text(block, 156, 1) || '0';
  const [name, prefix] = [text(block, 0, 100), text(block, 345, 155)];
  const path = prefix === '' ? name : `${prefix}/${name}`;
  if (type !== '0' && type !== 'x')
    throw refused(
      'TAR_ENTRY',
      file,
      at,
      `holds ${path}, which is a link, folder or device (type ${type}), not a plain file`,
    );
  return { type, name: path, size: Number.parseInt(sizeText, 8) };
}

/** The one record we write: anything else could change what a file is. */
function pathRecord(bytes: Uint8Array, file: string, at: number): string {
  const whole = new TextDecoder('latin1').decode(bytes);
  const [, length, path] = /^(\d{1,4}) path=([^\n]+)\n$/.exec(whole) ?? [];
  if (path !== undefined && Number(length) === whole.length) return path;
  throw refused('TAR_DAMAGED', file, at, 'has an extended header other than a path');
}

/** Two blocks of zeros, and nothing after them but zeros: what one reader stops before, another might read. */
async function requireEnd({ file, length, read }: Archive, at: number): Promise<void> {
  if (length < at + 2 * BLOCK) throw refused('TAR_TRUNCATED', file, at, 'has no end');
  for (let from = at; from < length; from += 64 * BLOCK)
    if (!isZero(await read(from, Math.min(64 * BLOCK, length - from))))
      throw refused('TAR_DAMAGED', file, from, 'goes on after its end');
}

const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

function text(block: Uint8Array, at: number, length: number): string {
  const bytes = block.subarray(at, at + length);
  const end = bytes.indexOf(0);
  return new TextDecoder('latin1').decode(end < 0 ? bytes : bytes.subarray(0, end));
}

const refused = (code: CliErrorCode, file: string, at: number, problem: string): CliError =>
  new CliError(code, `${file} ${problem} (at byte ${at})`);
