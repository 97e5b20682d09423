// The search for a target through delegations: TUF 1.0 section 5.6.7, pre-order, depth first.
// Pure but for `load`, which must return a targets file already verified against its delegator.
import { sha256, toHex, utf8 } from './bytes.ts';
import type { DelegatedRole, Delegations, SuccinctRoles, TargetFile, Targets } from './metadata.ts';

/** Roles visited for one path. A chain this long is an attack or a mistake; the target then counts as absent. */
const MAX_DELEGATIONS = 32;

export interface FoundTarget {
  readonly file: TargetFile;
  /** The role that lists it. */
  readonly role: string;
}

export type LoadDelegated = (role: DelegatedRole, delegator: Delegations) => Promise<Targets>;

export async function findTarget(path: string, top: Targets, load: LoadDelegated): Promise<FoundTarget | undefined> {
  const visited = new Set<string>();
  let pending: (readonly [DelegatedRole, Delegations])[] = [];
  let name = 'targets';
  let targets = top;
  for (;;) {
    const file = targets.targets.get(path);
    if (file) return { file, role: name };
    const { delegations } = targets;
    if (delegations) {
      const roles = await rolesFor(path, delegations);
      // 5.6.7.2.1: a terminating delegation speaks the last word on its paths, whatever was still to be visited.
      if (roles.at(-1)?.terminating) pending = [];
      pending.unshift(...roles.map((role) => [role, delegations] as const));
    }
    let next = pending.shift();
    while (next && visited.has(next[0].name)) next = pending.shift();
    if (!next || visited.size === MAX_DELEGATIONS) return undefined;
    ({ name } = next[0]);
    visited.add(name);
    targets = await load(...next);
  }
}

/** The roles that may speak about `path`, in order of trust, up to and including the first terminating one. */
async function rolesFor(path: string, delegations: Delegations): Promise<DelegatedRole[]> {
  const hash = await sha256(utf8(path));
  if (delegations.succinct_roles) return [succinctRole(delegations.succinct_roles, hash)];
  const hex = toHex(hash);
  const matching = (delegations.roles ?? []).filter(
    ({ paths, path_hash_prefixes }) =>
      paths?.some((pattern) => matchesPath(pattern, path)) ||
      path_hash_prefixes?.some((prefix) => hex.startsWith(prefix)),
  );
  const last = matching.findIndex((role) => role.terminating);
  return last < 0 ? matching : matching.slice(0, last + 1);
}

/** TAP 15: the first bits of the hash, in hex, padded to the width of the last role's number. */
function succinctRole(roles: SuccinctRoles, hash: Uint8Array): DelegatedRole {
  const bits = new DataView(hash.buffer, hash.byteOffset).getUint32(0) >>> (32 - roles.bit_length);
  const suffix = bits.toString(16).padStart(Math.ceil(roles.bit_length / 4), '0');
  const name = `${roles.name_prefix}-${suffix}`;
  return { ...roles, name, terminating: true, paths: undefined, path_hash_prefixes: undefined };
}

/**
 * `*` and `?` of glob(7), neither crossing a slash (TUF 4.5); brackets stand for themselves. Without a regular expression:
 * one made from `*a*a*a*a*b` takes time exponential in its stars, this returns to the last star only.
 */
export function matchesPath(pattern: string, path: string): boolean {
  let [at, star, resume] = [0, -1, 0];
  for (let i = 0; i < path.length; ) {
    if (pattern[at] === '*') {
      star = at++;
      resume = i;
    } else if (pattern[at] === path[i] || (pattern[at] === '?' && path[i] !== '/')) {
      at++;
      i++;
    } else if (star < 0 || path[resume] === '/') {
      return false;
    } else {
      at = star + 1;
      i = ++resume;
    }
  }
  return /^\**$/.test(pattern.slice(at));
}
