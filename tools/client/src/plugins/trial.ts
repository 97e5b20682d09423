// A new version is on trial until the host has found it healthy; whatever ends the trial otherwise (a refusal, an exception, the power)
// brings the former state back.
import type { LockedPlugin, Lockfile } from '../documents/lockfile.ts';
import { loadBytes } from '../load-bytes.ts';
import type { VerifiedBytes } from '../verified-bytes.ts';
import { type ActOptions, record } from './install-plugins.ts';
import type { PluginsContext } from './plugins-context.ts';
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

interface Trial {
  readonly before: Lockfile;
  readonly next: Lockfile;
  /** What is new. */
  readonly entries: readonly LockedPlugin[];
  readonly records: readonly NewRecord[];
  readonly options: UpdateOptions;
}

/** Everything is in the store. Answers why it failed; undefined when the new version is in place. */
export async function tryOut(
  context: PluginsContext,
  { before, next, entries, records, options }: Trial,
): Promise<string | undefined> {
  const { state } = context;
  const { health } = options;
  if (health !== undefined) await state.beginTrial(before);
  await state.commit(next);
  await record(context, records);
  if (health === undefined) return undefined;
  const failed = await firstUnhealthy(context, entries, health);
  if (failed !== undefined) {
    await state.fail(failed.entry.sha256);
    await endTrial(
      context,
      before,
      entries.map((entry) => undone(entry, failed.reason, options)),
    );
    return failed.reason;
  }
  await state.endTrial();
  return undefined;
}

async function firstUnhealthy(
  { options }: PluginsContext,
  entries: readonly LockedPlugin[],
  health: NonNullable<UpdateOptions['health']>,
): Promise<{ readonly entry: LockedPlugin; readonly reason: string } | undefined> {
  for (const entry of entries) {
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
