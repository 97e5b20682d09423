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
  refused: z.array(z.strictObject({ plugin: PluginId, version: SemVer, reasons: z.array(line(300)) })),
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

/**
 * `plugmark registry fetch`: whether the bytes of each release are in its folder, `artifacts.json`. `fail`: a source names what it must
 * not or serves other bytes, and no other has them; `inconclusive`: they may be there later.
 */
export const FetchResult = z.strictObject({
  schemaVersion: SchemaVersion,
  outcome: z.enum(['pass', 'fail', 'inconclusive']),
  releases: z.array(
    z.strictObject({
      plugin: PluginId,
      version: SemVer,
      sha256: Sha256,
      state: z.enum(['present', 'fetched', 'failed']),
      /** Where the bytes came from. */
      source: z.optional(line(2100)),
      failures: z.array(
        z.strictObject({
          source: line(2100),
          state: z.enum(['forbidden', 'different', 'unreachable']),
          reason: line(3000),
        }),
      ),
    }),
  ),
});
export type FetchResult = z.output<typeof FetchResult>;

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

/** `plugmark registry heartbeat --json`. */
export const HeartbeatResult = z.strictObject({
  repository: line(200),
  /** Workflow files. */
  enabled: z.array(line(200)),
});
export type HeartbeatResult = z.output<typeof HeartbeatResult>;
