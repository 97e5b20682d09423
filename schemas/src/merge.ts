// What the reviewer decides about a pull request, and what the commands around it print. The decision is data: rule ids and facts;
// the wording is added by a renderer from the table of merge rules.

import * as z from 'zod/mini';
import { PullKind } from './policy.ts';
import {
  Commit,
  Count,
  GitHubAccount,
  Instant,
  line,
  PluginId,
  PublisherId,
  RelativePath,
  RuleId,
  SemVer,
  text,
} from './primitives.ts';

/** What a rule leads to, the strongest first. */
export const MERGE_EFFECTS = ['refuse', 'human', 'wait'] as const;
export const MergeEffect = z.enum(MERGE_EFFECTS);
export type MergeEffect = z.output<typeof MergeEffect>;

export const MergeFinding = z.strictObject({
  ruleId: RuleId,
  effect: MergeEffect,
  facts: z.record(z.string().check(z.maxLength(60)), z.union([z.string(), z.number(), z.array(z.string())])),
  /** When a wait ends, or when it is asked again. */
  until: z.optional(Instant),
  /** A maintainer's approval of exactly this head has settled it; it counts no more. */
  settledBy: z.optional(GitHubAccount),
});
export type MergeFinding = z.output<typeof MergeFinding>;

/** What a pull request is about, as far as its paths say. */
export const PullSubject = z.strictObject({
  kind: PullKind,
  publisher: PublisherId,
  plugin: z.optional(PluginId),
  version: z.optional(SemVer),
});
export type PullSubject = z.output<typeof PullSubject>;

export const MergeDecision = z.strictObject({
  pull: Count,
  /** The only head this is about: a merge names it. */
  head: Commit,
  base: Commit,
  subject: z.optional(PullSubject),
  /** `pass` merges, `fail` is refused, `inconclusive` waits for time or for a person. */
  outcome: z.enum(['pass', 'fail', 'inconclusive']),
  answer: z.enum(['merge', ...MERGE_EFFECTS]),
  /** When all waits are over; absent when there is none. */
  until: z.optional(Instant),
  findings: z.array(MergeFinding),
});
export type MergeDecision = z.output<typeof MergeDecision>;

/** What was done about one pull request; `none` when there was nothing new to say or do. */
const Action = z.enum(['merged', 'commented', 'labelled', 'none', 'failed']);

const Repository = line(140);

export const ReviewResult = z.strictObject({
  repository: Repository,
  dryRun: z.boolean(),
  reviewed: z.array(
    z.strictObject({
      decision: z.optional(MergeDecision),
      pull: Count,
      title: line(300),
      actions: z.array(Action),
      /** The commit that the merge made. */
      merged: z.optional(Commit),
      /** Why it could not be looked at, or not be acted on. */
      problem: z.optional(text(2000)),
      /** The comment, as it stands or would stand. */
      comment: z.optional(text(65_536)),
    }),
  ),
  /** Pull requests that are no submission; they are left to people. */
  left: z.array(Count),
});
export type ReviewResult = z.output<typeof ReviewResult>;

export const QueueResult = z.strictObject({
  repository: Repository,
  at: Instant,
  waiting: z.array(
    z.strictObject({
      pull: Count,
      title: line(300),
      author: line(60),
      openedAt: Instant,
      ageMinutes: Count,
      subject: z.optional(PullSubject),
      answer: z.enum(['merge', ...MERGE_EFFECTS]),
      rules: z.array(RuleId),
      until: z.optional(Instant),
    }),
  ),
});
export type QueueResult = z.output<typeof QueueResult>;

/** One file of the tree that is pushed. */
const SubmittedFile = z.strictObject({ path: RelativePath, mode: z.literal('100644'), sha: Commit, size: Count });

export const SubmitResult = z.strictObject({
  plugin: PluginId,
  version: SemVer,
  repository: Repository,
  dryRun: z.boolean(),
  base: z.optional(Commit),
  branch: line(250),
  title: line(300),
  /** Of the commit. */
  message: line(300),
  /** The version's folder and the id of its tree: what `git rev-parse <branch>:<path>` says after the push. */
  folder: z.strictObject({ path: line(500), sha: Commit }),
  /** Exactly what the pull request adds, by Git's own object ids. */
  tree: z.array(SubmittedFile),
  /** The pull request; absent when none was made. */
  pull: z.optional(z.strictObject({ number: Count, url: line(500), updated: z.boolean() })),
  /** What to run where there is no token to do it with. */
  steps: z.optional(z.array(line(1000))),
});
export type SubmitResult = z.output<typeof SubmitResult>;
