// Settings as GitHub shapes them, with the members that are read here. test/github holds them to octokit's own types.

import type { BranchSettings, EnvironmentSettings, Settings, WorkflowState } from './github-state.ts';

export type BranchRulesShape = readonly (BranchSettings['rules'][number] & {
  readonly ruleset_id: number;
  readonly ruleset_source_type: 'Repository';
})[];

export const branchRulesShape = (branch: BranchSettings | undefined): BranchRulesShape =>
  (branch?.rules ?? []).map((rule) => ({ ...rule, ruleset_id: 1, ruleset_source_type: 'Repository' }));

export interface ProtectionShape {
  readonly required_pull_request_reviews?: { readonly required_approving_review_count: number };
  readonly enforce_admins: { readonly url: string; readonly enabled: boolean };
  readonly allow_force_pushes: { readonly enabled: boolean };
  readonly allow_deletions: { readonly enabled: boolean };
}

export const protectionShape = (set: NonNullable<BranchSettings['protection']>): ProtectionShape => ({
  ...(set.approvals === undefined
    ? {}
    : { required_pull_request_reviews: { required_approving_review_count: set.approvals } }),
  enforce_admins: { url: 'https://api.github.com/', enabled: set.admins },
  allow_force_pushes: { enabled: set.forcePushes },
  allow_deletions: { enabled: set.deletions },
});

export interface EnvironmentShape {
  readonly id: number;
  readonly name: string;
  readonly protection_rules: readonly { readonly id: number; readonly type: string; readonly wait_timer?: number }[];
  readonly deployment_branch_policy: {
    readonly protected_branches: boolean;
    readonly custom_branch_policies: boolean;
  } | null;
}

export function environmentShape(name: string, set: EnvironmentSettings): EnvironmentShape {
  const isLimited = set.branches !== undefined || set.isForProtected === true;
  return {
    id: 1,
    name,
    protection_rules: [
      ...(set.reviewers === 0 ? [] : [{ id: 1, type: 'required_reviewers' }]),
      ...(set.waitMinutes === 0 ? [] : [{ id: 2, type: 'wait_timer', wait_timer: set.waitMinutes }]),
      ...(isLimited ? [{ id: 3, type: 'branch_policy' }] : []),
    ],
    deployment_branch_policy: isLimited
      ? { protected_branches: set.isForProtected === true, custom_branch_policies: set.branches !== undefined }
      : null,
  };
}

export interface BranchPoliciesShape {
  readonly total_count: number;
  readonly branch_policies: readonly { readonly id: number; readonly name: string; readonly type: 'branch' }[];
}

export const branchPoliciesShape = ({ branches = [] }: EnvironmentSettings): BranchPoliciesShape => ({
  total_count: branches.length,
  branch_policies: branches.map((name, i) => ({ id: i + 1, name, type: 'branch' })),
});

export interface SecretsShape {
  readonly total_count: number;
  readonly secrets: readonly { readonly name: string; readonly created_at: string; readonly updated_at: string }[];
}

const SET_AT = '2026-11-01T09:00:00Z';

export const secretsShape = (names: ReadonlySet<string>): SecretsShape => ({
  total_count: names.size,
  secrets: [...names].map((name) => ({ name, created_at: SET_AT, updated_at: SET_AT })),
});

export interface PagesShape {
  readonly build_type: 'workflow' | 'legacy';
  readonly html_url: string;
  readonly https_enforced: boolean;
}

export const pagesShape = ({ buildType, isHttps, url }: NonNullable<Settings['pages']>): PagesShape => ({
  build_type: buildType,
  html_url: url,
  https_enforced: isHttps,
});

export interface WorkflowsShape {
  readonly total_count: number;
  readonly workflows: readonly {
    readonly id: number;
    readonly name: string;
    readonly path: string;
    readonly state: WorkflowState;
  }[];
}

export const workflowsShape = (states: ReadonlyMap<string, WorkflowState>): WorkflowsShape => ({
  total_count: states.size,
  workflows: [...states].map(([file, state], i) => ({
    id: i + 1,
    name: file.replace(/\.ya?ml$/, ''),
    path: `.github/workflows/${file}`,
    state,
  })),
});
