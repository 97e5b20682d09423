// How package documents are divided among delegated roles: one up to 500 plugins, then 16, 64 or 256 by the first bits of the sha256
// of the path, so that a new release changes a small file however large the registry is. Prefixes rather than succinct roles: Rust's
// TUF clients do not read those. The division is signed offline, in the top targets.

import { sha256 } from '../digest.ts';
import { readRole, type SignedRole } from './role.ts';

/** One row a division: up to this many plugins, this many roles. A role then lists about 125 documents at most, some 20 kB. */
const DIVISIONS = [
  { upTo: 500, roles: 1 },
  { upTo: 2_000, roles: 16 },
  { upTo: 8_000, roles: 64 },
  { upTo: Number.POSITIVE_INFINITY, roles: 256 },
] as const;

export interface DocumentRole {
  readonly name: string;
  readonly paths?: readonly string[];
  /** Beginnings of the path's sha256 in hexadecimal; TUF allows these or `paths`, not both. */
  readonly path_hash_prefixes?: readonly string[];
}

/** Clients take a package document from these roles only: by prefix a role could list any path. */
const DOCUMENT_ROLE = /^documents(?:-|$)/;

/** The roles for so many plugins; never fewer than there were, or every client would have to fetch all again for nothing. */
export function documentRoles(plugins: number, before: number): DocumentRole[] {
  const wanted = DIVISIONS.find(({ upTo }) => plugins <= upTo)?.roles ?? 256;
  const count = Math.max(wanted, before);
  if (count === 1) return [{ name: 'documents', paths: ['plugins/*/*.json'] }];
  const digits = count <= 16 ? 1 : 2;
  const share = 16 ** digits / count;
  return Array.from({ length: count }, (_, role) => {
    const prefixes = Array.from({ length: share }, (_, i) => (role * share + i).toString(16).padStart(digits, '0'));
    const [first, last] = [prefixes[0], prefixes.at(-1)];
    const name = first === last ? `documents-${first}` : `documents-${first}-${last}`;
    return { name, path_hash_prefixes: prefixes };
  });
}

/** Of files read before: a build asks for the same one's again and again, and it delegates to hundreds. */
const delegated = new WeakMap<Uint8Array, readonly DocumentRole[]>();

/** The document roles that signed top targets delegate to. */
export function delegatedDocumentRoles(targets: Uint8Array): readonly DocumentRole[] {
  const roles = delegated.get(targets) ?? documentRolesIn(readRole(targets, 'targets', 'targets.json'));
  delegated.set(targets, roles);
  return roles;
}

export function delegatedRoleCount(targets: SignedRole<'targets'>): number {
  return documentRolesIn(targets).length;
}

function documentRolesIn({ delegations }: SignedRole<'targets'>): DocumentRole[] {
  return (delegations?.roles ?? []).flatMap(({ name, path_hash_prefixes, paths }) => {
    if (!DOCUMENT_ROLE.test(name)) return [];
    return [{ name, ...(path_hash_prefixes ? { path_hash_prefixes } : {}), ...(paths ? { paths } : {}) }];
  });
}

/** Which of the roles lists a path. */
export function roleFinder(roles: readonly DocumentRole[]): (path: string) => string | undefined {
  const only = roles.find(({ path_hash_prefixes }) => path_hash_prefixes === undefined);
  if (only !== undefined) return () => only.name;
  const byPrefix = new Map(
    roles.flatMap(({ name, path_hash_prefixes }) => path_hash_prefixes?.map((p) => [p, name]) ?? []) as [
      string,
      string,
    ][],
  );
  const digits = [...byPrefix.keys()][0]?.length ?? 0;
  return (path) => byPrefix.get(sha256(new TextEncoder().encode(path)).slice(0, digits));
}
