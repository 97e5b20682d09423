// The one layout of this registry's trust, as a check: which roles there are, who holds them and what each may list. A proposal comes
// from another machine, and what it delegates beside this would be signed without having been shown.

import { sha256 } from '../digest.ts';
import { PublishError } from '../error.ts';
import { jsonFile } from '../file-tree.ts';
import { delegatedRoleCount, documentRoles } from './document-roles.ts';
import { type SignedRole, type TufKey, tufKeyId } from './role.ts';

type Keys = Readonly<Record<string, TufKey>>;

export interface RoleKeys {
  readonly keyids: readonly string[];
  readonly threshold: number;
}

/** Delegations of the top targets: revocations first, so that no document role is asked about it. */
export function delegations(
  revocations: RoleKeys,
  online: RoleKeys,
  { keys, roles }: { keys: Keys; roles: number },
): object {
  const ids = [...new Set([...revocations.keyids, ...online.keyids])].sort();
  return {
    keys: Object.fromEntries(ids.map((keyid) => [keyid, keys[keyid]])),
    roles: [
      { name: 'revocations', ...revocations, terminating: true, paths: ['revocations.json'] },
      ...documentRoles(0, roles).map((role) => ({ ...role, ...online, terminating: true })),
    ],
  };
}

/** Throws PROPOSAL_INVALID. */
export function requireLayout(root: SignedRole<'root'>, targets: SignedRole<'targets'>): void {
  const { timestamp, snapshot } = root.roles;
  requireSame(timestamp, snapshot, 'root.json', 'gives timestamp and snapshot to different holders');
  requireKeyIds(root.keys, 'root.json');
  const listed = targets.delegations;
  requireKeyIds(listed?.keys ?? {}, 'targets.json');
  const revocations = listed?.roles[0] ?? { keyids: [], threshold: 0 };
  const expected = delegations(pick(revocations), pick(timestamp), {
    keys: { ...listed?.keys, ...root.keys },
    roles: delegatedRoleCount(targets),
  });
  requireSame(listed, expected, 'targets.json', 'delegates otherwise than this registry’s layout');
}

const pick = ({ keyids, threshold }: RoleKeys): RoleKeys => ({ keyids, threshold });

/** An id that is not the key's own could stand for one key here and for another there. */
function requireKeyIds(keys: Keys, where: string): void {
  for (const [keyid, key] of Object.entries(keys))
    if (tufKeyId(key) !== keyid)
      throw new PublishError('PROPOSAL_INVALID', where, `lists a key under the id of another`);
}

function requireSame(actual: unknown, expected: unknown, where: string, problem: string): void {
  const [left, right] = [actual ?? {}, expected].map((value) => sha256(jsonFile(value)));
  if (left !== right) throw new PublishError('PROPOSAL_INVALID', where, problem);
}
