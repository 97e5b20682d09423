// What a registry's repository on GitHub has to be set to, one row each: printed by `registry init`, looked at by `doctor`, listed in
// the documentation. The words are for the person who sets it.

export interface Secret {
  readonly name: string;
  readonly environment: string;
  /** The key file whose content it is. */
  readonly file?: string;
  readonly needed: 'always' | 'unless keyless' | 'for registry watch';
}

/** What workflows read, by name. Values are never looked at, and GitHub never gives them. */
export const SECRETS: readonly Secret[] = [
  { name: 'PLUGMARK_ONLINE_KEY', environment: 'signing', file: 'online.pem', needed: 'always' },
  { name: 'PLUGMARK_COSIGN_KEY', environment: 'signing', file: 'cosign.pem', needed: 'unless keyless' },
  { name: 'PLUGMARK_WATCH_TOKEN', environment: 'watching', needed: 'for registry watch' },
];

/** Environments, and whether an office can do without. */
export const ENVIRONMENTS = {
  signing: { optional: false },
  'github-pages': { optional: false },
  watching: { optional: true },
} as const;
export type EnvironmentName = keyof typeof ENVIRONMENTS;

/** Started by a schedule: what stands still when one of them is disabled. */
export const CRONS = {
  'review.yml': 'pull requests wait',
  'publish.yml': 'what was merged is not listed',
  'timestamp.yml': 'clients choose nothing new after 72 hours',
  'heartbeat.yml': 'GitHub stops the others after 60 days without a commit',
  'look-ahead.yml': 'nobody hears that a signature ends soon',
  'watch.yml': 'new releases of watched repositories are not pulled',
} as const;

export interface Setting {
  readonly title: string;
  readonly why: string;
  readonly fix: string;
}

export const SETTINGS = {
  'settings.main-branch': {
    title: 'main changes through pull requests alone',
    why: 'Owners, keys and policy are read from main: who can push there can give himself any name.',
    fix: 'Settings, Rules, Rulesets, new branch ruleset for the default branch: restrict deletions, block force pushes, require a pull request before merging with 0 approvals (the reviewer merges; policy.json decides when), bypass list empty.',
  },
  'settings.ledger-branch': {
    title: 'The branch ledger is never deleted or overwritten',
    why: 'It holds what cannot be made again: when a release was first published, and the versions of the metadata.',
    fix: 'Settings, Rules, Rulesets, new branch ruleset for `ledger`: restrict deletions, block force pushes. Nothing else: the publishing job pushes there.',
  },
  'settings.environment-signing': {
    title: 'The environment signing is for main alone',
    why: 'Its secrets sign the registry. A workflow on any other branch must not get them.',
    fix: 'Settings, Environments, new environment `signing`; deployment branches and tags: selected, `main` alone.',
  },
  'settings.signing-unattended': {
    title: 'Signing waits for nobody',
    why: 'The timestamp is signed every six hours and lives 72: a job that waits for a click lets it end.',
    fix: 'Settings, Environments, signing: no required reviewers, no wait timer. Who wants a person before each publication, keeps the offline keys offline; that is what they are for.',
  },
  'settings.environment-pages': {
    title: 'The environment github-pages is for main alone',
    why: 'A workflow of another branch could deploy another site.',
    fix: 'Settings, Environments, github-pages; deployment branches and tags: selected, `main` alone.',
  },
  'settings.environment-watching': {
    title: 'The environment watching is for main alone',
    why: 'Its token opens pull requests in the watcher’s name.',
    fix: 'Settings, Environments, new environment `watching`; deployment branches and tags: selected, `main` alone. Only where policy.json names a watcher.',
  },
  'settings.secrets': {
    title: 'Every secret is where its job looks for it',
    why: 'A job without its key publishes nothing.',
    fix: 'Settings, Environments, add the environment secrets listed below; then delete the .pem files here, or keep them where the offline keys are.',
  },
  'settings.secrets-outside': {
    title: 'No signing key is a secret of the whole repository',
    why: 'Every workflow of every branch could read it.',
    fix: 'Settings, Secrets and variables, Actions: delete it there and add it to its environment.',
  },
  'settings.pages': {
    title: 'Pages are deployed by the workflow, over https',
    why: 'Pages from a branch would be deployed without the self-check.',
    fix: 'Settings, Pages: source GitHub Actions, enforce HTTPS. The address has to be the `url` of registry.json.',
  },
  'settings.actions-token': {
    title: 'Workflows can read and nothing else, unless a job says so',
    why: 'A job that asks for nothing must not be able to push.',
    fix: 'Settings, Actions, General, workflow permissions: read repository contents.',
  },
  'settings.actions-approve': {
    title: 'Actions cannot open or approve pull requests',
    why: 'A workflow that approves what it opened is no second person.',
    fix: 'Settings, Actions, General: do not allow GitHub Actions to create and approve pull requests.',
  },
  'settings.actions-pinned': {
    title: 'Actions run, and only those pinned to a commit',
    why: 'A tag of an action can be moved to other code.',
    fix: 'Settings, Actions, General: allow actions, require actions to be pinned to a full-length commit SHA.',
  },
  'settings.workflows': {
    title: 'Every cron is enabled',
    why: 'GitHub disables the workflows of a fork, and schedules after 60 days without activity.',
    fix: 'Actions: enable workflows. `plugmark registry heartbeat` enables those that stopped for inactivity.',
  },
} as const satisfies Record<string, Setting>;
export type SettingId = keyof typeof SETTINGS;
