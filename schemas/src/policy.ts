// registry/policy.json: what a fork edits. Every leaf has its reason beside it in `reasons`, keyed by dotted path; a test holds
// the two lists equal.

import * as z from 'zod/mini';
import { BranchName, Count, GitHubAccount, line, RuleId, SchemaVersion } from './primitives.ts';

/** What a failing rule leads to: refusal, a human, or a remark. */
export const RuleEffect = z.enum(['fail', 'review', 'note']);
export type RuleEffect = z.output<typeof RuleEffect>;

const CheckId = z.string().check(z.maxLength(60), z.regex(/^[a-z][a-z0-9-]*$/));
/** What a pull request may be: one of these, about one plugin or publisher. */
export const PULL_KINDS = ['release', 'presentation', 'status', 'publisher'] as const;
export const PullKind = z.enum(PULL_KINDS);
export type PullKind = z.output<typeof PullKind>;

const Share = z.number().check(z.minimum(0), z.maximum(1));

export const Policy = z.strictObject({
  schemaVersion: SchemaVersion,
  /** Grows with every edit; reports and co-signatures name it with the file's digest. */
  revision: Count,
  waits: z.strictObject({
    newPublisherMinutes: Count,
    newPluginMinutes: Count,
    updateMinutes: Count,
    noIndexDays: Count,
    stalePullRequestDays: Count,
    closePullRequestDays: Count,
  }),
  limits: z.strictObject({
    artifactBytes: Count,
    readmeBytes: Count,
    vectorBytes: Count,
    vectors: Count,
    changedFiles: Count,
    openPullRequests: Count,
    analysisSeconds: Count,
  }),
  thresholds: z.strictObject({
    nameDistance: Count,
    auditShare: Share,
    survivingShare: Share,
    quarantineDays: Count,
    determinismRuns: Count,
  }),
  /** Checks that must pass for the verdict `pass`; inconclusive ones lead to `review`. */
  required: z.array(CheckId),
  /** Overrides of the rule table's default effects. */
  rules: z.record(RuleId, RuleEffect),
  sandbox: z.strictObject({ requiredLayers: z.array(CheckId) }),
  client: z.strictObject({ minimumReleaseAgeMinutes: Count, maxRevocationAgeHours: Count }),
  /** How pull requests are decided. A registry without this part merges nothing by itself. */
  merge: z.optional(
    z.strictObject({
      branch: BranchName,
      /** Whose approval, `/hold` and `/release` count. The numbers decide. */
      maintainers: z.array(GitHubAccount).check(z.maxLength(50)),
      /** The account that `registry watch` opens pull requests with. It releases what opted in, and nothing else. */
      watcher: z.optional(GitHubAccount),
      /** What may be merged without a person; rules of their own still ask for one. */
      automatic: z.array(PullKind),
      /** Part of the draw that sends merges to a person; public, so that anybody can make the draw again. */
      auditSeed: line(100),
      /** Largest file of a submission that has no limit of its own. */
      fileBytes: Count,
      /** How often the reviewer runs: what could not be decided is looked at again after it. */
      intervalMinutes: z.int().check(z.positive()),
    }),
  ),
  reasons: z.record(z.string().check(z.maxLength(80)), line(400)),
});
export type Policy = z.output<typeof Policy>;
