// Private keys that lie encrypted on a disk; the format is `key-file` of the schemas. The passphrase never leaves this file, and a
// wrong one is told from a damaged file only as far as AES-GCM can: not at all.

import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  type KeyObject,
  randomBytes,
  scryptSync,
} from 'node:crypto';
import { KeyFile, parseJson, SchemaError } from '@plugmark/schemas';
import { PublishError } from './error.ts';
import { jsonFile } from './file-tree.ts';
import {
  generateKey,
  type KeyAlgorithm,
  type KeySigner,
  keySigner,
  type PublicSide,
  publicSide,
} from './key-signer.ts';

const TAG_BYTES = 16;
/** Half a second and 128 MiB on a laptop. */
const DEFAULT_COST = { name: 'scrypt', logN: 17, r: 8, p: 1 } as const;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const fromBase64 = (text: string): Buffer => Buffer.from(text, 'base64');

/** A private key (PKCS#8 PEM) sealed with a passphrase. `logN` is for tests: below 17 a guess costs less. */
export function sealKey(
  pem: string,
  passphrase: string,
  { logN = DEFAULT_COST.logN }: { logN?: number } = {},
): Uint8Array {
  const { algorithm, keyId, spki } = keySigner(pem, 'the key to seal');
  const head: Omit<KeyFile, 'sealed'> = {
    schemaVersion: 1,
    kind: 'plugmark-private-key',
    algorithm,
    keyId,
    publicKey: base64(spki),
    kdf: { ...DEFAULT_COST, logN, salt: base64(randomBytes(16)) },
    cipher: { name: 'aes-256-gcm', nonce: base64(randomBytes(12)) },
  };
  const cipher = createCipheriv('aes-256-gcm', sealingKey(head, passphrase), fromBase64(head.cipher.nonce));
  cipher.setAAD(jsonFile(head));
  const plain = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
  const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  plain.fill(0);
  return jsonFile({ ...head, sealed: base64(sealed) });
}

/** A new key, sealed. */
export function generateSealedKey(algorithm: KeyAlgorithm, passphrase: string): Uint8Array {
  return sealKey(generateKey(algorithm), passphrase);
}

export const isKeyFile = (bytes: Uint8Array): boolean => bytes[0] === '{'.charCodeAt(0);

/** The signer of a key file, sealed or PEM. Throws KEY_INVALID, KEY_LOCKED (sealed, and no passphrase), PASSPHRASE_WRONG. */
export function openKey(bytes: Uint8Array, where: string, passphrase: string | undefined): KeySigner {
  if (!isKeyFile(bytes)) return keySigner(new TextDecoder().decode(bytes), where);
  const file = readKeyFile(bytes, where);
  if (passphrase === undefined) throw new PublishError('KEY_LOCKED', where, 'is sealed with a passphrase');
  const signer = keySigner(unseal(file, where, passphrase).export({ type: 'pkcs8', format: 'pem' }).toString(), where);
  // The public part is read without the passphrase, to say whose signature is wanted; it must be this key's.
  if (signer.keyId === file.keyId && base64(signer.spki) === file.publicKey) return signer;
  throw new PublishError('KEY_INVALID', where, 'names another public key than the one it holds');
}

/** What is known of a sealed key without its passphrase. Throws KEY_INVALID. */
export function readKeyFile(bytes: Uint8Array, where: string): KeyFile {
  try {
    return parseJson(KeyFile, bytes, where);
  } catch (cause) {
    if (cause instanceof SchemaError)
      throw new PublishError('KEY_INVALID', where, 'is neither a key file of ours nor PEM', { cause });
    throw cause;
  }
}

function unseal({ sealed, ...head }: KeyFile, where: string, passphrase: string): KeyObject {
  const bytes = fromBase64(sealed);
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(head, passphrase), fromBase64(head.cipher.nonce), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(jsonFile(head));
  try {
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const plain = Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]);
    return createPrivateKey({ key: plain, format: 'der', type: 'pkcs8' });
  } catch (cause) {
    throw new PublishError(
      'PASSPHRASE_WRONG',
      where,
      'does not open: the passphrase is wrong, or the file was changed',
      {
        cause,
      },
    );
  }
}

function sealingKey({ kdf }: Pick<KeyFile, 'kdf'>, passphrase: string): Buffer {
  const { logN, r, p, salt } = kdf;
  // NFC, as RFC 8265 asks: one keyboard writes é as one character, another as two.
  return scryptSync(passphrase.normalize('NFC'), fromBase64(salt), 32, {
    N: 2 ** logN,
    r,
    p,
    maxmem: 2 * 128 * r * 2 ** logN,
  });
}

/** Anything a person may hand over as a public key: a sealed file, a private or a public PEM. Throws KEY_INVALID. */
export function publicKeyOf(bytes: Uint8Array, where: string): PublicSide {
  if (isKeyFile(bytes)) return publicSide(fromBase64(readKeyFile(bytes, where).publicKey), where);
  const pem = new TextDecoder().decode(bytes);
  if (pem.includes('PRIVATE KEY')) return keySigner(pem, where);
  return publicSide(fromBase64(pem.replace(/-----[A-Z ]+-----|\s/g, '')), where);
}
