// Asking whether a verified release may be installed: the policy first, about what is true, then the person, about what it can do.
import type { ConsentReceipt } from '../documents/consent.ts';
import type { LockedPlugin, LockedSource, SignerRecord } from '../documents/lockfile.ts';
import type { AnalysisSummary, PackageDocument } from '../documents/package-document.ts';
import { ClientError } from '../error.ts';
import type { InstalledPlugin } from '../install-release.ts';
import type { SignedDocuments } from '../signed-documents.ts';
import { capabilitySet, compareSets, hashOf, type SetDifference, verifiedSet } from './capability-set.ts';
import { type ConsentQuestion, obtainConsent, ruleNames } from './consent.ts';
import { describePermissions, type PermissionScreen } from './permissions.ts';
import type { PlannedChange } from './plan-install.ts';
import type { PluginsContext } from './plugins-context.ts';
import { type Decision, decide, type HostPolicy, type PolicySubject } from './policy.ts';
import { proveInstalled } from './proof-store.ts';
import { summaryFor, verifiedSubject } from './release-facts.ts';

interface AgreementInput {
  readonly documents: SignedDocuments;
  readonly former: LockedPlugin | undefined;
  readonly installed: InstalledPlugin;
  readonly signer: SignerRecord;
}

/** The receipt under which it will run. Throws POLICY_REFUSED, CONSENT_*. */
export async function agree(
  context: PluginsContext,
  change: PlannedChange,
  { documents, former, installed, signer }: AgreementInput,
): Promise<ConsentReceipt> {
  const { options, receipts } = context;
  const { host, consent, now } = options;
  const { plugin, document } = change;
  const summary = summaryFor(change.release, host.id);
  const before = former && (await summaryOf(context, former, document));
  const set = await verifiedSet(summary, plugin);
  const screen = describePermissions(summary, await context.profile(documents), before);
  const subject = verifiedSubject({ ...change, summary, screen, installed: former }, installed, signer);
  const difference = compareSets(before && capabilitySet(before), set);
  const question = await questionOf(context, change, {
    installed,
    former,
    screen,
    difference,
    decision: decided(context, subject),
  });
  return obtainConsent({
    question,
    set,
    known: await receipts.find({ plugin, capabilityHash: set.hash, source: sourceOf(document) }),
    former: former && (await receipts.find(former)),
    ask: consent,
    now: now(),
  });
}

const sourceOf = ({ registry }: PackageDocument): LockedSource => ({ kind: 'registry', registry });

/** Waiting was judged when the release was chosen; a locked one does not wait again. Throws POLICY_REFUSED. */
function decided({ options }: PluginsContext, subject: PolicySubject): Decision {
  return requireAllowed(subject, { ...options.policy, minimumReleaseAgeMinutes: 0 });
}

/** Throws POLICY_REFUSED. */
export function requireAllowed(subject: PolicySubject, policy: HostPolicy = {}): Decision {
  const decision = decide(subject, policy, 0);
  if (decision.outcome !== 'refuse') return decision;
  throw new ClientError('POLICY_REFUSED', {
    plugin: subject.plugin,
    version: subject.version,
    rules: ruleNames({ rules: decision.rules.filter(({ outcome }) => outcome === 'refuse') }),
  });
}

interface QuestionInput {
  readonly installed: InstalledPlugin;
  readonly former: LockedPlugin | undefined;
  readonly screen: PermissionScreen;
  readonly difference: SetDifference;
  readonly decision: Decision;
}

async function questionOf(
  { log }: PluginsContext,
  { plugin, version, document }: PlannedChange,
  { installed, former, screen, difference, decision }: QuestionInput,
): Promise<ConsentQuestion> {
  const lastActivity = former && (await log.lastActivity(plugin));
  return {
    plugin,
    version,
    title: document.listing.title,
    summary: document.listing.summary,
    registry: document.registry,
    source: sourceOf(document),
    tier: installed.tier,
    publisher: { title: document.publisher.title, ...installed.publisher },
    screen,
    ...(former && { installed: { version: former.version, difference } }),
    decision,
    ...(lastActivity === undefined ? {} : { lastActivity }),
  };
}

/**
 * What the installed version can do: from the present document, or from the proof kept beside it, and only where it is what the
 * lockfile recorded. A document that says of an old version what a new one can do would hide that it reaches further. Unknown,
 * everything is new.
 */
export async function summaryOf(
  { options }: PluginsContext,
  { sha256: digest, capabilityHash }: LockedPlugin,
  document?: PackageDocument,
): Promise<AnalysisSummary | undefined> {
  const listed = document?.releases.find(({ release: { value } }) => value.artifact.sha256 === digest);
  const proven = async () => (await proveInstalled(digest, options)).chosen.release;
  for (const read of [async () => listed, proven]) {
    const release = await read().catch(ignoreRefusal);
    const summary = release?.analysis.find(({ host }) => host === options.host.id);
    if (summary !== undefined && (await hashOf(capabilitySet(summary))) === capabilityHash) return summary;
  }
  return undefined;
}

function ignoreRefusal(error: unknown): undefined {
  if (!(error instanceof ClientError)) throw error;
  return undefined;
}
