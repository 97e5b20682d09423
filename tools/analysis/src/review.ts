// reviewRelease: the analysis as a table of contents. Bytes and everything that is not in them come through ports; nothing here
// throws for a bad plugin, reads a clock or reaches outside.

import type { AnalysisReport, CheckOutcome, Exceptions, HostProfile, Policy, Release } from '@plugmark/schemas';
import { capabilityFacts, mapImports } from './capabilities.ts';
import {
  type AcceptedExceptions,
  checkOutcome,
  type Evidence,
  type ReleaseFile,
  type SignatureResult,
} from './check.ts';
import { checksOf } from './checks/table.ts';
import { determinismVerdict, staticDeterminism } from './determinism.ts';
import { documentDigest, sha256 } from './digest.ts';
import { artifactFacts } from './facts.ts';
import type { KnownNames } from './known-names.ts';
import { PROCESS_MAP, processCapabilities } from './process-capabilities.ts';
import { processFacts } from './process-package.ts';
import { profileForApi } from './profile-for-api.ts';
import { kindOf, readArtifact } from './read-artifact.ts';
import { observedRuns } from './runs/observed-runs.ts';
import { type RunEvidence, runEvidence, type SubmittedRun, vectorResult } from './runs/run-evidence.ts';
import { verdictOf } from './verdict.ts';
import { ANALYSER_VERSION } from './version.ts';

/** What is submitted. A bare file has no release, files or previous release; that is said in the report, not treated as a fault. */
export interface Submission {
  readonly host: string;
  readonly profile: HostProfile | undefined;
  readonly policy: Policy;
  readonly release?: { readonly value: Release; readonly sha256: string };
  readonly exceptions?: Exceptions;
  readonly previous?: { readonly version: string; readonly report: AnalysisReport };
  /** What running the vectors showed; hostile until it fits the submission. */
  readonly run?: SubmittedRun;
}

/** Everything the analysis asks of the outside. */
export interface ReviewPorts {
  /** The artifact's bytes, as they were found: their digest is checked here. */
  readonly artifact: () => Promise<Uint8Array>;
  /** README and vectors named by the release, with the digests they have. */
  readonly files?: (release: Release) => Promise<readonly ReleaseFile[]>;
  /** Verifies the publisher's bundle; 'missing' when there is none. Left out: not checked, so a required check stays open. */
  readonly signature?: (release: Release, manifestSha256: string) => Promise<SignatureResult | 'missing'>;
  /**
   * Names that are taken, for a release that is proposed. Left out when a registry is built: a report that changes with every new
   * name could not be made again.
   */
  readonly names?: (release: Release) => Promise<KnownNames>;
  /** Whether a version lies in a range, in npm's semantics. */
  readonly satisfies: (version: string, range: string) => boolean;
  /** Exceptions that have ended by then count for nothing. */
  readonly now: Date;
}

/** Analyses one release for one host. The result is a function of its inputs: same inputs, same bytes of the report. */
export async function reviewRelease(submission: Submission, ports: ReviewPorts): Promise<AnalysisReport> {
  const bytes = await ports.artifact();
  const evidence = await gatherEvidence(submission, ports, bytes);
  const exceptions = acceptedExceptions(submission, ports.now);
  const outcomes = checksOf('process' in evidence.module ? 'process' : 'wasm').map(([name, run]) =>
    checkOutcome(name, run(evidence), { policy: submission.policy, exceptions }),
  );
  const counted = evidence.run !== undefined && 'vectors' in evidence.run ? evidence.run : undefined;
  return {
    schemaVersion: 1,
    analyser: { name: 'plugmark', version: ANALYSER_VERSION },
    subject: subjectOf(submission, evidence),
    ...(submission.profile === undefined
      ? {}
      : { host: { id: submission.host, profileSha256: await documentDigest(submission.profile) } }),
    policySha256: await documentDigest(submission.policy),
    verdict: 'error' in evidence.module ? unreadVerdict(outcomes) : verdictOf(outcomes),
    outcomes,
    ...(await factsOf(evidence)),
    determinism: determinismVerdict(staticDeterminism(evidence), observedRuns(counted)),
    vectors: (counted?.vectors ?? []).map(vectorResult),
  };
}

/** What was not read does not pass, whichever checks a policy requires. */
function unreadVerdict(outcomes: readonly CheckOutcome[]): AnalysisReport['verdict'] {
  const verdict = verdictOf(outcomes);
  return verdict === 'pass' ? 'review' : verdict;
}

async function gatherEvidence(submission: Submission, ports: ReviewPorts, bytes: Uint8Array): Promise<Evidence> {
  const { host, profile: described, policy, release, previous } = submission;
  // Engines hash on another thread, so this goes on while the module is read here.
  const hashing = sha256(bytes);
  const module = await readArtifact(bytes, { release: release?.value, profile: described, policy });
  const ranges = release?.value.targets.filter((target) => target.host === host).map(({ api }) => api) ?? [];
  const profile =
    'facts' in module && described !== undefined
      ? profileForApi(described, module.facts, { ranges, satisfies: ports.satisfies })
      : described;
  const digest = await hashing;
  return {
    bytes,
    sha256: digest,
    host,
    profile,
    policy,
    release: release?.value,
    module,
    map: profile === undefined ? undefined : mapOf(module, profile, ports.satisfies),
    files: release === undefined ? undefined : await ports.files?.(release.value),
    signature: release === undefined ? undefined : await ports.signature?.(release.value, release.sha256),
    previous,
    run: await submittedRun(submission, digest),
    satisfies: ports.satisfies,
    names: release === undefined ? undefined : await ports.names?.(release.value),
  };
}

async function submittedRun(
  { host, profile, policy, release, run }: Submission,
  artifactSha256: string,
): Promise<RunEvidence | { readonly reason: string } | undefined> {
  if (run === undefined) return undefined;
  return runEvidence(run, {
    sha256: artifactSha256,
    host,
    profileSha256: profile === undefined ? undefined : await documentDigest(profile),
    manifestSha256: release?.sha256,
    requiredLayers: policy.sandbox.requiredLayers,
  });
}

function mapOf(module: Evidence['module'], profile: HostProfile, satisfies: ReviewPorts['satisfies']): Evidence['map'] {
  if ('facts' in module) return mapImports(module.facts, profile, satisfies);
  return kindOf(module) === 'process' ? PROCESS_MAP : undefined;
}

/** Accepted for exactly this plugin and version, at this time; a bare file is no plugin. */
function acceptedExceptions({ exceptions, release }: Submission, now: Date): AcceptedExceptions {
  if (release === undefined || exceptions?.plugin !== release.value.plugin) return new Map();
  const applying = exceptions.exceptions.filter(
    ({ version, since, expires }) =>
      new Date(since) <= now && now < new Date(expires) && (version === undefined || version === release.value.version),
  );
  return new Map(applying.map(({ ruleId, reason, expires }) => [ruleId, { reason, expires }]));
}

function subjectOf({ release }: Submission, { bytes, sha256: digest, module }: Evidence): AnalysisReport['subject'] {
  const kind = kindOf(module);
  const artifact = { ...(kind === undefined ? {} : { kind }), sha256: digest, size: bytes.length };
  if (release === undefined) return { artifact };
  return {
    plugin: release.value.plugin,
    version: release.value.version,
    artifact,
    manifest: { sha256: release.sha256 },
  };
}

async function factsOf({
  module,
  map,
  profile,
  release,
}: Evidence): Promise<Pick<AnalysisReport, 'facts' | 'capabilities'>> {
  const facts =
    'facts' in module ? artifactFacts(module.facts) : 'process' in module ? processFacts(module.process) : undefined;
  if (facts === undefined) return {};
  if (map === undefined || profile === undefined) return { facts };
  const capabilities =
    facts.kind === 'process'
      ? processCapabilities(profile, release?.capabilities)
      : capabilityFacts(map, profile, release?.capabilities);
  return { facts, capabilities: await capabilities };
}
