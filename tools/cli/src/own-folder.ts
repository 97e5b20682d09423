import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { completeWrite } from '@plugmark/publish';
import { CliError } from './cli-error.ts';

/** The file every built tree has. */
export const BUILT = 'metadata/timestamp.json';

export interface OwnFolder {
  /** A file that shows that the folder was written by us. */
  readonly holds: string;
  /** As the person named it. */
  readonly named: string;
}

/**
 * A folder that may be made to hold exactly what a command writes: a new one, an empty one, or one it wrote before. Somebody will
 * type `--out .` in a folder they care for. Throws FOLDER_NOT_OURS.
 */
export async function requireOwnFolder(folder: string, { holds, named }: OwnFolder): Promise<void> {
  await completeWrite(folder);
  const names: string[] = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return [] as string[];
    if (cause.code === 'ENOTDIR')
      throw new CliError('FOLDER_NOT_OURS', `${named} is a file`, { cause, hint: 'name a folder' });
    throw cause;
  });
  if (names.length === 0) return;
  if (!existsSync(join(folder, holds)))
    throw new CliError('FOLDER_NOT_OURS', `${named} holds other files and no ${holds}`);
  // A work tree that is about to be pushed: its history must not go with the files.
  if (names.includes('.git'))
    throw new CliError('FOLDER_NOT_OURS', `${named} is a git work tree`, {
      hint: 'write to another folder and copy the files',
    });
}
