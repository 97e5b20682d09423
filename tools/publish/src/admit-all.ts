// Every release of the source in turn: unchanged since it was published, bytes found, analysed or taken from the ledger, marked, filed.
// A refused release is noted with its reports; one that changed or vanished stops the build.

import { summarizeReport } from '@plugmark/analysis';
import { compareVersions } from '@plugmark/client';
import type {
  AnalysisReport,
  ArtifactKind,
  LedgerEntry,
  LedgerRefusal,
  Publisher,
  VerifiedPublishers,
} from '@plugmark/schemas';
import { type Admission, admitRelease, isArtifact, type Rules, requireArtifact, requireSameReports } from './admit.ts';
import { chooseRuns } from './choose-runs.ts';
import { sha256 } from './digest.ts';
import { PublishError } from './error.ts';
import { instant } from './instant.ts';
import { type Ledger, releaseKey } from './ledger.ts';
import { markRelease } from './mark-release.ts';
import type { ListedRelease } from './package-documents.ts';
import { type PluginSource, publisherIdOf, type RegistrySource, type ReleaseSource } from './registry-source.ts';
import type { StatementSigner } from './statement-bundle.ts';
import { acceptedIdentities, type Cosigners, cosignersOf, verifiedPublishers } from './trusted-documents.ts';
import type { OfflineMetadata } from './tuf/offline.ts';

export interface AdmitInput {
  readonly source: RegistrySource;
  readonly offline: OfflineMetadata;
  readonly ledger: Ledger;
  readonly signers: { readonly cosign: StatementSigner };
  /** The bytes of a release, from wherever they are; undefined when nowhere. The digest is compared here. */
  readonly artifact: (release: ReleaseSource) => Promise<Uint8Array | undefined>;
  /**
   * A new release whose bytes nobody has is left out like one that is refused: a publisher who takes them away between merge and build
   * must not stop everybody's. What was published once is never left out.
   */
  readonly leaveOutMissing?: boolean;
  /** Run reports made for a release, one a machine and host. Without them what the ledger kept counts. */
  readonly runs?: (release: ReleaseSource) => readonly Uint8Array[];
  readonly now: Date;
  /** Plugins whose kept reports are not believed: made again, they must be the same. Throws LEDGER_INVALID. */
  readonly verifyAgain?: ReadonlySet<string>;
  readonly onProgress?: (event: BuildEvent) => void;
}

/** What happened to one release. */
export interface BuildEvent {
  readonly plugin: string;
  readonly version: string;
  readonly done: number;
  readonly total: number;
  readonly verdict: Admission['verdict'];
  readonly reused: boolean;
}

/** What came of it: ledger entries, what may be listed, files by digest. */
export interface Work {
  readonly entries: Map<string, LedgerEntry>;
  readonly listed: Map<string, ListedRelease[]>;
  readonly attestations: Map<string, Uint8Array>;
  readonly blobs: Map<string, { readonly kind: ArtifactKind; readonly bytes: Uint8Array }>;
  readonly refusals: Refusal[];
}

export type Refusal = LedgerRefusal & { readonly reports: readonly AnalysisReport[] };

export async function admitAll(input: AdmitInput, rules: Rules): Promise<Work> {
  const work: Work = {
    entries: new Map(input.ledger.entries),
    listed: new Map(),
    attestations: new Map(input.ledger.attestations),
    blobs: new Map(),
    refusals: [],
  };
  const total = [...input.source.plugins.values()].reduce((sum, { releases }) => sum + releases.size, 0);
  // Read once: every release is judged by the same signed lists.
  const signed = { verified: verifiedPublishers(input.offline), cosigners: cosignersOf(input.offline) };
  const desk: Desk = { input, rules, work, ...signed };
  let done = 0;
  for (const plugin of input.source.plugins.values()) {
    let previous: { version: string; reports: readonly AnalysisReport[] } | undefined;
    const ascending = [...plugin.releases.values()].sort((a, b) =>
      compareVersions(a.release.version, b.release.version),
    );
    for (const source of ascending) {
      const admission = await admitOne({ plugin, source, previous }, desk);
      const { version } = source.release;
      done += 1;
      input.onProgress?.({
        plugin: plugin.plugin,
        version,
        done,
        total,
        verdict: admission.verdict,
        reused: admission.reused,
      });
      if (admission.verdict !== 'fail') previous = { version, reports: admission.reports.map(({ report }) => report) };
    }
  }
  requireNothingLost(input);
  return work;
}

interface Turn {
  readonly plugin: PluginSource;
  readonly source: ReleaseSource;
  readonly previous: { readonly version: string; readonly reports: readonly AnalysisReport[] } | undefined;
}

interface Desk {
  readonly input: AdmitInput;
  readonly rules: Rules;
  readonly work: Work;
  readonly verified: VerifiedPublishers;
  readonly cosigners: Cosigners;
}

async function admitOne({ plugin, source, previous }: Turn, desk: Desk): Promise<Admission> {
  const { input, rules, work, verified } = desk;
  const { release } = source;
  const entry = work.entries.get(releaseKey(release));
  requireUnchanged(source, entry);
  const identities = acceptedIdentities(publisherOf(plugin, input.source), verified);
  const found = await input.artifact(source);
  if (entry === undefined && input.leaveOutMissing === true && !isArtifact(source, found))
    return leaveOut(found, source, desk);
  const bytes = requireArtifact(source, found);
  const kept = input.ledger.attestations;
  const before = (entry?.runs ?? []).flatMap((ref) => kept.get(ref.sha256) ?? []);
  const runs = chooseRuns({ source, kept: before, offered: input.runs?.(source) ?? [] }, rules);
  const candidate = { plugin, source, identities, bytes, previous, runs, entry, kept };
  const admission = await admitRelease(candidate, rules, input.now);
  if (input.verifyAgain?.has(plugin.plugin)) await requireSameReports(candidate, admission, rules, input.now);
  const { bundle } = source;
  const reports = admission.reports.map(({ report }) => report);
  // What could not be read has nothing to show, whoever waived the finding: it waits until the analyser can read it.
  const isKnown = reports.every((report) => summarizeReport(report) !== undefined);
  if (admission.verdict !== 'fail' && bundle !== undefined && isKnown) {
    await fileRelease({ source: { ...source, bundle }, entry, admission, bytes }, desk);
    return admission;
  }
  const at = entry?.publishedAt ?? instant(input.now);
  work.refusals.push({ plugin: release.plugin, version: release.version, at, reasons: reasonsOf(reports), reports });
  return { ...admission, verdict: 'fail' };
}

/** The rule ids are those of the review it passed. */
function leaveOut(found: Uint8Array | undefined, { release }: ReleaseSource, { input, work }: Desk): Admission {
  const { plugin, version } = release;
  const reasons = [found === undefined ? 'artifact.unreachable' : 'artifact.different'];
  work.refusals.push({ plugin, version, at: instant(input.now), reasons, reports: [] });
  return { inputsSha256: '', verdict: 'fail', reports: [], runs: [], reused: false };
}

function publisherOf({ plugin }: PluginSource, { publishers }: RegistrySource): Publisher {
  const id = publisherIdOf(plugin);
  const publisher = publishers.get(id);
  if (publisher !== undefined) return publisher;
  throw new PublishError('SOURCE_MISSING', `publishers/${id}.json`, `${plugin} has no publisher`);
}

interface Admitted {
  readonly source: ReleaseSource & { readonly bundle: Uint8Array };
  readonly entry: LedgerEntry | undefined;
  readonly admission: Admission;
  readonly bytes: Uint8Array;
}

/** Marks an admitted release and files everything about it: attestations, ledger entry, bytes. */
async function fileRelease({ source, entry, admission, bytes }: Admitted, desk: Desk): Promise<void> {
  const { input, rules, work, verified, cosigners } = desk;
  const { release, manifestSha256 } = source;
  const { plugin, version, artifact } = release;
  const stored = (file: Uint8Array): { sha256: string; size: number } => {
    const digest = sha256(file);
    work.attestations.set(digest, file);
    return { sha256: digest, size: file.length };
  };
  const cosigner = input.signers.cosign;
  const { registry } = rules;
  const marks = await markRelease({
    ...input,
    source,
    entry,
    admission,
    registry,
    verified,
    cosigners,
    keyless: rules.keyless,
    cosigner,
    stored,
  });
  const next: LedgerEntry = {
    schemaVersion: 1,
    sequence: entry?.sequence ?? (input.ledger.head?.sequence ?? 0) + 1,
    plugin,
    version,
    publishedAt: entry?.publishedAt ?? instant(input.now),
    artifactSha256: artifact.sha256,
    manifestSha256,
    inputsSha256: admission.inputsSha256,
    verdict: admission.verdict,
    ...marks,
  };
  work.entries.set(releaseKey(release), next);
  work.blobs.set(artifact.sha256, { kind: artifact.kind, bytes });
  const reports = admission.reports.map(({ report }) => report);
  work.listed.set(plugin, [...(work.listed.get(plugin) ?? []), { source, entry: next, reports }]);
}

function requireUnchanged({ release, manifestSha256 }: ReleaseSource, entry: LedgerEntry | undefined): void {
  if (
    entry === undefined ||
    (entry.manifestSha256 === manifestSha256 && entry.artifactSha256 === release.artifact.sha256)
  )
    return;
  throw new PublishError(
    'RELEASE_CHANGED',
    `${release.plugin} ${release.version}`,
    `was published ${entry.publishedAt} with manifest ${entry.manifestSha256}; a release never changes: make a new version`,
  );
}

/** A published release that vanished from registry/ is a mistake or an attack, never a wish: releases are yanked, not deleted. */
function requireNothingLost({ ledger, source }: AdmitInput): void {
  for (const { plugin, version } of ledger.entries.values()) {
    if (source.plugins.get(plugin)?.releases.has(version) === true) continue;
    throw new PublishError(
      'RELEASE_CHANGED',
      `${plugin} ${version}`,
      'was published and is gone from registry/; restore it and yank it instead',
    );
  }
}

/** The rules that refuse it; where none does, the checks that could not be decided. */
function reasonsOf(reports: readonly AnalysisReport[]): string[] {
  const outcomes = reports.flatMap((report) => report.outcomes);
  const failing = outcomes
    .flatMap(({ findings }) => findings)
    .filter(({ effect, exception }) => effect === 'fail' && exception === undefined)
    .map(({ ruleId }) => ruleId);
  if (failing.length > 0) return [...new Set(failing)];
  const open = outcomes.filter(({ required, outcome }) => required && outcome === 'inconclusive');
  return [...new Set(open.map(({ check, reason }) => `${check}: ${reason ?? 'not decided'}`.slice(0, 300)))];
}
