// A store in a folder. Each file appears whole or not at all; names cannot leave the folder. Keep the folder where no plugin can
// reach it.
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ClientError } from '../error.ts';
import { type PluginStore, queue, type StoredFile } from '../store/plugin-store.ts';
import { lockFolder } from './lock-folder.ts';

const TEMPORARY = /\.[0-9a-f-]{36}\.tmp$/;
/** What a killed process left half-written is nobody's any more after a day. */
const LEFT_BEHIND_MS = 86_400_000;

/** A PluginStore under the folder `path`, which is made when needed. Its methods throw STORE (`errno` says why) and STORE_BUSY. */
export function fileStore(path: string): PluginStore {
  // Once: a program that changes its working folder keeps its store, and names are cut off the folder's own spelling.
  const folder = resolve(path);
  const pathOf = (name: string): string => {
    const segments = name.split('/');
    if (segments.some((part) => part === '' || part === '.' || part === '..' || /[\\\0]/.test(part))) {
      throw new ClientError('STORE', { name });
    }
    return join(folder, ...segments);
  };
  const own = queue();
  return {
    get: (name) => guarded(name, () => readFile(pathOf(name)).then((bytes) => new Uint8Array(bytes)), undefined),
    put: (name, bytes) => guarded(name, () => writeAtomically(pathOf(name), bytes)),
    delete: (name) => guarded(name, () => rm(pathOf(name), { force: true })),
    list: (prefix) => guarded(prefix, () => filesBelow(folder, prefix)),
    lock: (name, act, options) =>
      own(name, () => lockFolder(pathOf(`locks/${encodeURIComponent(name)}`), name, { act, ...options }), options),
  };
}

async function guarded<T>(name: string, act: () => Promise<T>, ...absent: [] | [undefined]): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    const { code: errno } = cause as NodeJS.ErrnoException;
    if (absent.length === 1 && errno === 'ENOENT') return undefined as T;
    if (cause instanceof ClientError) throw cause;
    throw new ClientError('STORE', { name, errno }, cause);
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

async function filesBelow(folder: string, prefix: string): Promise<StoredFile[]> {
  const below = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  const found: StoredFile[] = [];
  for (const entry of await readdir(join(folder, below), { recursive: true, withFileTypes: true }).catch(absent)) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length + 1).replaceAll('\\', '/');
    const { size, mtimeMs } = await stat(path).catch(() => ({ size: -1, mtimeMs: 0 }));
    if (size < 0 || !name.startsWith(prefix) || name.startsWith('locks/')) continue;
    if (!TEMPORARY.test(name)) found.push({ name, size, written: mtimeMs });
    else if (Date.now() - mtimeMs > LEFT_BEHIND_MS) await rm(path, { force: true });
  }
  return found;
}

function absent(cause: NodeJS.ErrnoException): [] {
  if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return [];
  throw cause;
}
