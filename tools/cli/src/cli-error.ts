import { EXIT, type ExitCode } from './exit-code.ts';

interface CliErrorMeaning {
  readonly exit: ExitCode;
  /** The way out, where it is the same each time. An error that knows better says so itself. */
  readonly hint?: string;
}

/** Refusals of the command itself, each with its exit code and the way out. */
export const CLI_ERRORS = {
  USAGE: { exit: EXIT.usage },
  FILE_MISSING: { exit: EXIT.io, hint: 'check the path' },
  FILE_UNREADABLE: { exit: EXIT.io, hint: 'check its permissions' },
  WIT_TOO_LARGE: { exit: EXIT.failed },
  NOTHING_FOUND: { exit: EXIT.usage },
  FILE_TOO_LARGE: { exit: EXIT.io, hint: 'name the plugin itself; no host takes one so large' },
  FILE_EXISTS: { exit: EXIT.usage, hint: 'name another file, or move that one away first' },
  FOLDER_NOT_OURS: { exit: EXIT.usage, hint: 'name an empty folder or a new one: what lies there would be removed' },
  FOLDER_NOT_EMPTY: {
    exit: EXIT.usage,
    hint: 'name a new folder, or one with nothing but .git, a README and a licence',
  },
  FOLDER_DIRTY: { exit: EXIT.usage, hint: 'commit them, or take them back, and start over' },
  KEYS_INSIDE: {
    exit: EXIT.usage,
    hint: 'name a folder outside of every repository with --keys: a key that was committed once is public',
  },
  REGISTRY_ID_TAKEN: {
    exit: EXIT.usage,
    hint: 'choose an id of your own, such as a name of your domain: signatures bind it, and it stays',
  },
  TEMPLATE_MISSING: { exit: EXIT.usage },
  NAME_REFUSED: { exit: EXIT.failed, hint: 'give another with --plugin publisher/name' },
  GIT_FAILED: { exit: EXIT.io, hint: 'check the repository’s address, the connection and the token' },
  TOKEN_NEEDED: { exit: EXIT.consent, hint: 'set GITHUB_TOKEN' },
  LEDGER_MOVED: { exit: EXIT.failed, hint: 'start over: pull the ledger, build and push' },
  DEPLOY_OLDER: {
    exit: EXIT.failed,
    hint: 'build again from the ledger as it is now; a job of the past is not run again',
  },
  BUDGET_MIRROR_MISSING: {
    exit: EXIT.failed,
    hint: 'list a mirror in registry.json and sign the list (plugmark root sign), or raise blobBudgetBytes',
  },
  BUDGET_UNSERVED: {
    exit: EXIT.failed,
    hint: 'fill the mirror with the whole tree first: plugmark registry deploy without --within-budget, to its place',
  },
  YAML_INVALID: { exit: EXIT.failed },
  MANIFEST_INVALID: { exit: EXIT.failed, hint: 'the fields are described in manifest.schema.json' },
  MANIFEST_MISSING: { exit: EXIT.usage, hint: 'name a folder with a manifest, or a .wasm file' },
  HOST_UNKNOWN: { exit: EXIT.usage },
  REGISTRY_MISSING: {
    exit: EXIT.usage,
    hint: 'run it inside a registry’s repository, or name the registry with --registry',
  },
  TREE_MISSING: {
    exit: EXIT.usage,
    hint: 'give the address of a registry, or a folder made by plugmark registry build --out',
  },
  ROOT_MISSING: {
    exit: EXIT.usage,
    hint: 'give the root file your application trusts with --root; it is never taken from the server',
  },
  RUNS_INVALID: { exit: EXIT.usage, hint: 'run plugmark registry run again' },
  CITATION_INVALID: { exit: EXIT.usage },
  CITATION_MISMATCH: {
    exit: EXIT.failed,
    hint: 'somebody changed the citation, or copied the digest of another release',
  },
  DIGEST_UNKNOWN: { exit: EXIT.failed, hint: 'either the file was changed, or it was never published here' },
  NONDETERMINISTIC: {
    exit: EXIT.failed,
    hint: 'an outcome that differs from run to run cannot be expected; nothing was written',
  },
  NOT_RECORDED: {
    exit: EXIT.failed,
    hint: 'only an outcome that every machine would see can be expected; nothing was written',
  },
  REFUSED: { exit: EXIT.failed, hint: 'mend these releases, or publish the others with --skip-refused' },
  SIGNING_CONFIG_MISSING: {
    exit: EXIT.usage,
    hint: 'name the services with --signing-config, or put trust/signing_config.json into the registry',
  },
  TRUST_FILE_INVALID: { exit: EXIT.failed, hint: 'mend it, or move it away and add the keys again' },
  KEY_UNLISTED: { exit: EXIT.failed, hint: 'plugmark trust list shows the trusted keys' },
  UNREACHABLE: { exit: EXIT.io, hint: 'check the address and the connection' },
  ROLES_MISSING: { exit: EXIT.usage },
  TRUST_EXISTS: {
    exit: EXIT.usage,
    hint: 'plugmark root sign continues it; another root would be another registry to every host that has this one',
  },
  RELEASE_UNKNOWN: { exit: EXIT.usage, hint: 'name it as publisher/name@version' },
  GITHUB_AUTH: { exit: EXIT.consent, hint: 'set GITHUB_TOKEN to a token that is valid' },
  GITHUB_TOKEN_MISSING: { exit: EXIT.consent, hint: 'set GITHUB_TOKEN, or use --dry-run' },
  GITHUB_FORBIDDEN: { exit: EXIT.consent, hint: 'the token may not do this: look at the job’s permissions' },
  GITHUB_NOT_FOUND: { exit: EXIT.io, hint: 'check the repository’s name, and whether the token may see it' },
  GITHUB_REFUSED: { exit: EXIT.failed },
  GITHUB_LIMIT: { exit: EXIT.io, hint: 'try again when the limit ends; with a token it is higher' },
  GITHUB_ANSWER: { exit: EXIT.io, hint: 'try again; if it stays, the API or a proxy has changed' },
  MAIN_DIFFERS: { exit: EXIT.usage, hint: 'check out main without changes of your own: git switch main && git pull' },
  MERGED_OTHERWISE: {
    exit: EXIT.failed,
    hint: 'look at the commit now; the next run decides nothing until main is right',
  },
  WATCHER_MISSING: {
    exit: EXIT.usage,
    hint: 'policy.json names it as merge.watcher, with its number; GITHUB_TOKEN has to be a token of that account',
  },
  SUBMISSION_INCOMPLETE: { exit: EXIT.usage },
  SUBMISSION_UNEXPECTED: { exit: EXIT.usage },
  REPOSITORY_UNKNOWN: {
    exit: EXIT.usage,
    hint: 'name it as --repository owner/name, or put its address into registry.json',
  },
  CONSENT_NEEDED: { exit: EXIT.consent },
  CONFIG_INVALID: { exit: EXIT.failed, hint: 'add the line by hand: plugmark load --into prints it' },
  CONFIG_UNSUPPORTED: { exit: EXIT.usage, hint: 'add what plugmark load --into prints by hand' },
  PASSPHRASE_SHORT: { exit: EXIT.usage, hint: 'four or five words that do not belong together are good' },
  UPSTREAM_UNKNOWN: { exit: EXIT.usage },
  UPSTREAM_ROOT: {
    exit: EXIT.failed,
    hint: 'get the root file from the upstream’s people, compare its sha256 with them, and keep it there',
  },
  UPSTREAM_OTHER: { exit: EXIT.failed, hint: 'check the address; a registry never changes its name' },
  MIRROR_FILE: { exit: EXIT.failed, hint: 'sync again; if it stays, tell the upstream’s people' },
  APPROVAL_REFUSED: { exit: EXIT.failed },
  CARRIED_FILE: { exit: EXIT.failed, hint: 'the registry or its copy is damaged: build it, or carry it, again' },
  TAR_TRUNCATED: { exit: EXIT.failed, hint: 'it was cut off on the way: copy it again, and compare its sha256' },
  TAR_DAMAGED: { exit: EXIT.failed, hint: 'it was changed on the way: copy it again, and compare its sha256' },
  TAR_ENTRY: { exit: EXIT.failed, hint: 'plugmark export makes no such archive: ask where it came from' },
  TAR_PATH: { exit: EXIT.failed, hint: 'plugmark export makes no such archive: ask where it came from' },
  TAR_DUPLICATE: { exit: EXIT.failed, hint: 'plugmark export makes no such archive: ask where it came from' },
  TAR_TOO_LARGE: { exit: EXIT.failed, hint: 'plugmark export makes no such archive: ask where it came from' },
  TAR_DIGEST: { exit: EXIT.failed, hint: 'it was changed on the way: copy it again, and compare its sha256' },
  EXPORT_STATE: { exit: EXIT.usage, hint: 'name the .json file that an earlier plugmark export wrote' },
  OCI_REFERENCE: {
    exit: EXIT.usage,
    hint: 'write registry/repository:tag to push, oci://registry/repository@sha256:... to pull',
  },
  OCI_REFUSED: { exit: EXIT.io },
  OCI_ARTIFACT: { exit: EXIT.failed, hint: 'it is not a Wasm OCI artifact with one module, or it was damaged' },
  OCI_AUTH: { exit: EXIT.consent, hint: 'set PLUGMARK_OCI_USERNAME and PLUGMARK_OCI_PASSWORD' },
  BUCKET_REFUSED: { exit: EXIT.io, hint: 'check the bucket, the endpoint and what the key may do' },
  BUCKET_KEYS: { exit: EXIT.consent, hint: 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY' },
  PORT_IN_USE: { exit: EXIT.io, hint: 'choose another with --port, or 0 for any free one' },
} as const satisfies Record<string, CliErrorMeaning>;

export type CliErrorCode = keyof typeof CLI_ERRORS;

export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: CliErrorCode;
  readonly hint: string | undefined;

  constructor(code: CliErrorCode, message: string, options: { readonly cause?: unknown; readonly hint?: string } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    const meaning: CliErrorMeaning = CLI_ERRORS[code];
    this.code = code;
    this.hint = options.hint ?? meaning.hint;
  }
}
