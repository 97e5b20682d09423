// The rules of every workflow and composite action, one row each. A vector in test/vectors/workflows fails for each of them.
import { SECRETS } from '../../tools/cli/src/office/settings.ts';
import { TOOLS } from '../../tools/cli/src/tools-commit.ts';
import { commandProblem } from './workflow-commands.ts';
import { isObject, type Json, type JsonObject, jobsOf, stepsOf, type WorkflowDocument } from './workflow-document.ts';

export interface WorkflowFile extends WorkflowDocument {
  readonly kind: 'workflow' | 'action';
}

type Rule = (file: WorkflowFile) => readonly string[];

/** Anything else hands a stranger's text or code to a job with our token. */
const TRIGGERS: readonly string[] = ['pull_request', 'push', 'schedule', 'workflow_call', 'workflow_dispatch'];
/** What the signing job may use: everything it does is a command of tools at a commit, on data. */
const SIGNING_ACTIONS: readonly string[] = [
  'actions/checkout',
  'actions/download-artifact',
  'actions/upload-artifact',
  './tools/.github/actions/setup-plugmark',
];
const SIGNING = 'signing';
/** Which secrets a job may read, by its environment: whoever fetches from strangers must not hold what signs. */
const SECRETS_OF = new Map<unknown, readonly string[]>(
  [...new Set(SECRETS.map(({ environment }) => environment))].map((environment) => [
    environment,
    SECRETS.flatMap((secret) => (secret.environment === environment ? secret.name : [])),
  ]),
);
const MOST_MINUTES = 120;

const allSteps = (file: WorkflowFile): JsonObject[] =>
  file.kind === 'action'
    ? stepsOf(isObject(file.value['runs']) ? file.value['runs'] : {})
    : jobsOf(file.value).flatMap(({ steps }) => steps);

/** From the values and not from the text, so that an anchor hides none. */
const allUses = (file: WorkflowFile): string[] =>
  [...allSteps(file), ...jobsOf(file.value).map(({ job }) => job)].flatMap(({ uses }) =>
    uses === undefined ? [] : [typeof uses === 'string' ? uses : JSON.stringify(uses)],
  );

const actionOf = ({ uses }: JsonObject): string => (typeof uses === 'string' ? (uses.split('@')[0] ?? '') : '');
const inputsOf = (step: JsonObject): JsonObject => (isObject(step['with']) ? step['with'] : {});
const triggersOf = ({ on }: JsonObject): Json[] => (isObject(on) ? Object.keys(on) : [on ?? null].flat());
const isSigning = (job: JsonObject): boolean => environmentOf(job) === SIGNING;

export const WORKFLOW_RULES = {
  yaml: ({ problems }) => problems,
  trigger: ({ kind, value }) => {
    if (kind === 'action') return [];
    const odd = triggersOf(value).filter((name) => typeof name !== 'string' || !TRIGGERS.includes(name));
    return odd.map((name) => `runs on ${String(name)}; allowed are ${TRIGGERS.join(', ')}`);
  },
  'no-permissions-at-top': ({ kind, value: { permissions } }) =>
    kind === 'action' || (isObject(permissions) && Object.keys(permissions).length === 0)
      ? []
      : ['needs `permissions: {}` at the top; each job asks for what it uses'],
  'job-permissions': ({ value }) =>
    jobsOf(value)
      .filter(({ job }) => !isObject(job['permissions']))
      .map(({ name }) => `job ${name} does not list its permissions one by one`),
  pin: (file) =>
    [...new Set(allUses(file))].flatMap((uses) => {
      if (uses.startsWith('./')) return [];
      if (!/^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/.test(uses))
        return [`\`uses: ${uses}\` is not pinned to a commit of 40 hex digits`];
      const comments = file.usesComments.get(uses) ?? [''];
      return comments.every((comment) => /^v\d+\.\d+\.\d+$/.test(comment))
        ? []
        : [`\`uses: ${uses}\` does not say which version its commit is: \`# v1.2.3\``];
    }),
  'no-expression-in-code': (file) =>
    allSteps(file)
      .filter((step) =>
        [step['run'], inputsOf(step)['script']].some((code) => typeof code === 'string' && code.includes('${{')),
      )
      .map(() => 'has `${{ }}` inside code, where its text becomes code: pass it through `env`'),
  'one-command': (file) =>
    allSteps(file).flatMap(({ run }) => {
      const problem = typeof run === 'string' ? commandProblem(run) : undefined;
      return problem === undefined ? [] : [`\`run: ${String(run).trim()}\` ${problem}`];
    }),
  'plain-environment': (file) => [
    ...['env', 'defaults'].filter((key) => file.value[key] !== undefined).map((key) => `sets \`${key}\` for every job`),
    ...[...allSteps(file), ...jobsOf(file.value).map(({ job }) => job)].flatMap(environmentProblems),
  ],
  'pull-request-reads': ({ value }) =>
    triggersOf(value).includes('pull_request')
      ? jobsOf(value)
          .filter(({ job }) => /write/.test(JSON.stringify(job['permissions'] ?? null)))
          .map(({ name }) => `job ${name} of a pull request asks for more than reading`)
      : [],
  'no-token-on-disk': (file) =>
    allSteps(file)
      .filter((step) => actionOf(step) === 'actions/checkout' && inputsOf(step)['persist-credentials'] !== false)
      .map(() => 'checks out without `persist-credentials: false`, which leaves the token on disk'),
  'no-code-of-pull-request': (file) =>
    allSteps(file)
      .filter((step) => /pull_request\.head|head_ref|refs\/pull\/|\/merge\b/.test(JSON.stringify(inputsOf(step))))
      .map(() => 'checks out what a pull request brings; it is read through the API, as data'),
  'no-cache': (file) =>
    allSteps(file).flatMap((step) => {
      const action = actionOf(step);
      const { cache } = inputsOf(step);
      if (/(?:^|\/)[\w-]*cache[\w-]*(?:\/|$)/.test(action))
        return [`uses ${action}: a cache is a way from one job into another`];
      const isOff = cache === undefined && inputsOf(step)['package-manager-cache'] === false;
      return action !== 'actions/setup-node' || isOff
        ? []
        : ['needs `package-manager-cache: false` for setup-node, and no `cache`'];
    }),
  timeout: ({ value }) =>
    jobsOf(value)
      .filter(({ job }) => job['uses'] === undefined && !isMinutes(job['timeout-minutes']))
      .map(({ name }) => `job ${name} needs \`timeout-minutes\`, at most ${MOST_MINUTES}`),
  runner: ({ value }) =>
    jobsOf(value)
      .filter(({ job }) => job['uses'] === undefined && job['runs-on'] !== 'ubuntu-24.04')
      .map(({ name }) => `job ${name} does not run on ubuntu-24.04, a fresh machine of GitHub’s`),
  'fails-when-it-fails': (file) =>
    [...allSteps(file), ...jobsOf(file.value).map(({ job }) => job)]
      .filter((part) => part['continue-on-error'] !== undefined)
      .map(() => 'goes on after an error: then a check that failed looks like one that passed'),
  'secrets-in-environment': ({ value }) =>
    jobsOf(value).flatMap(({ name, job }) => [
      ...(namesSecret(job) ? [`job ${name} reads a secret that is not its environment’s`] : []),
      ...(job['secrets'] === 'inherit' && !String(job['uses']).startsWith('./')
        ? [`job ${name} hands every secret to somebody else's workflow`]
        : []),
    ]),
  'signing-job': ({ value }) =>
    jobsOf(value)
      .filter(({ job }) => isSigning(job))
      .flatMap(({ steps }) => signingProblems(steps)),
  concurrency: ({ kind, value }) =>
    kind === 'action' || isCalledOnly(value) || value['concurrency'] !== undefined
      ? []
      : ['needs `concurrency`: two runs at once are not what anybody wants'],
} as const satisfies Record<string, Rule>;

/** What a step may be told; a name such as PATH or BASH_ENV would decide what its command is. */
const VARIABLES = /^(?:GITHUB_TOKEN|GH_TOKEN|GH_REPO|PLUGMARK_[A-Z_]+|BUILD|ARTIFACT|PULL|SHARD|HOST|KEY)$/;

function environmentProblems(part: JsonObject): string[] {
  const { env, shell } = part;
  const names = env === undefined ? [] : isObject(env) ? Object.keys(env) : ['an expression'];
  return [
    ...names.filter((name) => !VARIABLES.test(name)).map((name) => `sets the variable ${name}`),
    ...(shell === undefined || shell === 'bash' ? [] : [`runs its command by ${JSON.stringify(shell)}`]),
    ...['container', 'services', 'defaults'].filter((key) => part[key] !== undefined).map((key) => `has \`${key}\``),
  ];
}

const isMinutes = (value: Json | undefined): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= MOST_MINUTES;

/** What the caller sets holds for it. */
const isCalledOnly = ({ on }: JsonObject): boolean => isObject(on) && Object.keys(on).join() === 'workflow_call';

const environmentOf = ({ environment }: JsonObject): Json | undefined =>
  isObject(environment) ? environment['name'] : environment;

/** One that is none of its environment's. The token of the job is none, and the publisher's own token is for his own fork. */
function namesSecret({ secrets: _, ...job }: JsonObject): boolean {
  const own = SECRETS_OF.get(environmentOf(job)) ?? [];
  return new RegExp(`\\bsecrets\\b(?!\\.(?:${['GITHUB_TOKEN', 'submit-token', ...own].join('|')})(?![\\w-]))`).test(
    JSON.stringify(job),
  );
}

function signingProblems(steps: readonly JsonObject[]): string[] {
  const odd = steps.map(actionOf).filter((action) => action !== '' && !SIGNING_ACTIONS.includes(action));
  const tools = steps.filter((step) => actionOf(step) === 'actions/checkout' && inputsOf(step)['path'] === 'tools');
  const pinned = tools.length === 1 && inputsOf(tools[0] as JsonObject)['ref'] === TOOLS.commit;
  const foreign = steps.filter(({ run }) => typeof run === 'string' && !run.trim().startsWith('plugmark '));
  return [
    ...odd.map((action) => `the signing job uses ${action}`),
    ...(pinned ? [] : ['the signing job does not take its tools from the commit in tools/cli/src/tools-commit.ts']),
    ...foreign.map(({ run }) => `the signing job runs ${String(run).trim()}`),
  ];
}
