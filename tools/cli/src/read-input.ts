import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CliError } from './cli-error.ts';
import type { Io } from './io.ts';

/** A file a person named. Throws FILE_MISSING, FILE_UNREADABLE. */
export async function readInput({ cwd }: Io, path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(resolve(cwd, path)));
  } catch (cause) {
    throw fileError(path, cause);
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
  if (code === 'ENOENT' || code === 'ENOTDIR') return new CliError('FILE_MISSING', `${path} is not there`, { cause });
  return new CliError('FILE_UNREADABLE', `${path} cannot be read (${code})`, { cause });
}
