// Update: each plugin by itself, so that one that has to wait holds up no other. A new version is on trial until the host has found it
// healthy; whatever ends the trial otherwise (a refusal, an exception, the power) brings the former state back.
import type { LockedPlugin, Lockfile } from '../documents/lockfile.ts';
import { ClientError, type ClientErrorCode, type ClientErrorDetails } from '../error.ts';
import { loadBytes } from '../load-bytes.ts';
import type { Exclusion } from '../resolve.ts';
import type { VerifiedBytes } from '../verified-bytes.ts';
import type { Acquired } from './acquire.ts';
import { summaryOf } from './agree.ts';
import { capabilitySet, compareSets, type SetDifference } from './capability-set.ts';
import { keepAcquired } from './commit-plan.ts';
import {
  type ActOptions,
  acquireAll,
  askForAll,
  nextLockfile,
  record,
  recordsOf,
  type View,
  viewOf,
} from './install-plugins.ts';
import { type Plan, type PlannedChange, planInstall } from './plan-install.ts';
import type { PluginsContext } from './plugins-context.ts';
import { summaryFor } from './release-facts.ts';
import type { NewRecord } from './run-log.ts';

/** A version on trial. */
export interface Candidate {
  readonly plugin: string;
  readonly version: string;
  readonly sha256: string;
  /** Its bytes, hashed anew. */
  load(): Promise<VerifiedBytes>;
}

/** How an update is tried. Without `health` a new version counts as working once it is there. */
export interface UpdateOptions extends ActOptions {
  /**
   * Tries a new version the host's own way; false or an exception brings the former one back. It may load plugins and must not install,
   * update or remove any.
   */
  readonly health?: (candidate: Candidate) => Promise<boolean>;
}

/** What became of one plugin in an update; one that had to wait holds up no other. */
export interface UpdateOutcome {
  readonly plugin: string;
  readonly from: string;
  /** The newest version there is to go to. */
  readonly to: string;
  /**
   * `held`: a person has to agree first. `refused`: the policy or a signature stands against it. `rolledBack`: it was tried and did not
   * work here.
   */
  readonly state: 'current' | 'updated' | 'held' | 'refused' | 'rolledBack';
  readonly code?: ClientErrorCode;
  readonly details?: ClientErrorDetails;
  /** What the new version can do beyond the installed one. */
  readonly difference?: SetDifference;
  readonly excluded: readonly Exclusion[];
}

const HELD: ReadonlySet<ClientErrorCode> = new Set(['CONSENT_REQUIRED', 'CONSENT_DENIED', 'CONSENT_INCOMPLETE']);
/** These say something about the way to the registry or the disk, not about a plugin: they end the whole update. */
const FATAL: ReadonlySet<ClientErrorCode> = new Set(['NETWORK', 'STORE', 'STORE_BUSY', 'ABORTED']);

export async function updatePlugins(
  context: PluginsContext,
  plugin: string | undefined,
  options: UpdateOptions,
): Promise<readonly UpdateOutcome[]> {
  const first = await viewOf(context, { anew: true });
  if (plugin === undefined) await askForAll(first);
  const outcomes: UpdateOutcome[] = [];
  for (const entry of chosenEntries(first.lockfile, plugin)) {
    const view = { ...first, lockfile: await context.state.lockfile() };
    outcomes.push(await updateOne(context, entry, view, options));
  }
  return outcomes;
}

/** The one that was named, or all that somebody asked for. Throws NOT_INSTALLED. */
function chosenEntries({ plugins }: Lockfile, plugin: string | undefined): readonly LockedPlugin[] {
  if (plugin === undefined) return plugins.filter(({ requested }) => requested !== undefined);
  const entry = plugins.find((candidate) => candidate.plugin === plugin);
  if (entry === undefined) throw new ClientError('NOT_INSTALLED', { plugin });
  return [entry];
}

async function updateOne(
  context: PluginsContext,
  entry: LockedPlugin,
  view: View,
  options: UpdateOptions,
): Promise<UpdateOutcome> {
  const { plugin, version: from } = entry;
  let plan: Plan | undefined;
  try {
    plan = await planUpdate(context, entry, view);
    const change = plan.changes.find((planned) => planned.plugin === plugin);
    const excluded = plan.excluded.get(plugin) ?? [];
    if (plan.changes.length === 0) return { plugin, from, to: from, state: 'current', excluded };
    const acquired = await acquireAll(context, plan.changes, view);
    const to = change?.version ?? from;
    const failure = await tryOut(context, view, { plan, acquired, options });
    const outcome = { plugin, from, to, excluded };
    if (failure === undefined) return { ...outcome, state: 'updated' };
    return { ...outcome, state: 'rolledBack', code: 'HEALTH_FAILED', details: { reason: failure } };
  } catch (error) {
    if (!(error instanceof ClientError) || FATAL.has(error.code)) throw error;
    const change = plan?.changes.find((planned) => planned.plugin === plugin);
    const difference = change && (await differenceOf(context, entry, change));
    return {
      plugin,
      from,
      to: change?.version ?? from,
      state: HELD.has(error.code) ? 'held' : 'refused',
      code: error.code,
      details: error.details,
      ...(difference === undefined ? {} : { difference }),
      excluded: plan?.excluded.get(plugin) ?? [],
    };
  }
}

/** The plugin and what only it needs may move; whatever else is installed stays. */
export function planUpdate(context: PluginsContext, entry: LockedPlugin, view: View): Promise<Plan> {
  const { plugin, requested = '*' } = entry;
  const requests = entry.requested === undefined ? [] : [{ plugin, range: requested }];
  return planInstall({ ...view, context, moving: new Set([plugin]), isUpdate: true }, requests);
}

export async function differenceOf(
  context: PluginsContext,
  entry: LockedPlugin,
  change: PlannedChange,
): Promise<SetDifference> {
  const before = await summaryOf(context, entry, change.document);
  const after = capabilitySet(summaryFor(change.release, context.options.host.id));
  return compareSets(before && capabilitySet(before), after);
}

interface Trial {
  readonly plan: Plan;
  readonly acquired: readonly Acquired[];
  readonly options: UpdateOptions;
}

/** Answers why it failed; undefined when the new version is in place. */
async function tryOut(
  context: PluginsContext,
  view: View,
  { plan, acquired, options }: Trial,
): Promise<string | undefined> {
  const { state } = context;
  const { health } = options;
  await keepAcquired(context, acquired, view.documents);
  const next = await nextLockfile(context, view, plan, acquired);
  if (health !== undefined) await state.beginTrial(view.lockfile);
  await state.commit(next);
  await record(
    context,
    acquired.flatMap((item) => recordsOf(item, 'updated', options)),
  );
  if (health === undefined) return undefined;
  const failed = await firstUnhealthy(context, acquired, health);
  if (failed !== undefined) {
    await state.fail(failed.entry.sha256);
    await endTrial(
      context,
      view.lockfile,
      acquired.map(({ entry }) => undone(entry, failed.reason, options)),
    );
    return failed.reason;
  }
  await state.endTrial();
  return undefined;
}

async function firstUnhealthy(
  { options }: PluginsContext,
  acquired: readonly Acquired[],
  health: NonNullable<UpdateOptions['health']>,
): Promise<{ readonly entry: LockedPlugin; readonly reason: string } | undefined> {
  for (const { entry } of acquired) {
    const { plugin, version, sha256 } = entry;
    try {
      if (!(await health({ plugin, version, sha256, load: () => loadBytes(sha256, options.store) })))
        return { entry, reason: 'the host found it unhealthy' };
    } catch (cause) {
      return { entry, reason: cause instanceof Error ? cause.message : String(cause) };
    }
  }
  return undefined;
}

function undone({ plugin, version, sha256 }: LockedPlugin, reason: string, { correlationId }: ActOptions): NewRecord {
  return {
    event: 'rolledBack',
    plugin,
    version,
    sha256,
    code: 'HEALTH_FAILED',
    detail: printable(reason),
    ...(correlationId === undefined ? {} : { correlationId }),
  };
}

/** A host's exception goes into the log, and may say anything. */
function printable(text: string): string {
  return [...text.replace(/[^\x20-\x7e]/g, ' ')].slice(0, 600).join('') || 'no reason given';
}

/** The former state is back before the trial is over: killed in between, the next start does the same again. */
async function endTrial(context: PluginsContext, former: Lockfile, records: readonly NewRecord[]): Promise<void> {
  await context.state.commit(former, { remember: false });
  await context.state.endTrial();
  await record(context, records);
}

/** What an interrupted trial left is undone, before anything else happens. Only while nobody else acts. */
export async function recoverTrial(context: PluginsContext): Promise<void> {
  const former = await context.state.trial();
  if (former === undefined) return;
  const present = await context.state.lockfile();
  const was = new Set(former.plugins.map(({ sha256 }) => sha256));
  const tried = present.plugins.filter(({ sha256 }) => !was.has(sha256));
  await endTrial(
    context,
    former,
    tried.map((entry) => undone(entry, 'interrupted while it was tried', {})),
  );
}
