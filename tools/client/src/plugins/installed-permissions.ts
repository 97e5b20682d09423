// What an installed plugin may do and when it last did: its screen as it was verified, what was granted of it, and the run log. Offline.
import type { LockedPlugin } from '../documents/lockfile.ts';
import { ClientError } from '../error.ts';
import { stateOf } from './consent.ts';
import { summaryOfDirect } from './direct-capabilities.ts';
import { isDirect } from './direct-entry.ts';
import { directProfile } from './direct-profile.ts';
import { entryNamed } from './load-plugin.ts';
import { describePermissions, type PermissionScreen } from './permissions.ts';
import type { PluginsContext } from './plugins-context.ts';
import { proveInstalled } from './proof-store.ts';
import { requireSeen } from './prove-direct.ts';
import { summaryFor } from './release-facts.ts';

/** A capability an installed plugin was granted, by whom, and when it was last given to it. */
export interface GrantedCapability {
  readonly id: string;
  readonly granted: boolean;
  /** When the plugin was last given it. */
  readonly lastActivity?: string | undefined;
}

/** What an installed plugin may do here, and when it last did. */
export interface InstalledPermissions extends Pick<LockedPlugin, 'plugin' | 'version' | 'source' | 'tier'> {
  readonly consent: 'active' | 'revoked' | 'expired' | 'none';
  /** Whose decision it was. */
  readonly by?: 'user' | 'policy';
  readonly grantedAt?: string;
  readonly revokedAt?: string;
  readonly expires?: string;
  readonly capabilities: readonly GrantedCapability[];
  readonly lastActivity?: string;
  /** Absent where what was verified cannot be read again: no root was given, or the proof is gone. */
  readonly screen?: PermissionScreen;
}

/** Throws NOT_INSTALLED. */
export async function installedPermissions(context: PluginsContext, named: string): Promise<InstalledPermissions> {
  const entry = await entryNamed(context, named);
  const { plugin, version, source, tier } = entry;
  const { options, receipts, log } = context;
  const receipt = await receipts.find(entry);
  const { last, grants: used } = await log.activity(plugin);
  const row = (id: string, granted: boolean): GrantedCapability => ({ id, granted, lastActivity: used.get(id) });
  const screen = await screenOf(context, entry);
  const { by, grantedAt, revokedAt, expires, grants = [], denied = [] } = receipt ?? {};
  const known = Object.entries({ by, grantedAt, revokedAt, expires, lastActivity: last, screen });
  const state = receipt === undefined ? 'none' : stateOf(receipt, options.now());
  return {
    plugin,
    version,
    source,
    tier,
    consent: state,
    capabilities: [...grants.map(({ id }) => row(id, state === 'active')), ...denied.map((id) => row(id, false))].sort(
      (a, b) => (a.id < b.id ? -1 : 1),
    ),
    ...Object.fromEntries(known.filter(([, value]) => value !== undefined)),
  };
}

async function screenOf(context: PluginsContext, entry: LockedPlugin): Promise<PermissionScreen | undefined> {
  try {
    if (isDirect(entry)) {
      const { profile } = await directProfile(context);
      return describePermissions(summaryOfDirect(await requireSeen(context, entry), profile.host), profile);
    }
    const { chosen, documents } = await proveInstalled(entry.sha256, context.options);
    const summary = summaryFor(chosen.release, context.options.host.id);
    return describePermissions(summary, await context.profile(documents));
  } catch (error) {
    if (error instanceof ClientError && error.code !== 'STORE') return undefined;
    throw error;
  }
}
