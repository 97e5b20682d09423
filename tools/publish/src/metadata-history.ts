// Which versions of metadata are kept, and the targets they list. A cache may serve an old timestamp for a while, so everything it
// leads to must stay: snapshot, roles and documents.

import { PublishError } from './error.ts';
import type { FileTree } from './file-tree.ts';
import type { OnlineMetadata } from './tuf/online.ts';
import { consistentName, readRole } from './tuf/role.ts';

const VERSIONED = /^(\d+)\.([a-z0-9-]+)\.json$/;
/** At a timestamp every six hours and a cache of ten minutes this is far more than a client can be behind. */
const KEPT_VERSIONS = 8;

interface Versioned {
  readonly name: string;
  readonly role: string;
  readonly version: number;
}

function versioned(files: FileTree): Versioned[] {
  return [...files.keys()].flatMap((name) => {
    const [, version, role] = VERSIONED.exec(name) ?? [];
    return role === undefined ? [] : [{ name, role, version: Number(version) }];
  });
}

const DOCUMENT_ROLE = /^documents(?:-[0-9a-f]+)*$/;

/** The newest version of each online role. Throws LEDGER_INVALID when only some are there. */
export function previousOnline(files: FileTree): OnlineMetadata | undefined {
  const newest = new Map<string, Versioned>();
  for (const file of versioned(files))
    if (file.version > (newest.get(file.role)?.version ?? 0)) newest.set(file.role, file);
  const bytesOf = (role: string): Uint8Array | undefined => files.get(newest.get(role)?.name ?? '');
  const roles = new Map(
    [...newest.keys()].flatMap((role) => {
      const bytes = DOCUMENT_ROLE.test(role) ? bytesOf(role) : undefined;
      return bytes === undefined ? [] : [[role, bytes] as const];
    }),
  );
  const [snapshot, timestamp] = [bytesOf('snapshot'), files.get('timestamp.json')];
  if (roles.size === 0 && snapshot === undefined && timestamp === undefined) return undefined;
  if (roles.size > 0 && snapshot !== undefined && timestamp !== undefined) return { roles, snapshot, timestamp };
  throw new PublishError('LEDGER_INVALID', 'metadata', 'some of documents, snapshot and timestamp are missing');
}

/** Without the versions that nobody can be pointed at any more. */
export function pruneMetadata(files: FileTree): FileTree {
  const versions = new Map<string, number[]>();
  for (const { role, version } of versioned(files)) versions.set(role, [...(versions.get(role) ?? []), version]);
  const oldest = new Map(
    [...versions].map(([role, all]) => [
      role,
      all
        .sort((a, b) => b - a)
        .slice(0, KEPT_VERSIONS)
        .at(-1) ?? 0,
    ]),
  );
  const old = new Set(
    versioned(files).flatMap(({ name, role, version }) => (version < (oldest.get(role) ?? 0) ? [name] : [])),
  );
  return new Map([...files].filter(([name]) => !old.has(name)));
}

const WITHOUT_TARGETS: ReadonlySet<string> = new Set(['root', 'snapshot']);

/** Of `available` (by consistent name) what the kept roles list. */
export function keptTargets(metadata: FileTree, available: FileTree): FileTree {
  const roles = versioned(metadata).filter(({ role }) => !WITHOUT_TARGETS.has(role));
  const listed = roles.flatMap(({ name }) =>
    Object.entries(readRole(metadata.get(name) ?? new Uint8Array(), 'targets', name).targets),
  );
  const names = new Set(listed.map(([path, { hashes }]) => consistentName(path, hashes.sha256)));
  return new Map([...available].filter(([name]) => names.has(name)));
}
