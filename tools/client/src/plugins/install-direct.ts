// Installing a plugin of no registry: read, looked into, allowed, agreed to, and only then named in the lockfile.
import type { ConsentReceipt } from '../documents/consent.ts';
import type { DirectSource, LockedPlugin, Lockfile } from '../documents/lockfile.ts';
import { ClientError } from '../error.ts';
import { blobName, requireNotRevoked } from '../load-bytes.ts';
import { satisfies } from '../semver.ts';
import { type PluginSource, sameSource, sourceWords } from '../sources/plugin-source.ts';
import { agreeDirect, showDirect } from './direct-agree.ts';
import { type DirectEntry, type DirectState, isDirect, stateOfSource, tierOfSource } from './direct-entry.ts';
import { type DirectFiles, readFiles } from './direct-files.ts';
import { type DirectPlugin, readDirect } from './direct-plugin.ts';
import { type DirectProfile, directProfile } from './direct-profile.ts';
import { type ActOptions, record } from './install-plugins.ts';
import type { PermissionScreen } from './permissions.ts';
import type { PluginsContext } from './plugins-context.ts';
import type { NewRecord } from './run-log.ts';
import { keepRecord } from './source-records.ts';

/** A plugin that no registry lists. `notSigned`: nobody signed it; `notChecked`: nobody knows whose signature would count. */
export interface DirectOutcome {
  readonly plugin: string;
  readonly version: string;
  readonly title: string;
  readonly source: DirectSource;
  readonly sha256: string;
  readonly size: number;
  readonly kind: LockedPlugin['kind'];
  readonly tier: LockedPlugin['tier'];
  readonly publisher: { readonly state: DirectState };
  readonly registry: { readonly state: 'notSigned'; readonly levels: readonly never[] };
  /** Whether anybody looked into its code here. */
  readonly analysed: boolean;
  readonly capabilityHash: string;
  readonly grants: readonly string[];
}

/** The permission screen of a plugin that no registry lists, with what was seen of its source. */
export interface DirectPermissions extends PermissionScreen {
  readonly plugin: string;
  readonly version: string;
  readonly title: string;
  readonly summary?: string | undefined;
  readonly source: DirectSource;
  readonly tier: LockedPlugin['tier'];
  readonly analysed: boolean;
}

/** Throws SOURCE_*, MANIFEST_MALFORMED, ARTIFACT_*, NO_RELEASE, DEPENDENCY_CONFLICT, POLICY_REFUSED, CONSENT_*, REVOKED, NETWORK, STORE. */
export async function installDirect(
  context: PluginsContext,
  source: PluginSource,
  options: ActOptions,
): Promise<DirectOutcome> {
  const { state } = context;
  const profile = await directProfile(context);
  const lockfile = await state.lockfile();
  const direct = await readDirect(context, await readFiles(context, source, profile), profile);
  const former = formerOf(lockfile, direct);
  requireDependencies(direct, lockfile);
  const requested = source.kind === 'github' && source.tag === undefined ? '*' : exactly(direct.version);
  const acquired = await acquireDirect(context, direct, { profile, former, requested, lockfile });
  await keepDirect(context, acquired);
  await state.commit(withEntry(lockfile, acquired.entry));
  await record(context, recordsOfDirect(acquired, 'installed', options));
  return outcomeOf(acquired);
}

/** A range that takes this version; ranges say nothing of builds. */
const exactly = (version: string): string => version.replace(/\+.*/, '');

/** The screen, before anything is installed. */
export async function describeDirect(context: PluginsContext, source: PluginSource): Promise<DirectPermissions> {
  const profile = await directProfile(context);
  const direct = await readDirect(context, await readFiles(context, source, profile), profile);
  const former = formerOf(await context.state.lockfile(), direct);
  const { screen } = await showDirect(context, direct, { profile: profile.profile, former });
  const { plugin, version, title, summary, source: from } = direct;
  const analysed = direct.analysis !== undefined;
  return { plugin, version, title, summary, source: from, tier: tierOfSource(from), analysed, ...screen };
}

/** The installed one, from the same source. Throws SOURCE_CHANGED, SOURCE_MOVED. */
function formerOf({ plugins }: Lockfile, { plugin, source, sha256 }: DirectPlugin): DirectEntry | undefined {
  const entry = plugins.find((locked) => locked.plugin === plugin);
  if (entry === undefined) return undefined;
  // Whoever calls his plugin as an installed one is called does not take its place, nor what was allowed to it.
  if (!isDirect(entry) || !sameSource(entry.source, source))
    throw new ClientError('SOURCE_CHANGED', {
      plugin,
      installed: sourceWords(entry.source),
      named: sourceWords(source),
    });
  const isSameTag = entry.source.kind === 'github' && source.kind === 'github' && entry.source.tag === source.tag;
  if (isSameTag && entry.sha256 !== sha256)
    throw new ClientError('SOURCE_MOVED', {
      plugin,
      tag: source.tag,
      what: 'sha256',
      expected: entry.sha256,
      actual: sha256,
    });
  return entry;
}

/** What it needs has to be there: nobody but its author says what that is, so nothing is fetched for it unasked. */
export function requireDependencies(
  { plugin, version, dependencies }: Pick<DirectPlugin, 'plugin' | 'version' | 'dependencies'>,
  { plugins }: Lockfile,
): void {
  for (const [needed, range] of dependencies) {
    const present = plugins.find((entry) => entry.plugin === needed);
    if (present !== undefined && satisfies(present.version, range)) continue;
    throw new ClientError('DEPENDENCY_CONFLICT', {
      plugin: needed,
      wants: [`${plugin} ${version} wants ${range}`],
      versions: [present === undefined ? 'it is not installed' : `${present.version} is installed`],
    });
  }
}

export interface AcquiredDirect {
  readonly direct: DirectPlugin;
  readonly receipt: ConsentReceipt;
  readonly entry: LockedPlugin;
}

interface Wanted {
  readonly profile: DirectProfile;
  readonly former: DirectEntry | undefined;
  readonly requested: string | undefined;
  readonly lockfile: Lockfile;
}

/** Nothing is written. */
export async function acquireDirect(
  context: PluginsContext,
  direct: DirectPlugin,
  { profile, former, requested, lockfile }: Wanted,
): Promise<AcquiredDirect> {
  await requireNotRevoked(direct.sha256, context.options.store);
  const receipt = await agreeDirect(context, direct, { profile: profile.profile, former });
  const { plugin, version, source, kind, sha256, size, manifestSha256 } = direct;
  const got = [...direct.dependencies.keys()].map(
    (needed) => [needed, lockfile.plugins.find((entry) => entry.plugin === needed)?.version ?? ''] as const,
  );
  const entry: LockedPlugin = {
    plugin,
    version,
    requested,
    source,
    kind,
    sha256,
    size,
    manifestSha256,
    tier: tierOfSource(source),
    capabilityHash: receipt.capabilityHash,
    signer: { kind: 'none' },
    levels: [],
    dependencies: new Map(got),
  };
  return { direct, receipt, entry };
}

/** Bytes, what was seen, the receipt; nothing uses them until a lockfile names them. */
export async function keepDirect(context: PluginsContext, { direct, receipt }: AcquiredDirect): Promise<void> {
  await context.options.store.put(blobName(direct.sha256), direct.bytes);
  await keepRecord(context, direct, receipt.capabilityHash);
  await context.receipts.keep(receipt);
}

export function withEntry(lockfile: Lockfile, entry: LockedPlugin): Lockfile {
  return { ...lockfile, plugins: [...lockfile.plugins.filter(({ plugin }) => plugin !== entry.plugin), entry] };
}

export function recordsOfDirect(
  { entry, receipt }: AcquiredDirect,
  event: 'installed' | 'updated',
  { correlationId }: ActOptions,
): NewRecord[] {
  const { plugin, version, sha256, source } = entry;
  const about = { plugin, version, sha256, ...(correlationId === undefined ? {} : { correlationId }) };
  const grants = receipt.grants.map(({ id }) => id);
  return [
    { ...about, event: 'consented', grants, detail: `by ${receipt.by}` },
    { ...about, event, grants, detail: `from ${sourceWords(source)}` },
  ];
}

function outcomeOf({ direct, entry, receipt }: AcquiredDirect): DirectOutcome {
  const { plugin, version, title, source, sha256, size, kind } = direct;
  return {
    plugin,
    version,
    title,
    source,
    sha256,
    size,
    kind,
    tier: entry.tier,
    publisher: { state: stateOfSource(source) },
    registry: { state: 'notSigned', levels: [] },
    analysed: direct.analysis !== undefined,
    capabilityHash: entry.capabilityHash,
    grants: receipt.grants.map(({ id }) => id),
  };
}

/** Fetched anew and found to be the very same; agreed to on this computer already, or now. */
export async function restoreDirect(
  context: PluginsContext,
  entry: DirectEntry,
  files: DirectFiles,
  lockfile: Lockfile,
): Promise<AcquiredDirect> {
  const profile = await directProfile(context);
  const direct = await readDirect(context, files, profile);
  requireDependencies(direct, lockfile);
  const { requested } = entry;
  const acquired = await acquireDirect(context, direct, { profile, former: undefined, requested, lockfile });
  await keepDirect(context, acquired);
  return acquired;
}
