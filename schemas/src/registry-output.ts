// What `plugmark registry ...` and `plugmark doctor` print with --json. As in cli-output.ts, fields are added, never renamed or removed.

import * as z from 'zod/mini';
import { Place } from './cli-output.ts';
import { Tier } from './index-document.ts';
import {
  Commit,
  Count,
  GitHubAccount,
  HostId,
  Instant,
  line,
  PluginId,
  RegistryId,
  RegistryUrl,
  RelativePath,
  SchemaVersion,
  SemVer,
  Sha256,
  text,
} from './primitives.ts';
import { VerifiedLevel } from './statement.ts';

const Sum = { files: Count, bytes: Count };
const Artifacts = z.strictObject(Sum);
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

export const DeployResult = z.strictObject({
  to: Place,
  ...Written,
  /**
   * With --within-budget: artifacts that were left out, how many beyond the budget mirrors were asked for by HEAD, each with its size, and
   * those that no mirror has and that stayed for now.
   */
  leftOut: z.optional(z.strictObject({ ...Sum, asked: Count, kept: Artifacts, mirrors: z.array(RegistryUrl) })),
});
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

/** One thing that doctor looks at. `inconclusive`: it could not be seen, which is not the same as being right. */
export const DoctorCheck = z.strictObject({
  id: line(60),
  outcome: z.enum(['pass', 'fail', 'inconclusive', 'notApplicable']),
  /** What was seen, or why it was not. */
  found: line(2000),
  /** How to set it right. */
  fix: z.optional(line(500)),
});
export type DoctorCheck = z.output<typeof DoctorCheck>;

/** `plugmark doctor --json`: the metadata a new client accepted, the piece that ends first coming first; then what else was asked for. */
export const DoctorResult = z.strictObject({
  registry: RegistryId,
  roles: z.array(z.strictObject({ role: line(100), version: Count, expires: Instant, lasts: z.boolean() })),
  checks: z.array(DoctorCheck),
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

const PolicyValue = z.union([z.number(), line(200), z.array(z.union([line(200), GitHubAccount]))]);

/** `plugmark registry policy --json`: values by dotted path; of a change, that one alone. */
export const PolicyResult = z.strictObject({
  /** Of the file, after a change. */
  revision: Count,
  changed: z.boolean(),
  values: z.array(z.strictObject({ path: line(80), value: PolicyValue, reason: z.optional(line(400)) })),
});
export type PolicyResult = z.output<typeof PolicyResult>;

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
  /**
   * Artifacts against the registry's own budget; only of a folder. `blobBytes` lie in it. `within` and `beyond` are those that are listed,
   * `onMirrors` those of them that the folder lacks, and `mirrors` how many places clients ask for these.
   */
  budget: z.optional(
    z.strictObject({
      blobBytes: Count,
      budgetBytes: Count,
      within: Artifacts,
      beyond: Artifacts,
      onMirrors: Artifacts,
      mirrors: Count,
    }),
  ),
});
export type StatsResult = z.output<typeof StatsResult>;
/** What has to be done on GitHub, where no command of ours may: a setting by its id in the documentation, and how. */
const RepositorySetting = z.strictObject({ id: line(60), title: line(120), fix: line(500) });

/** `plugmark registry init --json`. */
export const RegistryInitResult = z.strictObject({
  registry: RegistryId,
  folder: Place,
  /** The registry whose data it was made from. */
  from: RegistryId,
  root: z.strictObject({ path: Place, version: Count, sha256: Sha256 }),
  keys: z.strictObject({
    folder: Place,
    files: z.array(line(200)),
    /** A passphrase that was made because nobody was there to choose one; it has to be moved away from the keys. */
    passphraseFile: z.optional(line(200)),
  }),
  kept: z.boolean(),
  removed: z.strictObject({ publishers: Count, plugins: Count, releases: Count }),
  upstream: z.optional(RegistryId),
  /** Members of registry.json that have a placeholder. */
  open: z.array(line(60)),
  settings: z.array(RepositorySetting),
  secrets: z.array(z.strictObject({ name: line(100), environment: line(100), file: z.optional(line(200)) })),
});
export type RegistryInitResult = z.output<typeof RegistryInitResult>;

/** `unfinished.json` beside the keys of a registry whose set-up was interrupted. */
export const InitNote = z.strictObject({
  schemaVersion: SchemaVersion,
  id: RegistryId,
  from: z.strictObject({ id: RegistryId, url: RegistryUrl }),
});
export type InitNote = z.output<typeof InitNote>;

/** Why a repository or a release of it is not pulled. */
export const WATCH_CODES = [
  'repository-unreachable',
  'repository-other',
  'repository-transferred',
  'file-unreachable',
  'file-forbidden',
  'file-missing',
  'file-different',
  'release-malformed',
  'release-other-plugin',
  'release-other-version',
  'statement-invalid',
] as const;
const Problem = z.strictObject({ code: z.enum(WATCH_CODES), message: text(2000) });

/** `plugmark registry watch --json`: releases that main does not list, newest first. */
export const RegistryWatchResult = z.strictObject({
  repository: line(200),
  dryRun: z.boolean(),
  watched: z.array(
    z.strictObject({
      plugin: PluginId,
      /** As GitHub calls it now. */
      repository: line(200),
      problem: z.optional(Problem),
      releases: z.array(
        z.strictObject({
          tag: line(300),
          version: SemVer,
          /**
           * `ready` in a dry run, `submitted` else; `open` where a pull request waits and `closed` where one was closed; `refused`, and
           * `unknown` when it could not be looked at. `unsigned` has no release.json and statement, so it is no release for a registry.
           */
          state: z.enum(['ready', 'submitted', 'open', 'closed', 'refused', 'unknown', 'unsigned']),
          problem: z.optional(Problem),
          pull: z.optional(z.strictObject({ number: Count, url: line(2000) })),
        }),
      ),
    }),
  ),
});
export type RegistryWatchResult = z.output<typeof RegistryWatchResult>;
export type WatchCode = (typeof WATCH_CODES)[number];
