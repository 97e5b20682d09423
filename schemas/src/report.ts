// The two reports of a release. `analysis.json` is a function of bytes, manifest, vectors, policy and analyser version, so that
// anybody can make the same bytes again; `run.json` holds what depends on the machine.

import * as z from 'zod/mini';
import { CapabilityClass, CapabilityParams, Risk } from './capability.ts';
import { UnboundedCause } from './host-profile.ts';
import {
  ArtifactKind,
  CapabilityId,
  Count,
  HostId,
  Instant,
  line,
  PluginId,
  RuleId,
  SchemaVersion,
  SemVer,
  Sha256,
} from './primitives.ts';
import { FileName } from './release.ts';
import { ArtifactFacts } from './wasm-facts.ts';

export const SEVERITIES = ['error', 'warning', 'info'] as const;
export const Severity = z.enum(SEVERITIES);
export type Severity = z.output<typeof Severity>;

export const OUTCOMES = ['pass', 'fail', 'inconclusive', 'notApplicable'] as const;
export const Outcome = z.enum(OUTCOMES);
export type Outcome = z.output<typeof Outcome>;

export const VERDICTS = ['pass', 'review', 'fail'] as const;
export const Verdict = z.enum(VERDICTS);
export type Verdict = z.output<typeof Verdict>;

/** Something a rule noticed. Facts only; the wording is added by a renderer from the rule table. Offsets are bytes into the artifact. */
export const Finding = z.strictObject({
  ruleId: RuleId,
  severity: Severity,
  effect: z.enum(['fail', 'review', 'note']),
  facts: z.record(
    z.string().check(z.maxLength(60)),
    z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]),
  ),
  location: z.optional(
    z.strictObject({
      offset: Count,
      length: z.optional(Count),
      file: z.optional(line(300)),
      /** Index of the function or name of the section the offset lies in. */
      function: z.optional(Count),
      section: z.optional(line(100)),
      /** Index of the core module inside a component. */
      module: z.optional(Count),
    }),
  ),
  /** Set when an accepted exception covers it: why, and until when. */
  exception: z.optional(z.strictObject({ reason: line(1000), expires: Instant })),
});
export type Finding = z.output<typeof Finding>;

const CheckId = z.string().check(z.maxLength(60), z.regex(/^[a-z][a-z0-9-]*$/));

export const CheckOutcome = z.strictObject({
  check: CheckId,
  outcome: Outcome,
  required: z.boolean(),
  /** Why it could not be decided or does not apply. */
  reason: z.optional(line(600)),
  findings: z.array(Finding),
});
export type CheckOutcome = z.output<typeof CheckOutcome>;

const NamedImport = z.strictObject({ module: z.string(), name: z.string() });

/** A capability the bytes show, with the imports that show it. */
export const DerivedCapability = z.strictObject({
  id: CapabilityId,
  class: CapabilityClass,
  risk: Risk,
  imports: z.array(NamedImport),
});
export type DerivedCapability = z.output<typeof DerivedCapability>;

/** The truth panel as data. `declared` and `unused` are absent when there was no manifest. */
export const CapabilityFacts = z.strictObject({
  declared: z.optional(
    z.array(z.strictObject({ id: CapabilityId, params: z.optional(CapabilityParams), reason: line(300) })),
  ),
  derived: z.array(DerivedCapability),
  runtime: z.array(z.strictObject({ module: z.string(), name: z.string(), purpose: line(200) })),
  undeclared: z.array(CapabilityId),
  unused: z.array(CapabilityId),
  /** Imports the host profile does not know, or forbids. */
  unknown: z.array(z.strictObject({ module: z.string(), name: z.string(), kind: z.string(), reason: line(400) })),
  /** Why the import section does not bound what the plugin can do; empty when it does. */
  unbounded: z.array(z.strictObject({ cause: UnboundedCause, detail: line(300) })),
  /** sha256 of the CapabilitySet that consent is bound to. */
  hash: Sha256,
  /** The highest risk of what is declared or derived. */
  risk: z.enum(['none', 'low', 'medium', 'high']),
});
export type CapabilityFacts = z.output<typeof CapabilityFacts>;

export const DETERMINISM_WORDS = ['by-construction', 'observed', 'nondeterministic', 'untested'] as const;

export const Determinism = z.strictObject({
  word: z.enum(DETERMINISM_WORDS),
  inputs: Count,
  runs: Count,
  /** What speaks against by-construction, as rule ids. */
  causes: z.array(RuleId),
  firstDifference: z.optional(line(600)),
});
export type Determinism = z.output<typeof Determinism>;

export const RUN_ENDINGS = [
  'ok',
  'trap',
  'outOfFuel',
  'outOfMemory',
  'timeout',
  'outputLimit',
  'hostCallLimit',
  'crash',
  'linkError',
] as const;
const RunEnding = z.enum(RUN_ENDINGS);

/** One vector under the host's schedule: figures that are the same on every machine. */
export const VectorResult = z.strictObject({
  name: FileName,
  sha256: Sha256,
  ending: RunEnding,
  trap: z.optional(line(120)),
  outputSha256: z.optional(Sha256),
  fuel: z.optional(Count),
  /** Fuel as a share of the host's budget, in parts per million. */
  budgetShare: z.optional(Count),
  peakMemoryBytes: Count,
  hostCalls: Count,
  matchesExpected: z.optional(z.boolean()),
});
export type VectorResult = z.output<typeof VectorResult>;

const Subject = z.strictObject({
  plugin: z.optional(PluginId),
  version: z.optional(SemVer),
  artifact: z.strictObject({ kind: z.optional(ArtifactKind), sha256: Sha256, size: Count }),
  manifest: z.optional(z.strictObject({ sha256: Sha256 })),
});

const Analyser = z.strictObject({ name: z.literal('plugmark'), version: SemVer });

export const AnalysisReport = z.strictObject({
  schemaVersion: SchemaVersion,
  analyser: Analyser,
  subject: Subject,
  host: z.optional(z.strictObject({ id: HostId, profileSha256: Sha256 })),
  policySha256: Sha256,
  verdict: Verdict,
  outcomes: z.array(CheckOutcome),
  /** Absent when the bytes could not be read. */
  facts: z.optional(ArtifactFacts),
  capabilities: z.optional(CapabilityFacts),
  determinism: Determinism,
  vectors: z.array(VectorResult),
});
export type AnalysisReport = z.output<typeof AnalysisReport>;

/** What a run on one machine showed. Never signed as such; two machines' reports are compared before a level is claimed. */
export const RunReport = z.strictObject({
  schemaVersion: SchemaVersion,
  analyser: Analyser,
  subject: Subject,
  host: HostId,
  observedAt: Instant,
  machine: z.strictObject({ os: line(60), arch: line(30) }),
  engines: z.array(z.strictObject({ name: line(60), version: line(60), configuration: line(120) })),
  layers: z.array(z.strictObject({ layer: CheckId, active: z.boolean(), reason: z.optional(line(300)) })),
  runs: z.array(
    z.strictObject({
      vector: FileName,
      engine: Count,
      ending: RunEnding,
      outputSha256: z.optional(Sha256),
      memorySha256: z.optional(Sha256),
      hostCallLogSha256: z.optional(Sha256),
      fuel: z.optional(Count),
      startMilliseconds: z.number(),
      callMilliseconds: z.array(z.number()),
      peakMemoryBytes: Count,
      residentBytes: z.optional(Count),
      /** The signal that ended the child, or its own last words. */
      detail: z.optional(line(300)),
    }),
  ),
});
export type RunReport = z.output<typeof RunReport>;
