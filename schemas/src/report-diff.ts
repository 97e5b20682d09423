// What changed between two analysis reports of a plugin. Made from the reports alone, so it says nothing that they do not hold;
// the wording is added by a renderer. Lists are in a fixed order: the same two reports give the same bytes.

import * as z from 'zod/mini';
import { CapabilityClass, CapabilityParams, Risk } from './capability.ts';
import { UnboundedCause } from './host-profile.ts';
import {
  ArtifactKind,
  CapabilityId,
  Count,
  HostId,
  line,
  PluginId,
  SchemaVersion,
  SemVer,
  Sha256,
} from './primitives.ts';
import { FileName } from './release.ts';
import { DETERMINISM_WORDS, Finding, RUN_ENDINGS, Verdict } from './report.ts';

/** `changed`: there before and after, with another type, version or digest. */
const ItemChangeKind = z.enum(['added', 'removed', 'changed']);

/** `widened` allows something new, `narrowed` only less; `changed` allows the same but is declared or seen otherwise. */
export const CAPABILITY_CHANGES = ['added', 'widened', 'narrowed', 'removed', 'changed'] as const;

/** How one report has a capability. */
export const CapabilityState = z.strictObject({
  declared: z.boolean(),
  /** Whether an import of the code gives it. */
  seen: z.boolean(),
  /** What narrows it; absent when nothing does. */
  params: z.optional(CapabilityParams),
});
export type CapabilityState = z.output<typeof CapabilityState>;

export const CapabilityChange = z.strictObject({
  id: CapabilityId,
  change: z.enum(CAPABILITY_CHANGES),
  /** Absent when neither report saw it in the code. */
  class: z.optional(CapabilityClass),
  risk: z.optional(Risk),
  before: z.optional(CapabilityState),
  after: z.optional(CapabilityState),
});
export type CapabilityChange = z.output<typeof CapabilityChange>;

/** An import, an export, or a file of a process plugin. `before` and `after`: type of a core item, version of a component's, sha256 of a file. */
export const ItemChange = z.strictObject({
  change: ItemChangeKind,
  module: z.optional(z.string()),
  name: z.string(),
  kind: z.string(),
  before: z.optional(z.string()),
  after: z.optional(z.string()),
});
export type ItemChange = z.output<typeof ItemChange>;

const UnknownImport = z.strictObject({ module: z.string(), name: z.string(), kind: z.string() });
const Unbounded = z.strictObject({ cause: UnboundedCause, detail: line(300) });

const gainedAndLost = <S extends z.ZodMiniType>(item: S) =>
  z.strictObject({ gained: z.array(item), lost: z.array(item) });
const beforeAndAfter = <S extends z.ZodMiniType>(value: S) => z.strictObject({ before: value, after: value });

const Side = z.strictObject({
  plugin: z.optional(PluginId),
  version: z.optional(SemVer),
  kind: z.optional(ArtifactKind),
  sha256: Sha256,
  size: Count,
  host: z.optional(HostId),
});
export type DiffSide = z.output<typeof Side>;

const MemoryBounds = z.strictObject({ minBytes: Count, maxBytes: z.optional(Count) });

/** One vector of which something differs. Fuel in wasmtime units. */
export const VectorChange = z.strictObject({
  name: FileName,
  change: ItemChangeKind,
  ending: z.optional(z.strictObject({ before: z.enum(RUN_ENDINGS), after: z.enum(RUN_ENDINGS) })),
  fuel: z.optional(beforeAndAfter(z.optional(Count))),
  /** Percent of the earlier fuel, one decimal. */
  fuelPercent: z.optional(z.number()),
  /** The output's bytes differ. */
  output: z.boolean(),
});
export type VectorChange = z.output<typeof VectorChange>;

export const ReportDiff = z.strictObject({
  schemaVersion: SchemaVersion,
  before: Side,
  after: Side,
  /** Whether the later one can do more, so that users are asked again; `unknown` when one could not be read or the hosts differ. */
  widened: z.enum(['yes', 'no', 'unknown']),
  verdict: beforeAndAfter(Verdict),
  /** Absent when one of the reports has no capabilities. */
  capabilities: z.optional(
    z.strictObject({
      changes: z.array(CapabilityChange),
      /** Used and not declared. */
      undeclared: gainedAndLost(CapabilityId),
      /** Imports the host does not know or forbids. */
      unknown: gainedAndLost(UnknownImport),
      unbounded: gainedAndLost(Unbounded),
      risk: beforeAndAfter(z.enum(['none', 'low', 'medium', 'high'])),
      hash: beforeAndAfter(Sha256),
    }),
  ),
  findings: z.strictObject({
    new: z.array(Finding),
    fixed: z.array(Finding),
    /** The same finding, but it counts for more or less, or an exception covers it now or no longer. */
    changed: z.array(beforeAndAfter(Finding)),
    unchanged: Count,
  }),
  /** What is only in one of the files. All empty when one could not be read. */
  imports: z.array(ItemChange),
  exports: z.array(ItemChange),
  files: z.array(ItemChange),
  /** Bytes of the file; percent of the earlier size, one decimal, absent when that was 0. */
  size: z.strictObject({ before: Count, after: Count, percent: z.optional(z.number()) }),
  /** Absent when one could not be read or has no memory of its own to compare. */
  memory: z.optional(beforeAndAfter(MemoryBounds)),
  vectors: z.strictObject({ changes: z.array(VectorChange), unchanged: Count }),
  determinism: beforeAndAfter(z.enum(DETERMINISM_WORDS)),
  /** Producers as `name version`, and the features the compiler says it used. */
  toolchain: gainedAndLost(line(200)),
  features: gainedAndLost(z.string()),
  /** Fields of the manifest that differ; only where both manifests were given. */
  manifest: z.array(
    z.strictObject({
      field: z.enum(['plugin', 'version', 'license', 'targets', 'dependencies', 'repository', 'limits']),
      before: z.optional(line(4000)),
      after: z.optional(line(4000)),
    }),
  ),
  /** What the reports were made with, where it differs: a change may come from there. */
  conditions: z.array(
    z.strictObject({
      name: z.enum(['analyser', 'host', 'hostProfile', 'policy']),
      before: z.optional(line(100)),
      after: z.optional(line(100)),
    }),
  ),
});
export type ReportDiff = z.output<typeof ReportDiff>;
