// What `plugmark registry ...` and `plugmark doctor` print with --json. As in cli-output.ts, fields are added, never renamed or removed.

import * as z from 'zod/mini';
import { Place } from './cli-output.ts';
import { Tier } from './index-document.ts';
import {
  Commit,
  Count,
  HostId,
  Instant,
  line,
  PluginId,
  RegistryId,
  RelativePath,
  RuleId,
  SchemaVersion,
  SemVer,
  Sha256,
} from './primitives.ts';
import { VerifiedLevel } from './statement.ts';

const Written = { written: Count, unchanged: Count, removed: Count, bytes: Count };

export const BuildOutput = z.strictObject({
  out: Place,
  plugins: z.array(
    z.strictObject({ plugin: PluginId, version: SemVer, sha256: Sha256, tier: Tier, levels: z.array(VerifiedLevel) }),
  ),
  refused: z.array(z.strictObject({ plugin: PluginId, version: SemVer, reasons: z.array(RuleId) })),
  ...Written,
});
export type BuildOutput = z.output<typeof BuildOutput>;

export const DeployResult = z.strictObject({ to: Place, ...Written });
export type DeployResult = z.output<typeof DeployResult>;

export const ServeResult = z.strictObject({ url: line(2000) });
export type ServeResult = z.output<typeof ServeResult>;

/** `plugmark registry run`: what lies in its folder, `runs.json`. */
export const RunList = z.strictObject({
  schemaVersion: SchemaVersion,
  runs: z.array(
    z.strictObject({ plugin: PluginId, version: SemVer, host: HostId, path: RelativePath, sha256: Sha256 }),
  ),
});
export type RunList = z.output<typeof RunList>;

/** `plugmark doctor --json`: the metadata a new client accepted, the piece that ends first coming first. */
export const DoctorResult = z.strictObject({
  registry: RegistryId,
  roles: z.array(z.strictObject({ role: line(100), version: Count, expires: Instant, lasts: z.boolean() })),
});
export type DoctorResult = z.output<typeof DoctorResult>;

/** `plugmark registry ledger pull|push --json`. */
export const LedgerResult = z.strictObject({
  ledger: Place,
  branch: line(200),
  /** Missing while the branch is. */
  commit: z.optional(Commit),
  /** Whether a new commit was pushed. */
  moved: z.boolean(),
});
export type LedgerResult = z.output<typeof LedgerResult>;

/** `plugmark registry ledger recover --json`. */
export const RecoverResult = z.strictObject({
  registry: RegistryId,
  ledger: Place,
  entries: Count,
  /** The lists had run out, and were verified as of their last second. */
  expired: z.boolean(),
});
export type RecoverResult = z.output<typeof RecoverResult>;

/** `plugmark registry heartbeat --json`. */
export const HeartbeatResult = z.strictObject({
  repository: line(200),
  /** Workflow files. */
  enabled: z.array(line(200)),
});
export type HeartbeatResult = z.output<typeof HeartbeatResult>;

const Tally = z.record(line(64), Count);

/** `plugmark registry stats --json`. Counted from plain JSON, which nothing but TLS vouches for. */
export const StatsResult = z.strictObject({
  registry: RegistryId,
  generatedAt: Instant,
  publishers: Count,
  plugins: Count,
  releases: Count,
  /** Of the newest release of each plugin; a plugin for two hosts counts for both. */
  of: z.strictObject({
    tier: Tally,
    host: Tally,
    risk: Tally,
    class: Tally,
    determinism: Tally,
    kind: Tally,
    state: Tally,
  }),
  /** Releases by month, oldest first; months without one are left out. */
  months: z.array(z.strictObject({ month: line(7), releases: Count })),
  /** Only of a folder. */
  files: z.optional(z.array(z.strictObject({ area: line(40), files: Count, bytes: Count }))),
  /** Artifacts in the tree against the registry's own budget; only of a folder. */
  budget: z.optional(z.strictObject({ blobBytes: Count, budgetBytes: Count })),
});
export type StatsResult = z.output<typeof StatsResult>;
