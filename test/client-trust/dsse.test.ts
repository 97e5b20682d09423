// Bundles signed by key and the statements in them: what verifies, and the code for each way it must not.
import { createHash } from 'node:crypto';
import {
  type Bundle,
  ClientError,
  type ClientErrorCode,
  IN_TOTO_PAYLOAD_TYPE,
  matchSubject,
  type PublisherKey,
  parseBundle,
  parseStatement,
  preAuthEncoding,
  toBase64,
  utf8,
  verifyKeyBundle,
} from '@plugmark/client/trust';
import { describe, expect, test } from 'vitest';
import { ed25519Key, p256Key, rsaKey, type TestKey } from '../testkit/test-keys.ts';
import type { Json } from '../testkit/tuf-repository.ts';

const KEY = p256Key('publisher');
const SHA256 = 'ab'.repeat(32);
const STATEMENT = {
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: 'acme/fft@1.0.0', digest: { sha256: SHA256 } }],
  predicateType: 'https://example.org/publish/v1',
  predicate: { plugin: 'acme/fft' },
};

function bundleOf(key: TestKey, payload = JSON.stringify(STATEMENT)): Json {
  const bytes = utf8(payload);
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { publicKey: { hint: key.keyId }, tlogEntries: [] },
    dsseEnvelope: {
      payload: toBase64(bytes),
      payloadType: IN_TOTO_PAYLOAD_TYPE,
      signatures: [{ sig: toBase64(key.sign(preAuthEncoding(IN_TOTO_PAYLOAD_TYPE, bytes))), keyid: '' }],
    },
  };
}

const parse = (bundle: Json): Bundle => parseBundle(utf8(JSON.stringify(bundle)));
const listed = (key: TestKey): PublisherKey => ({ keyId: key.keyId, spki: toBase64(key.spki) });

async function codeOf(run: () => unknown): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    return error instanceof ClientError ? error.code : error;
  }
  return undefined;
}

test.each([
  ['P-256', KEY],
  ['Ed25519', ed25519Key('publisher')],
])('a bundle by %s verifies', async (_, key) => {
  const signed = await verifyKeyBundle(parse(bundleOf(key)), [listed(ed25519Key('other')), listed(key)]);
  expect(signed.keyId).toBe(key.keyId);
  expect(signed.payloadType).toBe(IN_TOTO_PAYLOAD_TYPE);
  const statement = parseStatement(signed.payload);
  expect(statement.predicate).toEqual(STATEMENT.predicate);
  expect(matchSubject(statement, { name: 'acme/fft@1.0.0', sha256: SHA256 }).name).toBe('acme/fft@1.0.0');
});

const BUNDLE_DEFECTS: readonly [string, ClientErrorCode, (bundle: Json) => void][] = [
  [
    'another version',
    'BUNDLE_MALFORMED',
    (b) => Object.assign(b, { mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.2' }),
  ],
  ['no envelope', 'BUNDLE_MALFORMED', (b) => delete b.dsseEnvelope],
  [
    'a message signature',
    'BUNDLE_MALFORMED',
    (b) => {
      b.messageSignature = { messageDigest: { algorithm: 'SHA2_256', digest: '' }, signature: '' };
      delete b.dsseEnvelope;
    },
  ],
  ['no signature', 'BUNDLE_MALFORMED', (b) => b.dsseEnvelope.signatures.pop()],
  ['two signatures', 'BUNDLE_MALFORMED', (b) => b.dsseEnvelope.signatures.push(b.dsseEnvelope.signatures[0])],
  ['base64 without padding', 'BUNDLE_MALFORMED', (b) => Object.assign(b.dsseEnvelope, { payload: 'YQ' })],
  ['base64 with stray bits', 'BUNDLE_MALFORMED', (b) => Object.assign(b.dsseEnvelope, { payload: 'YR==' })],
  [
    'key and certificate',
    'BUNDLE_MALFORMED',
    (b) => Object.assign(b.verificationMaterial, { certificate: { rawBytes: 'AA==' } }),
  ],
  ['neither key nor certificate', 'BUNDLE_MALFORMED', (b) => delete b.verificationMaterial.publicKey],
  ['an empty hint', 'BUNDLE_MALFORMED', (b) => Object.assign(b.verificationMaterial.publicKey, { hint: '' })],
  [
    'a certificate',
    'BUNDLE_KEYLESS',
    (b) => Object.assign(b, { verificationMaterial: { certificate: { rawBytes: 'AA==' } } }),
  ],
  ['an unknown hint', 'KEY_UNKNOWN', (b) => Object.assign(b.verificationMaterial.publicKey, { hint: '00'.repeat(32) })],
  [
    'the hint constructor',
    'KEY_UNKNOWN',
    (b) => Object.assign(b.verificationMaterial.publicKey, { hint: 'constructor' }),
  ],
  ['another payload', 'SIGNATURE_INVALID', (b) => Object.assign(b.dsseEnvelope, { payload: 'e30=' })],
  ['another payload type', 'SIGNATURE_INVALID', (b) => Object.assign(b.dsseEnvelope, { payloadType: 'text/plain' })],
  [
    'a signature of the bare payload',
    'SIGNATURE_INVALID',
    (b) => {
      b.dsseEnvelope.signatures[0].sig = toBase64(KEY.sign(utf8(JSON.stringify(STATEMENT))));
    },
  ],
  ['an empty signature', 'SIGNATURE_INVALID', (b) => Object.assign(b.dsseEnvelope.signatures[0], { sig: '' })],
];

describe('a bundle with one defect', () => {
  test.each(BUNDLE_DEFECTS)('%s: %s', async (_, code, change) => {
    const bundle = bundleOf(KEY);
    change(bundle);
    expect(await codeOf(async () => verifyKeyBundle(parse(bundle), [listed(KEY)]))).toBe(code);
  });
});

const otherSpki = toBase64(p256Key('other').spki);
const withTrailingByte = toBase64(new Uint8Array([...KEY.spki, 0]));
const offCurve = toBase64(KEY.spki.map((byte, i) => (i === 90 ? byte ^ 1 : byte)));
const LISTED_DEFECTS: readonly [string, Partial<PublisherKey>][] = [
  ['another key under this id', { spki: otherSpki }],
  ['a key with a trailing byte', { spki: withTrailingByte }],
  ['a point off the curve', { spki: offCurve }],
  ['no base64', { spki: '!' }],
];

test.each(LISTED_DEFECTS)('a list with %s: KEY_INVALID', async (_, defect) => {
  const key = { ...listed(KEY), ...defect };
  expect(await codeOf(() => verifyKeyBundle(parse(bundleOf(KEY)), [key]))).toBe('KEY_INVALID');
});

test('a second spelling of a listed key has another id, and is refused', async () => {
  const hybrid = KEY.spki.slice();
  hybrid[26] = 6 + ((hybrid[90] ?? 0) & 1);
  const key = { ...KEY, keyId: createHash('sha256').update(hybrid).digest('hex'), spki: hybrid };
  expect(await codeOf(() => verifyKeyBundle(parse(bundleOf(key)), [listed(key)]))).toBe('KEY_INVALID');
});

test('members that a polluted prototype seems to give are not there', async () => {
  const bundle = bundleOf(KEY);
  delete bundle.verificationMaterial.publicKey;
  Object.defineProperty(Object.prototype, 'publicKey', { value: { hint: KEY.keyId }, configurable: true });
  try {
    expect(await codeOf(() => parse(bundle))).toBe('BUNDLE_MALFORMED');
  } finally {
    Reflect.deleteProperty(Object.prototype, 'publicKey');
  }
});

test('a publisher may not use RSA', async () => {
  const key = rsaKey();
  expect(await codeOf(() => verifyKeyBundle(parse(bundleOf(key)), [listed(key)]))).toBe('KEY_INVALID');
});

const STATEMENT_DEFECTS: readonly [string, (statement: Json) => void][] = [
  ['another type', (s) => Object.assign(s, { _type: 'https://in-toto.io/Statement/v0.1' })],
  ['no subject', (s) => Object.assign(s, { subject: [] })],
  ['a subject without a name', (s) => delete s.subject[0].name],
  ['a digest that is no text', (s) => Object.assign(s.subject[0].digest, { sha256: 1 })],
  ['no predicate', (s) => delete s.predicate],
];

test.each(STATEMENT_DEFECTS)('a statement with %s: STATEMENT_MALFORMED', async (_, change) => {
  const statement = structuredClone(STATEMENT);
  change(statement);
  expect(await codeOf(() => parseStatement(utf8(JSON.stringify(statement))))).toBe('STATEMENT_MALFORMED');
});

test.each([
  { name: 'acme/fft@1.0.1', sha256: SHA256 },
  { name: 'acme/fft@1.0.0', sha256: 'cd'.repeat(32) },
])('a statement about something else than $name: STATEMENT_MISMATCH', async (wanted) => {
  const statement = parseStatement(utf8(JSON.stringify(STATEMENT)));
  expect(await codeOf(() => matchSubject(statement, wanted))).toBe('STATEMENT_MISMATCH');
});

test('every single-bit flip of a bundle is refused or changes nothing', async () => {
  const bytes = utf8(JSON.stringify(bundleOf(ed25519Key('publisher'))));
  const keys = [listed(ed25519Key('publisher'))];
  const expected = await verifyKeyBundle(parseBundle(bytes), keys);
  let refused = 0;
  for (let bit = 0; bit < bytes.length * 8; bit += 7) {
    const flipped = bytes.slice();
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const outcome = await codeOf(async () =>
      expect(await verifyKeyBundle(parseBundle(flipped), keys)).toEqual(expected),
    );
    expect([undefined, 'BUNDLE_MALFORMED', 'KEY_UNKNOWN', 'SIGNATURE_INVALID']).toContain(outcome);
    if (outcome) refused++;
  }
  expect(refused).toBeGreaterThan(500);
});
