// One planned release made installable: its bytes and marks verified, the policy asked about what is true, the person asked about what
// it can do. Nothing is written before all of a plan's releases came through here.
import type { ConsentReceipt } from '../documents/consent.ts';
import type { LockedPlugin, SignerRecord } from '../documents/lockfile.ts';
import type { AnalysisSummary, PackageDocument } from '../documents/package-document.ts';
import { ClientError } from '../error.ts';
import { blobPath, type InstalledPlugin, verifyRelease } from '../install-release.ts';
import { blobName } from '../load-bytes.ts';
import type { SignedDocuments } from '../signed-documents.ts';
import { download } from '../store/download.ts';
import { sha256, toHex } from '../trust/bytes.ts';
import type { VerifiedBytes } from '../verified-bytes.ts';
import { acceptedIdentities } from '../verify-release.ts';
import { capabilitySet, compareSets, hashOf, verifiedSet } from './capability-set.ts';
import { type ConsentQuestion, obtainConsent, ruleNames } from './consent.ts';
import { describePermissions } from './permissions.ts';
import type { PlannedChange } from './plan-install.ts';
import type { PluginsContext } from './plugins-context.ts';
import { decide } from './policy.ts';
import { proveInstalled } from './proof-store.ts';
import { signerRecord, summaryFor, verifiedSubject } from './release-facts.ts';

export interface Acquired {
  readonly installed: InstalledPlugin;
  readonly bytes: VerifiedBytes;
  readonly receipt: ConsentReceipt;
  readonly entry: LockedPlugin;
  /** Digests of the bundles that were checked. */
  readonly attestations: readonly string[];
}

/** Throws what verifyRelease throws, POLICY_REFUSED, CONSENT_*. */
export async function acquire(
  context: PluginsContext,
  change: PlannedChange,
  { documents, former }: { readonly documents: SignedDocuments; readonly former: LockedPlugin | undefined },
): Promise<Acquired> {
  const { options, core } = context;
  const { store, fetch, onProgress, host } = options;
  const { installed, bytes } = await verifyRelease(change, {
    documents,
    fetchFile: context.fetchAttestationFile,
    artifact: async (artifact) => {
      const kept = await store.get(blobName(artifact.sha256));
      // A damaged copy is of no use; it is fetched again over it.
      const ports = { store, fetch, timeoutMs: core.timeoutMs, onProgress };
      if (kept?.length === artifact.size && (await isIntact(kept, artifact.sha256))) return kept;
      return download({ ...artifact, url: core.url + blobPath(artifact) }, ports);
    },
  });
  const publishers = await documents.publishers();
  const signer = signerRecord(installed, acceptedIdentities(change.document, publishers));
  const receipt = await agreed(context, change, { documents, former, installed, signer });
  const { value } = change.release.release;
  const { publisher, registry } = change.release.attestations;
  return {
    installed,
    bytes,
    receipt,
    attestations: [publisher, ...(registry === undefined ? [] : [registry])].map(({ sha256 }) => sha256),
    entry: {
      plugin: change.plugin,
      version: change.version,
      requested: change.requested,
      source: { kind: 'registry', registry: change.document.registry },
      kind: value.artifact.kind,
      sha256: installed.sha256,
      size: installed.size,
      manifestSha256: change.release.manifestSha256,
      tier: installed.tier,
      capabilityHash: summaryFor(change.release, host.id).capabilities.hash,
      signer,
      levels: installed.registry.levels,
      dependencies: change.dependencies,
    },
  };
}

async function isIntact(bytes: Uint8Array, digest: string): Promise<boolean> {
  return toHex(await sha256(bytes)) === digest;
}

interface AgreementInput {
  readonly documents: SignedDocuments;
  readonly former: LockedPlugin | undefined;
  readonly installed: InstalledPlugin;
  readonly signer: SignerRecord;
}

async function agreed(
  context: PluginsContext,
  change: PlannedChange,
  { documents, former, installed, signer }: AgreementInput,
): Promise<ConsentReceipt> {
  const { options, receipts, log } = context;
  const { host, policy = {}, consent, now } = options;
  const { plugin, version, document } = change;
  const summary = summaryFor(change.release, host.id);
  const before = former && (await summaryOf(context, former, document));
  const set = await verifiedSet(summary, plugin);
  const screen = describePermissions(summary, await context.profile(documents), before);
  const input = { ...change, summary, screen, installed: former };
  const decision = decide(
    verifiedSubject(input, installed, signer),
    // Waiting was judged when the release was chosen; a locked one does not wait again.
    { ...policy, minimumReleaseAgeMinutes: 0 },
    0,
  );
  if (decision.outcome === 'refuse')
    throw new ClientError('POLICY_REFUSED', { plugin, version, rules: ruleNames(decision) });
  const { state: _, ...signedBy } = installed.publisher;
  const lastActivity = former && (await log.lastActivity(plugin));
  const question: ConsentQuestion = {
    plugin,
    version,
    title: document.listing.title,
    summary: document.listing.summary,
    registry: document.registry,
    tier: installed.tier,
    publisher: { title: document.publisher.title, ...signedBy },
    screen,
    ...(former && {
      installed: { version: former.version, difference: compareSets(before && capabilitySet(before), set) },
    }),
    decision,
    ...(lastActivity === undefined ? {} : { lastActivity }),
  };
  return obtainConsent({
    question,
    set,
    known: await receipts.find(plugin, set.hash),
    former: former && (await receipts.find(plugin, former.capabilityHash)),
    ask: consent,
    now: now(),
  });
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
