// What the online key signs: the document roles, snapshot and timestamp. A function of the documents, the previous files and the
// time; what still stands is kept byte for byte, so an unchanged registry keeps its bytes and a new release changes one role.

import { parseJson, type Registry, RoleHead } from '@plugmark/schemas';
import { PublishError } from '../error.ts';
import type { FileTree } from '../file-tree.ts';
import { daysAfter, hoursAfter, instant, renewalLimit } from '../instant.ts';
import type { KeySigner } from '../key-signer.ts';
import { delegatedDocumentRoles, roleFinder } from './document-roles.ts';
import { type OfflineMetadata, versionOf } from './offline.ts';
import { readRole, renewRole, type TargetEntry, targetEntry } from './role.ts';

/** The newest file of each online role. */
export interface OnlineMetadata {
  /** Document roles by name. */
  readonly roles: ReadonlyMap<string, Uint8Array>;
  readonly snapshot: Uint8Array;
  readonly timestamp: Uint8Array;
}

/** The same as it was signed before; a role is read when it is asked for. */
export interface PreviousOnline extends Omit<OnlineMetadata, 'roles'> {
  readonly roles: Pick<ReadonlyMap<string, Uint8Array>, 'get'>;
  /** Of every document role there is, former ones too. */
  readonly versions: ReadonlyMap<string, number>;
}

export interface OnlineInput {
  readonly previous: PreviousOnline | undefined;
  readonly offline: OfflineMetadata;
  /** Package documents by TUF path, as a role lists them; of a role in `standing` none. */
  readonly documents: ReadonlyMap<string, TargetEntry>;
  /** Roles that would be kept as they are: they are neither read nor among what comes back. */
  readonly standing?: ReadonlySet<string>;
  readonly signer: KeySigner;
  readonly expiries: Registry['expiries'];
  readonly now: Date;
}

export function signOnline(input: OnlineInput): OnlineMetadata {
  const { previous, signer, expiries, now } = input;
  const signers = [signer];
  const roles = signDocumentRoles(input);
  const snapshot = renewRole(
    'snapshot',
    { meta: snapshotMeta(input, roles) },
    instant(daysAfter(now, expiries.snapshotDays)),
    {
      previous: previous?.snapshot,
      signers,
      where: 'snapshot.json',
      renewBefore: renewalLimit(now, expiries.snapshotDays, expiries.lookAheadDays),
    },
  );
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
  return { roles, snapshot, timestamp };
}

function signDocumentRoles({
  previous,
  offline,
  documents,
  signer,
  expiries,
  now,
  standing,
}: OnlineInput): Map<string, Uint8Array> {
  const delegated = delegatedDocumentRoles(offline.targets);
  const roleOf = roleFinder(delegated);
  const roles = delegated.filter(({ name }) => standing?.has(name) !== true);
  const targets = new Map(roles.map(({ name }) => [name, {} as Record<string, object>]));
  for (const [path, entry] of documents) {
    const listed = targets.get(roleOf(path) ?? '');
    if (listed === undefined)
      throw new PublishError('TRUST_MISMATCH', 'targets.json', `delegates ${path} to no role; hold a ceremony`);
    listed[path] = entry;
  }
  const signed = [...targets].map(([name, listed]) => {
    const bytes = renewRole('targets', { targets: listed }, instant(daysAfter(now, expiries.documentsDays)), {
      previous: previous?.roles.get(name),
      signers: [signer],
      where: `${name}.json`,
      renewBefore: renewalLimit(now, expiries.documentsDays, expiries.lookAheadDays),
    });
    return [name, bytes] as const;
  });
  return new Map(signed);
}

/** Versions only: hashes of the roles would not compress, and each role is signed by itself. */
function snapshotMeta({ previous, offline }: OnlineInput, roles: OnlineMetadata['roles']): Record<string, object> {
  // A client refuses a snapshot that drops a role, so that none can come back as an old one: former roles stay listed.
  const before = previous && readRole(previous.snapshot, 'snapshot', 'snapshot.json').meta;
  return {
    ...before,
    ...Object.fromEntries(
      [...roles].map(([name, bytes]) => [`${name}.json`, { version: versionOf(bytes, 'targets') }]),
    ),
    'revocations.json': { version: versionOf(offline.revocations, 'targets') },
    'targets.json': { version: versionOf(offline.targets, 'targets') },
  };
}

function snapshotEntry(snapshot: Uint8Array): object {
  const { length, hashes } = targetEntry(snapshot);
  return { version: versionOf(snapshot, 'snapshot'), length, hashes };
}

/** The files under their names in `metadata/`. */
export function onlineFiles({ roles, snapshot, timestamp }: OnlineMetadata): FileTree {
  return new Map([
    ...[...roles].map(([name, bytes]): [string, Uint8Array] => [`${versionOf(bytes, 'targets')}.${name}.json`, bytes]),
    [`${versionOf(snapshot, 'snapshot')}.snapshot.json`, snapshot],
    ['timestamp.json', timestamp],
  ]);
}

/** When a document role's file ends. */
export function roleEnd(name: string, file: Uint8Array): string {
  return parseJson(RoleHead, file, `${name}.json`).signed.expires;
}

/** When a timestamp ends, for summaries. */
export function timestampExpiry(timestamp: Uint8Array): string {
  return readRole(timestamp, 'timestamp', 'timestamp.json').expires;
}
