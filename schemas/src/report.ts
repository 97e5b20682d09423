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

/** In how many of its configurations an engine was used. */
export const EngineCount = z.strictObject({ name: line(60), configurations: Count });
export type EngineCount = z.output<typeof EngineCount>;

export const Determinism = z.strictObject({
  word: z.enum(DETERMINISM_WORDS),
  inputs: Count,
  runs: Count,
  /** In which engines every input was run, and in how many configurations of each; absent where nothing was run. */
  engines: z.optional(z.array(EngineCount)),
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
export const RunEnding = z.enum(RUN_ENDINGS);
export type RunEnding = z.output<typeof RunEnding>;

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

/** One call into a host function. Numbers as they were passed, bytes and texts shortened; the whole is in the log's hash. */
export const HostCall = z.strictObject({
  /** `module.name`, or `interface#function` for a component. */
  function: z.string().check(z.minLength(1), z.maxLength(300)),
  arguments: z.array(z.string().check(z.maxLength(200))).check(z.maxLength(16)),
  result: z.optional(z.string().check(z.maxLength(200))),
});
export type HostCall = z.output<typeof HostCall>;

/** One call of a vector. `fuel` is what this call used, under the host's schedule. */
export const RunCall = z.strictObject({
  entry: line(80),
  ending: RunEnding,
  /** Kind of the trap, from a fixed list: `unreachable`, `memory-access`, ... */
  trap: z.optional(line(120)),
  /** As the host profile's `conventions.output` describes it; absent unless the ending is `ok`. */
  output: z.optional(z.json()),
  outputSha256: z.optional(Sha256),
  fuel: z.optional(Count),
  /** Fuel as a share of the host's budget for one call, in parts per million; absent where the host sets none. */
  budgetShare: z.optional(Count),
  hostCalls: Count,
  milliseconds: z.number(),
});
export type RunCall = z.output<typeof RunCall>;

/** One vector in one configuration of an engine, on a fresh instance. */
export const VectorRun = z.strictObject({
  vector: FileName,
  /** Index into `engines`. */
  engine: Count,
  /** That of the first call that did not end well, or of the start; `ok` when all did. */
  ending: RunEnding,
  trap: z.optional(line(120)),
  /** Calls that were made, in order. A call that does not end `ok` is the last one. */
  calls: z.array(RunCall),
  /** sha256 of the canonical JSON of the list of outputs; absent unless every call ended `ok`. */
  outputSha256: z.optional(Sha256),
  /** All memories, then all number globals, of every instance at the end. */
  memorySha256: z.optional(Sha256),
  /** Every host call with all its arguments and its result, not only those listed. */
  hostCallLogSha256: z.optional(Sha256),
  hostCalls: Count,
  /** The first calls; at most 200. */
  hostCallLog: z.array(HostCall).check(z.maxLength(200)),
  /** Standard output and error of the plugin, shortened. */
  printed: z.optional(z.string().check(z.maxLength(20_000))),
  /** Sum over the calls; the start is not part of it. */
  fuel: z.optional(Count),
  startFuel: z.optional(Count),
  peakMemoryBytes: Count,
  startMilliseconds: z.number(),
  callMilliseconds: z.array(z.number()),
  /** Resident memory of the child above what it had before the module was compiled. */
  residentBytes: z.optional(Count),
  /** The signal that ended the child, or why it was not believed. */
  detail: z.optional(line(300)),
});
export type VectorRun = z.output<typeof VectorRun>;

const Engine = z.strictObject({
  name: line(60),
  version: line(60),
  configuration: line(120),
  /** Of the layers that were active, those that this engine cannot have around it. */
  without: z.optional(z.array(CheckId)),
});
export const LayerState = z.strictObject({ layer: CheckId, active: z.boolean(), reason: z.optional(line(300)) });
export type LayerState = z.output<typeof LayerState>;

/** What running a plugin's vectors showed; the sandbox reports it and judges nothing. */
export const RunObservation = z.strictObject({
  engines: z.array(Engine),
  /** Engines that were asked for and not used, and why. */
  notRun: z.optional(z.array(z.strictObject({ name: line(60), configuration: line(120), reason: line(300) }))),
  layers: z.array(LayerState),
  /** Absent when the module could not be metered; then no call has `fuel`. `budget` is for one call. */
  fuel: z.optional(
    z.strictObject({
      schedule: z.enum(['wasmtime/classic', 'wasmtime/46']),
      budget: Count,
      /** Whether the budget is the host's; otherwise it is only the sandbox's backstop. */
      budgetOfHost: z.boolean(),
      exact: z.boolean(),
      reasons: z.array(line(60)),
    }),
  ),
  runs: z.array(VectorRun),
});
export type RunObservation = z.output<typeof RunObservation>;

/** What a run on one machine showed. Never signed as such; two machines' reports are compared before a level is claimed. */
export const RunReport = z.strictObject({
  schemaVersion: SchemaVersion,
  analyser: Analyser,
  subject: Subject,
  /** The limits and grants the vectors ran under. */
  host: z.strictObject({ id: HostId, profileSha256: Sha256 }),
  observedAt: Instant,
  machine: z.strictObject({ os: line(60), arch: line(30) }),
  ...RunObservation.shape,
});
export type RunReport = z.output<typeof RunReport>;
