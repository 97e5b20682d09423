// The ceremony: what offline keys sign. Root says who holds which role; top targets lists the documents a stolen online key must
// not change and delegates the rest; revocations has a key of its own. Never run where the online key lives, except in development.

import type { Registry } from '@plugmark/schemas';
import { sha256 } from '../digest.ts';
import { PublishError } from '../error.ts';
import type { FileTree } from '../file-tree.ts';
import { daysAfter, instant, renewalLimit } from '../instant.ts';
import type { KeySigner } from '../key-signer.ts';
import { readRole, renewRole, targetEntry, tufKey, tufKeyId } from './role.ts';

/** Private keys of the ceremony, and the public side of the online ones. */
export interface OfflineKeys {
  readonly root: readonly KeySigner[];
  readonly targets: readonly KeySigner[];
  readonly revocations: readonly KeySigner[];
  /** Signs documents, snapshot and timestamp; only its public part is used here. */
  readonly online: Pick<KeySigner, 'algorithm' | 'publicPem' | 'spki'>;
}

/** Signed files by their names under `metadata/`, newest last, and the targets they list by TUF path. */
export interface OfflineMetadata {
  readonly roots: readonly Uint8Array[];
  readonly targets: Uint8Array;
  readonly revocations: Uint8Array;
  readonly files: FileTree;
}

export interface CeremonyInput {
  readonly previous: OfflineMetadata | undefined;
  /** Documents of the top role by TUF path. */
  readonly documents: FileTree;
  readonly revocations: Uint8Array;
  readonly keys: OfflineKeys;
  readonly expiries: Registry['expiries'];
  readonly now: Date;
}

/** A new root must be signed by the old root's keys too (TUF 5.3.4); with the same keys one signature is both. */
function requireSameRootKeys(lastRoot: Uint8Array | undefined, { root }: OfflineKeys): void {
  const before = lastRoot && readRole(lastRoot, 'root', 'root.json').roles.root.keyids;
  if (before === undefined || [...before].sort().join() === roleKeys(root).keyids.join()) return;
  throw new PublishError(
    'TRUST_MISMATCH',
    'root.json',
    'is held by other root keys than the ones given; rotating root keys takes both',
  );
}

const ROLE_NAMES = ['root', 'targets', 'snapshot', 'timestamp'] as const;

/** Brings root, targets and revocations up to date; what still stands is kept byte for byte. */
export function holdCeremony({
  previous,
  documents,
  revocations,
  keys,
  expiries,
  now,
}: CeremonyInput): OfflineMetadata {
  const renewBefore = (days: number): Date => renewalLimit(now, days, expiries.lookAheadDays);
  const after = (days: number): string => instant(daysAfter(now, days));
  const lastRoot = previous?.roots.at(-1);
  requireSameRootKeys(lastRoot, keys);
  const root = renewRole('root', rootContent(keys), after(expiries.rootDays), {
    previous: lastRoot,
    signers: keys.root,
    where: 'root.json',
    renewBefore: renewBefore(expiries.rootDays),
  });
  const targets = renewRole('targets', targetsContent(documents, keys), after(expiries.targetsDays), {
    previous: previous?.targets,
    signers: keys.targets,
    where: 'targets.json',
    renewBefore: renewBefore(expiries.targetsDays),
  });
  const revoked = renewRole(
    'targets',
    { targets: { 'revocations.json': targetEntry(revocations) } },
    after(expiries.revocationsDays),
    {
      previous: previous?.revocations,
      signers: keys.revocations,
      where: 'revocations.json',
      renewBefore: renewBefore(expiries.revocationsDays),
    },
  );
  const roots = root === lastRoot ? (previous?.roots ?? []) : [...(previous?.roots ?? []), root];
  return { roots, targets, revocations: revoked, files: new Map([...documents, ['revocations.json', revocations]]) };
}

function rootContent({ root, targets, online }: OfflineKeys): object {
  const holders = { root, targets, snapshot: [online], timestamp: [online] };
  const keys = Object.fromEntries(
    Object.values(holders).flatMap((signers) => signers.map((signer) => keyEntry(signer))),
  );
  const roles = Object.fromEntries(ROLE_NAMES.map((role) => [role, roleKeys(holders[role])]));
  return { consistent_snapshot: true, keys, roles };
}

function targetsContent(documents: FileTree, { revocations, online }: OfflineKeys): object {
  const targets = Object.fromEntries([...documents].map(([path, bytes]) => [path, targetEntry(bytes)]));
  const delegations = {
    keys: Object.fromEntries([...revocations, online].map((signer) => keyEntry(signer))),
    roles: [
      { name: 'revocations', ...roleKeys(revocations), terminating: true, paths: ['revocations.json'] },
      { name: 'documents', ...roleKeys([online]), terminating: true, paths: ['plugins/*/*.json'] },
    ],
  };
  return { targets, delegations };
}

type PublicKey = Pick<KeySigner, 'algorithm' | 'publicPem' | 'spki'>;

function keyEntry(signer: PublicKey): [string, ReturnType<typeof tufKey>] {
  const key = tufKey(signer);
  return [tufKeyId(key), key];
}

/** Every listed key must sign: a lower threshold is a choice that nobody has been asked for yet. */
function roleKeys(signers: readonly PublicKey[]): { keyids: string[]; threshold: number } {
  const keyids = [...new Set(signers.map((signer) => keyEntry(signer)[0]))].sort();
  return { keyids, threshold: keyids.length };
}

/** Every document is listed by the offline roles with these bytes, and nothing else is there. Throws TRUST_MISMATCH. */
export function requireListed({ targets, revocations, files }: OfflineMetadata): void {
  const roles = [readRole(targets, 'targets', 'targets.json'), readRole(revocations, 'targets', 'revocations.json')];
  const listed = new Map(roles.flatMap((role) => Object.entries(role.targets)));
  for (const [path, { hashes }] of listed) {
    const bytes = files.get(path);
    if (bytes === undefined)
      throw new PublishError('TRUST_MISMATCH', path, 'is listed by the signed metadata and is not there');
    if (sha256(bytes) !== hashes.sha256)
      throw new PublishError('TRUST_MISMATCH', path, 'is not the file that was signed');
  }
  for (const path of files.keys())
    if (!listed.has(path)) throw new PublishError('TRUST_MISMATCH', path, 'is not listed by the signed metadata');
}

/** Metadata files of the offline roles under their names in `metadata/`. */
export function offlineFiles({ roots, targets, revocations }: OfflineMetadata): FileTree {
  const files: FileTree = new Map();
  for (const bytes of roots) files.set(`${versionOf(bytes, 'root')}.root.json`, bytes);
  files.set(`${versionOf(targets, 'targets')}.targets.json`, targets);
  files.set(`${versionOf(revocations, 'targets')}.revocations.json`, revocations);
  return files;
}

export function versionOf(bytes: Uint8Array, type: 'root' | 'targets' | 'snapshot' | 'timestamp'): number {
  return readRole(bytes, type, `${type}.json`).version;
}
