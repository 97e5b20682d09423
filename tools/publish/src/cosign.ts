// The registry's mark: a SLSA verification summary over the artifact's digest. It says which policy passed on which inputs and
// which levels were reached; it never says that a plugin is safe.

import { ANALYSER_VERSION, RULES, type RuleName } from '@plugmark/analysis';
import {
  type AnalysisReport,
  type CheckOutcome,
  type Release,
  STATEMENT_TYPE,
  type VerificationSummary,
  type VerifiedLevel,
  VSA_PREDICATE,
} from '@plugmark/schemas';
import type { ChosenRuns } from './choose-runs.ts';
import { type StatementSigner, signStatement } from './statement-bundle.ts';

/** Which checks must have passed, for every host the release targets, before a level is claimed. */
const LEVEL_CHECKS = {
  PLUGMARK_PUBLISHER_VERIFIED: ['publisher-signature'],
  PLUGMARK_IMPORTS_DECLARED: ['wasm-valid', 'imports-known', 'capabilities-declared', 'capabilities-bounded'],
  PLUGMARK_WITHIN_BOUNDS: ['wasm-valid', 'size', 'memory', 'tables'],
  PLUGMARK_OBSERVED_DETERMINISTIC: ['vectors', 'run-limits', 'same-answers-runs'],
  PLUGMARK_DETERMINISTIC_BY_CONSTRUCTION: ['wasm-valid', 'imports-known', 'capabilities-bounded'],
} as const satisfies Partial<Record<VerifiedLevel, readonly string[]>>;

/** The levels these reports reach. Only for verified publishers: the first level says so. */
export function reachedLevels(
  reports: readonly AnalysisReport[],
  runs: readonly Pick<ChosenRuns, 'host' | 'agreed'>[],
): VerifiedLevel[] {
  const agreed = new Set(runs.filter((of) => of.agreed).map(({ host }) => host));
  const isMet: Partial<Record<VerifiedLevel, (report: AnalysisReport) => boolean>> = {
    // Two machines: one alone could have been made to say anything.
    PLUGMARK_OBSERVED_DETERMINISTIC: ({ host, determinism }) =>
      agreed.has(host?.id ?? '') && ['observed', 'by-construction'].includes(determinism.word),
    PLUGMARK_DETERMINISTIC_BY_CONSTRUCTION: ({ determinism }) => determinism.word === 'by-construction',
  };
  const passed = (check: string): boolean =>
    reports.every(({ outcomes }) => outcomes.some((outcome) => outcome.check === check && isClean(outcome)));
  const levels = Object.entries(LEVEL_CHECKS) as [VerifiedLevel, readonly string[]][];
  return levels
    .filter(([level, checks]) => checks.every(passed) && reports.every((report) => isMet[level]?.(report) ?? true))
    .map(([level]) => level);
}

/** A level is a claim about the bytes: an accepted exception or a softened rule lets a release through, but does not make the claim true. */
function isClean({ outcome, findings }: CheckOutcome): boolean {
  const isRemark = (ruleId: string): boolean =>
    Object.hasOwn(RULES, ruleId) && RULES[ruleId as RuleName].effect === 'note';
  return outcome === 'pass' && findings.every(({ ruleId }) => isRemark(ruleId));
}

export interface CosignInput {
  readonly registry: string;
  readonly release: Release;
  readonly policySha256: string;
  readonly levels: readonly VerifiedLevel[];
  /** sha256 of the publisher's bundle and of every report, by the name it has here. */
  readonly inputs: readonly { readonly uri: string; readonly sha256: string }[];
  /** When the policy was evaluated; from the ledger entry, so that signing again says the same. */
  readonly timeVerified: string;
}

function verificationSummary({
  registry,
  release,
  policySha256,
  levels,
  inputs,
  timeVerified,
}: CosignInput): VerificationSummary {
  const name = `${release.plugin}@${release.version}`;
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name, digest: { sha256: release.artifact.sha256 } }],
    predicateType: VSA_PREDICATE,
    predicate: {
      verifier: { id: `plugmark:${registry}`, version: { analyser: ANALYSER_VERSION } },
      timeVerified,
      resourceUri: `plugmark:${registry}/${name}`,
      policy: { uri: 'policy.json', digest: { sha256: policySha256 } },
      inputAttestations: inputs.map(({ uri, sha256 }) => ({ uri, digest: { sha256 } })),
      verificationResult: 'PASSED',
      verifiedLevels: [...levels],
      slsaVersion: '1.2',
    },
  };
}

/** The co-signature as a bundle. */
export async function coSign(input: CosignInput, signer: StatementSigner): Promise<Uint8Array> {
  return signStatement(verificationSummary(input), signer);
}
