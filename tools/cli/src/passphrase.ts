// Where a passphrase comes from: a file, PLUGMARK_PASSPHRASE, or the person at the terminal. Never an argument: other users of the
// machine see those.

import { CliError } from './cli-error.ts';
import type { Io } from './io.ts';
import { readInput } from './read-input.ts';

export interface PassphraseOptions {
  readonly passphraseFile?: string;
  /** False with --no-input. */
  readonly input: boolean;
}

const MIN_LENGTH = 8;

/** Throws CONSENT_NEEDED when nobody can be asked. */
export async function passphraseFor(
  io: Io,
  what: string,
  { passphraseFile, input }: PassphraseOptions,
): Promise<string> {
  if (passphraseFile !== undefined)
    return new TextDecoder().decode(await readInput(io, passphraseFile)).replace(/\r?\n$/, '');
  const known = io.env['PLUGMARK_PASSPHRASE'];
  if (known !== undefined) return known;
  if (input && io.ask !== undefined) return io.ask(`passphrase of ${what}: `, { hidden: true });
  throw new CliError('CONSENT_NEEDED', `a passphrase is needed for ${what}`, {
    hint: 'name a file that holds it with --passphrase-file, or set PLUGMARK_PASSPHRASE',
  });
}

/** Asked twice when it is typed. Throws PASSPHRASE_SHORT. */
export async function newPassphrase(io: Io, what: string, options: PassphraseOptions): Promise<string> {
  const passphrase = await passphraseFor(io, what, options);
  const isTyped = options.passphraseFile === undefined && io.env['PLUGMARK_PASSPHRASE'] === undefined;
  if (isTyped && (await io.ask?.(`${what} once more: `, { hidden: true })) !== passphrase)
    throw new CliError('USAGE', 'the two passphrases differ');
  if (passphrase.length >= MIN_LENGTH) return passphrase;
  throw new CliError('PASSPHRASE_SHORT', `a passphrase has at least ${MIN_LENGTH} characters`);
}

export interface ConsentOptions {
  readonly yes?: true;
  readonly input: boolean;
}

/** The person's word for what was just shown. Throws CONSENT_NEEDED. */
export async function requireConsent(io: Io, question: string, { yes, input }: ConsentOptions): Promise<void> {
  if (yes) return;
  if (!input || io.ask === undefined)
    throw new CliError('CONSENT_NEEDED', 'nothing was signed: look at the changes first', {
      hint: 'then run it again with --yes',
    });
  const answer = await io.ask(`${question} [y/N] `, { hidden: false });
  if (!/^y(es)?$/i.test(answer.trim())) throw new CliError('CONSENT_NEEDED', 'nothing was signed');
}
