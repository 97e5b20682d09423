// reviewRelease: the analysis as a table of contents. Bytes and everything that is not in them come through ports; nothing here
// throws for a bad plugin, reads a clock or reaches outside.

import type { AnalysisReport, Exceptions, HostProfile, Policy, Release } from '@plugmark/schemas';
import { canonicalBytes } from '@plugmark/schemas';
import { DEFAULT_LIMITS, readWasm, WasmError, type WasmFacts } from '@plugmark/wasm';
import { capabilityFacts, mapImports } from './capabilities.ts';
import {
  type AcceptedExceptions,
  checkOutcome,
  type Evidence,
  type ReleaseFile,
  type SignatureResult,
} from './check.ts';
import { CHECKS } from './checks/table.ts';
import { sha256 } from './digest.ts';
import { artifactFacts } from './facts.ts';
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
}

/** Everything the analysis asks of the outside. */
export interface ReviewPorts {
  /** The artifact's bytes, as they were found: their digest is checked here. */
  readonly artifact: () => Promise<Uint8Array>;
  /** README and vectors named by the release, with the digests they have. */
  readonly files?: (release: Release) => Promise<readonly ReleaseFile[]>;
  /** Verifies the publisher's bundle; 'missing' when there is none. Left out: not checked, so a required check stays open. */
  readonly signature?: (release: Release, manifestSha256: string) => Promise<SignatureResult | 'missing'>;
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
  const outcomes = Object.entries(CHECKS).map(([name, { run }]) =>
    checkOutcome(name, run(evidence), { policy: submission.policy, exceptions }),
  );
  return {
    schemaVersion: 1,
    analyser: { name: 'plugmark', version: ANALYSER_VERSION },
    subject: subjectOf(submission, evidence),
    ...(submission.profile === undefined
      ? {}
      : { host: { id: submission.host, profileSha256: await sha256(canonicalBytes(submission.profile)) } }),
    policySha256: await sha256(canonicalBytes(submission.policy)),
    verdict: verdictOf(outcomes),
    outcomes,
    ...(await factsOf(evidence)),
    determinism: { word: 'untested', inputs: 0, runs: 0, causes: [] },
    vectors: [],
  };
}

async function gatherEvidence(
  { host, profile, policy, release, previous }: Submission,
  ports: ReviewPorts,
  bytes: Uint8Array,
): Promise<Evidence> {
  // Engines hash on another thread, so this goes on while the module is read here.
  const digest = sha256(bytes);
  const module = readModule(bytes);
  return {
    bytes,
    sha256: await digest,
    host,
    profile,
    policy,
    release: release?.value,
    module,
    map: 'facts' in module && profile !== undefined ? mapImports(module.facts, profile, ports.satisfies) : undefined,
    files: release === undefined ? undefined : await ports.files?.(release.value),
    signature: release === undefined ? undefined : await ports.signature?.(release.value, release.sha256),
    previous,
    satisfies: ports.satisfies,
  };
}

function readModule(bytes: Uint8Array): { readonly facts: WasmFacts } | { readonly error: WasmError } {
  try {
    return { facts: readWasm(bytes, DEFAULT_LIMITS) };
  } catch (error) {
    if (error instanceof WasmError) return { error };
    throw error;
  }
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
  const kind = 'facts' in module ? { kind: module.facts.kind } : {};
  const artifact = { ...kind, sha256: digest, size: bytes.length };
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
  if (!('facts' in module)) return {};
  const facts = artifactFacts(module.facts);
  if (map === undefined || profile === undefined) return { facts };
  return { facts, capabilities: await capabilityFacts(map, profile, release?.capabilities) };
}
