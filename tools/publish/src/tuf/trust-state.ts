// The offline-signed trust as it stands: versions, ends, holders, and which role has to be signed soon.

import type { Registry, RootState } from '@plugmark/schemas';
import { sha256 } from '../digest.ts';
import { PublishError } from '../error.ts';
import { renewalLimit } from '../instant.ts';
import type { OfflineMetadata } from './offline.ts';
import { kindOf, OFFLINE_ROLES } from './proposal.ts';
import { readRole } from './role.ts';
import { signedHolders } from './trust-holders.ts';

export function trustState(offline: OfflineMetadata, expiries: Registry['expiries'], now: Date): RootState {
  const [first, last] = [offline.roots[0], offline.roots.at(-1)];
  if (first === undefined || last === undefined)
    throw new PublishError('TRUST_MISSING', 'root.json', 'there is no signed root');
  const root = readRole(last, 'root', 'root.json');
  const holders = signedHolders(root, readRole(offline.targets, 'targets', 'targets.json'));
  const days = { root: expiries.rootDays, targets: expiries.targetsDays, revocations: expiries.revocationsDays };
  const offlineRoles = OFFLINE_ROLES.map((role) => {
    const { version, expires } = readRole(role === 'root' ? last : offline[role], kindOf(role), `${role}.json`);
    return { role, threshold: holders[role].threshold, keys: [...holders[role].keys], version, expires };
  });
  return {
    root: { version: root.version, sha256: sha256(last), firstSha256: sha256(first) },
    roles: [...offlineRoles, { role: 'online', threshold: holders.online.threshold, keys: [...holders.online.keys] }],
    endingSoon: offlineRoles
      .filter(({ role, expires }) => new Date(expires) <= renewalLimit(now, days[role], expiries.lookAheadDays))
      .map(({ role }) => role),
  };
}
