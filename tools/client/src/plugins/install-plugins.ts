// Install: a plan, everything in it verified and agreed to, then one step that makes it true.

import type { LockedPlugin, Lockfile } from '../documents/lockfile.ts';
import { ClientError } from '../error.ts';
import type { InstalledPlugin } from '../install-release.ts';
import type { Exclusion, ReleaseRequest } from '../resolve.ts';
import type { SignedDocuments } from '../signed-documents.ts';
import { sourceWords } from '../sources/plugin-source.ts';
import { together } from '../together.ts';
import { type Acquired, acquire } from './acquire.ts';
import { keepAcquired, lockfileWith } from './commit-plan.ts';
import { isDirect } from './direct-entry.ts';
import { type Plan, type PlannedChange, planInstall } from './plan-install.ts';
import type { PluginsContext } from './plugins-context.ts';
import type { NewRecord } from './run-log.ts';

/** What goes with an act into the log. */
export interface ActOptions {
  /** Letters, digits, `.`, `_`, `-`: ties records of the log to the host's own. */
  readonly correlationId?: string;
}

/** A plugin that was installed or was there already, with everything that was verified about it. */
export interface InstallOutcome extends InstalledPlugin {
  /** What was asked for; absent for a dependency. */
  readonly requested?: string | undefined;
  /** What the plugin may do. */
  readonly grants: readonly string[];
  readonly excluded: readonly Exclusion[];
}

export interface View {
  readonly documents: SignedDocuments;
  readonly registry: string;
  readonly lockfile: Lockfile;
}

interface ViewOptions {
  readonly anew?: boolean;
  /** Plugins that something will be decided about, and then everything that decides. */
  readonly about?: readonly string[];
}

/** The registry as it is now, and what is installed. Throws REGISTRY_CHANGED and what refreshing throws. */
export async function viewOf(context: PluginsContext, { anew = false, about = [] }: ViewOptions = {}): Promise<View> {
  const { state, options } = context;
  const documents = await context.documents({ anew });
  // With the revocations, so that they are remembered before anything is decided or loaded.
  const [{ registry }, lockfile] = await together([
    documents.publishers(),
    state.lockfile(),
    documents.revocations(),
    askAheadFor(context, documents, about),
  ]);
  const known = options.registry === undefined ? lockfile.registries.map(({ id }) => id) : [options.registry];
  if (known.length === 0 || known.includes(registry)) return { documents, registry, lockfile };
  throw new ClientError('REGISTRY_CHANGED', { expected: known.join(', '), actual: registry });
}

/** One wait for what does not depend on each other. Each is read from the store when its turn comes; a failure is heard then. */
async function askAheadFor(
  context: PluginsContext,
  documents: SignedDocuments,
  plugins: readonly string[],
): Promise<void> {
  if (plugins.length === 0) return;
  await Promise.allSettled([
    ...plugins.map((plugin) => documents.plugin(plugin)),
    documents.upstreams(),
    documents.cosignKeys(),
    documents.minimumReleaseAgeMinutes(),
    context.profile(documents),
  ]);
}

/** One wait for the documents of all that is installed. Each is read from the store when its turn comes; a failure is heard then. */
export async function askForAll({ documents, lockfile }: Pick<View, 'documents' | 'lockfile'>): Promise<void> {
  await Promise.allSettled(lockfile.plugins.map(({ plugin }) => documents.plugin(plugin)));
}

export async function installPlugins(
  context: PluginsContext,
  requests: readonly ReleaseRequest[],
  options: ActOptions,
): Promise<readonly InstallOutcome[]> {
  const about = requests.map(({ plugin }) => plugin);
  const view = await viewOf(context, { about });
  for (const plugin of about) requireSameRegistry(plugin, view);
  const moving = new Set(about);
  const plan = await planInstall({ ...view, context, moving, isUpdate: false }, requests);
  const acquired = await acquireAll(context, plan.changes, view);
  await keepAcquired(context, acquired, view.documents);
  await context.state.commit(await nextLockfile(context, view, plan, acquired));
  await record(
    context,
    acquired.flatMap((item) => recordsOf(item, 'installed', options)),
  );
  return acquired.map(({ installed, receipt, entry }) => ({
    ...installed,
    requested: entry.requested,
    grants: receipt.grants.map(({ id }) => id),
    excluded: plan.excluded.get(entry.plugin) ?? [],
  }));
}

/** Throws SOURCE_CHANGED: what is installed from elsewhere under that name does not turn into the registry's plugin, grants and all. */
function requireSameRegistry(plugin: string, { lockfile, registry }: View): void {
  const entry = lockfile.plugins.find((locked) => locked.plugin === plugin);
  if (entry === undefined || !isDirect(entry)) return;
  const [installed, named] = [sourceWords(entry.source), `registry ${registry}`];
  throw new ClientError('SOURCE_CHANGED', { plugin, installed, named });
}

export async function acquireAll(
  context: PluginsContext,
  changes: readonly PlannedChange[],
  { documents, lockfile }: View,
): Promise<readonly Acquired[]> {
  const acquired: Acquired[] = [];
  for (const change of changes) {
    const former = lockfile.plugins.find(({ plugin }) => plugin === change.plugin);
    acquired.push(await acquire(context, change, { documents, former }));
  }
  return acquired;
}

/** Plugins that nobody needs any more after the change are no longer named. */
export function nextLockfile(
  context: PluginsContext,
  { documents, lockfile }: View,
  { kept }: Plan,
  acquired: readonly Acquired[],
): Promise<Lockfile> {
  const plugins: LockedPlugin[] = [...kept, ...acquired.map(({ entry }) => entry)];
  return lockfileWith(context, { before: lockfile, plugins, documents });
}

export function recordsOf(
  { entry, receipt }: Acquired,
  event: 'installed' | 'updated',
  { correlationId }: ActOptions,
): NewRecord[] {
  const { plugin, version, sha256 } = entry;
  const about = { plugin, version, sha256, ...(correlationId === undefined ? {} : { correlationId }) };
  const grants = receipt.grants.map(({ id }) => id);
  return [
    { ...about, event: 'consented', grants, detail: `by ${receipt.by}` },
    { ...about, event, grants },
  ];
}

/** Nothing where the host keeps no log. */
export async function record({ options, log }: PluginsContext, records: readonly NewRecord[]): Promise<void> {
  if (options.log !== 'off') await log.append(records);
}
