// The loopback services refuse what the real ones refuse, and what they issue convinces OpenSSL (through node:crypto).
import { createPublicKey, generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import { parseTrustedRoot, verifyDigest } from '@plugmark/client/sigstore';
import { expect, test } from 'vitest';
import { rootFromPath } from '../../tools/client/src/sigstore/merkle.ts';
import { auditPath, leafHash, rootHash } from '../../tools/dev/src/sigstore/merkle-tree.ts';
import { loopbackKeys, openLoopback, RUN, SIGNED_AT } from '../testkit/loopback.ts';
import { signKeyless } from './sign-vector.ts';

const clock = { now: SIGNED_AT };
const SIGSTORE = openLoopback(clock);
const STRANGER = openLoopback(clock, loopbackKeys('stranger'));
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const PEM = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const SUBJECT = 'repo:acme/thing:ref:refs/tags/v1.2.0';
const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

interface Asking {
  readonly token?: string;
  readonly proofOf?: string;
  readonly key?: string;
}

function ask({ token = SIGSTORE.token(RUN), proofOf = SUBJECT, key = PEM }: Asking) {
  const proof = sign('sha256', Buffer.from(proofOf), privateKey).toString('base64');
  const request = {
    credentials: { oidcIdentityToken: token },
    publicKeyRequest: { publicKey: { algorithm: 'ECDSA', content: key }, proofOfPossession: proof },
  };
  const { status, body } = SIGSTORE.handle('POST', '/api/v2/signingCert', json(request));
  return { status, body: JSON.parse(new TextDecoder().decode(body)) };
}

test('a certificate is for the asked key and ten minutes, and OpenSSL accepts its chain', () => {
  const { status, body } = ask({});
  expect(status).toBe(201);
  const [leaf, intermediate, root] = body.signedCertificateEmbeddedSct.chain.certificates.map(
    (pem: string) => new X509Certificate(pem),
  ) as [X509Certificate, X509Certificate, X509Certificate];
  expect(leaf.publicKey.equals(publicKey)).toBe(true);
  expect([leaf.validFromDate.getTime(), leaf.validToDate.getTime()]).toEqual([
    SIGNED_AT.getTime(),
    SIGNED_AT.getTime() + 600_000,
  ]);
  expect([
    leaf.verify(intermediate.publicKey),
    intermediate.verify(root.publicKey),
    root.verify(root.publicKey),
  ]).toEqual([true, true, true]);
  expect([leaf.checkIssued(intermediate), intermediate.checkIssued(root), leaf.ca, intermediate.ca]).toEqual([
    true,
    true,
    false,
    true,
  ]);
  expect(leaf.subjectAltName).toBe('URI:https://github.com/acme/thing/.github/workflows/release.yml@refs/tags/v1.2.0');
});

const withPart = (token: string, index: number, part: string): string =>
  token
    .split('.')
    .map((old, i) => (i === index ? part : old))
    .join('.');
const unsigned = Buffer.from('{"alg":"none"}').toString('base64url');

test.each<[string, () => Asking, number, string]>([
  ['a token of another issuer’s key', () => ({ token: STRANGER.token(RUN) }), 401, 'TOKEN_INVALID'],
  [
    'a token whose claims were changed',
    () => ({ token: withPart(SIGSTORE.token(RUN), 1, STRANGER.token({ ...RUN, ownerId: '1' }).split('.')[1] ?? '') }),
    401,
    'TOKEN_INVALID',
  ],
  [
    'a token that asks for no signature',
    () => ({ token: withPart(SIGSTORE.token(RUN), 0, unsigned) }),
    401,
    'TOKEN_INVALID',
  ],
  ['no token', () => ({ token: '' }), 401, 'TOKEN_INVALID'],
  ['a proof over another subject', () => ({ proofOf: 'repo:acme/other' }), 400, 'POSSESSION_INVALID'],
  [
    'the public key of somebody else',
    () => ({
      key: generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
        .publicKey.export({ type: 'spki', format: 'pem' })
        .toString(),
    }),
    400,
    'POSSESSION_INVALID',
  ],
  ['no key', () => ({ key: '' }), 400, 'REQUEST_INVALID'],
])('no certificate for %s', (_, asking, status, code) => {
  expect(ask(asking())).toMatchObject({ status, body: { code } });
});

test('no certificate for a token that has run out', () => {
  const token = SIGSTORE.token(RUN);
  clock.now = new Date(SIGNED_AT.getTime() + 600_000);
  expect(ask({ token })).toMatchObject({ status: 401, body: { code: 'TOKEN_INVALID' } });
  clock.now = SIGNED_AT;
});

test('a log takes no entry whose signature does not verify, and answers the second request for one with a conflict', async () => {
  for (const rekor of [1, 2] as const)
    for (const message of [true, false]) {
      const requests: [string, string][] = [];
      const handle: typeof SIGSTORE.handle = (method, path, body) => {
        if (path.endsWith('/log/entries')) requests.push([path, new TextDecoder().decode(body)]);
        return SIGSTORE.handle(method, path, body);
      };
      await signKeyless({ sigstore: { ...SIGSTORE, handle }, clock, rekor, message });
      const [path, text] = requests[0] as [string, string];
      const again = SIGSTORE.handle('POST', path, new TextEncoder().encode(text));
      expect([rekor, again.status]).toEqual([rekor, rekor === 1 ? 409 : 201]);
      if (rekor === 1) expect(SIGSTORE.handle('GET', again.location ?? '', new Uint8Array()).status).toBe(200);
      expect(SIGSTORE.handle('POST', path, new TextEncoder().encode(otherSignature(text))).status).toBe(400);
    }
});

/** The request with another signature's bytes, wherever its kind of entry carries them. */
function otherSignature(text: string): string {
  const other = sign('sha256', Buffer.from('something else'), privateKey).toString('base64');
  return text.replace(/("content":"|\\"sig\\":\\"|"sig":")(MEU|MEQ|MEY)[A-Za-z0-9+/=]+/, `$1${other}`);
}

test.each([
  ['POST', '/api/v2/signingCert', 'x'],
  ['POST', '/api/v2/signingCert', '[]'],
  ['POST', '/api/v1/log/entries', '{"kind":"dsse","apiVersion":"0.0.1"}'],
  ['POST', '/api/v1/log/entries', '{"kind":"__proto__","apiVersion":"0.0.1","spec":{}}'],
  ['POST', '/api/v2/log/entries', '{}'],
  ['POST', '/api/v1/timestamp', '{"hashAlgorithm":"md5"}'],
  ['GET', '/api/v1/log/entries/00', ''],
  ['GET', '/nothing', ''],
])('%s %s %s is refused with a code', (method, path, body) => {
  const { status, body: said } = SIGSTORE.handle(method, path, new TextEncoder().encode(body));
  expect(status).toBeGreaterThanOrEqual(400);
  expect(JSON.parse(new TextDecoder().decode(said))).toHaveProperty('code');
});

test('the trusted root is one that the client reads', async () => {
  const root = await parseTrustedRoot(SIGSTORE.trustedRoot);
  expect([
    root.logs.length,
    root.certificateLogs.length,
    root.authorities.length,
    root.timestampAuthorities.length,
  ]).toEqual([2, 1, 1, 1]);
});

test('paths of the tree lead to its root, in trees of every size to 20', async () => {
  const leaves = Array.from({ length: 20 }, (_, i) => leafHash(Uint8Array.of(i)));
  for (let size = 1; size <= leaves.length; size++)
    for (let index = 0; index < size; index++) {
      const tree = leaves.slice(0, size);
      const path = { index, size, hashes: auditPath(tree, index) };
      const leaf = tree[index] as Uint8Array;
      expect(await rootFromPath(leaf, path)).toEqual(rootHash(tree));
      // One hash more or less, or another place, is another tree.
      expect(await rootFromPath(leaf, { ...path, hashes: [...path.hashes, leaf] })).toBeUndefined();
      if (path.hashes.length > 0)
        expect(await rootFromPath(leaf, { ...path, hashes: path.hashes.slice(1) })).not.toEqual(rootHash(tree));
      expect(await rootFromPath(leaf, { ...path, index: size })).toBeUndefined();
    }
});

test('a signature over a known digest verifies as OpenSSL says, and another digest or key does not', () => {
  const other = createPublicKey(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey);
  const pointOf = (key: typeof publicKey) => new Uint8Array(key.export({ type: 'spki', format: 'der' }).subarray(-64));
  for (let i = 0; i < 10; i++) {
    const message = Buffer.from(`message ${i}`);
    const digest = leafHash(message);
    const signature = sign('sha256', Buffer.concat([Uint8Array.of(0), message]), privateKey);
    expect(verifyDigest(pointOf(publicKey), signature, digest)).toBe(true);
    expect(verifyDigest(pointOf(other), signature, digest)).toBe(false);
    expect(verifyDigest(pointOf(publicKey), signature, leafHash(Buffer.from('other')))).toBe(false);
  }
  const zero = Uint8Array.of(0x30, 6, 2, 1, 0, 2, 1, 0);
  expect(verifyDigest(pointOf(publicKey), zero, leafHash(new Uint8Array()))).toBe(false);
  expect(verifyDigest(new Uint8Array(64), zero, leafHash(new Uint8Array()))).toBe(false);
});
