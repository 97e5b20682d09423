// One release on its way into the registry: bytes, analysis, signature, levels. Work whose inputs are unchanged since the ledger
// entry was written is not done again.

import { ANALYSER_VERSION, type ReleaseFile, reviewRelease, type SignatureResult } from '@plugmark/analysis';
import { ClientError, type KeylessVerifier, satisfies, verifyPublisher } from '@plugmark/client';
import {
  AnalysisReport,
  type HostProfile,
  type LedgerEntry,
  type Policy,
  type Publisher,
  parseJson,
  type Release,
  type Verdict,
} from '@plugmark/schemas';
import { type ChosenRuns, submittedRun } from './choose-runs.ts';
import { detachedSigner } from './detached-signature.ts';
import { sha256 } from './digest.ts';
import { PublishError } from './error.ts';
import { jsonFile } from './file-tree.ts';
import type { PluginSource, ReleaseSource } from './registry-source.ts';

/** What a release is judged by: the signed profiles and policy, not whatever lies in the working folder. */
export interface Rules {
  readonly registry: string;
  readonly policy: Policy;
  readonly hosts: ReadonlyMap<string, HostProfile>;
  /** For signatures through certificates; undefined while the registry lists no trusted root for them. */
  readonly keyless: KeylessVerifier | undefined;
  readonly trustedRootSha256: string | undefined;
  /** Of the policy and of each profile: what a report's inputs name them by. */
  readonly digests: { readonly policy: string; readonly hosts: ReadonlyMap<string, string> };
}

export interface Candidate {
  readonly plugin: PluginSource;
  readonly source: ReleaseSource;
  /** Whose signature counts. */
  readonly identities: Publisher['identities'];
  readonly bytes: Uint8Array;
  /** The next lower version's reports, for what is new in this one. */
  readonly previous: { readonly version: string; readonly reports: readonly AnalysisReport[] } | undefined;
  /** What was run, by target host. */
  readonly runs: readonly ChosenRuns[];
  readonly entry: LedgerEntry | undefined;
  /** Reports kept in the ledger, by sha256. */
  readonly kept: ReadonlyMap<string, Uint8Array>;
}

export interface Admission {
  readonly inputsSha256: string;
  readonly verdict: Verdict;
  /** One per target host, in the release's order. */
  readonly reports: readonly { readonly report: AnalysisReport; readonly bytes: Uint8Array }[];
  readonly runs: readonly ChosenRuns[];
  readonly reused: boolean;
}

/** Analyses a release for each host it targets, or takes the reports the ledger kept for the same inputs. */
export async function admitRelease(candidate: Candidate, rules: Rules, now: Date): Promise<Admission> {
  const inputsSha256 = inputsDigest(candidate, rules, now);
  const kept = candidate.entry?.inputsSha256 === inputsSha256 ? keptReports(candidate) : undefined;
  const reports =
    kept ??
    (await Promise.all(candidate.source.release.targets.map(({ host }) => analyse(candidate, rules, host, now))));
  return {
    inputsSha256,
    verdict: worst(reports.map(({ report }) => report.verdict)),
    reports,
    runs: candidate.runs,
    reused: kept !== undefined,
  };
}

/** Made again from the bytes, the reports are those the ledger kept. Throws LEDGER_INVALID. */
export async function requireSameReports(
  candidate: Candidate,
  { reports }: Admission,
  rules: Rules,
  now: Date,
): Promise<void> {
  const again = await admitRelease({ ...candidate, entry: undefined }, rules, now);
  if (again.reports.every(({ bytes }, i) => Buffer.compare(bytes, reports[i]?.bytes ?? new Uint8Array()) === 0)) return;
  const { plugin, version } = candidate.source.release;
  throw new PublishError('LEDGER_INVALID', `${plugin} ${version}`, 'its kept report is not what its inputs lead to');
}

/** Everything a report is a function of. The artifact was compared with its digest before. */
function inputsDigest(
  { source, plugin, identities, previous, runs }: Candidate,
  { registry, digests, trustedRootSha256 }: Rules,
  now: Date,
): string {
  const { release, manifestSha256, bundle, readme, vectors } = source;
  return sha256(
    jsonFile({
      analyser: ANALYSER_VERSION,
      registry,
      manifestSha256,
      bundle: bundle === undefined ? null : sha256(bundle),
      ...(trustedRootSha256 === undefined ? {} : { trustedRoot: trustedRootSha256 }),
      ...(plugin.origin === undefined ? {} : { origin: plugin.origin, cosignature: upstreamDigest(source) }),
      ...(source.detached === undefined ? {} : { detached: sha256(source.detached) }),
      files: [readme === undefined ? null : sha256(readme), [...vectors].map(([name, bytes]) => [name, sha256(bytes)])],
      identities,
      policy: digests.policy,
      hosts: release.targets.map(({ host }) => digests.hosts.get(host) ?? null),
      exceptions: (plugin.exceptions?.exceptions ?? []).filter(
        ({ since, expires }) => new Date(since) <= now && now < new Date(expires),
      ),
      runs: runs.map((of) => [of.host, of.runs.map(({ bytes }) => sha256(bytes))]),
      previous:
        previous === undefined ? null : [previous.version, previous.reports.map((report) => sha256(jsonFile(report)))],
    }),
  );
}

const upstreamDigest = ({ mirror }: ReleaseSource): string | null =>
  mirror?.cosignature === undefined ? null : sha256(mirror.cosignature);

function keptReports({ entry, kept }: Candidate): Admission['reports'] | undefined {
  const found = (entry?.analyses ?? []).map(({ sha256: digest }) => {
    const bytes = kept.get(digest);
    return bytes && { report: parseJson(AnalysisReport, bytes, `attestations/${digest}.json`), bytes };
  });
  const reports = found.filter((report) => report !== undefined);
  return reports.length > 0 && reports.length === found.length ? reports : undefined;
}

async function analyse(
  candidate: Candidate,
  { registry, policy, hosts, keyless }: Rules,
  host: string,
  now: Date,
): Promise<Admission['reports'][number]> {
  const { source, plugin, identities, bytes, previous } = candidate;
  const run = submittedRun(candidate.runs.find((of) => of.host === host) ?? { host, runs: [] }, source);
  const before = previous?.reports.find((report) => report.host?.id === host);
  const report = await reviewRelease(
    {
      host,
      profile: hosts.get(host),
      policy,
      release: { value: source.release, sha256: source.manifestSha256 },
      ...(plugin.exceptions === undefined ? {} : { exceptions: plugin.exceptions }),
      ...(previous === undefined || before === undefined
        ? {}
        : { previous: { version: previous.version, report: before } }),
      ...(run === undefined ? {} : { run }),
    },
    {
      artifact: async () => bytes,
      files: async (release) => releaseFiles(release, source),
      signature: async (release, manifestSha256) =>
        checkSignature({
          ...source,
          release,
          manifestSha256,
          // A mirrored release was signed for the registry it comes from.
          registry: plugin.origin?.registryId ?? registry,
          identities,
          keyless,
          artifact: bytes,
        }),
      satisfies,
      now,
    },
  );
  return { report, bytes: jsonFile(report) };
}

function releaseFiles({ readme, vectors }: Release, source: Pick<ReleaseSource, 'readme' | 'vectors'>): ReleaseFile[] {
  const seen = (file: string, expected: string, bytes: Uint8Array | undefined): ReleaseFile => ({
    file,
    expected,
    ...(bytes === undefined ? {} : { actual: sha256(bytes) }),
  });
  return [
    ...(readme === undefined ? [] : [seen('README.md', readme.sha256, source.readme)]),
    ...vectors.map(({ name, sha256: expected }) => seen(`vectors/${name}.json`, expected, source.vectors.get(name))),
  ];
}

interface SignatureInput {
  readonly bundle: Uint8Array | undefined;
  readonly release: Release;
  readonly manifestSha256: string;
  readonly registry: string;
  readonly identities: Publisher['identities'];
  readonly keyless?: KeylessVerifier | undefined;
  /** `plugin.wasm.sig`, where the release has one, and what it must be a signature of. */
  readonly detached?: Uint8Array | undefined;
  readonly artifact?: Uint8Array | undefined;
}

/** Verifies the publisher's bundle with the same code a client uses. */
export async function checkSignature({
  bundle,
  release,
  manifestSha256,
  registry,
  identities,
  keyless,
  detached,
  artifact: bytes,
}: SignatureInput): Promise<SignatureResult | 'missing'> {
  if (bundle === undefined) return 'missing';
  const { plugin, version, artifact } = release;
  try {
    const claim = { plugin, version, registry, sha256: artifact.sha256, manifestSha256 };
    const { signer } = await verifyPublisher(bundle, claim, { identities, keyless });
    if (detached !== undefined && bytes !== undefined && detachedSigner(detached, bytes, identities) === undefined)
      return { outcome: 'fail', code: 'SIGNATURE_INVALID', problem: 'plugin.wasm.sig is not of a listed Ed25519 key' };
    return { outcome: 'pass', signer };
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    // Listed, it would be a release that no client can install.
    if (error.code === 'BUNDLE_KEYLESS')
      return { outcome: 'fail', code: error.code, problem: 'this registry signs no trusted_root.json to judge it by' };
    return { outcome: 'fail', code: error.code, problem: error.message };
  }
}

const VERDICT_ORDER = ['pass', 'review', 'fail'] as const;

export function worst(verdicts: readonly Verdict[]): Verdict {
  return VERDICT_ORDER[Math.max(...verdicts.map((verdict) => VERDICT_ORDER.indexOf(verdict)))] ?? 'fail';
}

export function isArtifact(
  { release }: Pick<ReleaseSource, 'release'>,
  bytes: Uint8Array | undefined,
): bytes is Uint8Array {
  return bytes !== undefined && sha256(bytes) === release.artifact.sha256;
}

/** The bytes of a release, which must be those its digest names. Throws ARTIFACT_MISSING, RELEASE_CHANGED. */
export function requireArtifact({ release }: ReleaseSource, bytes: Uint8Array | undefined): Uint8Array {
  const where = `${release.plugin} ${release.version}`;
  if (bytes === undefined)
    throw new PublishError('ARTIFACT_MISSING', where, `nothing has the bytes with sha256 ${release.artifact.sha256}`);
  if (isArtifact({ release }, bytes)) return bytes;
  throw new PublishError(
    'RELEASE_CHANGED',
    where,
    `its source serves bytes with sha256 ${sha256(bytes)}, the release says ${release.artifact.sha256}`,
  );
}
