// A person's private key from its file. A sealed one asks for its passphrase; a plain one asks for nothing.

import { isKeyFile, type KeySigner, openKey } from '@plugmark/publish';
import type { Io } from './io.ts';
import { type PassphraseOptions, passphraseFor } from './passphrase.ts';
import { readInput } from './read-input.ts';

/** Throws FILE_MISSING, CONSENT_NEEDED; KEY_INVALID, PASSPHRASE_WRONG. */
export async function openKeyFile(io: Io, file: string, options: PassphraseOptions): Promise<KeySigner> {
  const bytes = await readInput(io, file);
  const passphrase = isKeyFile(bytes) ? await passphraseFor(io, file, options) : undefined;
  return openKey(bytes, file, passphrase);
}
