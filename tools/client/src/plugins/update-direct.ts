// A newer release of a plugin from GitHub. No registry is asked anything; what GitHub says is held to the repository's number, and what
// it serves to what was pinned.
import { ClientError } from '../error.ts';
import type { Exclusion } from '../resolve.ts';
import { compareVersions } from '../semver.ts';
import type { GitHubRelease } from '../sources/github-repository.ts';
import type { SetDifference } from './capability-set.ts';
import { showDirect } from './direct-agree.ts';
import type { DirectEntry } from './direct-entry.ts';
import { filesOf, findRelease } from './direct-files.ts';
import { type DirectPlugin, readDirect } from './direct-plugin.ts';
import { type DirectProfile, directProfile } from './direct-profile.ts';
import { acquireDirect, keepDirect, recordsOfDirect, requireDependencies, withEntry } from './install-direct.ts';
import type { OutdatedPlugin } from './outdated-plugin.ts';
import type { PluginsContext } from './plugins-context.ts';
import { tryOut, type UpdateOptions } from './trial.ts';
import { FATAL, HELD, type UpdateOutcome } from './update-outcome.ts';

interface Newer {
  readonly direct: DirectPlugin;
  readonly profile: DirectProfile;
  /** Why it is not taken, where it is not. */
  readonly excluded?: Exclusion;
}

export async function updateDirect(
  context: PluginsContext,
  entry: DirectEntry,
  options: UpdateOptions,
): Promise<UpdateOutcome> {
  const { plugin, version: from } = entry;
  const current = { plugin, from, to: from, state: 'current', excluded: [] } as const;
  let newer: Newer | undefined;
  try {
    newer = await findNewer(context, entry);
    if (newer === undefined) return current;
    if (newer.excluded !== undefined) return { ...current, excluded: [newer.excluded] };
    const failure = await take(context, entry, newer, options);
    const outcome = { ...current, to: newer.direct.version };
    if (failure === undefined) return { ...outcome, state: 'updated' };
    return { ...outcome, state: 'rolledBack', code: 'HEALTH_FAILED', details: { reason: failure } };
  } catch (error) {
    if (!(error instanceof ClientError) || FATAL.has(error.code)) throw error;
    const difference = newer && (await differenceOf(context, entry, newer));
    return {
      ...current,
      to: newer?.direct.version ?? from,
      state: HELD.has(error.code) ? 'held' : 'refused',
      code: error.code,
      details: error.details,
      ...(difference === undefined ? {} : { difference }),
    };
  }
}

async function take(
  context: PluginsContext,
  entry: DirectEntry,
  { direct, profile }: Newer,
  options: UpdateOptions,
): Promise<string | undefined> {
  const before = await context.state.lockfile();
  requireDependencies(direct, before);
  const { requested } = entry;
  const acquired = await acquireDirect(context, direct, { profile, former: entry, requested, lockfile: before });
  await keepDirect(context, acquired);
  return tryOut(context, {
    before,
    next: withEntry(before, acquired.entry),
    entries: [acquired.entry],
    records: recordsOfDirect(acquired, 'updated', options),
    options,
  });
}

async function differenceOf(
  context: PluginsContext,
  former: DirectEntry,
  { direct, profile }: Newer,
): Promise<SetDifference> {
  return (await showDirect(context, direct, { profile: profile.profile, former })).difference;
}

/** Undefined where there is none; a file, an OCI artifact (a digest is one thing for ever) and a tag that was asked for have none. Throws SOURCE_*, MANIFEST_MALFORMED, … */
async function findNewer(context: PluginsContext, entry: DirectEntry): Promise<Newer | undefined> {
  const { source, plugin, version, requested } = entry;
  if (source.kind !== 'github') return undefined;
  const isPinned = requested !== '*';
  const found = await findRelease(context, { ...source, ...(isPinned ? {} : { tag: undefined }) }, source.repositoryId);
  if (found.source.tag === source.tag) {
    requireUnmoved(entry, found.release);
    return undefined;
  }
  const profile = await directProfile(context);
  const direct = await readDirect(context, await filesOf(context, found, profile), profile);
  if (direct.plugin !== plugin)
    throw new ClientError('SOURCE_MOVED', {
      plugin,
      tag: found.source.tag,
      what: 'plugin',
      expected: plugin,
      actual: direct.plugin,
    });
  const failed = await context.state.failed();
  const why = failed.has(direct.sha256)
    ? ({ code: 'failed', reason: 'did not work here when it was tried' } as const)
    : compareVersions(direct.version, version) > 0
      ? undefined
      : ({ code: 'lower', reason: `not higher than ${version}, which is installed` } as const);
  return { direct, profile, ...(why && { excluded: { version: direct.version, ...why } }) };
}

/** Without fetching it again: what GitHub says the files of the release are. Throws SOURCE_MOVED. */
function requireUnmoved({ plugin, source, sha256 }: DirectEntry, { assets }: GitHubRelease): void {
  const listed = assets.flatMap(({ digest }) => (digest?.startsWith('sha256:') ? [digest.slice(7)] : []));
  const isThere = listed.length < assets.length || listed.length === 0 || listed.includes(sha256);
  if (isThere) return;
  const tag = source.kind === 'github' ? source.tag : '';
  // A file that lies in the repository and not among the assets has its digest nowhere.
  if (!assets.some(({ name }) => /\.(?:wasm|zip)$/.test(name))) return;
  throw new ClientError('SOURCE_MOVED', { plugin, tag, what: 'sha256', expected: sha256, actual: listed.join(', ') });
}

/** Undefined when it is at its newest. */
export async function outdatedDirect(context: PluginsContext, entry: DirectEntry): Promise<OutdatedPlugin | undefined> {
  const { plugin, version: installed, requested = '*' } = entry;
  const common = { plugin, installed, requested, wanted: installed, latest: installed, excluded: [] };
  try {
    const newer = await findNewer(context, entry);
    if (newer === undefined) return undefined;
    const latest = newer.direct.version;
    if (newer.excluded !== undefined) return { ...common, latest, excluded: [newer.excluded] };
    return { ...common, wanted: latest, latest, difference: await differenceOf(context, entry, newer) };
  } catch (error) {
    if (!(error instanceof ClientError) || FATAL.has(error.code)) throw error;
    return { ...common, code: error.code };
  }
}
