// A store in a folder. Each file appears whole or not at all; names cannot leave the folder. Keep the folder where no plugin can
// reach it.
import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ClientError } from '../error.ts';
import type { TrustStore } from '../trust/trust-store.ts';

/** A TrustStore under `folder`, which is made when needed. Its methods throw STORE. */
export function fileStore(folder: string): TrustStore {
  const pathOf = (name: string): string => {
    const segments = name.split('/');
    if (segments.some((part) => part === '' || part === '.' || part === '..' || /[\\\0]/.test(part))) {
      throw new ClientError('STORE', { name });
    }
    return join(folder, ...segments);
  };
  return {
    get: (name) => guarded(name, () => readFile(pathOf(name)).then((bytes) => new Uint8Array(bytes)), undefined),
    put: (name, bytes) => guarded(name, () => writeAtomically(pathOf(name), bytes)),
    delete: (name) => guarded(name, () => rm(pathOf(name), { force: true })),
  };
}

async function guarded<T>(name: string, act: () => Promise<T>, ...absent: [] | [undefined]): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    if (absent.length === 1 && (cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined as T;
    if (cause instanceof ClientError) throw cause;
    throw new ClientError('STORE', { name }, cause);
  }
}

/** Written beside its place, flushed, then renamed over it: a kill at any point leaves the old bytes or the new ones. */
async function writeAtomically(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw cause;
  }
}
