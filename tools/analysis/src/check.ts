// What a check is: an id, and a pure function from what is known of a submission to one of three outcomes (or `notApplicable`
// when its input is absent by design). A check never throws for a bad plugin and never answers `pass` when it could not look.

import type { AnalysisReport, CheckOutcome, Finding, HostProfile, Policy, Release } from '@plugmark/schemas';
import type { CapabilityMap } from './capabilities.ts';
import type { KnownNames } from './known-names.ts';
import { printable } from './printable.ts';
import type { ReadArtifact } from './read-artifact.ts';
import type { Rule } from './rules/rule.ts';
import { RULES, type RuleName } from './rules.ts';
import type { RunEvidence } from './runs/run-evidence.ts';

/** The result of verifying the publisher's bundle, as the port reports it. */
export type SignatureResult =
  | { readonly outcome: 'pass'; readonly signer: string }
  | { readonly outcome: 'fail'; readonly code: string; readonly problem: string }
  /** `notApplicable`: there is no mark by design, e.g. before an author signs. */
  | { readonly outcome: 'inconclusive' | 'notApplicable'; readonly reason: string };

/** A file the manifest names by digest. */
export interface ReleaseFile {
  readonly file: string;
  readonly expected: string;
  /** sha256 of the file as submitted; absent when it is missing. */
  readonly actual?: string;
}

/** Everything static checks may look at. Absent parts are absent by design (a bare file has no release). */
export interface Evidence {
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly host: string;
  readonly profile: HostProfile | undefined;
  readonly policy: Policy;
  readonly release: Release | undefined;
  readonly module: ReadArtifact;
  readonly map: CapabilityMap | undefined;
  /** Absent when nobody looked. */
  readonly files: readonly ReleaseFile[] | undefined;
  readonly signature: SignatureResult | 'missing' | undefined;
  readonly previous: { readonly version: string; readonly report: AnalysisReport } | undefined;
  /** Absent when nobody ran it; a reason when the run counts for nothing. */
  readonly run: RunEvidence | { readonly reason: string } | undefined;
  readonly satisfies: (version: string, range: string) => boolean;
  /** Absent where no registry is at hand. */
  readonly names: KnownNames | undefined;
}

export type CheckResult =
  | { readonly outcome: 'pass' }
  | { readonly findings: readonly RawFinding[] }
  | { readonly outcome: 'inconclusive' | 'notApplicable'; readonly reason: string };

export interface RawFinding {
  readonly ruleId: RuleName;
  readonly facts: Finding['facts'];
  readonly location?: Finding['location'];
}

export type Check = (evidence: Evidence) => CheckResult;

export const PASS: CheckResult = { outcome: 'pass' };
export const UNREADABLE: CheckResult = { outcome: 'inconclusive', reason: 'the file could not be read' };
export const NO_PROFILE: CheckResult = { outcome: 'inconclusive', reason: 'there is no host profile to compare with' };
export const NO_RELEASE: CheckResult = { outcome: 'notApplicable', reason: 'a bare file has no manifest' };

/** No findings is a pass: only for checks that really looked at everything. */
export function findingsOf(findings: readonly RawFinding[]): CheckResult {
  return findings.length === 0 ? PASS : { findings };
}

/** A check's result as the report carries it, with policy and exceptions applied. */
export function checkOutcome(
  check: string,
  result: CheckResult,
  { policy, exceptions }: { policy: Policy; exceptions: AcceptedExceptions },
): CheckOutcome {
  const required = policy.required.includes(check);
  if (!('findings' in result)) {
    return {
      check,
      required,
      findings: [],
      outcome: result.outcome,
      ...('reason' in result ? { reason: printable(result.reason, 600) } : {}),
    };
  }
  const findings = result.findings.map((raw) => finding(raw, policy, exceptions));
  const blocking = findings.some(({ effect, exception }) => effect !== 'note' && exception === undefined);
  return { check, required, findings, outcome: blocking ? 'fail' : 'pass' };
}

/** Accepted exceptions by rule id: already filtered to this plugin and version, and to those that have not expired. */
export type AcceptedExceptions = ReadonlyMap<string, { readonly reason: string; readonly expires: string }>;

function finding({ ruleId, facts, location }: RawFinding, policy: Policy, exceptions: AcceptedExceptions): Finding {
  const rule: Rule = RULES[ruleId];
  const exception = rule.atLeast === undefined ? exceptions.get(ruleId) : undefined;
  return {
    ruleId,
    severity: rule.severity,
    effect: effectOf(rule, policy.rules[ruleId]),
    facts,
    ...(location === undefined ? {} : { location }),
    ...(exception === undefined
      ? {}
      : { exception: { reason: exception.reason.replace(/\s+/g, ' '), expires: exception.expires } }),
  };
}

function effectOf({ effect, atLeast }: Rule, chosen: Finding['effect'] | undefined): Finding['effect'] {
  return chosen === 'note' && atLeast !== undefined ? atLeast : (chosen ?? effect);
}
