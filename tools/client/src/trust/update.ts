// The update workflow of TUF 1.0 section 5: root chain, timestamp, snapshot, targets, each stored as soon as it verifies.
// The rules are in transitions.ts; this file only decides which bytes they see. It must never keep unverified bytes.
import { utf8 } from './bytes.ts';
import type { Root, Snapshot, Timestamp } from './metadata.ts';
import { loadTargets, metadataPath } from './repository.ts';
import { fetchLimited, fetchRequired, obtain, recall, type Session } from './session.ts';
import {
  advanceRoot,
  advanceSnapshot,
  advanceTimestamp,
  namedRole,
  readSnapshot,
  readTimestamp,
  requireUnexpired,
  rotatesOnlineKeys,
  trustRoot,
} from './transitions.ts';
import {
  MAX_ROOT_BYTES,
  MAX_SNAPSHOT_BYTES,
  MAX_TIMESTAMP_BYTES,
  STORED_SEEN,
  storedRoot,
  storedTopLevel,
  type TrustStore,
} from './trust-store.ts';
import { createTufClient, type TufClient } from './tuf-client.ts';

/** New roots accepted in one run; a longer chain continues in the next. */
const MAX_ROOT_ROTATIONS = 256;

const TIMESTAMP_FILE = storedTopLevel('timestamp');
const SNAPSHOT_FILE = storedTopLevel('snapshot');

/** What it takes to refresh metadata: a root, files, a store and the time. */
export interface TufOptions {
  /** The root.json the host ships, any version: the only thing trusted without a signature by something else. */
  readonly root: Uint8Array;
  /** Reads a file of the repository, at most `maxBytes`; undefined when the server has none of that name. */
  readonly fetchFile: (path: string, maxBytes: number) => Promise<Uint8Array | undefined>;
  readonly store: TrustStore;
  readonly now: Date;
}

/**
 * Brings the stored metadata up to date and returns a client over it.
 *
 * Throws ROOT_INVALID, METADATA_*, FILE_MISSING, TOO_LARGE, and whatever `fetchFile` and `store` throw. After a failure
 * the store holds what had verified by then; the next call continues from there.
 */
export async function refreshMetadata(options: TufOptions): Promise<TufClient> {
  const session: Session = options;
  const root = await updateRoot(session, options.root);
  requireUnexpired('root', root, session.now);
  const timestamp = await updateTimestamp(session, root);
  const snapshot = await updateSnapshot(session, root, timestamp);
  return openClient(session, root, timestamp, snapshot);
}

/**
 * A client over what the store holds, without any request; undefined when it holds no set that verifies.
 *
 * Nothing is refused for being expired: `state.expires` and `state.timestampSeen` let the caller decide. After an
 * interrupted refresh the files may be of different ages, none newer than the one that names it.
 */
export async function loadTrusted(options: Omit<TufOptions, 'fetchFile'>): Promise<TufClient | undefined> {
  const session: Session = { store: options.store, now: options.now, fetchFile: undefined };
  const root = await updateRoot(session, options.root);
  const timestamp = await recall(session, TIMESTAMP_FILE, (bytes) => readTimestamp(root, bytes));
  return recall(session, SNAPSHOT_FILE, async (bytes) => {
    const snapshot = await readSnapshot(root, bytes);
    const isNamed = timestamp && snapshot.version <= timestamp.meta['snapshot.json'].version;
    return isNamed ? openClient(session, root, timestamp, snapshot) : undefined;
  });
}

/** TUF 5.3: from the host's root, link by link, through the store and then the server. */
async function updateRoot(session: Session, shipped: Uint8Array): Promise<Root> {
  let root = await trustRoot(shipped);
  for (let rotations = 0; rotations < MAX_ROOT_ROTATIONS; ) {
    const trusted = root;
    const name = storedRoot(trusted.version + 1);
    const known = await recall(session, name, (bytes) => advanceRoot(trusted, bytes));
    const bytes = known ? undefined : await fetchLimited(session, name, MAX_ROOT_BYTES);
    if (!known && !bytes) break;
    root = known ?? (await advanceRoot(trusted, bytes as Uint8Array));
    if (!bytes) continue;
    // Before the root is stored: killed in between, the next run finds the old root and deletes again.
    if (rotatesOnlineKeys(trusted, root)) {
      await session.store.delete(TIMESTAMP_FILE);
      await session.store.delete(SNAPSHOT_FILE);
    }
    await session.store.put(name, bytes);
    rotations++;
  }
  return root;
}

/** TUF 5.4. */
async function updateTimestamp(session: Session, root: Root): Promise<Timestamp> {
  const trusted = await recall(session, TIMESTAMP_FILE, (bytes) => readTimestamp(root, bytes));
  const bytes = await fetchRequired(session, TIMESTAMP_FILE, MAX_TIMESTAMP_BYTES);
  const timestamp = advanceTimestamp(trusted, await readTimestamp(root, bytes));
  // Also when nothing changed: a server that repeats an old timestamp for ever is the freeze attack itself.
  requireUnexpired('timestamp', timestamp, session.now);
  if (timestamp !== trusted) {
    // The note first: killed in between, the next run finds the timestamp new again and the note is written again.
    await session.store.put(STORED_SEEN, utf8(`${timestamp.version} ${session.now.toISOString()}`));
    await session.store.put(TIMESTAMP_FILE, bytes);
  }
  return timestamp;
}

/** TUF 5.5. Runs even when the timestamp is unchanged, which resumes an update that was interrupted after it. */
async function updateSnapshot(session: Session, root: Root, timestamp: Timestamp): Promise<Snapshot> {
  const expected = timestamp.meta['snapshot.json'];
  const trusted = await recall(session, SNAPSHOT_FILE, (bytes) => readSnapshot(root, bytes));
  return obtain(session, {
    stored: SNAPSHOT_FILE,
    path: metadataPath('snapshot', expected, root.consistent_snapshot),
    maxBytes: Math.min(expected.length ?? MAX_SNAPSHOT_BYTES, MAX_SNAPSHOT_BYTES),
    verify: (bytes) => advanceSnapshot(root, expected, trusted, bytes, session.now),
  });
}

/** TUF 5.6, and the state as the caller sees it. */
async function openClient(session: Session, root: Root, timestamp: Timestamp, snapshot: Snapshot): Promise<TufClient> {
  const repository = { session, snapshot, isConsistent: root.consistent_snapshot };
  const targets = await loadTargets(repository, root, namedRole(root, 'targets'));
  return createTufClient(repository, targets, {
    rootVersion: root.version,
    timestampVersion: timestamp.version,
    snapshotVersion: snapshot.version,
    targetsVersion: targets.version,
    expires: timestamp.expires,
    timestampSeen: await recall(session, STORED_SEEN, (bytes) => readSeen(bytes, timestamp)),
  });
}

/** Undefined when the note is about another version: the run that should have written it was interrupted. */
function readSeen(bytes: Uint8Array, { version }: Timestamp): Date | undefined {
  const [seenVersion, at = ''] = new TextDecoder().decode(bytes).split(' ');
  const date = new Date(at);
  return seenVersion === String(version) && !Number.isNaN(+date) ? date : undefined;
}
