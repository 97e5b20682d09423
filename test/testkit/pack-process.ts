// The zip of a process plugin: the files of a folder, stored, in the order of their names, with the format's first day as their time.
// No compressor and no clock, so the bytes are a function of the files.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipArchive } from './zip-builder.ts';

export async function packProcess(folder: string): Promise<Uint8Array> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = found
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('__pycache__'))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
  const items = names.map(async (name) => ({ name, content: new Uint8Array(await readFile(join(folder, name))) }));
  return zipArchive(await Promise.all(items));
}
