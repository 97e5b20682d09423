// What an administrator set, as GitHub shows it: to everybody, to whoever may push, or to the owner alone. What somebody may not see is
// not found, as with GitHub.

import { empty, forbidden, notFound, ok, unauthorized } from './answer.ts';
import { type Call, type Handler, reading, writing } from './call.ts';
import type { Repository } from './github-state.ts';
import {
  branchPoliciesShape,
  branchRulesShape,
  environmentShape,
  pagesShape,
  protectionShape,
  secretsShape,
  workflowsShape,
} from './settings-shapes.ts';

type InRepository = Parameters<typeof reading>[0];

/** The owner's alone, as a classic token shows it: a stranger is told that there is nothing. */
const administering = (handler: InRepository): Handler =>
  reading((call, repository) => {
    if (call.user === undefined) return unauthorized();
    if (call.installation) return forbidden();
    return call.user.id === repository.owner.id ? handler(call, repository) : notFound();
  });

const param = ({ params }: Call, name: string): string => params[name] ?? '';
const environmentOf = (call: Call, { settings }: Repository) =>
  settings.environments.get(param(call, 'environment_name'));

const rules = reading((call, { settings }) => ok(branchRulesShape(settings.branches.get(param(call, 'branch')))));

const protection = administering((call, { settings }) => {
  const set = settings.branches.get(param(call, 'branch'))?.protection;
  return set === undefined ? notFound() : ok(protectionShape(set));
});

const environment = reading((call, repository) => {
  const set = environmentOf(call, repository);
  return set === undefined ? notFound() : ok(environmentShape(param(call, 'environment_name'), set));
});

const branchPolicies = reading((call, repository) => {
  const set = environmentOf(call, repository);
  return set === undefined ? notFound() : ok(branchPoliciesShape(set));
});

const environmentSecrets = administering((call, repository) => {
  const set = environmentOf(call, repository);
  return set === undefined ? notFound() : ok(secretsShape(set.secrets));
});

const secrets = administering((_call, { settings }) => ok(secretsShape(settings.secrets)));

const pages = administering((_call, { settings }) =>
  settings.pages === undefined ? notFound() : ok(pagesShape(settings.pages)),
);

const actions = administering((_call, { settings: { actions: set } }) =>
  ok({ enabled: set.enabled, allowed_actions: 'all', sha_pinning_required: set.isPinned }),
);

const workflowPermissions = administering((_call, { settings: { workflows: set } }) =>
  ok({ default_workflow_permissions: set.token, can_approve_pull_request_reviews: set.mayApprove }),
);

const workflows = reading((_call, { settings }) => ok(workflowsShape(settings.states)));

const enable = writing((call, { settings }) => {
  const file = [...settings.states.keys()][Number(param(call, 'workflow_id')) - 1];
  if (file === undefined) return notFound();
  settings.states.set(file, 'active');
  return empty();
});

const AT = '/repos/{owner}/{repo}';

export const SETTINGS_ENDPOINTS: Readonly<Record<string, Handler>> = {
  [`GET ${AT}/rules/branches/{branch}`]: rules,
  [`GET ${AT}/branches/{branch}/protection`]: protection,
  [`GET ${AT}/environments/{environment_name}`]: environment,
  [`GET ${AT}/environments/{environment_name}/deployment-branch-policies`]: branchPolicies,
  [`GET ${AT}/environments/{environment_name}/secrets`]: environmentSecrets,
  [`GET ${AT}/actions/secrets`]: secrets,
  [`GET ${AT}/pages`]: pages,
  [`GET ${AT}/actions/permissions`]: actions,
  [`GET ${AT}/actions/permissions/workflow`]: workflowPermissions,
  [`GET ${AT}/actions/workflows`]: workflows,
  [`PUT ${AT}/actions/workflows/{workflow_id}/enable`]: enable,
};
