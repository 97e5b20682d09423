// What the online key signs: the documents role, snapshot and timestamp. A function of the documents, the previous files and the
// time; what still stands is kept byte for byte, so an unchanged registry keeps its bytes.

import type { Registry } from '@plugmark/schemas';
import type { FileTree } from '../file-tree.ts';
import { daysAfter, hoursAfter, instant, renewalLimit } from '../instant.ts';
import type { KeySigner } from '../key-signer.ts';
import { type OfflineMetadata, versionOf } from './offline.ts';
import { readRole, renewRole, targetEntry } from './role.ts';

/** The newest file of each online role. */
export interface OnlineMetadata {
  readonly documents: Uint8Array;
  readonly snapshot: Uint8Array;
  readonly timestamp: Uint8Array;
}

export interface OnlineInput {
  readonly previous: OnlineMetadata | undefined;
  readonly offline: OfflineMetadata;
  /** Package documents by TUF path. */
  readonly documents: FileTree;
  readonly signer: KeySigner;
  readonly expiries: Registry['expiries'];
  readonly now: Date;
}

export function signOnline({ previous, offline, documents, signer, expiries, now }: OnlineInput): OnlineMetadata {
  const signers = [signer];
  const targets = Object.fromEntries([...documents].map(([path, bytes]) => [path, targetEntry(bytes)]));
  const documentsRole = renewRole('targets', { targets }, instant(daysAfter(now, expiries.documentsDays)), {
    previous: previous?.documents,
    signers,
    where: 'documents.json',
    renewBefore: renewalLimit(now, expiries.documentsDays, expiries.lookAheadDays),
  });
  // Versions only: hashes of the roles would not compress, and each role is signed by itself.
  const meta = {
    'documents.json': { version: versionOf(documentsRole, 'targets') },
    'revocations.json': { version: versionOf(offline.revocations, 'targets') },
    'targets.json': { version: versionOf(offline.targets, 'targets') },
  };
  const snapshot = renewRole('snapshot', { meta }, instant(daysAfter(now, expiries.snapshotDays)), {
    previous: previous?.snapshot,
    signers,
    where: 'snapshot.json',
    renewBefore: renewalLimit(now, expiries.snapshotDays, expiries.lookAheadDays),
  });
  const timestamp = renewRole(
    'timestamp',
    { meta: { 'snapshot.json': snapshotEntry(snapshot) } },
    instant(hoursAfter(now, expiries.timestampHours)),
    {
      previous: previous?.timestamp,
      signers,
      where: 'timestamp.json',
      // Signed anew when it is older than the refresh interval, at the latest half way: one that lasts no longer would run out.
      renewBefore: hoursAfter(
        now,
        Math.max(expiries.timestampHours - expiries.timestampRefreshHours, expiries.timestampHours / 2),
      ),
    },
  );
  return { documents: documentsRole, snapshot, timestamp };
}

function snapshotEntry(snapshot: Uint8Array): object {
  const { length, hashes } = targetEntry(snapshot);
  return { version: versionOf(snapshot, 'snapshot'), length, hashes };
}

/** The files under their names in `metadata/`. */
export function onlineFiles({ documents, snapshot, timestamp }: OnlineMetadata): FileTree {
  return new Map([
    [`${versionOf(documents, 'targets')}.documents.json`, documents],
    [`${versionOf(snapshot, 'snapshot')}.snapshot.json`, snapshot],
    ['timestamp.json', timestamp],
  ]);
}

/** When a timestamp ends, for summaries. */
export function timestampExpiry(timestamp: Uint8Array): string {
  return readRole(timestamp, 'timestamp', 'timestamp.json').expires;
}
