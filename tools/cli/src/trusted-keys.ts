// The host-local list of trusted keys. A list that cannot be read is an error, never an empty list; it is replaced whole or not at all.

import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { canonicalJson, KeyIdentity, parse, parseJson, type TrustedKey, TrustedKeys } from '@plugmark/schemas';
import { CliError } from './cli-error.ts';
import type { Io } from './io.ts';
import { readInput } from './read-input.ts';
import { replaceFile } from './replace-file.ts';

export function trustFile({ cwd, env }: Io, named: string | undefined): string {
  if (named !== undefined) return resolve(cwd, named);
  const config = env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config');
  return join(config, 'plugmark', 'trusted-keys.json');
}

/** Empty when there is no such file yet. Throws TRUST_FILE_INVALID. */
export async function readTrustedKeys(path: string): Promise<TrustedKeys> {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await readFile(path));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return { schemaVersion: 1, keys: [] };
    throw new CliError('TRUST_FILE_INVALID', `${path} cannot be read`, { cause });
  }
  try {
    return parseJson(TrustedKeys, bytes, path);
  } catch (cause) {
    throw new CliError('TRUST_FILE_INVALID', `${path} is not a list of trusted keys`, { cause });
  }
}

export async function writeTrustedKeys(path: string, keys: TrustedKeys): Promise<void> {
  const text = `${canonicalJson(parse(TrustedKeys, keys, path))}\n`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await replaceFile(path, text, 0o600);
}

/** A public key in PEM form, or what `plugmark key show` prints. Throws USAGE for a key of another kind. */
export async function readTrustedKey(io: Io, file: string, name: string): Promise<TrustedKey> {
  const text = new TextDecoder().decode(await readInput(io, file));
  const key = text.trimStart().startsWith('{') ? fromIdentity(text, file) : fromPem(text, file);
  if (key.asymmetricKeyType !== 'ed25519')
    throw new CliError('USAGE', `${file} holds a key of another kind; detached signatures are Ed25519`);
  const spki = key.export({ type: 'spki', format: 'der' });
  return {
    keyId: createHash('sha256').update(spki).digest('hex'),
    algorithm: 'ed25519',
    publicKey: spki.toString('base64'),
    name,
    added: `${io.now().toISOString().slice(0, 19)}Z`,
  };
}

function fromIdentity(text: string, file: string): KeyObject {
  const { publicKey } = parseJson(KeyIdentity, new TextEncoder().encode(text), file);
  return readKey(() => createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' }), file);
}

function fromPem(text: string, file: string): KeyObject {
  // A private key here is a slip of the hand; its public half would be taken without a word.
  if (/PRIVATE KEY/.test(text))
    throw new CliError('USAGE', `${file} is a private key`, {
      hint: 'give the public one: plugmark key show prints it',
    });
  return readKey(() => createPublicKey(text), file);
}

function readKey(read: () => KeyObject, file: string): KeyObject {
  try {
    return read();
  } catch (cause) {
    throw new CliError('USAGE', `${file} is neither a public key (PEM) nor the output of plugmark key show`, { cause });
  }
}
