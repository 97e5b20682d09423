// Sealed private keys: they open with the passphrase and with nothing else, and no byte of the file can be exchanged.
import { createPublicKey, verify } from 'node:crypto';
import {
  generateSealedKey,
  jsonFile,
  keySigner,
  openKey,
  PublishError,
  publicKeyOf,
  readKeyFile,
  sealKey,
} from '@plugmark/publish';
import { canonicalJson, type KeyFile } from '@plugmark/schemas';
import { expect, test } from 'vitest';
import { codeOf } from '../testkit/office.ts';
import { pemOf } from '../testkit/registry-folder.ts';
import { ed25519Key, p256Key } from '../testkit/test-keys.ts';

const PASSPHRASE = 'correct horse battery';
/** The cheapest that is allowed: a test guesses often. */
const CHEAP = { logN: 14 };
const PEM = pemOf(ed25519Key('sealed'));
const SEALED = sealKey(PEM, PASSPHRASE, CHEAP);
const edited = (edit: (file: KeyFile) => unknown): Uint8Array =>
  jsonFile(edit(JSON.parse(new TextDecoder().decode(SEALED)) as KeyFile));

test.each([ed25519Key('sealed'), p256Key('sealed')])('a sealed key signs as the key it holds', (key) => {
  const opened = openKey(sealKey(pemOf(key), PASSPHRASE, CHEAP), 'a.key.json', PASSPHRASE);
  const data = new TextEncoder().encode('data');
  const algorithm = opened.algorithm === 'ed25519' ? null : 'sha256';
  expect(opened.keyId).toBe(key.keyId === opened.keyId ? key.keyId : keySigner(pemOf(key), 'key').keyId);
  expect(verify(algorithm, data, createPublicKey(opened.publicPem), opened.sign(data))).toBe(true);
});

test('two files of one key and passphrase share nothing but the public part', () => {
  const [a, b] = [SEALED, sealKey(PEM, PASSPHRASE, CHEAP)].map((bytes) => readKeyFile(bytes, 'key'));
  expect(a?.publicKey).toBe(b?.publicKey);
  expect(a?.kdf.salt).not.toBe(b?.kdf.salt);
  expect(a?.cipher.nonce).not.toBe(b?.cipher.nonce);
  expect(a?.sealed).not.toBe(b?.sealed);
});

test('the default costs 128 MiB and the private key is nowhere in the file', () => {
  const file = generateSealedKey('ecdsa-p256', PASSPHRASE);
  expect(readKeyFile(file, 'key').kdf).toMatchObject({ name: 'scrypt', logN: 17, r: 8, p: 1 });
  const inner = PEM.replace(/-----.*-----|\n/g, '');
  expect(canonicalJson(readKeyFile(SEALED, 'key'))).not.toContain(inner.slice(20, 40));
});

test('the passphrase is compared after normalisation, not as typed', () => {
  const sealed = sealKey(PEM, 'caf\u00e9 caf\u00e9', CHEAP);
  expect(openKey(sealed, 'key', 'cafe\u0301 cafe\u0301').algorithm).toBe('ed25519');
});

test.each<[string, string, () => unknown]>([
  ['PASSPHRASE_WRONG', 'another passphrase', () => openKey(SEALED, 'a.key.json', 'wrong')],
  ['PASSPHRASE_WRONG', 'an empty passphrase', () => openKey(SEALED, 'a.key.json', '')],
  ['KEY_LOCKED', 'no passphrase', () => openKey(SEALED, 'a.key.json', undefined)],
  ['KEY_INVALID', 'not a key file', () => openKey(new TextEncoder().encode('{}'), 'a.key.json', PASSPHRASE)],
  ['KEY_INVALID', 'an empty file', () => openKey(new Uint8Array(), 'a.key.json', PASSPHRASE)],
  [
    'KEY_INVALID',
    'memory for a thousand machines',
    () =>
      openKey(
        edited((file) => ({ ...file, kdf: { ...file.kdf, logN: 30 } })),
        'a',
        PASSPHRASE,
      ),
  ],
  [
    'PASSPHRASE_WRONG',
    'another public key',
    () =>
      openKey(
        edited((file) => ({ ...file, keyId: '0'.repeat(64) })),
        'a',
        PASSPHRASE,
      ),
  ],
  [
    'PASSPHRASE_WRONG',
    'a cheaper cost',
    () =>
      openKey(
        edited((file) => ({ ...file, kdf: { ...file.kdf, p: 2 } })),
        'a',
        PASSPHRASE,
      ),
  ],
  [
    'PASSPHRASE_WRONG',
    'less than a tag',
    () =>
      openKey(
        edited((file) => ({ ...file, sealed: 'AAAA' })),
        'a',
        PASSPHRASE,
      ),
  ],
  [
    'KEY_INVALID',
    'a public key that is none',
    () =>
      publicKeyOf(new TextEncoder().encode('-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'), 'a.pem'),
  ],
])('%s: %s', async (code, _, attempt) => {
  expect(await codeOf(attempt)).toBe(code);
});

test('any byte of the sealed part or the head that is changed keeps it shut', () => {
  const text = new TextDecoder().decode(SEALED);
  for (let at = 0; at < SEALED.length; at += 17) {
    const bytes = SEALED.slice();
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    expect(() => openKey(bytes, 'key', PASSPHRASE), text.slice(at, at + 10)).toThrow(PublishError);
  }
});
