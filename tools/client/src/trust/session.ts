// One update run's surroundings and how it gets a file: from the store, believed only after verification, or from the
// server, limited in length and stored once verified.
import { ClientError } from '../error.ts';
import type { TrustStore } from './trust-store.ts';

export interface Session {
  readonly store: TrustStore;
  /** One fixed instant for the whole run (TUF 5.1): a slow server must not move files across their expiry. */
  readonly now: Date;
  /** Absent when offline. */
  readonly fetchFile: ((path: string, maxBytes: number) => Promise<Uint8Array | undefined>) | undefined;
}

/** One file: its name in the store, its path on the server, its byte limit, and what makes it believed. */
interface FileRequest<T> {
  readonly stored: string;
  readonly path: string;
  readonly maxBytes: number;
  readonly verify: (bytes: Uint8Array) => Promise<T>;
}

/** A stored file if it still passes `verify`. One that does not is as good as absent: it is fetched anew. */
export async function recall<T>(
  session: Session,
  stored: string,
  verify: (bytes: Uint8Array) => T | Promise<T>,
): Promise<T | undefined> {
  const bytes = await session.store.get(stored);
  try {
    return bytes && (await verify(bytes));
  } catch (error) {
    if (error instanceof ClientError) return undefined;
    throw error;
  }
}

/** Throws FILE_MISSING, TOO_LARGE, and what `verify` throws for the server's bytes. */
export async function obtain<T>(session: Session, request: FileRequest<T>): Promise<T> {
  const known = await recall(session, request.stored, request.verify);
  if (known) return known;
  const bytes = await fetchRequired(session, request.path, request.maxBytes);
  const value = await request.verify(bytes);
  await session.store.put(request.stored, bytes);
  return value;
}

export async function fetchRequired(session: Session, path: string, maxBytes: number): Promise<Uint8Array> {
  const bytes = await fetchLimited(session, path, maxBytes);
  if (!bytes) throw new ClientError('FILE_MISSING', { path });
  return bytes;
}

/** Undefined when the server has no such file. The limit holds even if the injected fetch ignores it. */
export async function fetchLimited(session: Session, path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  const bytes = await session.fetchFile?.(path, maxBytes);
  if (bytes && bytes.length > maxBytes) throw new ClientError('TOO_LARGE', { path, maxBytes });
  return bytes;
}
