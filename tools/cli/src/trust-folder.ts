// The trust of a registry as a folder: metadata/ and targets/ are in force, pending/ waits for signatures, roles.json says who should
// hold what. Whatever else lies there (a README, Sigstore's trusted root) is left as it is.

import { sep } from 'node:path';
import {
  type FileTree,
  OFFLINE_ROLES,
  type OfflineMetadata,
  offlineFiles,
  type Proposal,
  PublishError,
  readFolder,
  writeTree,
} from '@plugmark/publish';
import { parseJson, TrustRoles } from '@plugmark/schemas';

export interface TrustFolder {
  readonly current: OfflineMetadata | undefined;
  readonly pending: Proposal | undefined;
  readonly roles: TrustRoles | undefined;
  /** Files that are none of ours. */
  readonly aside: FileTree;
}

/** Where the lock on a trust folder lies, for builds and ceremonies alike: never inside the registry, where whatever lies is data. */
export function trustLock(registry: string, trust: string): string {
  return `${trust.startsWith(registry + sep) ? registry : trust}.ceremony`;
}

const ROLES_FILE = 'roles.json';
const OURS = /^(?:metadata|targets|pending)\/|^roles\.json$/;

/** Throws TRUST_MISSING, SchemaError. */
export async function readTrustFolder(folder: string): Promise<TrustFolder> {
  const files = await readFolder(folder);
  const roles = files.get(ROLES_FILE);
  return {
    current: readCurrent(files),
    pending: readPending(files),
    roles: roles && parseJson(TrustRoles, roles, ROLES_FILE),
    aside: new Map([...files].filter(([path]) => !OURS.test(path))),
  };
}

/** All of it or, whatever happens, what was there before. */
export async function writeTrustFolder(folder: string, trust: TrustFolder): Promise<void> {
  await writeTree(folder, trustFiles(trust));
}

/** The folder's files. */
export function trustFiles({ current, pending, roles, aside }: TrustFolder): FileTree {
  const tree: FileTree = new Map(aside);
  // Laid out for people, who review it as they review a change of keys.
  if (roles !== undefined) tree.set(ROLES_FILE, new TextEncoder().encode(`${JSON.stringify(roles, null, 2)}\n`));
  for (const [name, bytes] of current === undefined ? [] : offlineFiles(current)) tree.set(`metadata/${name}`, bytes);
  for (const [path, bytes] of current?.files ?? []) tree.set(`targets/${path}`, bytes);
  for (const [role, bytes] of pending?.next ?? []) tree.set(`pending/metadata/${role}.json`, bytes);
  for (const [path, bytes] of pending?.files ?? []) tree.set(`pending/targets/${path}`, bytes);
  return tree;
}

/** The newest version of each role, every root in order, and the documents. Undefined when nothing was ever signed. */
function readCurrent(files: FileTree): OfflineMetadata | undefined {
  const roots = versionsOf(files, 'root');
  const targets = versionsOf(files, 'targets').at(-1);
  const revocations = versionsOf(files, 'revocations').at(-1);
  if (roots.length === 0) return undefined;
  if (targets === undefined || revocations === undefined)
    throw new PublishError('TRUST_MISSING', 'metadata', 'has a root but no targets or revocations');
  return { roots, targets, revocations, files: below(files, 'targets/') };
}

function readPending(files: FileTree): Proposal | undefined {
  const next = new Map(
    OFFLINE_ROLES.flatMap((role) => {
      const bytes = files.get(`pending/metadata/${role}.json`);
      return bytes === undefined ? [] : [[role, bytes] as const];
    }),
  );
  return next.size === 0 ? undefined : { next, files: below(files, 'pending/targets/') };
}

function below(files: FileTree, prefix: string): FileTree {
  return new Map(
    [...files].flatMap(([path, bytes]) =>
      path.startsWith(prefix) ? [[path.slice(prefix.length), bytes] as const] : [],
    ),
  );
}

function versionsOf(files: FileTree, role: string): Uint8Array[] {
  const pattern = new RegExp(`^metadata/(\\d+)\\.${role}\\.json$`);
  const found = [...files].flatMap(([path, bytes]) => {
    const version = pattern.exec(path)?.[1];
    return version === undefined ? [] : [{ version: Number(version), bytes }];
  });
  return found.sort((a, b) => a.version - b.version).map(({ bytes }) => bytes);
}
