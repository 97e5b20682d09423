// Everything a host does with plugins: find, understand, agree, install, load, update, go back, audit. One object over one registry, one
// host and one store. What decides is in the pure files beside this one; what is written, and in which order, in theirs.

import type { HostProfile } from '../documents/host-profile.ts';
import type { LockedPlugin, Lockfile } from '../documents/lockfile.ts';
import type { PackageDocument } from '../documents/package-document.ts';
import { ClientError } from '../error.ts';
import { wellFormed } from '../open-registry.ts';
import type { PluginSource } from '../sources/plugin-source.ts';
import { summaryOf } from './agree.ts';
import { agreeAgain } from './agree-again.ts';
import { type AuditResult, auditPlugins } from './audit-plugins.ts';
import type { SetDifference } from './capability-set.ts';
import { capabilitySet, compareSets } from './capability-set.ts';
import { stateOf } from './consent.ts';
import { type EvictionResult, evictCache } from './evict-cache.ts';
import { type DirectOutcome, type DirectPermissions, describeDirect, installDirect } from './install-direct.ts';
import { type ActOptions, type InstallOutcome, installPlugins, record, viewOf } from './install-plugins.ts';
import { type InstalledPermissions, installedPermissions } from './installed-permissions.ts';
import { entryNamed, grantsOf, type LoadedPlugin, lastNews, loadPlugin } from './load-plugin.ts';
import {
  type Reason,
  type RevokeOptions,
  revokeGrant,
  rollBack,
  uninstallPlugin,
  whyInstalled,
} from './manage-plugins.ts';
import type { OutdatedPlugin } from './outdated-plugin.ts';
import { outdatedPlugins } from './outdated-plugins.ts';
import { describePermissions, type PermissionScreen } from './permissions.ts';
import { type Plan, type PlannedChange, planInstall } from './plan-install.ts';
import { alone, openContext, type PluginsContext, profileDiffers } from './plugins-context.ts';
import type { PluginsOptions } from './plugins-options.ts';
import { summaryFor } from './release-facts.ts';
import { type ReproducedPlugin, reproducePlugin } from './reproduce-plugin.ts';
import { type RestoredPlugin, type RestoreOptions, restorePlugins } from './restore-plugins.ts';
import type { LogHead, NewRecord, RunLog } from './run-log.ts';
import { type SearchFilter, type SearchHit, searchPlugins } from './search-plugins.ts';
import { recoverTrial, type UpdateOptions } from './trial.ts';
import type { UpdateOutcome } from './update-outcome.ts';
import { updatePlugins } from './update-plugins.ts';

/** What a refresh found: whose word it is, how old, and until when it counts. */
export interface PluginsState {
  readonly registry: string;
  readonly rootVersion: number;
  /** When the registry's word runs out; nothing new is resolved after it. */
  readonly expires: Date;
  /** By the age of the registry's newest word: under a day, under three, older. */
  readonly freshness: 'fresh' | 'aging' | 'stale';
  /** The registry describes this host's capabilities otherwise than the profile the host was compiled with, which counts. */
  readonly profileDiffers?: boolean;
}

/** An installed plugin as the lockfile names it, with what it may do here. `requested` is absent for one that only others need. */
export interface ListedPlugin extends LockedPlugin {
  /** Of the grant it runs under; `none` where nobody agreed to anything yet. */
  readonly consent: 'active' | 'revoked' | 'expired' | 'none';
  readonly grants: readonly string[];
  /** When it was last loaded or ran here. */
  readonly lastActivity?: string;
}

/** What one run was, for the log. */
export interface RunNote {
  readonly inputSha256?: string;
  readonly outputSha256?: string;
  readonly correlationId?: string;
  readonly fuel?: number;
  /** `OK`, or the host's word for how it ended. */
  readonly code?: string;
  readonly detail?: string;
}

/** The rows of a consent screen for one release. */
export interface Permissions extends PermissionScreen {
  readonly plugin: string;
  readonly version: string;
}

/** What an update would change: `to` is the version it would go to, the installed one where it would stay. */
export interface Difference extends SetDifference {
  readonly plugin: string;
  readonly from: string;
  readonly to: string;
  readonly needsConsent: boolean;
}

/**
 * One registry, one host, one store. Calls that change something wait for each other, also between processes that share the store
 * (STORE_BUSY after half a minute). What only reads needs no network unless it says so.
 */
export interface Plugins {
  /** Brings the signed metadata up to date. Throws METADATA_*, ROOT_INVALID, REGISTRY_CHANGED, NETWORK. */
  refresh(): Promise<PluginsState>;
  /** Over a plain index: every hit is `notChecked` until it is resolved. Throws NETWORK, FILE_MISSING, INDEX_MALFORMED. */
  search(text: string, filter?: SearchFilter): Promise<readonly SearchHit[]>;
  /** All releases of a plugin, signed. Throws PLUGIN_UNKNOWN, DOCUMENT_*. */
  document(plugin: string): Promise<PackageDocument>;
  /** What is installed, with its grants and when it last ran. Needs no network. */
  list(): Promise<readonly ListedPlugin[]>;
  /** What installing would bring, dependencies first, and why every other version was not taken. Throws REQUEST_MALFORMED, NO_RELEASE, DEPENDENCY_CONFLICT. */
  resolve(...requests: readonly string[]): Promise<Plan>;
  /** The rows of a consent screen for a release as listed. Throws as resolve, and HOST_UNKNOWN. */
  describePermissions(request: string): Promise<Permissions>;
  /** What the newest version that fits can do beyond the installed one. Throws NOT_INSTALLED. */
  diffPermissions(plugin: string): Promise<Difference>;
  /**
   * With everything they need, all or nothing: verified, allowed by the policy, agreed to. Throws what resolve and load throw,
   * ARTIFACT_*, ATTESTATION_*, MANIFEST_MISMATCH, ORIGIN_UNKNOWN, SIGNATURE_INVALID, KEY_*, IDENTITY_*, POLICY_REFUSED, CONSENT_*.
   */
  install(requests: string | readonly string[], options?: ActOptions): Promise<readonly InstallOutcome[]>;
  /** What the lockfile names, made to be there; `frozen`: verified offline and not changed. Throws LOCKFILE_*, PROOF_*. */
  restore(options?: RestoreOptions): Promise<readonly RestoredPlugin[]>;
  /** By plugin or digest: bytes hashed just now, and what the plugin may do. Throws NOT_INSTALLED, REVOKED, REVOCATIONS_STALE, CONSENT_REQUIRED, GRANT_REVOKED, ARTIFACT_DIGEST, LOCKFILE_*, PROOF_MISSING. */
  load(named: string, options?: ActOptions): Promise<LoadedPlugin>;
  /** Notes that a loaded plugin ran, on what, with what. Throws NOT_INSTALLED, RUN_RECORD_INVALID, RUN_LOG_BROKEN. */
  ran(named: string, note: RunNote): Promise<void>;
  /** Every installed plugin that was asked for, beside what the registry has now. Needs the network. Throws METADATA_*, NETWORK. */
  outdated(): Promise<readonly OutdatedPlugin[]>;
  /** One plugin, or all. A version that reaches further waits for consent; one that is unhealthy is taken back (HEALTH_FAILED). What stands against one plugin is in its outcome; throws NETWORK, METADATA_*, STORE. */
  update(plugin?: string, options?: UpdateOptions): Promise<readonly UpdateOutcome[]>;
  /** To the version before. Throws ROLLBACK_NONE, REVOKED, DEPENDENCY_CONFLICT, GRANT_REVOKED. */
  rollback(plugin: string, options?: ActOptions): Promise<LockedPlugin>;
  /** The plugins that went. Throws STILL_NEEDED. */
  uninstall(plugin: string, options?: ActOptions): Promise<readonly string[]>;
  /** Who asked for it: the user, or the plugins that need it. Throws NOT_INSTALLED. */
  why(plugin: string): Promise<readonly Reason[]>;
  /** From a GitHub repository, an OCI registry or a file, for which nobody vouches. Asks no registry of plugins anything. Throws as install, and SOURCE_*, MANIFEST_MALFORMED, ARTIFACT_LAYOUT. */
  installFrom(source: PluginSource, options?: ActOptions): Promise<DirectOutcome>;
  /** The rows of its consent screen; nothing is installed. */
  describeFrom(source: PluginSource): Promise<DirectPermissions>;
  /** What an installed plugin may do, and when it last did. Offline. Throws NOT_INSTALLED. */
  permissions(plugin: string): Promise<InstalledPermissions>;
  /** Takes back what was agreed to, or one capability of it. Throws NOT_INSTALLED, CONSENT_INCOMPLETE. */
  revoke(plugin: string, options?: RevokeOptions): Promise<void>;
  /** Asks anew about what is installed; answers what it may do. Offline. Throws NOT_INSTALLED, PROOF_*, POLICY_REFUSED, CONSENT_*. */
  agree(plugin: string, options?: ActOptions): Promise<readonly string[]>;
  /**
   * The verified bytes of a release by digest, whatever has become of it: to run its vectors again. A revoked one may be given nothing,
   * and the log says so. Nothing is installed. Throws NO_RELEASE, HOST_UNKNOWN and what verifying throws.
   */
  reproduce(sha256: string, plugin: string, options?: ActOptions): Promise<ReproducedPlugin>;
  /** Against revocations, advisories, the bytes, the proofs and the grants. Offline against what was seen last. */
  audit(): Promise<AuditResult>;
  /** Deletes what no lockfile over this store needs, oldest first. */
  evict(limit: { readonly maxBytes: number }): Promise<EvictionResult>;
  /** The lockfile as it is. */
  lockfile(): Promise<Lockfile>;
  /** The host profile that counts: the one the host was compiled with, else the registry’s. Throws HOST_UNKNOWN. */
  profile(): Promise<HostProfile>;
  /** What happened here, as a hash chain. */
  readonly log: Pick<RunLog, 'records' | 'verify' | 'export' | 'head'>;
}

/** Nothing is fetched before the first call that needs it. Throws REGISTRY_URL. */
export function openPlugins(options: PluginsOptions): Plugins {
  const context = openContext(options);
  const { state, log } = context;
  // Looked for each time: a trial can also be left by this very process, when its disk failed in the middle of one.
  const read = async <T>(act: () => Promise<T>): Promise<T> => {
    await recoverUnlessBusy(context);
    return act();
  };
  const change = <T>(act: () => Promise<T>): Promise<T> =>
    alone(context, async () => {
      await recoverTrial(context);
      const result = await act();
      const { maxStoreBytes: maxBytes } = options;
      if (maxBytes !== undefined) await evictCache(options.store, { maxBytes });
      return result;
    });
  return {
    refresh: () => read(() => refreshed(context)),
    search: (text, filter = {}) => searchPlugins(context, text, filter),
    document: async (plugin) => (await context.documents()).plugin(plugin),
    list: () => read(() => listPlugins(context)),
    resolve: (...requests) => read(() => planned(context, requests)),
    describePermissions: (request) => read(() => permissionsOf(context, request)),
    diffPermissions: (plugin) => read(() => differenceTo(context, plugin)),
    install: (requests, act = {}) => change(() => installPlugins(context, [requests].flat().map(wellFormed), act)),
    restore: (act = {}) =>
      act.frozen ? read(() => restorePlugins(context, act)) : change(() => restorePlugins(context, act)),
    load: (named, act = {}) => read(() => loadPlugin(context, named, act)),
    ran: (named, note) => read(() => noteRun(context, named, note)),
    outdated: () => read(() => outdatedPlugins(context)),
    update: (plugin, act = {}) => change(() => updatePlugins(context, plugin, act)),
    rollback: (plugin, act = {}) => change(() => rollBack(context, plugin, act)),
    uninstall: (plugin, act = {}) => change(() => uninstallPlugin(context, plugin, act)),
    why: (plugin) => read(() => whyInstalled(context, plugin)),
    installFrom: (source, act = {}) => change(() => installDirect(context, source, act)),
    describeFrom: (source) => read(() => describeDirect(context, source)),
    permissions: (plugin) => read(() => installedPermissions(context, plugin)),
    agree: (plugin, act = {}) => change(() => agreeAgain(context, plugin, act)),
    revoke: (plugin, act = {}) => change(() => revokeGrant(context, plugin, act)),
    reproduce: (sha256, plugin, act = {}) => read(() => reproducePlugin(context, { plugin, sha256 }, act)),
    audit: () => read(() => auditPlugins(context)),
    evict: (limit) => change(() => evictCache(options.store, limit)),
    lockfile: () => read(() => state.lockfile()),
    profile: async () => context.profile(await context.documents()),
    log: { records: log.records, verify: log.verify, export: log.export, head: (): Promise<LogHead> => log.head() },
  };
}

/** Undoes what an interrupted trial left. A trial of somebody who is at work is his to end. */
async function recoverUnlessBusy(context: PluginsContext): Promise<void> {
  if ((await context.state.trial()) === undefined) return;
  await alone(context, () => recoverTrial(context), { waits: false }).catch((error: unknown) => {
    if (!(error instanceof ClientError) || error.code !== 'STORE_BUSY') throw error;
  });
}

const DAY_MS = 86_400_000;

async function refreshed(context: PluginsContext): Promise<PluginsState> {
  const { documents, registry } = await viewOf(context, { anew: true });
  const { rootVersion, expires, timestampSeen } = documents.tuf.state;
  const news = timestampSeen ?? (await lastNews(context));
  const age = news === undefined ? 0 : context.options.now().getTime() - news.getTime();
  const freshness = age < DAY_MS ? 'fresh' : age < 3 * DAY_MS ? 'aging' : 'stale';
  const differs = await profileDiffers(context, documents);
  return { registry, rootVersion, expires, freshness, ...(differs === undefined ? {} : { profileDiffers: differs }) };
}

async function planned(context: PluginsContext, requests: readonly string[], isUpdate = false) {
  const view = await viewOf(context);
  const asked = requests.map(wellFormed);
  return planInstall({ ...view, context, moving: new Set(asked.map(({ plugin }) => plugin)), isUpdate }, asked);
}

async function listPlugins(context: PluginsContext): Promise<readonly ListedPlugin[]> {
  const { state, receipts, log, options } = context;
  const { plugins } = await state.lockfile();
  return Promise.all(
    plugins.map(async (entry) => {
      const receipt = await receipts.find(entry);
      const lastActivity = await log.lastActivity(entry.plugin);
      return {
        ...entry,
        consent: receipt === undefined ? 'none' : stateOf(receipt, options.now()),
        grants: receipt?.grants.map(({ id }) => id) ?? [],
        ...(lastActivity === undefined ? {} : { lastActivity }),
      };
    }),
  );
}

/** Compared with the installed version, where there is one. */
async function permissionsOf(context: PluginsContext, request: string): Promise<Permissions> {
  const asked = wellFormed(request);
  const view = await viewOf(context, { about: [asked.plugin] });
  const former = view.lockfile.plugins.find(({ plugin }) => plugin === asked.plugin);
  const empty = { ...view.lockfile, plugins: [] };
  const { changes } = await planInstall({ ...view, lockfile: empty, context, moving: new Set(), isUpdate: false }, [
    asked,
  ]);
  const change = changes.find(({ plugin }) => plugin === asked.plugin) as PlannedChange;
  const before = former && (await summaryOf(context, former, change.document));
  const summary = summaryFor(change.release, context.options.host.id);
  const screen = describePermissions(summary, await context.profile(view.documents), before);
  return { plugin: change.plugin, version: change.version, ...screen };
}

async function differenceTo(context: PluginsContext, plugin: string): Promise<Difference> {
  const entry = await entryNamed(context, plugin);
  const { changes } = await planned(context, [`${entry.plugin}@${entry.requested ?? '*'}`], true);
  const change = changes.find((candidate) => candidate.plugin === entry.plugin);
  const before = await summaryOf(context, entry, change?.document);
  const after = change === undefined ? before : summaryFor(change.release, context.options.host.id);
  const difference =
    after === undefined
      ? { widened: [], removed: [] }
      : compareSets(before && capabilitySet(before), capabilitySet(after));
  const to = change?.version ?? entry.version;
  return { plugin: entry.plugin, from: entry.version, to, ...difference, needsConsent: difference.widened.length > 0 };
}

async function noteRun(context: PluginsContext, named: string, note: RunNote): Promise<void> {
  const entry = await entryNamed(context, named);
  const { plugin, version, sha256 } = entry;
  const grants = (await grantsOf(context, entry)).map(({ id }) => id);
  const run: NewRecord = { ...note, event: 'ran', plugin, version, sha256, grants };
  await record(context, [run]);
}
