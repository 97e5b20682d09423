// What the commands for users and hosts print with --json.

import * as z from 'zod/mini';
import { Risk } from './capability.ts';
import { Tier } from './index-document.ts';
import { DirectSource, LockedSource } from './lockfile.ts';
import { LogRecord } from './log.ts';
import { RiskOrNone } from './package-document.ts';
import {
  ArtifactKind,
  CapabilityId,
  Count,
  HostId,
  Instant,
  line,
  PluginId,
  SemVer,
  SemVerRange,
  Sha256,
  text,
} from './primitives.ts';
import { FileName } from './release.ts';
import { RunEnding, RunObservation } from './report.ts';

const Code = z.optional(line(60));
const Outcome = z.enum(['pass', 'fail', 'inconclusive']);
const Named = { plugin: PluginId, version: SemVer, sha256: Sha256 };
/** What a version can do beyond the installed one, in words: `network: new`, `network hosts: api.example.org`. */
const Widened = z.array(line(1000));

/** `plugmark search --json`. The index is signed by nobody. */
export const SearchResult = z.strictObject({
  verification: z.literal('notChecked'),
  plugins: z.array(
    z.strictObject({
      plugin: PluginId,
      title: line(80),
      summary: line(200),
      latest: SemVer,
      tier: Tier,
      risk: RiskOrNone,
      hosts: z.array(HostId),
    }),
  ),
});
export type SearchResult = z.output<typeof SearchResult>;

/** `plugmark info --json`: from signed documents. */
export const InfoResult = z.strictObject({
  plugin: PluginId,
  title: line(80),
  summary: line(200),
  version: SemVer,
  tier: Tier,
  /** Where it comes from, when not from a registry. */
  source: z.optional(DirectSource),
  /** Whether the code of such a plugin was looked into here. */
  analysed: z.optional(z.boolean()),
  /** When the installed version last did something here. */
  lastActivity: z.optional(Instant),
  risk: RiskOrNone,
  headline: line(1000),
  permissions: z.array(
    z.strictObject({
      id: line(64),
      risk: Risk,
      title: line(80),
      sentence: text(4000),
      reason: z.optional(line(300)),
      params: z.record(line(32), z.array(line(300))),
      seenInCode: z.array(line(600)),
    }),
  ),
  cannot: z.array(line(300)),
  excluded: z.array(z.strictObject({ version: SemVer, reason: line(2000) })),
});
export type InfoResult = z.output<typeof InfoResult>;

/** `plugmark list --json`. */
export const PluginList = z.strictObject({
  host: HostId,
  plugins: z.array(
    z.strictObject({
      ...Named,
      size: Count,
      source: LockedSource,
      tier: Tier,
      requested: z.optional(SemVerRange),
      consent: z.enum(['active', 'revoked', 'expired', 'none']),
      grants: z.array(CapabilityId),
      lastActivity: z.optional(Instant),
    }),
  ),
});
export type PluginList = z.output<typeof PluginList>;

/** `plugmark install --json` without a plugin: what the lockfile names, made to be there. */
export const RestoreResult = z.strictObject({
  plugins: z.array(z.strictObject({ ...Named, state: z.enum(['proved', 'fetched']) })),
});
export type RestoreResult = z.output<typeof RestoreResult>;

/** `plugmark outdated --json`. */
export const OutdatedResult = z.strictObject({
  /** Pinned by the digest of an OCI manifest: nothing newer is looked for. */
  fixed: z.optional(z.array(PluginId)),
  plugins: z.array(
    z.strictObject({
      plugin: PluginId,
      installed: SemVer,
      requested: SemVerRange,
      wanted: SemVer,
      latest: SemVer,
      widened: Widened,
      code: Code,
    }),
  ),
});
export type OutdatedResult = z.output<typeof OutdatedResult>;

/** `plugmark update --json`. */
export const UpdateResult = z.strictObject({
  plugins: z.array(
    z.strictObject({
      plugin: PluginId,
      from: SemVer,
      to: SemVer,
      state: z.enum(['current', 'updated', 'held', 'refused', 'rolledBack']),
      /** By the digest of an OCI manifest: nothing newer was looked for. */
      fixed: z.optional(z.literal(true)),
      widened: Widened,
      code: Code,
    }),
  ),
});
export type UpdateResult = z.output<typeof UpdateResult>;

/** `plugmark rollback --json`: what is in place now. */
export const RollbackResult = z.strictObject(Named);
export type RollbackResult = z.output<typeof RollbackResult>;

/** `plugmark uninstall --json`: the plugin and what only it needed. */
export const UninstallResult = z.strictObject({ removed: z.array(PluginId) });
export type UninstallResult = z.output<typeof UninstallResult>;

/** `plugmark why --json`. */
export const WhyResult = z.strictObject({
  plugin: PluginId,
  source: LockedSource,
  reasons: z.array(
    z.strictObject({
      requested: z.strictObject({ plugin: PluginId, range: SemVerRange }),
      path: z.array(z.strictObject({ plugin: PluginId, version: SemVer })),
    }),
  ),
});
export type WhyResult = z.output<typeof WhyResult>;

/** `plugmark permissions --json`. */
export const PermissionsResult = z.strictObject({
  plugin: PluginId,
  version: SemVer,
  source: LockedSource,
  tier: Tier,
  consent: z.enum(['active', 'revoked', 'expired', 'none']),
  by: z.optional(z.enum(['user', 'policy'])),
  grantedAt: z.optional(Instant),
  revokedAt: z.optional(Instant),
  expires: z.optional(Instant),
  lastActivity: z.optional(Instant),
  capabilities: z.array(
    z.strictObject({
      id: CapabilityId,
      granted: z.boolean(),
      lastActivity: z.optional(Instant),
      /** Absent where the proof of the plugin cannot be read without a root. */
      title: z.optional(line(80)),
      risk: z.optional(Risk),
    }),
  ),
});
export type PermissionsResult = z.output<typeof PermissionsResult>;

/** `plugmark load --json`. */
export const LoadResult = z.strictObject({
  ...Named,
  kind: ArtifactKind,
  size: Count,
  grants: z.array(CapabilityId),
  out: z.optional(line(4096)),
});
export type LoadResult = z.output<typeof LoadResult>;

/** `plugmark audit --json`. */
export const AuditOutput = z.strictObject({
  plugins: Count,
  against: z.enum(['registry', 'memory', 'nothing']),
  news: z.optional(z.string().check(z.maxLength(30))),
  findings: z.array(
    z.strictObject({
      ...Named,
      kind: z.enum([
        'revoked',
        'advisory',
        'quarantined',
        'yanked',
        'deprecated',
        'unlisted',
        'damaged',
        'unproved',
        'consent',
        'unwatched',
      ]),
      severity: z.enum(['error', 'warning']),
      reason: text(4000),
      id: z.optional(line(60)),
      url: z.optional(line(2000)),
      code: Code,
    }),
  ),
});
export type AuditOutput = z.output<typeof AuditOutput>;

/** `plugmark reproduce --json`: what ran here, beside what was promised. */
export const ReproduceResult = z.strictObject({
  ...Named,
  size: Count,
  kind: ArtifactKind,
  tier: Tier,
  host: HostId,
  status: z.enum(['active', 'deprecated', 'yanked', 'quarantined', 'revoked']),
  statusReason: z.optional(text(1200)),
  /** False for a revoked release, which is given nothing. */
  granted: z.boolean(),
  /** `pass` only where every vector is. */
  outcome: Outcome,
  vectors: z.array(
    z.strictObject({
      name: FileName,
      sha256: Sha256,
      outcome: Outcome,
      ending: z.optional(RunEnding),
      outputSha256: z.optional(Sha256),
      fuel: z.optional(Count),
      /** Of all calls, as the vector has it. */
      recordedFuel: z.optional(Count),
      /** As the registry's report has it. */
      reportedFuel: z.optional(Count),
      reason: z.optional(text(2000)),
    }),
  ),
  reasons: z.array(line(1000)),
  engines: RunObservation.shape.engines,
  /** Around the plugin while it ran. */
  layers: z.array(line(40)),
});
export type ReproduceResult = z.output<typeof ReproduceResult>;

/** `plugmark log verify --json` and `log export --json`: the head that the log ends in. */
export const LogResult = z.strictObject({ records: Count, sha256: z.optional(Sha256), out: z.optional(line(4096)) });
export type LogResult = z.output<typeof LogResult>;

/** `plugmark log show --json`, oldest first. */
export const LogRecords = z.strictObject({ records: z.array(LogRecord) });
export type LogRecords = z.output<typeof LogRecords>;
