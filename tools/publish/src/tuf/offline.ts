// What offline keys sign, as files. Root says who holds which role; top targets lists the documents a stolen online key must not
// change and delegates the rest; revocations has keys of its own.

import { parseJson, RoleHead } from '@plugmark/schemas';
import { sha256 } from '../digest.ts';
import { PublishError } from '../error.ts';
import type { FileTree } from '../file-tree.ts';
import { readRole } from './role.ts';

/** Signed files by their names under `metadata/`, newest last, and the targets they list by TUF path. */
export interface OfflineMetadata {
  readonly roots: readonly Uint8Array[];
  readonly targets: Uint8Array;
  readonly revocations: Uint8Array;
  readonly files: FileTree;
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
  const { signed } = parseJson(RoleHead, bytes, `${type}.json`);
  if (signed._type === type) return signed.version;
  throw new PublishError('TRUST_MISMATCH', `${type}.json`, `is metadata of the kind ${signed._type}`);
}
