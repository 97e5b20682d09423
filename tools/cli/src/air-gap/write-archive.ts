// Files of a folder as one tar, in the order of their paths, nothing of this machine in it. It appears under its name when it is whole.

import { createHash } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { endOfArchive, fileHeader, paddingFor } from './tar-format.ts';

export interface WrittenArchive {
  readonly sha256: string;
  readonly bytes: number;
}

/** `paths` to the file that holds the content. */
export async function writeArchive(to: string, paths: ReadonlyMap<string, string>): Promise<WrittenArchive> {
  const unfinished = `${to}.unfinished`;
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    const file = await open(unfinished, 'w');
    try {
      const put = async (part: Uint8Array): Promise<void> => {
        hash.update(part);
        bytes += part.length;
        await file.writeFile(part);
      };
      for (const [path, from] of [...paths].sort(([a], [b]) => (a < b ? -1 : 1))) {
        const content = await readFile(from);
        await put(fileHeader(path, content.length));
        await put(content);
        await put(paddingFor(content.length));
      }
      await put(endOfArchive());
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, to);
  } catch (cause) {
    await rm(unfinished, { force: true });
    throw cause;
  }
  return { sha256: hash.digest('hex'), bytes };
}
