// What a lockfile names, made to be there and shown to be right. Frozen: from the store alone, nothing fetched and nothing changed.

import type { LockedPlugin, Lockfile } from '../documents/lockfile.ts';
import { ClientError, type ClientErrorCode } from '../error.ts';
import { standingOf } from '../standing.ts';
import { together } from '../together.ts';
import { tierOf } from '../verify-release.ts';
import { acquire } from './acquire.ts';
import { keepAcquired } from './commit-plan.ts';
import { type DirectEntry, isDirect } from './direct-entry.ts';
import { readLocked } from './direct-files.ts';
import { directProfile } from './direct-profile.ts';
import { recordsOfDirect, restoreDirect } from './install-direct.ts';
import { type ActOptions, record, recordsOf, type View, viewOf } from './install-plugins.ts';
import type { PluginsContext } from './plugins-context.ts';
import { proveDirect } from './prove-direct.ts';
import { proveEntry, requireDependencies } from './prove-lockfile.ts';
import { requireSameEntry } from './same-entry.ts';

/** How `restore` goes about it. Default: what is missing is fetched and verified anew. */
export interface RestoreOptions extends ActOptions {
  /** Verifies what is there, offline, and changes nothing. */
  readonly frozen?: boolean;
}

/** One entry of the lockfile that is there and was verified. */
export interface RestoredPlugin {
  readonly plugin: string;
  readonly version: string;
  readonly sha256: string;
  /** `proved` from what was kept beside the bytes; `fetched` and verified anew. */
  readonly state: 'proved' | 'fetched';
}

/** Something is not there, or what is there does not hold; the registry can give it anew. */
const CURABLE: ReadonlySet<ClientErrorCode> = new Set([
  'PROOF_MISSING',
  'PROOF_INVALID',
  'NOT_INSTALLED',
  'ARTIFACT_DIGEST',
]);

export async function restorePlugins(
  context: PluginsContext,
  { frozen = false, ...options }: RestoreOptions,
): Promise<readonly RestoredPlugin[]> {
  const lockfile = await context.state.lockfile();
  const restored: RestoredPlugin[] = [];
  for (const entry of lockfile.plugins) {
    const { plugin, version, sha256 } = entry;
    try {
      if (isDirect(entry)) await proveDirect(context, entry, lockfile);
      else await proveEntry(context, entry, lockfile);
      restored.push({ plugin, version, sha256, state: 'proved' });
    } catch (error) {
      if (frozen || !(error instanceof ClientError) || !CURABLE.has(error.code)) throw error;
      if (isDirect(entry)) await fetchDirect(context, entry, { lockfile, options });
      else await fetchEntry(context, entry, { lockfile, options });
      restored.push({ plugin, version, sha256, state: 'fetched' });
    }
  }
  // Pins the files for this lockfile, which may have come from another machine.
  if (!frozen) await context.state.commit(lockfile, { remember: false });
  return restored;
}

/** The very release that is locked, also when it would not be chosen any more; never a revoked one. */
async function fetchEntry(
  context: PluginsContext,
  entry: LockedPlugin,
  { lockfile, options }: { readonly lockfile: Lockfile; readonly options: ActOptions },
): Promise<void> {
  const view = await viewOf(context);
  const chosen = await listedRelease(context, entry, view);
  const acquired = await acquire(
    context,
    {
      ...chosen,
      offered: true,
      ageMinutes: 0,
      requested: entry.requested,
      dependencies: entry.dependencies,
    },
    { documents: view.documents, former: undefined },
  );
  requireSameEntry(entry, acquired.entry);
  requireDependencies(entry, chosen, lockfile);
  await keepAcquired(context, [acquired], view.documents);
  await record(context, recordsOf(acquired, 'installed', options));
}

/** The very files that are locked, from the very repository; what was agreed to here is not asked again. */
async function fetchDirect(
  context: PluginsContext,
  entry: DirectEntry,
  { lockfile, options }: { readonly lockfile: Lockfile; readonly options: ActOptions },
): Promise<void> {
  const files = await readLocked(context, entry, await directProfile(context));
  const acquired = await restoreDirect(context, entry, files, lockfile);
  requireSameEntry(entry, acquired.entry);
  await record(context, recordsOfDirect(acquired, 'installed', options));
}

async function listedRelease({ options }: PluginsContext, entry: LockedPlugin, { documents }: View) {
  const { plugin, version, sha256 } = entry;
  const [document, publishers, revocations] = await together([
    documents.plugin(plugin),
    documents.publishers(),
    documents.revocations(),
  ]);
  const release = document.releases.find(({ release: { value } }) => value.version === version);
  if (release === undefined)
    throw new ClientError('NO_RELEASE', { plugin, reasons: `${version}: is not listed any more` });
  const { artifact } = release.release.value;
  if (artifact.sha256 !== sha256)
    throw new ClientError('LOCKFILE_MISMATCH', { plugin, what: 'sha256', actual: sha256, expected: artifact.sha256 });
  const standing = standingOf(release, revocations, options.now());
  if (!standing.mayLoad) throw new ClientError('REVOKED', { sha256, reason: standing.reason });
  return { plugin, version, tier: tierOf(release.release.value, publishers), document, release, standing };
}
