// Any error as a person reads it: what, where, how to go on, and its code. Decides on codes, never on message text; an error without
// a code is a fault of ours and says so.

import { RULES, visible, ZIP_PROBLEMS, ZipError } from '@plugmark/analysis';
import { CLIENT_ERROR_CODES, ClientError } from '@plugmark/client';
import { PublishError, type PublishErrorCode } from '@plugmark/publish';
import { SandboxError } from '@plugmark/sandbox';
import { SchemaError } from '@plugmark/schemas';
import { WasmError, type WasmErrorCode } from '@plugmark/wasm';
import { CLI_ERRORS, CliError } from './cli-error.ts';
import { CLIENT_WORDS } from './client-words.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { fileProblem } from './file-problem.ts';

export interface DescribedError {
  readonly code: string;
  /** One line, or several when there is a list. */
  readonly message: string;
  readonly hint?: string;
  readonly exit: ExitCode;
}

const WASM_HINTS: { readonly [C in WasmErrorCode]?: string } = {
  WASM_NOT_WASM: 'name the compiled .wasm file, not its source or a web page saved in its place',
  WASM_TRUNCATED: 'the file is cut off or damaged: build it or download it again',
  WIT_NAME_UNKNOWN: 'name every file that the world takes from; of several worlds choose one with --world',
};

const PUBLISH_HINTS: { readonly [C in PublishErrorCode]?: string } = {
  KEY_MISSING: 'name the folder that holds it with --keys',
  KEY_INVALID: 'plugmark key generate makes one; of an encrypted key, make an unencrypted copy with openssl pkcs8',
  KEY_LOCKED:
    'give its passphrase with --passphrase-file or PLUGMARK_PASSPHRASE; the publishing job needs an unsealed key',
  KEY_NOT_HOLDER: 'plugmark root show lists the holders; plugmark root rotate makes a key one',
  PROPOSAL_INVALID: 'drop it with plugmark root sign --anew, and ask where it came from',
  ARTIFACT_MISSING: 'name a folder that holds <sha256>.wasm with --artifacts',
  LEDGER_INVALID: 'restore the ledger from its history; it cannot be made anew',
  TOKEN_MISSING: 'in GitHub Actions give the job id-token: write; elsewhere set SIGSTORE_ID_TOKEN',
  SIGNING_CONFIG: 'it is a signing_config.v0.2.json, as a Sigstore instance publishes it',
  KEY_UNPROVEN: 'plugmark key prove makes the proof; whoever holds the key has to run it',
  LOCKED: 'wait until it is done; if that process is not plugmark, remove the .lock file',
};

const IO_CODES: ReadonlySet<string> = new Set([
  'CHILD_UNAVAILABLE',
  'ENGINE_UNAVAILABLE',
  'NETWORK',
  'SOURCE_LIMITED',
  'STORE',
  'STORE_BUSY',
  'ABORTED',
  'WRITE',
  'LOCKED',
  'SIGNING_FAILED',
]);
const CONSENT_CODES: ReadonlySet<string> = new Set([
  'TOKEN_MISSING',
  'CONSENT_REQUIRED',
  'CONSENT_DENIED',
  'CONSENT_INCOMPLETE',
  'GRANT_REVOKED',
]);
const USAGE_CODES: ReadonlySet<string> = new Set([
  'ABI_UNSUPPORTED',
  'VECTOR_MISMATCH',
  'REGISTRY_URL',
  'REQUEST_MALFORMED',
  'SIGNING_CONFIG',
  'TOKEN_INVALID',
]);

export function describeError(error: unknown): DescribedError {
  const { message, ...rest } = describe(error);
  // A list keeps its lines; nothing inside a line may move the cursor.
  return { ...rest, message: message.split('\n').map(visible).join('\n') };
}

function describe(error: unknown): DescribedError {
  if (error instanceof CliError)
    return { code: error.code, message: error.message, ...hinted(error.hint), exit: CLI_ERRORS[error.code].exit };
  if (error instanceof ClientError) return { code: error.code, ...clientWords(error), exit: exitOf(error.code) };
  if (error instanceof WasmError)
    return {
      code: error.code,
      // Text has its line and column in the message.
      message: error.code.startsWith('WIT_') ? error.message : `${error.message} (at byte ${error.offset})`,
      ...hinted(WASM_HINTS[error.code]),
      exit: EXIT.failed,
    };
  if (error instanceof ZipError)
    return {
      code: error.code,
      message: `${error.message} (at byte ${error.problem.offset})`,
      hint: asTalk(RULES[ZIP_PROBLEMS[error.code].rule].fix),
      exit: EXIT.failed,
    };
  if (error instanceof PublishError)
    return { code: error.code, message: error.message, ...hinted(PUBLISH_HINTS[error.code]), exit: exitOf(error.code) };
  if (error instanceof SandboxError) {
    const hint = error.code === 'ENGINE_UNAVAILABLE' ? 'PLUGMARK_BUN names the second engine' : undefined;
    return { code: error.code, message: error.message, ...hinted(hint), exit: exitOf(error.code) };
  }
  if (error instanceof SchemaError) return { code: error.code, message: error.message, exit: exitOf(error.code) };
  const problem = fileProblem(error);
  if (problem !== undefined) return { code: 'IO', ...problem, exit: EXIT.io };
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'INTERNAL', message: text, hint: 'this is a fault of plugmark; please report it', exit: EXIT.failed };
}

function exitOf(code: string): ExitCode {
  if (CONSENT_CODES.has(code)) return EXIT.consent;
  if (IO_CODES.has(code)) return EXIT.io;
  return USAGE_CODES.has(code) ? EXIT.usage : EXIT.failed;
}

/** A sentence of the rule table as a line of talk. */
const asTalk = (sentence: string): string => (sentence.charAt(0).toLowerCase() + sentence.slice(1)).replace(/\.$/, '');

const hinted = (hint: string | undefined): { hint?: string } => (hint === undefined ? {} : { hint });

/** A sentence made for the code, or the code's meaning with its facts. */
function clientWords(error: ClientError): { message: string; hint?: string } {
  const said = CLIENT_WORDS[error.code]?.(error.details, error.cause);
  if (said !== undefined) return said;
  const facts = Object.entries(error.details).filter(([, value]) => value !== undefined && value !== '');
  const shown = facts.map(([name, value]) => `${name} ${value}`).join(', ');
  return { message: shown === '' ? CLIENT_ERROR_CODES[error.code] : `${CLIENT_ERROR_CODES[error.code]} (${shown})` };
}
