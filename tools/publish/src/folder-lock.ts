// One writer at a time. The lock is a file beside the folder with the writer's process number: a kill leaves it behind, and the next
// writer on this machine sees that the process is gone and takes it over. It is no protection against another machine.

import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { PublishError } from './error.ts';

interface Holder {
  readonly pid: number;
  readonly machine: string;
  readonly nonce: string;
}

/** Does the work while nobody else does work under the same lock. Throws LOCKED at once when somebody does. */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const release = await acquire(path);
  try {
    return await work();
  } finally {
    await release();
  }
}

async function acquire(path: string): Promise<() => Promise<void>> {
  const own: Holder = { pid: process.pid, machine: hostname(), nonce: randomUUID() };
  const draft = `${path}.${own.nonce}`;
  await mkdir(dirname(path), { recursive: true });
  // Written beside and linked into place, so that nobody reads a lock that has no holder in it yet.
  await writeFile(draft, JSON.stringify(own), { flag: 'wx' });
  try {
    if (!(await linked(draft, path))) {
      await removeLeftBehind(path);
      if (!(await linked(draft, path))) throw locked(path, await holderOf(path));
    }
  } finally {
    await rm(draft, { force: true });
  }
  return () => rm(path, { force: true });
}

async function linked(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  }
}

/** Moves the lock of a dead process aside; two that try see by its nonce whether they moved the one they had looked at. */
async function removeLeftBehind(path: string): Promise<void> {
  const holder = await holderOf(path);
  if (holder !== undefined && isAlive(holder)) throw locked(path, holder);
  const aside = `${path}.${randomUUID()}`;
  const moved = await rename(path, aside).then(
    () => true,
    () => false,
  );
  if (!moved) return;
  const seen = await holderOf(aside);
  if (seen?.nonce !== holder?.nonce) await linked(aside, path);
  await rm(aside, { force: true });
}

async function holderOf(path: string): Promise<Holder | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Holder);
  } catch {
    return undefined;
  }
}

/** A process of another machine counts as alive: from here nobody can tell. */
function isAlive({ pid, machine }: Holder): boolean {
  if (machine !== hostname()) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function locked(path: string, holder: Holder | undefined): PublishError {
  const who =
    holder === undefined
      ? 'another process'
      : `process ${holder.pid}${holder.machine === hostname() ? '' : ` on ${holder.machine}`}`;
  return new PublishError('LOCKED', path, `${who} is writing there`);
}
