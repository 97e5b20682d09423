// What the last build was made of and how long its lists stand, as the ledger keeps it.

import type { LedgerInputs } from '@plugmark/schemas';
import { sha256 } from './digest.ts';
import { jsonFile } from './file-tree.ts';
import { renewalLimit } from './instant.ts';
import type { SourceTrees } from './source-types.ts';
import { type DocumentRole, delegatedDocumentRoles } from './tuf/document-roles.ts';
import { type OnlineInput, roleEnd } from './tuf/online.ts';
import { tufKey, tufKeyId } from './tuf/role.ts';

type Roles = LedgerInputs['roles'];
type Signing = Pick<OnlineInput, 'offline' | 'signer'>;

export interface LedgerInputsOf {
  readonly shared: string;
  readonly trees: SourceTrees;
  readonly timed: Iterable<string>;
  readonly roles: Roles;
}

export function ledgerInputs({ shared, trees, timed, roles }: LedgerInputsOf): LedgerInputs {
  return { schemaVersion: 1, shared, ...trees, timed: [...timed].sort(), roles };
}

/** `signed`: the files of the roles that were looked at; `before`: what was known of the others. */
export function signedRoles(
  signed: ReadonlyMap<string, Uint8Array>,
  signing: Signing,
  before: Roles['ends'] = {},
): Roles {
  const ends = [...signed].map(([role, bytes]) => [role, roleEnd(role, bytes)] as const);
  return { ...signerOf(signing), ends: { ...before, ...Object.fromEntries(ends) } };
}

function signerOf({ offline, signer }: Signing): Omit<Roles, 'ends'> {
  return {
    keyId: tufKeyId(tufKey(signer)),
    delegations: sha256(jsonFile(delegatedDocumentRoles(offline.targets))),
  };
}

/** Roles whose files stand unread: signed by this key under these delegations, far from their end. */
export function standingRoles(
  { roles: known }: Pick<LedgerInputs, 'roles'>,
  { now, expiries, ...signing }: Signing & Pick<OnlineInput, 'now' | 'expiries'>,
): ReadonlySet<string> {
  const { keyId, delegations } = signerOf(signing);
  if (keyId !== known.keyId || delegations !== known.delegations) return new Set();
  const limit = renewalLimit(now, expiries.documentsDays, expiries.lookAheadDays);
  return new Set(Object.entries(known.ends).flatMap(([role, end]) => (new Date(end) > limit ? [role] : [])));
}

/** Whether a list of the ledger holds plugins whose documents the role lists: both go by the first digits of the path's sha256. */
export function holdsListOf({ path_hash_prefixes }: DocumentRole, list: string): boolean {
  const digits = list.slice('lists/'.length, 'lists/'.length + 2);
  return path_hash_prefixes === undefined || path_hash_prefixes.some((prefix) => digits.startsWith(prefix));
}
