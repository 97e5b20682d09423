// What is read of GitHub's answers. Other members are passed over, but what is read has to be there and of its kind: a body that
// broke off, or a proxy's error page, must not count as an empty list.

import * as z from 'zod/mini';
import { Commit, Count } from './primitives.ts';

const Text = z.string().check(z.maxLength(1_000_000));
const Id = z.int().check(z.nonnegative());
/** GitHub's own instants are ours: UTC, whole seconds. */
const Time = z.string().check(z.maxLength(20), z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/));

export const GitHubUser = z.object({ login: Text, id: Id });
export type GitHubUser = z.output<typeof GitHubUser>;

export const GitHubRepository = z.object({
  id: Id,
  name: Text,
  full_name: Text,
  owner: GitHubUser,
  default_branch: Text,
  /** What the token may do there; GitHub says so to whoever signed in. */
  permissions: z.optional(z.object({ admin: z.boolean() })),
});
export type GitHubRepository = z.output<typeof GitHubRepository>;

const Side = z.object({ ref: Text, sha: Commit, repo: z.nullable(z.object({ id: Id })) });

const pullMembers = {
  number: Count,
  state: Text,
  title: Text,
  draft: z.optional(z.boolean()),
  user: z.nullable(GitHubUser),
  created_at: Time,
  html_url: Text,
  labels: z.array(z.object({ name: Text })),
  head: Side,
  base: Side,
};
export const GitHubPullItem = z.object(pullMembers);
export type GitHubPullItem = z.output<typeof GitHubPullItem>;

export const GitHubPull = z.object({
  ...pullMembers,
  merged: z.boolean(),
  mergeable: z.nullable(z.boolean()),
  merge_commit_sha: z.nullable(Commit),
});
export type GitHubPull = z.output<typeof GitHubPull>;

export const GitHubFile = z.object({ filename: Text, status: Text });
export const GitHubRef = z.object({ object: z.object({ sha: Commit }) });
export const GitHubObject = z.object({ sha: Commit });
export const GitHubCommit = z.object({
  sha: Commit,
  tree: z.object({ sha: Commit }),
  parents: z.array(z.object({ sha: Commit })),
});
export const GitHubTree = z.object({
  sha: Commit,
  truncated: z.boolean(),
  tree: z.array(z.object({ path: Text, mode: Text, type: Text, sha: Commit, size: z.optional(Count) })),
});
export type GitHubTree = z.output<typeof GitHubTree>;
export const GitHubBlob = z.object({
  sha: Commit,
  encoding: z.literal('base64'),
  content: z.string().check(z.maxLength(60_000_000)),
});

export const GitHubComment = z.object({
  id: Id,
  user: z.nullable(GitHubUser),
  body: z.optional(Text),
  created_at: Time,
});
export type GitHubComment = z.output<typeof GitHubComment>;
export const GitHubReview = z.object({
  user: z.nullable(GitHubUser),
  state: Text,
  commit_id: z.nullable(Commit),
  submitted_at: z.optional(Time),
});
export const GitHubCheckRun = z.object({ id: Id, name: Text, head_sha: Commit, started_at: z.nullable(Time) });
export const GitHubCheckRuns = z.object({ total_count: Count, check_runs: z.array(GitHubCheckRun) });
export const GitHubMerge = z.object({ sha: Commit, merged: z.boolean() });

export const GitHubWorkflows = z.object({
  total_count: Count,
  workflows: z.array(z.object({ id: Id, path: Text, state: Text })),
});
export type GitHubWorkflows = z.output<typeof GitHubWorkflows>;

/** A release, and what hangs on it. Sizes are GitHub's word: what is fetched is counted again. */
export const GitHubReleases = z.array(
  z.object({
    tag_name: Text,
    draft: z.boolean(),
    assets: z.array(z.object({ name: Text, size: Count })),
  }),
);
export type GitHubReleases = z.output<typeof GitHubReleases>;

/** What applies to a branch through rulesets. */
export const GitHubBranchRules = z.array(
  z.object({
    type: Text,
    parameters: z.optional(z.object({ required_approving_review_count: z.optional(Count) })),
  }),
);
export type GitHubBranchRules = z.output<typeof GitHubBranchRules>;

const Enabled = z.object({ enabled: z.boolean() });
/** The older kind of protection, of one branch. */
export const GitHubProtection = z.object({
  required_pull_request_reviews: z.optional(z.object({ required_approving_review_count: z.optional(Count) })),
  enforce_admins: z.optional(Enabled),
  allow_force_pushes: z.optional(Enabled),
  allow_deletions: z.optional(Enabled),
});
export type GitHubProtection = z.output<typeof GitHubProtection>;

export const GitHubEnvironment = z.object({
  name: Text,
  protection_rules: z.optional(z.array(z.object({ type: Text, wait_timer: z.optional(Count) }))),
  deployment_branch_policy: z.optional(
    z.nullable(z.object({ protected_branches: z.boolean(), custom_branch_policies: z.boolean() })),
  ),
});
export type GitHubEnvironment = z.output<typeof GitHubEnvironment>;
export const GitHubBranchPolicies = z.object({
  total_count: Count,
  branch_policies: z.array(z.object({ name: z.optional(Text), type: z.optional(Text) })),
});
/** Names alone: GitHub gives no values. */
export const GitHubSecrets = z.object({ total_count: Count, secrets: z.array(z.object({ name: Text })) });
export const GitHubPages = z.object({
  build_type: z.optional(z.nullable(Text)),
  html_url: z.optional(Text),
  https_enforced: z.optional(z.boolean()),
});
export type GitHubPages = z.output<typeof GitHubPages>;
export const GitHubActionsPermissions = z.object({
  enabled: z.boolean(),
  sha_pinning_required: z.optional(z.boolean()),
});
export const GitHubWorkflowPermissions = z.object({
  default_workflow_permissions: Text,
  can_approve_pull_request_reviews: z.boolean(),
});
