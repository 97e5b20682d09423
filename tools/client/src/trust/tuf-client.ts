// Finds and downloads targets of a repository whose metadata has been verified.
// It must never return bytes whose length and hash were not just compared with signed metadata.
import { ClientError } from '../error.ts';
import { findTarget, type LoadDelegated } from './delegations.ts';
import { requireFile } from './file-check.ts';
import type { Targets } from './metadata.ts';
import { loadTargets, type Repository } from './repository.ts';
import { obtain } from './session.ts';

/** Versions of the metadata that is trusted now. */
export interface TufState {
  readonly rootVersion: number;
  readonly timestampVersion: number;
  readonly snapshotVersion: number;
  readonly targetsVersion: number;
  /** When the timestamp expires; it may have passed after loadTrusted. */
  readonly expires: Date;
  /** When this version of the timestamp first came to this store: what it says is at least that old. */
  readonly timestampSeen: Date | undefined;
}

/** A file the metadata vouches for. */
export interface TargetInfo {
  readonly path: string;
  /** Bytes. */
  readonly length: number;
  /** Lower-case hex; empty when the repository lists only sha512, which ours never does. */
  readonly sha256: string;
  readonly sha512?: string | undefined;
  /** The role that lists it: `targets`, or the name of a delegated role. */
  readonly role: string;
}

/** Verified metadata, and the files it vouches for. */
export interface TufClient {
  readonly state: TufState;
  /** Undefined when no role that may speak about `path` lists it. Loads delegated roles; throws as refreshMetadata. */
  target(path: string): Promise<TargetInfo | undefined>;
  /**
   * The verified bytes, from the store if it has them, else from the server, then stored under their hash. Throws
   * TARGET_UNKNOWN, FILE_MISSING, TARGET_DIGEST, TOO_LARGE.
   */
  download(info: TargetInfo): Promise<Uint8Array>;
}

export function createTufClient(repository: Repository, top: Targets, state: TufState): TufClient {
  const load = rememberingLoader(repository);
  return {
    state,
    async target(path) {
      const found = await findTarget(path, top, load);
      if (!found) return undefined;
      const { length, hashes } = found.file;
      return { path, length, sha256: hashes?.sha256 ?? '', sha512: hashes?.sha512, role: found.role };
    },
    download: (info) => download(repository, info),
  };
}

/** Per delegator and role: a file verified for one delegator says nothing about the keys another one names. */
function rememberingLoader(repository: Repository): LoadDelegated {
  const loads = new WeakMap<object, Promise<Targets>>();
  return (role, delegator) => {
    const known = loads.get(role);
    if (known) return known;
    const load = loadTargets(repository, delegator, role);
    loads.set(role, load);
    // A failure is not remembered, so that the caller can try again.
    load.catch(() => loads.delete(role));
    return load;
  };
}

async function download({ session, isConsistent }: Repository, info: TargetInfo): Promise<Uint8Array> {
  const { path, length } = info;
  const hashes = { sha256: info.sha256 || undefined, sha512: info.sha512 };
  const hash = hashes.sha256 ?? hashes.sha512;
  // A URL parser would follow dots out of `targets/`; and without a hash there is nothing to check the bytes with.
  if (!hash || /(^|\/)\.{0,2}(\/|$)/.test(path)) throw new ClientError('TARGET_UNKNOWN', { path });
  const names = path.split('/').map(encodeURIComponent);
  if (isConsistent) names.push(`${hash}.${names.pop()}`);
  return obtain(session, {
    stored: `targets/${hash}`,
    path: `targets/${names.join('/')}`,
    maxBytes: length,
    verify: async (bytes) => {
      await requireFile(bytes, { length, hashes }, path, 'TARGET_DIGEST');
      return bytes;
    },
  });
}
