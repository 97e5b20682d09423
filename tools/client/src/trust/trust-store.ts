// Where verified metadata is kept between runs, under which names, and how large each file may be.
// What is read back is verified again from the host's root: the store is a cache and a memory, never an authority.

/** Kept by the host. Each `put` must be atomic: the old bytes or the new ones, whatever happens in between. */
export interface TrustStore {
  /** Names are relative paths with `/`, safe as file names: `metadata/timestamp.json`, `targets/<sha256>`. */
  get(name: string): Promise<Uint8Array | undefined>;
  /** Atomic: the old bytes or the new ones. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** Deleting what is not there is no error. */
  delete(name: string): Promise<void>;
}

// The limits the TUF reference clients use. They hold even where a parent file declares more.
export const MAX_ROOT_BYTES: number = 512_000;
export const MAX_TIMESTAMP_BYTES: number = 16_384;
export const MAX_SNAPSHOT_BYTES: number = 2_000_000;
export const MAX_TARGETS_BYTES: number = 5_000_000;

/** When the stored timestamp's version was first seen here: `<version> <ISO time>`. Written by us, signed by nobody. */
export const STORED_SEEN: string = 'trust/timestamp-seen';

export function storedTopLevel(role: 'timestamp' | 'snapshot' | 'targets'): string {
  return `metadata/${role}.json`;
}

/** Every root is kept, so that the chain from the host's root can be walked again without trusting the store. */
export function storedRoot(version: number): string {
  return `metadata/${version}.root.json`;
}

/** A folder of their own: on a file system that ignores case, a role named "Timestamp" would overwrite the real one. */
export function storedRole(name: string): string {
  return `metadata/roles/${encodeURIComponent(name)}.json`;
}
