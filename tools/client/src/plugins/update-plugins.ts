// Update: each plugin by itself, so that one that has to wait holds up no other. A new version is on trial until the host has found it
// healthy; whatever ends the trial otherwise (a refusal, an exception, the power) brings the former state back.
import type { LockedPlugin, Lockfile } from '../documents/lockfile.ts';
import { ClientError } from '../error.ts';
import { summaryOf } from './agree.ts';
import { capabilitySet, compareSets, type SetDifference } from './capability-set.ts';
import { keepAcquired } from './commit-plan.ts';
import { isDirect } from './direct-entry.ts';
import { acquireAll, askForAll, nextLockfile, recordsOf, type View, viewOf } from './install-plugins.ts';
import { type Plan, type PlannedChange, planInstall } from './plan-install.ts';
import type { PluginsContext } from './plugins-context.ts';
import { summaryFor } from './release-facts.ts';
import { tryOut, type UpdateOptions } from './trial.ts';
import { updateDirect } from './update-direct.ts';
import { FATAL, HELD, type UpdateOutcome } from './update-outcome.ts';

export async function updatePlugins(
  context: PluginsContext,
  plugin: string | undefined,
  options: UpdateOptions,
): Promise<readonly UpdateOutcome[]> {
  const chosen = chosenEntries(await context.state.lockfile(), plugin);
  // A registry is asked only about what it lists.
  const first = chosen.every(isDirect) ? undefined : await viewOf(context, { anew: true });
  if (first !== undefined && plugin === undefined) await askForAll(first);
  const outcomes: UpdateOutcome[] = [];
  for (const entry of chosen) {
    if (isDirect(entry)) outcomes.push(await updateDirect(context, entry, options));
    else if (first !== undefined)
      outcomes.push(await updateOne(context, entry, { ...first, lockfile: await context.state.lockfile() }, options));
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
    await keepAcquired(context, acquired, view.documents);
    const failure = await tryOut(context, {
      before: view.lockfile,
      next: await nextLockfile(context, view, plan, acquired),
      entries: acquired.map((item) => item.entry),
      records: acquired.flatMap((item) => recordsOf(item, 'updated', options)),
      options,
    });
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
