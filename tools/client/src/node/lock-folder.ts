// A lock between processes: a file that only one of them can make. It names its holder, so that one who died does not lock for ever.
import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ClientError } from '../error.ts';
import type { LockOptions } from '../store/plugin-store.ts';

const PATIENCE_MS = 30_000;
const RETRY_MS = 25;

/** Runs `act` while the file at `path` is ours. Throws STORE_BUSY with who holds it, STORE. */
export async function lockFolder<T>(
  path: string,
  name: string,
  { act, waits = true }: LockOptions & { readonly act: () => Promise<T> },
): Promise<T> {
  const mine = `${process.pid} ${hostname()} ${randomUUID()}`;
  await guarded(name, () => mkdir(dirname(path), { recursive: true }));
  HELD.add(mine);
  try {
    await acquire(path, { name, mine, patience: waits ? PATIENCE_MS : 0 });
    return await act();
  } finally {
    HELD.delete(mine);
    // Only our own: whoever took us for dead holds another.
    if ((await read(path)) === mine) await rm(path, { force: true });
  }
}

async function acquire(
  path: string,
  { name, mine, patience }: { readonly name: string; readonly mine: string; readonly patience: number },
): Promise<void> {
  const end = Date.now() + patience;
  for (;;) {
    const holder = (await guarded(name, () => create(path, mine))) ? undefined : await read(path);
    if (holder === undefined) {
      if ((await read(path)) === mine) return;
      continue;
    }
    if (isDead(holder)) await takeAway(path, holder);
    else if (Date.now() >= end)
      throw new ClientError('STORE_BUSY', { name, holder: holder.split(' ', 2).join(' on ') });
    else await wait(RETRY_MS + (process.pid % RETRY_MS));
  }
}

/** FAT and some network file systems have no second names for a file. */
const WITHOUT_LINKS: ReadonlySet<string | undefined> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** Linked into its place with its content: an empty lock would have no holder who can be found dead. */
async function create(path: string, mine: string): Promise<boolean> {
  const made = `${path}.${randomUUID()}`;
  try {
    await writeFile(made, mine, { flag: 'wx' });
    await link(made, path).catch(async (cause: NodeJS.ErrnoException) => {
      if (!WITHOUT_LINKS.has(cause.code)) throw cause;
      await writeFile(path, mine, { flag: 'wx' });
    });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  } finally {
    await rm(made, { force: true });
  }
}

async function read(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

/** What this process holds or waits for. */
const HELD = new Set<string>();

/**
 * Of another machine nothing is known, so its locks are waited for. One with our own number that we do not hold was left by a process
 * that had the number before: in a container every start has the same.
 */
function isDead(holder: string): boolean {
  const [pid, host] = holder.split(' ');
  if (host !== hostname()) return false;
  if (Number(pid) === process.pid) return !HELD.has(holder);
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Moved away before it is deleted: of two who think the holder dead, the second may have met the first one's new lock. */
async function takeAway(path: string, dead: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const moved = await read(aside);
  if (moved !== undefined && moved !== dead) await rename(aside, path).catch(() => undefined);
  else await rm(aside, { force: true });
}

async function guarded<T>(name: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw new ClientError('STORE', { name, errno: (cause as NodeJS.ErrnoException).code }, cause);
  }
}
