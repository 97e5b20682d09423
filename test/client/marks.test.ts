// The two marks on a release. The honest ones pass; then one thing at a time is wrong, and each has its code.

import { preAuthEncoding } from '@plugmark/client/trust';
import { expect, test } from 'vitest';
import {
  acceptedIdentities,
  signedFor,
  tierOf,
  verifyCosignature,
  verifyPublisher,
} from '../../tools/client/src/verify-release.ts';
import { EXAMPLES } from '../testkit/schema-examples.ts';
import { ed25519Key, p256Key, type TestKey } from '../testkit/test-keys.ts';

type Json = Record<string, unknown>;
const KEY = p256Key('marks publisher');
const OTHER = ed25519Key('marks stranger');
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const identityOf = ({ keyId, spki }: TestKey) =>
  ({ kind: 'key', algorithm: 'ed25519', keyId, publicKey: base64(spki), from: '2026-01-01T00:00:00Z' }) as const;

interface Signing {
  readonly key?: TestKey;
  readonly hint?: string;
  readonly payloadType?: string;
}

function signed(
  statement: unknown,
  { key = KEY, hint = key.keyId, payloadType = 'application/vnd.in-toto+json' }: Signing = {},
): Uint8Array {
  const payload = new TextEncoder().encode(JSON.stringify(statement));
  const sig = base64(key.sign(preAuthEncoding(payloadType, payload)));
  const bundle = {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { publicKey: { hint } },
    dsseEnvelope: { payload: base64(payload), payloadType, signatures: [{ sig }] },
  };
  return new TextEncoder().encode(JSON.stringify(bundle));
}

/** A copy with the member at a dotted path set; undefined deletes it. */
function withValue(value: unknown, path: string, next: unknown): unknown {
  const copy = structuredClone(value);
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const holder = keys.reduce((at, key) => at[key] as Json, copy as Json);
  holder[last] = next;
  return JSON.parse(JSON.stringify(copy));
}

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => ({ accepted: value }),
    (error: { code?: string }) => error.code ?? error,
  );

const PUBLISH = EXAMPLES['publish-statement'] as {
  subject: [{ name: string; digest: { sha256: string } }];
  predicate: { manifest: { digest: { sha256: string } } };
};
const sha256 = PUBLISH.subject[0].digest.sha256;
const CLAIM = {
  plugin: 'acme/spectral-entropy',
  version: '1.2.0',
  registry: 'plugmark',
  sha256,
  manifestSha256: PUBLISH.predicate.manifest.digest.sha256,
};
const accepted = { identities: [identityOf(KEY)] };

test.each([
  ['P-256', KEY],
  ['Ed25519', OTHER],
])('the publisher’s own statement is accepted (%s)', async (_, key) => {
  expect(await verifyPublisher(signed(PUBLISH, { key }), CLAIM, { identities: [identityOf(key)] })).toEqual({
    signer: key.keyId,
  });
});

const ELSEWHERE = 'ab'.repeat(32);
test.each([
  ['subject.0.name', 'acme/other@1.2.0'],
  ['subject.0.name', 'acme/spectral-entropy@1.2.1'],
  ['subject.0.name', 'acme/spectral-entropy'],
  ['subject.0.digest.sha256', ELSEWHERE],
  ['subject.1', { name: 'acme/other@1.0.0', digest: { sha256: ELSEWHERE } }],
  ['predicateType', 'https://slsa.dev/verification_summary/v1'],
  ['predicate.plugin', 'acme/other'],
  ['predicate.version', '1.2.1'],
  ['predicate.registry', 'another'],
  ['predicate.manifest.digest.sha256', ELSEWHERE],
  ['predicate.manifest.digest.sha512', ELSEWHERE],
  ['predicate.extra', true],
  ['predicate.registry', undefined],
])('a statement with %s = %j is another statement', async (path, value) => {
  expect(await codeOf(verifyPublisher(signed(withValue(PUBLISH, path, value)), CLAIM, accepted))).toBe(
    'STATEMENT_MISMATCH',
  );
});

test.each([
  ['_type', 'https://in-toto.io/Statement/v0.1'],
  ['subject', []],
  ['predicate', []],
])('a statement with %s = %j is none', async (path, value) => {
  expect(await codeOf(verifyPublisher(signed(withValue(PUBLISH, path, value)), CLAIM, accepted))).toBe(
    'STATEMENT_MALFORMED',
  );
});

test.each([
  ['moved to another plugin', { plugin: 'acme/other' }],
  ['moved to another version', { version: '1.2.1' }],
  ['moved to another registry', { registry: 'another' }],
  ['under another manifest', { manifestSha256: ELSEWHERE }],
  ['under other bytes', { sha256: ELSEWHERE }],
])('a good statement %s is refused', async (_, change) => {
  expect(await codeOf(verifyPublisher(signed(PUBLISH), { ...CLAIM, ...change }, accepted))).toBe('STATEMENT_MISMATCH');
});

test.each<[string, Signing, string]>([
  ['of a stranger', { key: OTHER }, 'KEY_UNKNOWN'],
  ['of a stranger under the publisher’s key id', { key: OTHER, hint: KEY.keyId }, 'SIGNATURE_INVALID'],
  ['over another payload type', { payloadType: 'application/json' }, 'STATEMENT_MISMATCH'],
])('a signature %s is refused', async (_, signing, code) => {
  expect(await codeOf(verifyPublisher(signed(PUBLISH, signing), CLAIM, accepted))).toBe(code);
});

test('a listed key whose id is not its digest is refused', async () => {
  const identities = [{ ...identityOf(OTHER), keyId: KEY.keyId }];
  expect(await codeOf(verifyPublisher(signed(PUBLISH, { key: OTHER, hint: KEY.keyId }), CLAIM, { identities }))).toBe(
    'KEY_INVALID',
  );
});

test('for a verified publisher the offline list decides, not the document', async () => {
  const document = {
    registry: 'plugmark',
    plugin: 'acme/x',
    publisher: { title: '', identities: [identityOf(OTHER)] },
  } as never;
  const publisher = { title: 'Acme', since: '2026-01-01T00:00:00Z', identities: [identityOf(KEY)] };
  const listed = { registry: 'plugmark', publishers: new Map([['acme', publisher]]) };
  const unlisted = {
    registry: 'plugmark',
    publishers: new Map([['constructor', { ...publisher, builtIn: true as const }]]),
  };
  expect(acceptedIdentities(document, listed)).toEqual([identityOf(KEY)]);
  expect(acceptedIdentities(document, unlisted)).toEqual([identityOf(OTHER)]);
  const tiers = (kind: 'core' | 'process') =>
    ['acme/x', 'constructor/x'].map((plugin) => {
      const release = { plugin, artifact: { kind, sha256, size: 1 } };
      return [tierOf(release, listed), tierOf(release, unlisted)];
    });
  expect(tiers('core')).toEqual([
    ['verified', 'community'],
    ['community', 'built-in'],
  ]);
  expect(tiers('process').flat()).toEqual(['community', 'community', 'community', 'community']);
});

test('a mirrored document counts for its origin only where that is a listed upstream with that root', () => {
  const upstreams = {
    registry: 'fork',
    upstreams: [{ id: 'plugmark', url: '', root: { version: 1, sha256 }, namespaces: [] }],
  };
  const from = (registryId: string, rootSha256: string) =>
    signedFor({ registry: 'fork', origin: { registryId, rootSha256 } } as never, upstreams);
  expect(from('plugmark', sha256)).toBe('plugmark');
  expect(() => from('plugmark', ELSEWHERE)).toThrow(expect.objectContaining({ code: 'ORIGIN_UNKNOWN' }));
  expect(() => from('another', sha256)).toThrow(expect.objectContaining({ code: 'ORIGIN_UNKNOWN' }));
});

const SUMMARY = EXAMPLES['verification-summary'] as {
  predicate: { inputAttestations: { digest: { sha256: string } }[]; verifiedLevels: string[] };
};
const inputs = SUMMARY.predicate.inputAttestations.slice(0, 2).map(({ digest }) => digest.sha256);
const COSIGN = { registry: 'plugmark', plugin: CLAIM.plugin, version: CLAIM.version, sha256, inputs };
const KEYS = { registry: 'plugmark', verifier: 'plugmark:plugmark', identities: [identityOf(KEY)] };

test('an honest co-signature gives its levels, and only those that are known', async () => {
  expect(await verifyCosignature(signed(SUMMARY), COSIGN, KEYS)).toEqual(SUMMARY.predicate.verifiedLevels);
  const boasting = withValue(SUMMARY, 'predicate.verifiedLevels.2', 'PLUGMARK_SAFE');
  expect(await verifyCosignature(signed(boasting), COSIGN, KEYS)).toEqual(SUMMARY.predicate.verifiedLevels);
});

test.each([
  ['subject.0.name', 'acme/other@1.2.0', 'STATEMENT_MISMATCH'],
  ['subject.0.digest.sha256', ELSEWHERE, 'STATEMENT_MISMATCH'],
  ['subject.1', { name: 'acme/other@1.0.0', digest: { sha256: ELSEWHERE } }, 'STATEMENT_MISMATCH'],
  ['predicateType', 'https://plugmark.github.io/attestation/publish/v1', 'STATEMENT_MISMATCH'],
  ['predicate.verifier.id', 'plugmark:another', 'COSIGNATURE_INVALID'],
  ['predicate.verifier', 'plugmark:plugmark', 'COSIGNATURE_INVALID'],
  ['predicate.resourceUri', 'plugmark:another/acme/spectral-entropy@1.2.0', 'COSIGNATURE_INVALID'],
  ['predicate.resourceUri', 'plugmark:plugmark/acme/spectral-entropy@1.2.1', 'COSIGNATURE_INVALID'],
  ['predicate.verificationResult', 'FAILED', 'COSIGNATURE_INVALID'],
  ['predicate.verificationResult', undefined, 'COSIGNATURE_INVALID'],
  ['predicate.inputAttestations', [], 'COSIGNATURE_INVALID'],
  ['predicate.inputAttestations', undefined, 'COSIGNATURE_INVALID'],
  ['predicate.inputAttestations.0.digest.sha256', ELSEWHERE, 'COSIGNATURE_INVALID'],
  ['predicate.inputAttestations.1.digest.sha256', ELSEWHERE, 'COSIGNATURE_INVALID'],
])('a co-signature with %s = %j is refused', async (path, value, code) => {
  expect(await codeOf(verifyCosignature(signed(withValue(SUMMARY, path, value)), COSIGN, KEYS))).toBe(code);
});

test.each<[string, Signing, string]>([
  ['of the publisher', { key: OTHER }, 'KEY_UNKNOWN'],
  ['of the publisher under the registry’s key id', { key: OTHER, hint: KEY.keyId }, 'SIGNATURE_INVALID'],
  ['over another payload type', { payloadType: 'text/plain' }, 'STATEMENT_MISMATCH'],
])('a co-signature %s is refused', async (_, signing, code) => {
  expect(await codeOf(verifyCosignature(signed(SUMMARY, signing), COSIGN, KEYS))).toBe(code);
});
