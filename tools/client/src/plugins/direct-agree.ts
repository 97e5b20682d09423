// Asking whether a plugin of no registry may be installed: the policy about who stands behind it (nobody signed it), then the person
// about what it can do.
import type { ConsentReceipt } from '../documents/consent.ts';
import type { HostProfile } from '../documents/host-profile.ts';
import type { DirectSource } from '../documents/lockfile.ts';
import type { AnalysisSummary } from '../documents/package-document.ts';
import { ClientError } from '../error.ts';
import { requireAllowed } from './agree.ts';
import { capabilitySet, compareSets, type SetDifference } from './capability-set.ts';
import { type ConsentQuestion, obtainConsent } from './consent.ts';
import { described, setOfDirect, summaryOfDirect } from './direct-capabilities.ts';
import { type DirectEntry, stateOfSource, tierOfSource } from './direct-entry.ts';
import type { DirectPlugin } from './direct-plugin.ts';
import { describePermissions, type PermissionScreen } from './permissions.ts';
import type { PluginsContext } from './plugins-context.ts';
import type { PolicySubject } from './policy.ts';
import { recordOf } from './source-records.ts';

export interface Shown {
  readonly summary: AnalysisSummary;
  readonly screen: PermissionScreen;
  readonly difference: SetDifference;
}

/** The rows of its screen, compared with the installed version where there is one. */
export async function showDirect(
  context: PluginsContext,
  direct: DirectPlugin,
  { profile, former }: { readonly profile: HostProfile; readonly former: DirectEntry | undefined },
): Promise<Shown> {
  const { id } = context.options.host;
  const summary = summaryOfDirect(described(direct), id);
  // What is unknown is compared with nothing: all of it is new.
  const before = former && direct.analysis && (await formerSummary(context, former));
  const difference = compareSets(before && capabilitySet(before), capabilitySet(summary));
  return { summary, screen: describePermissions(summary, profile, before), difference };
}

/** What the installed version could do, where the record of it is the one whose hash the lockfile has. */
async function formerSummary(context: PluginsContext, former: DirectEntry): Promise<AnalysisSummary | undefined> {
  const { id } = context.options.host;
  try {
    const record = await recordOf(context, former);
    if (record.capabilityHash !== former.capabilityHash) return undefined;
    const set = await setOfDirect(record, id);
    return set.hash === former.capabilityHash ? summaryOfDirect(record, id) : undefined;
  } catch (error) {
    if (!(error instanceof ClientError) || error.code === 'STORE') throw error;
    return undefined;
  }
}

/** The receipt under which it will run. Throws POLICY_REFUSED, CONSENT_*. */
export async function agreeDirect(
  context: PluginsContext,
  direct: DirectPlugin,
  { profile, former }: { readonly profile: HostProfile; readonly former: DirectEntry | undefined },
): Promise<ConsentReceipt> {
  const { options, receipts, log } = context;
  const { plugin, version, title, source, summary: said } = direct;
  const shown = await showDirect(context, direct, { profile, former });
  const lastActivity = former && (await log.lastActivity(plugin));
  const question: ConsentQuestion = {
    plugin,
    version,
    title,
    summary: said ?? 'its author does not say what it does',
    source,
    tier: tierOfSource(source),
    publisher: {
      title: source.kind === 'file' ? 'a file on this computer' : source.repository,
      state: stateOfSource(source),
    },
    screen: shown.screen,
    ...(former && { installed: { version: former.version, difference: shown.difference } }),
    decision: requireAllowed(subjectOf(direct, shown, former), options.policy),
    ...(lastActivity === undefined ? {} : { lastActivity }),
  };
  const set = await setOfDirect(described(direct), options.host.id);
  return obtainConsent({
    question,
    set,
    known: await receipts.find({ plugin, capabilityHash: set.hash, source }),
    former: former && (await receipts.find(former)),
    ask: options.consent,
    now: options.now(),
  });
}

function subjectOf(direct: DirectPlugin, { summary, screen }: Shown, former: DirectEntry | undefined): PolicySubject {
  const { plugin, version, kind, size, source, ageMinutes } = direct;
  const { unknown, undeclared } = summary.capabilities;
  return {
    plugin,
    version,
    kind,
    size,
    tier: tierOfSource(source),
    source: source.kind,
    publisherState: stateOfSource(source),
    signer: { kind: 'none' },
    levels: [],
    determinism: summary.determinism.word,
    verdict: summary.verdict,
    unknownImports: unknown.map(({ module, name }) => `${module}.${name}`),
    undeclared,
    // A file on this computer was not released: there is nothing to wait for.
    ageMinutes: source.kind === 'file' ? Number.POSITIVE_INFINITY : ageMinutes,
    permissions: screen.rows,
    ...newOwner(source, former?.source),
    ...(former && { installed: former }),
  };
}

/** A repository keeps its number when it changes hands; who agreed to it agreed to its owner. */
function newOwner(source: DirectSource, before: DirectSource | undefined): Pick<PolicySubject, 'newOwner'> {
  if (source.kind !== 'github' || before?.kind !== 'github') return {};
  const [owner, former] = [source, before].map(({ repository }) => repository.split('/')[0]?.toLowerCase());
  return owner === former || owner === undefined ? {} : { newOwner: owner };
}
