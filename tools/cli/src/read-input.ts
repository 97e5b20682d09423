import type { Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { inspectArtifact, ZipError } from '@plugmark/analysis';
import type { Inspection } from '@plugmark/schemas';
import { DEFAULT_LIMITS, WasmError } from '@plugmark/wasm';
import { CliError } from './cli-error.ts';
import type { Io } from './io.ts';
import { grouped } from './numbers.ts';

/** A file a person named. Throws FILE_MISSING, FILE_UNREADABLE, FILE_TOO_LARGE. */
export async function readInput({ cwd }: Io, path: string): Promise<Uint8Array> {
  const file = resolve(cwd, path);
  try {
    refuseEndless(path, await stat(file));
    return new Uint8Array(await readFile(file));
  } catch (cause) {
    throw cause instanceof CliError ? cause : fileError(path, cause);
  }
}

/** Nothing else is read: a pipe may never be written to, /dev/zero never ends, and a huge file would fill the memory. */
function refuseEndless(path: string, found: Stats): void {
  const kind = KINDS.find(([is]) => found[is]())?.[1];
  if (kind !== undefined)
    throw new CliError('FILE_UNREADABLE', `${path} is ${kind}, not a file`, {
      hint: 'save its content to a file first',
    });
  if (found.size > DEFAULT_LIMITS.fileBytes)
    throw new CliError(
      'FILE_TOO_LARGE',
      `${path} has ${grouped(found.size)} bytes; ${grouped(DEFAULT_LIMITS.fileBytes)} are read at most`,
    );
}

const KINDS = [
  ['isFIFO', 'a pipe'],
  ['isSocket', 'a socket'],
  ['isCharacterDevice', 'a device'],
  ['isBlockDevice', 'a device'],
] as const;

/** The facts of a file a person named; what is wrong with the file is said with its name. Throws WasmError, ZipError. */
export async function inspectNamed(bytes: Uint8Array, path: string): Promise<Inspection> {
  try {
    return await inspectArtifact(bytes);
  } catch (cause) {
    if (cause instanceof ZipError) throw new ZipError(cause.problem, { cause, where: path });
    if (!(cause instanceof WasmError)) throw cause;
    const { code, offset, details, message } = cause;
    throw new WasmError(code, `${path}: ${bytes.length === 0 ? 'the file is empty' : message}`, {
      offset,
      details,
      cause,
    });
  }
}

export async function isFolder({ cwd }: Io, path: string): Promise<boolean> {
  try {
    return (await stat(resolve(cwd, path))).isDirectory();
  } catch (cause) {
    throw fileError(path, cause);
  }
}

function fileError(path: string, cause: unknown): CliError {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'EISDIR') return new CliError('FILE_UNREADABLE', `${path} is a folder`, { cause, hint: 'name a file' });
  if (code === 'ENOENT' || code === 'ENOTDIR') return new CliError('FILE_MISSING', `${path} is not there`, { cause });
  return new CliError('FILE_UNREADABLE', `${path} cannot be read (${code})`, { cause });
}
