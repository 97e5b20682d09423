// Which versions of metadata are kept, and the targets they list. A cache may serve an old timestamp for a while, so everything it
// leads to must stay: snapshot, roles and documents.

import { PublishError } from './error.ts';
import type { FileTree } from './file-tree.ts';
import type { PreviousOnline } from './tuf/online.ts';
import { consistentName, readRole } from './tuf/role.ts';

const VERSIONED = /^(\d+)\.([a-z0-9-]+)\.json$/;
/** At a timestamp every six hours and a cache of ten minutes this is far more than a client can be behind. */
const KEPT_VERSIONS = 8;

interface Versioned {
  readonly name: string;
  readonly role: string;
  readonly version: number;
}

/** Names, and files by name. */
interface NamedFiles {
  keys(): Iterable<string>;
  get(name: string): Uint8Array | undefined;
}

function versioned(names: Iterable<string>): Versioned[] {
  return [...names].flatMap((name) => {
    const [, version, role] = VERSIONED.exec(name) ?? [];
    return role === undefined ? [] : [{ name, role, version: Number(version) }];
  });
}

const DOCUMENT_ROLE = /^documents(?:-[0-9a-f]+)*$/;

/** The newest version of each online role. Throws LEDGER_INVALID when only some are there. */
export function previousOnline(files: NamedFiles): PreviousOnline | undefined {
  const newest = new Map<string, Versioned>();
  for (const file of versioned(files.keys()))
    if (file.version > (newest.get(file.role)?.version ?? 0)) newest.set(file.role, file);
  const bytesOf = (role: string): Uint8Array | undefined => files.get(newest.get(role)?.name ?? '');
  const documents = [...newest.values()].filter(({ role }) => DOCUMENT_ROLE.test(role));
  const versions = new Map(documents.map(({ role, version }) => [role, version]));
  const [snapshot, timestamp] = [bytesOf('snapshot'), files.get('timestamp.json')];
  if (versions.size === 0 && snapshot === undefined && timestamp === undefined) return undefined;
  if (versions.size > 0 && snapshot !== undefined && timestamp !== undefined)
    return {
      roles: { get: (role) => (versions.has(role) ? bytesOf(role) : undefined) },
      snapshot,
      timestamp,
      versions,
    };
  throw new PublishError('LEDGER_INVALID', 'metadata', 'some of documents, snapshot and timestamp are missing');
}

/** Without the versions that nobody can be pointed at any more. */
export function pruneMetadata(files: FileTree): FileTree {
  const old = prunedNames(files.keys());
  return new Map([...files].filter(([name]) => !old.has(name)));
}

export function prunedNames(names: Iterable<string>): ReadonlySet<string> {
  const byRole = new Map<string, Versioned[]>();
  for (const file of versioned(names)) byRole.set(file.role, [...(byRole.get(file.role) ?? []), file]);
  const old = [...byRole.values()].flatMap((files) => files.sort((a, b) => b.version - a.version).slice(KEPT_VERSIONS));
  return new Set(old.map(({ name }) => name));
}

const WITHOUT_TARGETS: ReadonlySet<string> = new Set(['root', 'snapshot']);

/** Of `available` (by consistent name) what the kept roles list. */
export function keptTargets(metadata: FileTree, available: FileTree): FileTree {
  const names = new Set([...metadata.keys()].flatMap((name) => [...targetsListed(name, (file) => metadata.get(file))]));
  return new Map([...available].filter(([name]) => names.has(name)));
}

/** Consistent names of the targets that a metadata file lists, if it is of a role that lists any. */
function targetsListed(name: string, read: (name: string) => Uint8Array | undefined): string[] {
  const [file] = versioned([name]);
  if (file === undefined || WITHOUT_TARGETS.has(file.role)) return [];
  const { targets } = readRole(read(name) ?? new Uint8Array(), 'targets', name);
  return Object.entries(targets).map(([path, { hashes }]) => consistentName(path, hashes.sha256));
}

export interface Pruning {
  /** All names, the pruned ones among them. */
  readonly names: readonly string[];
  readonly pruned: ReadonlySet<string>;
  readonly read: (name: string) => Uint8Array | undefined;
  /** Roles that documents are listed by now. A former one may list what any other does. */
  readonly documentRoles: ReadonlySet<string>;
}

/** The targets that only pruned files list: what `keptTargets` leaves out, found without reading the files of other roles. */
export function droppedTargets({ names, pruned, read, documentRoles }: Pruning): string[] {
  const files = versioned(names);
  const roles = new Set(files.filter(({ name }) => pruned.has(name)).map(({ role }) => role));
  const isFormer = (role: string): boolean => DOCUMENT_ROLE.test(role) && !documentRoles.has(role);
  const kept = files.filter(({ name, role }) => !pruned.has(name) && (roles.has(role) || isFormer(role)));
  const gone = new Set([...pruned].flatMap((name) => targetsListed(name, read)));
  if (gone.size > 0) for (const { name } of kept) for (const target of targetsListed(name, read)) gone.delete(target);
  return [...gone];
}
