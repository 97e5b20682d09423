// Who holds which key, which version of each list is in force and until when, and what was published last. From the metadata itself. Pure.

import type { Changes, TufMetadata } from '@plugmark/schemas';
import { sayInstant } from './say-numbers.ts';

type Role = TufMetadata['signed'];
type Root = Extract<Role, { readonly _type: 'root' }>;
type Targets = Extract<Role, { readonly _type: 'targets' }>;

export interface RoleRow {
  readonly role: string;
  readonly holder: string;
  readonly version: number;
  readonly expires: string;
  /** For a script that counts down. */
  readonly expiresAt: string;
  readonly threshold: string;
  readonly keys: readonly string[];
}

/** Who keeps the key, by the one layout there is. */
const HOLDERS: Readonly<Record<string, string>> = {
  root: 'offline, by people',
  targets: 'offline, by people',
  revocations: 'offline, by people',
  snapshot: 'online',
  timestamp: 'online',
};

/** `versions`: of every role that has a file, the newest. */
export function roleRows(root: Root, targets: Targets, newest: ReadonlyMap<string, Role>): readonly RoleRow[] {
  const delegated =
    targets.delegations?.roles.map(({ name, keyids, threshold }) => [name, { keyids, threshold }] as const) ?? [];
  const named: readonly (readonly [string, { readonly keyids: readonly string[]; readonly threshold: number }])[] = [
    ...(['root', 'targets', 'snapshot', 'timestamp'] as const).map((name) => [name, root.roles[name]] as const),
    ...delegated,
  ];
  return named.flatMap(([role, { keyids, threshold }]) => {
    const metadata = newest.get(role);
    if (metadata === undefined) return [];
    const row = {
      role,
      holder: HOLDERS[role] ?? 'online',
      version: metadata.version,
      expires: sayInstant(metadata.expires),
      expiresAt: metadata.expires,
      threshold: `${threshold} of ${keyids.length}`,
      keys: keyids,
    };
    return [row];
  });
}

const KINDS: Readonly<Record<Changes['changes'][number]['kind'], string>> = {
  released: 'released',
  deprecated: 'deprecated',
  yanked: 'yanked',
  quarantined: 'quarantined',
  revoked: 'revocation asked for',
  restored: 'restored',
  listing: 'described anew',
  widened: 'can do more',
};

export function changeRows(
  { changes }: Changes,
  count: number,
): readonly { readonly at: string; readonly plugin: string; readonly version: string; readonly what: string }[] {
  return changes.slice(0, count).map(({ at, kind, plugin, version = '', detail }) => ({
    at: sayInstant(at),
    plugin,
    version,
    what: detail === undefined ? KINDS[kind] : `${KINDS[kind]}: ${detail}`,
  }));
}
