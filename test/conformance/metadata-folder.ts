// The folders the conformance suite looks into: trusted metadata as `<role>.json` without versions, byte for byte as it was served,
// and downloaded targets. What the suite must not take for metadata (older roots, cached targets, notes) lies in a folder below.
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TrustStore } from '@plugmark/client/trust';

const ROOT = /^metadata\/\d+\.root\.json$/;

export const shippedRoot = (folder: string): string => join(folder, 'kept', 'shipped-root.json');

/** The suite's `init`: no check, no request. */
export async function initialize(folder: string, root: Uint8Array): Promise<void> {
  await write(shippedRoot(folder), root);
  await write(join(folder, 'root.json'), root);
}

export function metadataFolder(folder: string): TrustStore {
  const pathOf = (name: string): string => {
    if (ROOT.test(name) || !name.startsWith('metadata/')) return join(folder, 'kept', name);
    return join(folder, name.replace(/^metadata\/(roles\/)?/, ''));
  };
  return {
    get: (name) => readIfThere(pathOf(name)),
    async put(name, bytes) {
      await write(pathOf(name), bytes);
      if (ROOT.test(name)) await write(join(folder, 'root.json'), bytes);
    },
    delete: (name) => rm(pathOf(name), { force: true }),
  };
}

/** The suite orders downloads by the time they were written: what is there already is not written again. */
export async function saveTarget(folder: string, target: string, bytes: Uint8Array): Promise<void> {
  const path = join(folder, encodeURIComponent(target));
  const before = await readIfThere(path);
  if (before === undefined || Buffer.compare(before, bytes) !== 0) await write(path, bytes);
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.part`, bytes);
  await rename(`${path}.part`, path);
}
