// The shape of test/vectors/trust and the run of one of them: no Node in here, the same code runs in a page.
import { ClientError, fromUtf8, loadTrusted, refreshMetadata, sha256, toHex, utf8 } from '@plugmark/client/trust';
import { MemoryTrustStore } from '../testkit/memory-trust-store.ts';

/** Files as text, since every one is JSON or meant to look like it; a number stands for so many spaces. */
type Files = Readonly<Record<string, string | number>>;

export interface TrustVector {
  readonly now: string;
  readonly root: string;
  readonly store: Files;
  readonly served: Files;
  readonly ask?: string;
}

export interface TrustOutcome {
  readonly code?: string;
  readonly versions?: readonly number[];
  readonly role?: string;
  readonly sha256?: string;
  /** What the store alone gives afterwards: versions of root, timestamp, snapshot, targets. */
  readonly kept: readonly number[] | null;
}

export async function runVector(vector: TrustVector): Promise<TrustOutcome> {
  const store = new MemoryTrustStore(Object.entries(vector.store).map(([name, content]) => [name, asBytes(content)]));
  const base = { root: utf8(vector.root), store, now: new Date(vector.now) };
  const served = new Map(Object.entries(vector.served));
  const fetchFile = async (path: string) => {
    const content = served.get(decodeURIComponent(path));
    return content === undefined ? undefined : asBytes(content);
  };
  const outcome = await attempt(async () => {
    const client = await refreshMetadata({ ...base, fetchFile });
    const versions = versionsOf(client);
    if (vector.ask === undefined) return { versions };
    const info = await client.target(vector.ask);
    if (!info) return { versions, role: 'none' };
    return { versions, role: info.role, sha256: toHex(await sha256(await client.download(info))) };
  });
  const kept = await loadTrusted(base).catch(() => undefined);
  return { ...outcome, kept: kept ? versionsOf(kept) : null };
}

type Client = Awaited<ReturnType<typeof refreshMetadata>>;

function versionsOf({ state }: Client): number[] {
  return [state.rootVersion, state.timestampVersion, state.snapshotVersion, state.targetsVersion];
}

/** Anything but a ClientError is a fault of the client and ends the test. */
async function attempt(run: () => Promise<Omit<TrustOutcome, 'kept'>>): Promise<Omit<TrustOutcome, 'kept'>> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ClientError) return { code: error.code };
    throw error;
  }
}

function asBytes(content: string | number): Uint8Array {
  return utf8(typeof content === 'number' ? ' '.repeat(content) : content);
}

export function filesAsText(files: ReadonlyMap<string, Uint8Array>): Files {
  const text = (bytes: Uint8Array) => (bytes.every((byte) => byte === 0x20) ? bytes.length : fromUtf8(bytes));
  return Object.fromEntries(
    [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, bytes]) => [name, text(bytes)]),
  );
}
