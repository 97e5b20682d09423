// A repository at one verified snapshot, and how its targets files are loaded (TUF 1.0 section 5.6).
import { ClientError } from '../error.ts';
import type { Delegator, MetaFile, Snapshot, Targets } from './metadata.ts';
import { obtain, recall, type Session } from './session.ts';
import { advanceTargets, type NamedRole, readTargets } from './transitions.ts';
import { MAX_TARGETS_BYTES, storedRole, storedTopLevel } from './trust-store.ts';

export interface Repository {
  readonly session: Session;
  readonly snapshot: Snapshot;
  /** Whether file names carry versions and hashes (TUF 6.2). Root files always carry their version. */
  readonly isConsistent: boolean;
}

/** Throws METADATA_*, FILE_MISSING, TOO_LARGE. */
export async function loadTargets(repository: Repository, delegator: Delegator, role: NamedRole): Promise<Targets> {
  const { session, snapshot, isConsistent } = repository;
  const expected = snapshot.meta.get(`${role.name}.json`);
  if (!expected) throw new ClientError('FILE_MISSING', { role: role.name });
  const stored = role.name === 'targets' ? storedTopLevel('targets') : storedRole(role.name);
  if (!session.fetchFile) {
    const known = await recall(session, stored, (bytes) => acceptOlder(delegator, role, expected, bytes));
    if (known) return known;
  }
  return obtain(session, {
    stored,
    path: metadataPath(encodeURIComponent(role.name), expected, isConsistent),
    maxBytes: Math.min(expected.length ?? MAX_TARGETS_BYTES, MAX_TARGETS_BYTES),
    verify: (bytes) => advanceTargets(delegator, role, expected, bytes, session.now),
  });
}

/** TUF 5.5.1, 5.6.1. */
export function metadataPath(name: string, { version }: MetaFile, isConsistent: boolean): string {
  return `metadata/${isConsistent ? `${version}.` : ''}${name}.json`;
}

/** Offline: what was verified once stays usable after its successor was announced but not fetched, and expired. */
async function acceptOlder(
  delegator: Delegator,
  role: NamedRole,
  expected: MetaFile,
  bytes: Uint8Array,
): Promise<Targets | undefined> {
  const targets = await readTargets(delegator, role, bytes);
  return targets.version <= expected.version ? targets : undefined;
}
