// Whether a repository is set to what SETTINGS asks for. Pure. What could not be seen is never taken for right.

import type { GitHubBranchRules, GitHubProtection, Policy, Registry } from '@plugmark/schemas';
import { CRONS, type EnvironmentName, SECRETS, type Secret, type SettingId } from '../office/settings.ts';
import { fail, inconclusive, judged, notApplicable, pass, type Seen, unless, type Verdict } from './look.ts';
import type { SeenBranch, SeenEnvironment, SeenSettings } from './read-settings.ts';

interface SettingsInput {
  readonly seen: SeenSettings;
  readonly registry: Registry;
  readonly policy: Policy;
}

type Judge = (input: SettingsInput) => Verdict;

export const SETTING_JUDGES: Readonly<Record<SettingId, Judge>> = {
  'settings.main-branch': ({ seen }) => branch(seen.main, { pullRequests: true }),
  'settings.ledger-branch': ({ seen }) => branch(seen.ledger, { pullRequests: false }),
  'settings.environment-signing': ({ seen }) => mainAlone(seen, 'signing'),
  'settings.signing-unattended': ({ seen }) =>
    judged(
      seen.environments.signing.environment,
      'there is no environment signing',
      ({ protection_rules: rules = [] }) =>
        unless(
          rules.flatMap(({ type, wait_timer: minutes }) =>
            type === 'required_reviewers'
              ? ['it waits for a reviewer']
              : type === 'wait_timer' && (minutes ?? 0) > 0
                ? [`it waits ${minutes} minutes`]
                : [],
          ),
          'it waits for nobody',
        ),
    ),
  'settings.environment-pages': ({ seen }) => mainAlone(seen, 'github-pages'),
  'settings.environment-watching': ({ seen, policy }) =>
    hasWatcher(policy) ? mainAlone(seen, 'watching') : notApplicable('policy.json names no watcher'),
  'settings.secrets': secretsThere,
  'settings.secrets-outside': ({ seen }) =>
    judged(seen.secrets, 'the repository has no secrets', ({ secrets }) => {
      const ours = secrets.filter(({ name }) => SECRETS.some((secret) => secret.name === name));
      return unless(
        ours.map(({ name }) => `${name} is a secret of the whole repository`),
        'none is',
      );
    }),
  'settings.pages': ({ seen, registry }) =>
    judged(seen.pages, 'there are no Pages', ({ build_type: kind, html_url: url, https_enforced: isHttps }) =>
      unless(
        [
          ...(kind === 'workflow' ? [] : [`deployed from ${kind === 'legacy' ? 'a branch' : 'nowhere'}`]),
          ...(isHttps === true ? [] : ['http is served too']),
          ...(url === undefined || sameAddress(url, registry.url) ? [] : [`${url} is not ${registry.url}`]),
        ],
        'deployed by the workflow, over https, where registry.json says',
      ),
    ),
  'settings.actions-token': ({ seen }) =>
    judged(seen.workflowPermissions, 'GitHub says nothing of it', ({ default_workflow_permissions: may }) =>
      may === 'read' ? pass('read') : fail(`${may} by default`),
    ),
  'settings.actions-approve': ({ seen }) =>
    judged(seen.workflowPermissions, 'GitHub says nothing of it', ({ can_approve_pull_request_reviews: may }) =>
      may ? fail('they may') : pass('they may not'),
    ),
  'settings.actions-pinned': ({ seen }) =>
    judged(seen.actions, 'GitHub says nothing of it', ({ enabled, sha_pinning_required: isPinned }) =>
      unless(
        [...(enabled ? [] : ['Actions are off']), ...(isPinned === true ? [] : ['tags of actions are accepted'])],
        'commits alone',
      ),
    ),
  'settings.workflows': cronsEnabled,
};

const hasWatcher = ({ merge }: Policy): boolean => merge?.watcher !== undefined;

const sameAddress = (a: string, b: string): boolean =>
  a.replace(/\/?$/, '/').toLowerCase() === b.replace(/\/?$/, '/').toLowerCase();

interface Guards {
  readonly deletions: boolean;
  readonly forcePushes: boolean;
  /** Approvals a pull request needs; undefined without a rule that asks for one. */
  readonly approvals: number | undefined;
}

function byRules(rules: GitHubBranchRules): Guards {
  const has = (type: string): boolean => rules.some((rule) => rule.type === type);
  const counts = rules.flatMap(({ type, parameters }) =>
    type === 'pull_request' ? [parameters?.required_approving_review_count ?? 0] : [],
  );
  return {
    deletions: has('deletion'),
    forcePushes: has('non_fast_forward'),
    approvals: counts.length === 0 ? undefined : Math.max(...counts),
  };
}

/** Of the older kind only what holds for administrators too. */
function byProtection({ required_pull_request_reviews: reviews, ...protection }: GitHubProtection): Guards {
  const holds = protection.enforce_admins?.enabled === true;
  return {
    deletions: holds && protection.allow_deletions?.enabled !== true,
    forcePushes: holds && protection.allow_force_pushes?.enabled !== true,
    approvals: holds && reviews !== undefined ? (reviews.required_approving_review_count ?? 0) : undefined,
  };
}

function branch({ rules, protection }: SeenBranch, { pullRequests }: { readonly pullRequests: boolean }): Verdict {
  const guards = [
    ...('value' in rules ? [byRules(rules.value)] : []),
    ...('value' in protection ? [byProtection(protection.value)] : []),
  ];
  const approvals = guards.flatMap((guard) => guard.approvals ?? []);
  const problems = [
    ...(guards.some(({ deletions }) => deletions) ? [] : ['it can be deleted']),
    ...(guards.some(({ forcePushes }) => forcePushes) ? [] : ['it can be overwritten']),
    ...(pullRequests && approvals.length === 0 ? ['it can be pushed to'] : []),
  ];
  const hidden = [rules, protection].find((one): one is { hidden: string } => 'hidden' in one);
  // What one kind of rule lacks may be in the other that was not seen.
  if (problems.length > 0 && hidden !== undefined) return inconclusive(hidden.hidden);
  const tooMuch = [
    ...(pullRequests && approvals.some((count) => count > 0)
      ? ['it asks for approvals, so the reviewer cannot merge']
      : []),
    ...(!pullRequests && approvals.length > 0 ? ['it asks for pull requests, so the ledger cannot be pushed'] : []),
  ];
  return unless(
    [...problems, ...tooMuch],
    pullRequests ? 'through pull requests alone' : 'never deleted or overwritten',
  );
}

function mainAlone({ environments, defaultBranch }: SeenSettings, name: EnvironmentName): Verdict {
  const { environment, branches } = environments[name];
  return judged(environment, `there is no environment ${name}`, ({ deployment_branch_policy: policy }) => {
    if (policy?.custom_branch_policies !== true)
      return fail(policy?.protected_branches === true ? 'every protected branch gets it' : 'every branch gets it');
    return judged(branches, 'no branch is named', ({ branch_policies: named }) => {
      const names = named.map(({ name: pattern = '', type = 'branch' }) =>
        type === 'branch' ? pattern : `${type} ${pattern}`,
      );
      return names.join() === defaultBranch
        ? pass(`${defaultBranch} alone`)
        : fail(`${names.join(', ') || 'no branch'} instead of ${defaultBranch} alone`);
    });
  });
}

const isNeeded = ({ needed }: Secret, { registry, policy }: SettingsInput): boolean =>
  needed === 'always' || (needed === 'unless keyless' ? registry.cosign.mode === 'key' : hasWatcher(policy));

function secretsThere(input: SettingsInput): Verdict {
  const needed = SECRETS.filter((secret) => isNeeded(secret, input));
  const at = (environment: string): SeenEnvironment['secrets'] =>
    input.seen.environments[environment as EnvironmentName].secrets;
  const hidden = needed.map(({ environment }) => at(environment)).find((one) => 'hidden' in one);
  if (hidden !== undefined && 'hidden' in hidden) return inconclusive(hidden.hidden);
  const missing = needed.filter(({ name, environment }) => !namesOf(at(environment)).includes(name));
  return unless(
    missing.map(({ name, environment }) => `${name} is not in ${environment}`),
    needed.map(({ name }) => name).join(', '),
  );
}

const namesOf = (seen: Seen<{ readonly secrets: readonly { readonly name: string }[] }>): string[] =>
  'value' in seen ? seen.value.secrets.map(({ name }) => name) : [];

function cronsEnabled({ seen, policy }: SettingsInput): Verdict {
  return judged(seen.workflows, 'there are no workflows', (workflows) => {
    const wanted = Object.entries(CRONS).filter(([file]) => file !== 'watch.yml' || hasWatcher(policy));
    const stopped = wanted.flatMap(([file, consequence]) => {
      const state = workflows.find(({ path }) => path === `.github/workflows/${file}`)?.state ?? 'missing';
      return state === 'active' ? [] : [`${file} is ${state.replaceAll('_', ' ')}: ${consequence}`];
    });
    return unless(stopped, `${wanted.length} are`);
  });
}
