// Publisher statements and releases: signed by us, verified by the client's code and by @sigstore/verify, which knows nothing of us.
import { createPublicKey } from 'node:crypto';
import { verifyPublisher } from '@plugmark/client';
import {
  generateKey,
  keySigner,
  makeRelease,
  PublishError,
  publishStatement,
  sha256,
  signRelease,
} from '@plugmark/publish';
import {
  canonicalBytes,
  type Manifest,
  PublishStatement,
  parse,
  parseCanonical,
  Release,
  SchemaError,
} from '@plugmark/schemas';
import { bundleFromJSON } from '@sigstore/bundle';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import { expect, test } from 'vitest';
import { signStatement } from '../../tools/publish/src/statement-bundle.ts';
import { CORE_HOST } from '../testkit/host-profile.ts';
import { codeOf } from '../testkit/office.ts';
import { honestModule, identityOf, pemOf, REGISTRY_ID, signerOf } from '../testkit/registry-folder.ts';
import { ed25519Key, p256Key, rsaKey, type TestKey } from '../testkit/test-keys.ts';

const KEYS: readonly (readonly [string, TestKey])[] = [
  ['Ed25519', ed25519Key('statement')],
  ['P-256', p256Key('statement')],
];
const MANIFEST = {
  schemaVersion: 1,
  plugin: 'acme/thing',
  version: '1.0.0',
  license: 'MIT',
  artifact: 'plugin.wasm',
  title: 'Thing',
  summary: 'A test.',
  host: 'bench',
} as Manifest;
const BYTES = honestModule(1).build();
const RELEASE = makeRelease(MANIFEST, { artifact: { kind: 'core', bytes: BYTES }, vectors: [] }, CORE_HOST);
const CLAIM = {
  plugin: 'acme/thing',
  version: '1.0.0',
  registry: REGISTRY_ID,
  sha256: RELEASE.artifact.sha256,
  manifestSha256: sha256(canonicalBytes(RELEASE)),
};

const asStranger = (bundle: Uint8Array, { spki, keyId }: TestKey) => {
  const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  const material = toTrustMaterial(
    { mediaType: '', tlogs: [], certificateAuthorities: [], ctlogs: [], timestampAuthorities: [] },
    (hint: string) => {
      if (hint !== keyId) throw new RangeError(hint);
      return { publicKey: key, validFor: () => true };
    },
  );
  const verifier = new Verifier(material, { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 });
  return verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(new TextDecoder().decode(bundle)))));
};

test.each(KEYS)('a release signed with %s is accepted by the client and by a stranger', async (_, key) => {
  const { release, bundle } = await signRelease(RELEASE, { registry: REGISTRY_ID, signer: signerOf(key) });
  expect(parseCanonical(Release, release, 'release.json')).toEqual(RELEASE);
  expect(await verifyPublisher(bundle, CLAIM, { identities: [identityOf(key)] })).toEqual({ signer: key.keyId });
  expect(asStranger(bundle, key).key).toBeDefined();
});

test.each(KEYS)('a bundle of %s whose payload or signature was changed is refused by both', async (_, key) => {
  const { bundle } = await signRelease(RELEASE, { registry: REGISTRY_ID, signer: signerOf(key) });
  const parsed = JSON.parse(new TextDecoder().decode(bundle));
  const payload = Buffer.from(parsed.dsseEnvelope.payload, 'base64').toString().replace('1.0.0', '1.0.1');
  parsed.dsseEnvelope.payload = Buffer.from(payload).toString('base64');
  const changed = new TextEncoder().encode(JSON.stringify(parsed));
  expect(await codeOf(() => verifyPublisher(changed, CLAIM, { identities: [identityOf(key)] }))).toBe(
    'SIGNATURE_INVALID',
  );
  expect(await codeOf(() => asStranger(changed, key))).toBe('SIGNATURE_ERROR');
});

test.each([
  ['another registry', { registry: 'other.example' }],
  ['another version', { version: '1.0.1' }],
  ['another plugin', { plugin: 'acme/other' }],
  ['other bytes', { sha256: '0'.repeat(64) }],
  ['another manifest', { manifestSha256: '0'.repeat(64) }],
])('a statement cannot be moved to %s', async (_, change) => {
  const [, key] = KEYS[0] as (typeof KEYS)[number];
  const { bundle } = await signRelease(RELEASE, { registry: REGISTRY_ID, signer: signerOf(key) });
  expect(await codeOf(() => verifyPublisher(bundle, { ...CLAIM, ...change }, { identities: [identityOf(key)] }))).toBe(
    'STATEMENT_MISMATCH',
  );
});

test('the statement is canonical, of its schema, and the same each time with Ed25519', async () => {
  const signer = signerOf(ed25519Key('statement'));
  const [first, second] = await Promise.all([0, 1].map(() => signRelease(RELEASE, { registry: REGISTRY_ID, signer })));
  expect(second).toEqual(first);
  const payload = Buffer.from(JSON.parse(new TextDecoder().decode(first?.bundle)).dsseEnvelope.payload, 'base64');
  expect(parseCanonical(PublishStatement, payload, 'payload')).toEqual(publishStatement(RELEASE, REGISTRY_ID));
});

test('any statement can be signed, and its type is in the signature', async () => {
  const [, key] = KEYS[1] as (typeof KEYS)[number];
  const bundle = await signStatement({ hello: 'world' }, signerOf(key));
  expect(asStranger(bundle, key).key).toBeDefined();
  const changed = new TextDecoder()
    .decode(bundle)
    .replace('application/vnd.in-toto+json', 'application/vnd.other+json');
  expect(await codeOf(() => asStranger(new TextEncoder().encode(changed), key))).toBe('SIGNATURE_ERROR');
});

test('an author may leave out almost everything; what is left out is written down', () => {
  expect(RELEASE).toMatchObject({
    targets: [{ host: 'bench', api: '^2.0.0' }],
    capabilities: [],
    dependencies: {},
    vectors: [],
  });
  const full = {
    ...MANIFEST,
    targets: [{ host: 'bench', api: '^1.0.0' }],
    capabilities: ['read:samples', { id: 'network', params: { hosts: ['example.org'] }, reason: 'asks' }],
  } as Manifest;
  const files = {
    artifact: { kind: 'core' as const, bytes: BYTES },
    readme: BYTES,
    vectors: [{ name: 'one', bytes: BYTES }],
  };
  expect(makeRelease(full, files, undefined)).toMatchObject({
    targets: [{ host: 'bench', api: '^1.0.0' }],
    capabilities: [
      { id: 'read:samples', reason: expect.any(String) },
      { id: 'network', params: { hosts: ['example.org'] }, reason: 'asks' },
    ],
    readme: { sha256: sha256(BYTES) },
    vectors: [{ name: 'one', sha256: sha256(BYTES) }],
  });
});

test('a manifest without what a release needs is refused', async () => {
  const { host: _, ...nowhere } = MANIFEST as Manifest & { host?: string };
  const error = (() => {
    try {
      return makeRelease(nowhere as Manifest, { artifact: { kind: 'core', bytes: BYTES }, vectors: [] }, undefined);
    } catch (caught) {
      return caught;
    }
  })();
  expect(error).toBeInstanceOf(SchemaError);
  expect(error).toMatchObject({ code: 'SCHEMA_INVALID' });
});

test('keys: made ones sign, others are refused without a word of their content', async () => {
  for (const algorithm of ['ed25519', 'ecdsa-p256'] as const) {
    const signer = keySigner(generateKey(algorithm), 'new.pem');
    expect(signer).toMatchObject({ algorithm, keyId: sha256(signer.spki) });
  }
  const secret = 'MC4CAQAwBQYDK2VwBCIEIsecret';
  for (const pem of [
    '',
    'no key',
    `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----`,
    pemOf(rsaKey()),
  ]) {
    const attempt = () => keySigner(pem, 'my.pem');
    expect(attempt).toThrow(PublishError);
    expect(await codeOf(attempt)).toBe('KEY_INVALID');
    expect(attempt).not.toThrow(/secret/);
  }
});

test('a golden statement parses', () => {
  expect(parse(PublishStatement, publishStatement(RELEASE, REGISTRY_ID), 'statement').predicate.registry).toBe(
    REGISTRY_ID,
  );
});
