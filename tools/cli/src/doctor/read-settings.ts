// What GitHub says of a registry's repository, each answer by itself: what one token may not see is no reason to see nothing.

import {
  GitHubActionsPermissions,
  GitHubBranchPolicies,
  GitHubBranchRules,
  GitHubEnvironment,
  GitHubPages,
  GitHubProtection,
  GitHubRepository,
  GitHubSecrets,
  GitHubWorkflowPermissions,
  type GitHubWorkflows,
} from '@plugmark/schemas';
import { readWorkflows } from '../enable-workflows.ts';
import type { GitHubApi } from '../github/github-api.ts';
import { ENVIRONMENTS, type EnvironmentName } from '../office/settings.ts';
import { look, type Seen } from './look.ts';

export interface SeenBranch {
  readonly rules: Seen<GitHubBranchRules>;
  readonly protection: Seen<GitHubProtection>;
}

export interface SeenEnvironment {
  readonly environment: Seen<GitHubEnvironment>;
  readonly branches: Seen<ReturnType<typeof GitHubBranchPolicies.parse>>;
  readonly secrets: Seen<ReturnType<typeof GitHubSecrets.parse>>;
}

export interface SeenSettings {
  readonly defaultBranch: string;
  readonly main: SeenBranch;
  readonly ledger: SeenBranch;
  readonly environments: Readonly<Record<EnvironmentName, SeenEnvironment>>;
  readonly secrets: SeenEnvironment['secrets'];
  readonly pages: Seen<GitHubPages>;
  readonly actions: Seen<ReturnType<typeof GitHubActionsPermissions.parse>>;
  readonly workflowPermissions: Seen<ReturnType<typeof GitHubWorkflowPermissions.parse>>;
  readonly workflows: Seen<GitHubWorkflows['workflows']>;
}

/** Throws where the repository itself is not there, or the token is none. */
export async function readSettings(api: GitHubApi): Promise<SeenSettings> {
  const { repository } = api;
  const about = await api.ask(GitHubRepository, (request) => request('GET /repos/{owner}/{repo}', { ...repository }));
  const isAdmin = about.permissions?.admin === true;
  const seen: Reader = (schema, act) => look(isAdmin, () => api.ask(schema, act) as never);
  const environments = {} as Record<EnvironmentName, SeenEnvironment>;
  for (const name of Object.keys(ENVIRONMENTS) as EnvironmentName[])
    environments[name] = await readEnvironment(api, seen, name);
  return {
    defaultBranch: about.default_branch,
    main: await readBranch(api, seen, about.default_branch),
    ledger: await readBranch(api, seen, 'ledger'),
    environments,
    secrets: await seen(GitHubSecrets, (request) =>
      request('GET /repos/{owner}/{repo}/actions/secrets', { ...repository, per_page: 100 }),
    ),
    pages: await seen(GitHubPages, (request) => request('GET /repos/{owner}/{repo}/pages', { ...repository })),
    actions: await seen(GitHubActionsPermissions, (request) =>
      request('GET /repos/{owner}/{repo}/actions/permissions', { ...repository }),
    ),
    workflowPermissions: await seen(GitHubWorkflowPermissions, (request) =>
      request('GET /repos/{owner}/{repo}/actions/permissions/workflow', { ...repository }),
    ),
    workflows: await look(isAdmin, () => readWorkflows(api)),
  };
}

type Ask = GitHubApi['ask'];
type Reader = <S extends Parameters<Ask>[0]>(
  schema: S,
  act: Parameters<Ask>[1],
) => Promise<Seen<ReturnType<S['parse']>>>;

async function readBranch({ repository }: GitHubApi, seen: Reader, branch: string): Promise<SeenBranch> {
  return {
    rules: await seen(GitHubBranchRules, (request) =>
      request('GET /repos/{owner}/{repo}/rules/branches/{branch}', { ...repository, branch, per_page: 100 }),
    ),
    protection: await seen(GitHubProtection, (request) =>
      request('GET /repos/{owner}/{repo}/branches/{branch}/protection', { ...repository, branch }),
    ),
  };
}

async function readEnvironment({ repository }: GitHubApi, seen: Reader, name: string): Promise<SeenEnvironment> {
  const at = { ...repository, environment_name: name };
  return {
    environment: await seen(GitHubEnvironment, (request) =>
      request('GET /repos/{owner}/{repo}/environments/{environment_name}', at),
    ),
    branches: await seen(GitHubBranchPolicies, (request) =>
      request('GET /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies', at),
    ),
    secrets: await seen(GitHubSecrets, (request) =>
      request('GET /repos/{owner}/{repo}/environments/{environment_name}/secrets', { ...at, per_page: 100 }),
    ),
  };
}
