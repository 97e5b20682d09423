// Any error as a person reads it: what, where, how to go on, and its code. Decides on codes, never on message text; an error without
// a code is a fault of ours and says so.

import { visible } from '@plugmark/analysis';
import { CLIENT_ERROR_CODES, ClientError } from '@plugmark/client';
import { PublishError } from '@plugmark/publish';
import { SchemaError } from '@plugmark/schemas';
import { WasmError } from '@plugmark/wasm';
import { CLI_ERRORS, CliError } from './cli-error.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

export interface DescribedError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly exit: ExitCode;
}

const IO_CODES: ReadonlySet<string> = new Set(['NETWORK', 'STORE', 'ABORTED', 'WRITE']);

export function describeError(error: unknown): DescribedError {
  if (error instanceof CliError) return { code: error.code, message: visible(error.message), hint: CLI_ERRORS[error.code].hint, exit: CLI_ERRORS[error.code].exit };
  if (error instanceof ClientError) return { code: error.code, message: clientMessage(error), exit: exitOf(error.code) };
  if (error instanceof WasmError) return { code: error.code, message: visible(`${error.message} (at byte ${error.offset})`), exit: EXIT.failed };
  if (error instanceof SchemaError || error instanceof PublishError) return { code: error.code, message: visible(error.message), exit: exitOf(error.code) };
  return { code: 'INTERNAL', message: visible(error instanceof Error ? (error.stack ?? error.message) : String(error)), hint: 'this is a fault of plugmark; please report it', exit: EXIT.failed };
}

const exitOf = (code: string): ExitCode => (IO_CODES.has(code) ? EXIT.io : EXIT.failed);

/** The code's meaning, then its facts as `name value`. */
function clientMessage({ code, details }: ClientError): string {
  const facts = Object.entries(details).filter(([, value]) => value !== undefined && value !== '');
  const shown = facts.map(([name, value]) => `${name} ${value}`).join(', ');
  return visible(shown === '' ? CLIENT_ERROR_CODES[code] : `${CLIENT_ERROR_CODES[code]} (${shown})`);
}
