// Who signs: a key file, or the workflow this command runs in. Exactly one of them is named.

import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type KeylessSigner, keylessSigner, type StatementSigner } from '@plugmark/publish';
import { CliError } from './cli-error.ts';
import type { Io } from './io.ts';
import { openKeyFile } from './open-key-file.ts';
import type { PassphraseOptions } from './passphrase.ts';
import { readInput } from './read-input.ts';

export interface SignerOptions {
  readonly key?: string;
  readonly keyless?: true;
  readonly identityToken?: string;
  readonly signingConfig?: string;
  readonly timestampUrl?: string;
}

/** Throws USAGE, SIGNING_CONFIG_MISSING, FILE_MISSING, CONSENT_NEEDED; KEY_INVALID, PASSPHRASE_WRONG, SIGNING_CONFIG, TOKEN_INVALID. */
export async function releaseSigner(
  io: Io,
  registryData: string,
  options: SignerOptions & PassphraseOptions,
): Promise<StatementSigner> {
  const { key, keyless, timestampUrl } = options;
  if ((key === undefined) === (keyless === undefined))
    throw new CliError('USAGE', 'name who signs: either --key <file> or --keyless');
  if (key === undefined) return workflowSigner(io, registryData, options);
  const signer = await openKeyFile(io, key, options);
  return timestampUrl === undefined ? signer : { ...signer, timestampUrl };
}

/** The workflow this command runs in. */
export async function workflowSigner(io: Io, registryData: string, options: SignerOptions): Promise<KeylessSigner> {
  const { bytes, where } = await signingConfig(io, registryData, options.signingConfig);
  // An empty variable is what a workflow without the permission has.
  const token = options.identityToken ?? (io.env['SIGSTORE_ID_TOKEN'] || undefined);
  return keylessSigner({ config: bytes, where, token });
}

async function signingConfig(
  io: Io,
  registryData: string,
  named: string | undefined,
): Promise<{ bytes: Uint8Array; where: string }> {
  if (named !== undefined) return { bytes: await readInput(io, resolve(io.cwd, named)), where: named };
  const where = 'trust/signing_config.json';
  const bytes = await readFile(join(registryData, where)).catch(() => undefined);
  if (bytes !== undefined) return { bytes: new Uint8Array(bytes), where };
  throw new CliError('SIGNING_CONFIG_MISSING', 'nothing says which services sign');
}
