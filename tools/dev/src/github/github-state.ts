// What the stand-in remembers beside Git: accounts, repositories, pull requests and what is said about them.

import type { GitStore } from './git-store.ts';

export interface User {
  readonly id: number;
  login: string;
  readonly type: 'User' | 'Bot';
}

export interface Repository {
  readonly id: number;
  owner: User;
  name: string;
  readonly defaultBranch: string;
  readonly parent?: Repository;
  /** Accounts beside the owner that may write. */
  readonly writers: Set<number>;
  /** Assets by tag, in the order in which they were released. */
  readonly releases: Map<string, Map<string, Uint8Array>>;
  /** Tags of releases that are not for everybody. */
  readonly drafts?: Set<string>;
  readonly prereleases?: Set<string>;
  gone?: true;
  readonly settings: Settings;
}

/** One branch's rules, by ruleset or by the older protection. */
export interface BranchSettings {
  rules: readonly {
    readonly type: string;
    readonly parameters?: { readonly required_approving_review_count: number };
  }[];
  protection?: {
    readonly approvals?: number;
    readonly admins: boolean;
    readonly forcePushes: boolean;
    readonly deletions: boolean;
  };
}

export interface EnvironmentSettings {
  /** Patterns of branches; undefined lets every branch have it. */
  branches?: readonly string[];
  /** Every protected branch and no other. */
  isForProtected?: boolean;
  reviewers: number;
  waitMinutes: number;
  readonly secrets: Set<string>;
}

export type WorkflowState = 'active' | 'disabled_fork' | 'disabled_inactivity' | 'disabled_manually';

/** What an administrator clicks. */
export interface Settings {
  readonly branches: Map<string, BranchSettings>;
  readonly environments: Map<string, EnvironmentSettings>;
  readonly secrets: Set<string>;
  pages?: { readonly buildType: 'workflow' | 'legacy'; readonly isHttps: boolean; readonly url: string };
  actions: { readonly enabled: boolean; readonly isPinned: boolean };
  workflows: { readonly token: 'read' | 'write'; readonly mayApprove: boolean };
  /** States by file below .github/workflows. */
  readonly states: Map<string, WorkflowState>;
}

/** As GitHub makes a repository that was just forked. */
export const newSettings = (): Settings => ({
  branches: new Map(),
  environments: new Map(),
  secrets: new Set(),
  actions: { enabled: true, isPinned: false },
  workflows: { token: 'write', mayApprove: true },
  states: new Map(),
});

export interface Comment {
  readonly id: number;
  readonly issue: number;
  readonly user: User;
  body: string;
  readonly createdAt: string;
  updatedAt: string;
}

export interface Review {
  readonly id: number;
  readonly user: User;
  readonly state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED';
  readonly commit: string;
  readonly at: string;
}

export interface Pull {
  readonly number: number;
  readonly user: User;
  readonly base: { readonly repository: Repository; branch: string };
  readonly head: { readonly repository: Repository; readonly branch: string };
  title: string;
  body: string;
  draft: boolean;
  state: 'open' | 'closed';
  merged?: { readonly sha: string; readonly at: string };
  readonly createdAt: string;
  updatedAt: string;
  readonly labels: Set<string>;
  readonly reviews: Review[];
}

export interface CheckRun {
  readonly id: number;
  readonly name: string;
  readonly head: string;
  readonly app: { readonly id: number; readonly slug: string };
  externalId: string;
  startedAt: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: 'success' | 'failure' | 'neutral' | 'action_required' | null;
  output: { title: string | null; summary: string | null };
}

export interface GitHubState {
  readonly git: GitStore;
  readonly now: () => Date;
  readonly users: Map<number, User>;
  readonly repositories: Map<number, Repository>;
  /** Former names, small letters, of repositories that have another now; GitHub leads from them to the new one. */
  readonly formerNames: Map<string, number>;
  /** Pull requests by repository. */
  readonly pulls: Map<number, Pull[]>;
  readonly comments: Map<number, Comment[]>;
  readonly checkRuns: Map<number, CheckRun[]>;
  readonly dispatches: { readonly repository: number; readonly workflow: string; readonly ref: string }[];
  /** Tokens and whose they are; `installation` is what a workflow has, which is no user. */
  readonly tokens: Map<string, { readonly user: User; readonly installation: boolean }>;
  /** Trial merges that were made, by base and head: each is made once. */
  readonly trials: Map<string, string>;
  /** While true, trial merges are not there yet. */
  isSlowToTry: boolean;
  /** Files that a merge adds though nobody asked for them: a service that is not what it was. */
  readonly mergesAlso: Map<string, Uint8Array>;
  readonly nextId: () => number;
}

/** Nobody and nothing yet. */
export function emptyState(git: GitStore, now: () => Date): GitHubState {
  let id = 1_000_000;
  return {
    git,
    now,
    users: new Map(),
    repositories: new Map(),
    formerNames: new Map(),
    pulls: new Map(),
    comments: new Map(),
    checkRuns: new Map(),
    dispatches: [],
    tokens: new Map(),
    trials: new Map(),
    isSlowToTry: false,
    mergesAlso: new Map(),
    nextId: () => ++id,
  };
}

export function timeOf({ now }: GitHubState): string {
  return `${now().toISOString().slice(0, 19)}Z`;
}

/** The full name of a branch in the shared repository. */
export function branchRef({ owner, name }: Repository, branch: string): string {
  return `refs/namespaces/${owner.id}-${name}/refs/heads/${branch}`;
}

export function tagRef({ owner, id }: Repository, tag: string): string {
  return `refs/namespaces/${owner.id}-${id}/refs/tags/${tag}`;
}
