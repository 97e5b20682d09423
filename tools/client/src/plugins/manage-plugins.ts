// What a person does with what is installed: ask why it is there, remove it, go back, take a grant back.
import type { LockedPlugin, Lockfile } from '../documents/lockfile.ts';
import { ClientError } from '../error.ts';
import { loadBytes } from '../load-bytes.ts';
import { satisfies } from '../semver.ts';
import { stateOf } from './consent.ts';
import { isDirect } from './direct-entry.ts';
import { pinnedDigests } from './host-state.ts';
import { type ActOptions, record } from './install-plugins.ts';
import { entryNamed, fetchAgain, grantsOf } from './load-plugin.ts';
import type { PluginsContext } from './plugins-context.ts';
import { proveInstalled } from './proof-store.ts';
import { requireSeen } from './prove-direct.ts';
import { instant, type NewRecord } from './run-log.ts';

/** One way in which a plugin came to be installed: from what somebody asked for down to it. */
export interface Reason {
  readonly requested: { readonly plugin: string; readonly range: string };
  readonly path: readonly { readonly plugin: string; readonly version: string }[];
}

/** Every way, shortest first. Throws NOT_INSTALLED. */
export async function whyInstalled(context: PluginsContext, plugin: string): Promise<readonly Reason[]> {
  const { plugins } = await context.state.lockfile();
  await entryNamed(context, plugin);
  const byId = new Map(plugins.map((entry) => [entry.plugin, entry]));
  const reasons: Reason[] = [];
  for (const start of plugins) {
    if (start.requested === undefined) continue;
    const path = pathTo(plugin, start, byId);
    if (path !== undefined) reasons.push({ requested: { plugin: start.plugin, range: start.requested }, path });
  }
  return reasons.sort((a, b) => a.path.length - b.path.length);
}

/** The shortest; dependencies may form a circle. */
function pathTo(
  plugin: string,
  start: LockedPlugin,
  byId: ReadonlyMap<string, LockedPlugin>,
): Reason['path'] | undefined {
  const visited = new Set<string>();
  const open: LockedPlugin[][] = [[start]];
  for (let path = open.shift(); path !== undefined; path = open.shift()) {
    const end = path.at(-1) as LockedPlugin;
    if (end.plugin === plugin) return path.map(({ plugin: id, version }) => ({ plugin: id, version }));
    if (visited.has(end.plugin)) continue;
    visited.add(end.plugin);
    for (const needed of end.dependencies.keys()) {
      const next = byId.get(needed);
      if (next !== undefined) open.push([...path, next]);
    }
  }
  return undefined;
}

/** Only those that somebody asked for, and what they need. */
function withoutOrphans(plugins: readonly LockedPlugin[]): readonly LockedPlugin[] {
  const byId = new Map(plugins.map((entry) => [entry.plugin, entry]));
  const needed = new Set<string>();
  const open = plugins.filter(({ requested }) => requested !== undefined).map(({ plugin }) => plugin);
  for (let plugin = open.shift(); plugin !== undefined; plugin = open.shift()) {
    if (needed.has(plugin)) continue;
    needed.add(plugin);
    open.push(...(byId.get(plugin)?.dependencies.keys() ?? []));
  }
  return plugins.filter(({ plugin }) => needed.has(plugin));
}

/** The plugins that went: it and what only it needed. Throws NOT_INSTALLED, STILL_NEEDED. */
export async function uninstallPlugin(
  context: PluginsContext,
  plugin: string,
  { correlationId }: ActOptions,
): Promise<readonly string[]> {
  const { state } = context;
  const lockfile = await state.lockfile();
  const entry = await entryNamed(context, plugin);
  const { requested: _, ...unasked } = entry;
  const plugins = withoutOrphans(
    lockfile.plugins.map((locked) => (locked === entry || locked.plugin === entry.plugin ? unasked : locked)),
  );
  const isStillThere = plugins.some((locked) => locked.plugin === entry.plugin);
  if (isStillThere) {
    const by = lockfile.plugins
      .filter(({ dependencies }) => dependencies.has(entry.plugin))
      .map((other) => other.plugin);
    throw new ClientError('STILL_NEEDED', { plugin, by });
  }
  const removed = lockfile.plugins.filter(({ plugin: id }) => !plugins.some((left) => left.plugin === id));
  await state.commit({ ...lockfile, plugins });
  const { store, pinName, host } = context.options;
  // Another lockfile of the same host may still use it under the same agreement.
  const elsewhere = await pinnedDigests(store, { except: pinName ?? host.id });
  for (const gone of removed) if (!elsewhere.has(gone.sha256)) await takeBack(context, gone, 'uninstalled');
  await record(
    context,
    removed.map((gone) => recordOf(gone, 'uninstalled', correlationId)),
  );
  return removed.map((gone) => gone.plugin);
}

function recordOf(
  { plugin, version, sha256 }: LockedPlugin,
  event: NewRecord['event'],
  correlationId?: string,
): NewRecord {
  return { event, plugin, version, sha256, ...(correlationId === undefined ? {} : { correlationId }) };
}

/** Which grant is taken back. */
export interface RevokeOptions extends ActOptions {
  /** Only this one: the plugin runs without it. Without it everything is taken back, and the plugin cannot be loaded. */
  readonly capability?: string;
}

/** Until somebody agrees anew. Throws NOT_INSTALLED, CONSENT_INCOMPLETE where it was not granted. */
export async function revokeGrant(
  context: PluginsContext,
  plugin: string,
  { correlationId, capability }: RevokeOptions,
): Promise<void> {
  const entry = await entryNamed(context, plugin);
  if (capability === undefined) await takeBack(context, entry, undefined);
  else await takeOne(context, entry, capability);
  const detail = capability === undefined ? {} : { detail: capability };
  await record(context, [{ ...recordOf(entry, 'revokedConsent', correlationId), ...detail }]);
}

/** As if it had been refused from the start; other versions that may come back lose it too. */
async function takeOne({ receipts }: PluginsContext, entry: LockedPlugin, capability: string): Promise<void> {
  const { plugin } = entry;
  const own = await receipts.find(entry);
  if (own?.grants.some(({ id }) => id === capability) !== true)
    throw new ClientError('CONSENT_INCOMPLETE', { plugin, unnamed: [], unknown: [capability] });
  for (const receipt of await receipts.all(plugin)) {
    const grants = receipt.grants.filter(({ id }) => id !== capability);
    if (grants.length === receipt.grants.length) continue;
    await receipts.keep({ ...receipt, grants, denied: [...receipt.denied, capability].sort() });
  }
}

async function takeBack(
  { receipts, options }: PluginsContext,
  { plugin }: LockedPlugin,
  note: string | undefined,
): Promise<void> {
  const now = options.now();
  // Also of other versions: an update to one of them must not bring the grant back.
  for (const receipt of await receipts.all(plugin)) {
    if (stateOf(receipt, now) !== 'revoked')
      await receipts.keep({ ...receipt, revokedAt: instant(now), ...(note === undefined ? {} : { note }) });
  }
}

/**
 * Back to the version before. It must still verify and must not be revoked; what needs the plugin must accept it. Throws NOT_INSTALLED,
 * ROLLBACK_NONE, REVOKED, DEPENDENCY_CONFLICT, CONSENT_REQUIRED, GRANT_REVOKED, PROOF_*.
 */
export async function rollBack(
  context: PluginsContext,
  plugin: string,
  { correlationId }: ActOptions,
): Promise<LockedPlugin> {
  const { state } = context;
  const lockfile = await state.lockfile();
  const present = await entryNamed(context, plugin);
  const source = (await state.history()).find(({ plugins }) =>
    plugins.some((entry) => entry.plugin === present.plugin && entry.sha256 !== present.sha256),
  );
  const former = source?.plugins.find((entry) => entry.plugin === present.plugin);
  if (source === undefined || former === undefined) throw new ClientError('ROLLBACK_NONE', { plugin });
  const next = await reconciled(context, withFormer(lockfile, former, source));
  await requireUsable(context, former);
  await state.commit(next);
  await record(context, [{ ...recordOf(former, 'rolledBack', correlationId), detail: `from ${present.version}` }]);
  return former;
}

/** The former entry, and of what it needs the former versions where the present ones do not fit. */
function withFormer(lockfile: Lockfile, former: LockedPlugin, source: Lockfile): Lockfile {
  const entries = new Map(lockfile.plugins.map((entry) => [entry.plugin, entry]));
  const requested = entries.get(former.plugin)?.requested;
  const { requested: _, ...rest } = former;
  entries.set(former.plugin, requested === undefined ? rest : { ...rest, requested });
  for (const [needed, version] of former.dependencies) {
    const then = source.plugins.find(({ plugin }) => plugin === needed);
    if (then !== undefined && entries.get(needed)?.version !== version) entries.set(needed, then);
  }
  return { ...lockfile, plugins: withoutOrphans([...entries.values()]) };
}

/** Entries name the versions they get; where one got another now, its own range decides. Throws DEPENDENCY_CONFLICT, PROOF_*. */
async function reconciled(context: PluginsContext, lockfile: Lockfile): Promise<Lockfile> {
  const versions = new Map(lockfile.plugins.map(({ plugin, version }) => [plugin, version]));
  const plugins: LockedPlugin[] = [];
  for (const entry of lockfile.plugins) {
    const changed = [...entry.dependencies].filter(([needed, got]) => versions.get(needed) !== got);
    const ranges = changed.length > 0 ? await rangesOf(context, entry) : undefined;
    const dependencies = new Map(entry.dependencies);
    for (const [needed] of changed) {
      const range = ranges?.get(needed) ?? '';
      const there = versions.get(needed) ?? '';
      if (!satisfies(there, range)) {
        const wants = [`${entry.plugin} ${entry.version} wants ${range}`];
        throw new ClientError('DEPENDENCY_CONFLICT', { plugin: needed, wants, versions: [there] });
      }
      dependencies.set(needed, there);
    }
    plugins.push({ ...entry, dependencies });
  }
  return { ...lockfile, plugins };
}

/** What it needs, as it was proved when it was installed. */
async function rangesOf(context: PluginsContext, entry: LockedPlugin): Promise<ReadonlyMap<string, string>> {
  if (isDirect(entry)) return (await requireSeen(context, entry)).dependencies;
  return (await proveInstalled(entry.sha256, context.options)).chosen.release.release.value.dependencies;
}

async function requireUsable(context: PluginsContext, former: LockedPlugin): Promise<void> {
  const { options } = context;
  await loadBytes(former.sha256, options.store).catch(async (error: unknown) => {
    const isCurable =
      error instanceof ClientError && (error.code === 'NOT_INSTALLED' || error.code === 'ARTIFACT_DIGEST');
    if (!isCurable || (await fetchAgain(context, former)) === undefined) throw error;
  });
  if (isDirect(former)) await requireSeen(context, former);
  else await proveInstalled(former.sha256, options);
  await grantsOf(context, former);
}
