import { EXIT, type ExitCode } from './exit-code.ts';

/** Refusals of the command itself, each with its exit code and the way out. */
export const CLI_ERRORS = {
  USAGE: { exit: EXIT.usage, hint: 'see --help' },
  FILE_MISSING: { exit: EXIT.io, hint: 'check the path' },
  FILE_UNREADABLE: { exit: EXIT.io, hint: 'check its permissions' },
  YAML_INVALID: { exit: EXIT.failed, hint: 'the manifest has to be plain YAML or JSON: no anchors used as bombs, no tags, no duplicate keys' },
  MANIFEST_MISSING: { exit: EXIT.usage, hint: 'run it in a folder with plugin.yaml or the host’s manifest file, or name a .wasm file' },
  HOST_UNKNOWN: { exit: EXIT.usage, hint: 'profiles lie in registry/hosts/' },
  REGISTRY_MISSING: { exit: EXIT.usage, hint: 'run it inside a registry’s repository, or name one with --registry' },
  ROOT_MISSING: { exit: EXIT.usage, hint: 'give the root file your application trusts with --root; it is never taken from the server' },
  DIGEST_UNKNOWN: { exit: EXIT.failed, hint: 'the bytes are not those of any release in this registry' },
  REFUSED: { exit: EXIT.failed, hint: 'mend the releases named above, or publish the others with --skip-refused' },
  PORT_IN_USE: { exit: EXIT.io, hint: 'choose another with --port' },
} as const satisfies Record<string, { exit: ExitCode; hint: string }>;

export type CliErrorCode = keyof typeof CLI_ERRORS;

export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: CliErrorCode;

  constructor(code: CliErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
