// The publisher's mark, signed by a key (specification 7.1 to 7.4), and releases that come from another registry.
import type { ClientErrorCode } from '@plugmark/client';
import { rawFromDer } from '@plugmark/client/trust';
import { KEYS, keylessFile } from '../base-registry.ts';
import type { ClientCase } from '../case.ts';
import {
  addRelease,
  attest,
  type BundleChange,
  basicIdentity,
  moduleBytes,
  packageDocument,
  REGISTRY_ID,
  releaseOf,
  signPublisher,
  signRegistry,
} from '../releases.ts';
import { type Json, sha256, type VectorRegistry } from '../vector-registry.ts';
import { first, keepOnly, published, THING } from './steps.ts';

const { acme, acmeNext, cosign, evil, indie } = KEYS;
const thing = { request: 'acme/thing' };
const tool = { request: 'indie/tool' };
const DAY_BEFORE = '2026-06-01T00:00:00Z';

/** The publisher's bundle of acme/thing, made otherwise; the co-signature follows. */
const signedAs = (change: BundleChange) =>
  published((registry) => {
    keepOnly(registry, 'acme/thing');
    signPublisher(registry, 'acme/thing', '1.2.0', { key: acme, ...change }, cosign);
  });
const statement = (change: (statement: Json) => unknown) =>
  signedAs({
    statement(it) {
      change(it);
      return it;
    },
  });
const bundle = (change: (bundle: Json) => unknown) => signedAs({ bundle: change });
const publishers = (change: (publishers: Json) => unknown) =>
  published((registry) => change(registry.document('publishers.json').publishers));
const entry = (change: (release: Json, registry: VectorRegistry) => unknown, id = 'acme/thing', version = '1.2.0') =>
  published((registry) => change(releaseOf(registry, id, version), registry));

const MARKS: readonly ClientCase[] = [
  first({
    name: 'verified-publisher',
    why: 'A release of a verified publisher, signed by a listed Ed25519 key and co-signed.',
    clauses: ['PUB3', 'PUB4', 'PUB14', 'RES10', 'COS2'],
    ask: thing,
    expect: (registry: VectorRegistry) => ({
      ...THING,
      sha256: releaseOf(registry, 'acme/thing', '1.2.0').release.artifact.sha256,
      size: 13,
      kind: 'core',
      publisher: { state: 'verified', signer: acme.keyId },
      registry: { state: 'verified', levels: ['PLUGMARK_PUBLISHER_VERIFIED', 'PLUGMARK_IMPORTS_DECLARED'] },
    }),
  }),
  first({
    name: 'community-publisher',
    why: 'A release of a publisher who is on no offline list, signed by the P-256 key that the document names.',
    clauses: ['PUB4', 'PUB7', 'RES10', 'COS9'],
    ask: tool,
    expect: {
      plugin: 'indie/tool',
      version: '0.1.0',
      tier: 'community',
      publisher: { state: 'verified', signer: indie.keyId },
      registry: { state: 'notSigned', levels: [] },
    },
  }),
  first({
    name: 'built-in-publisher',
    why: 'A release of a publisher whom the offline list calls built in.',
    clauses: ['RES10'],
    ask: { request: 'house/core' },
    expect: { plugin: 'house/core', version: '3.0.0', tier: 'built-in', publisher: { state: 'verified' } },
  }),
  first({
    name: 'second-identity',
    why: 'The publisher lists two keys and signed with the second.',
    clauses: ['PUB5'],
    ask: thing,
    expect: { ...THING, publisher: { signer: acmeNext.keyId } },
    change: published((registry) => {
      registry.document('publishers.json').publishers.acme.identities.push(basicIdentity(acmeNext));
      signPublisher(registry, 'acme/thing', '1.2.0', { key: acmeNext }, cosign);
    }),
  }),
  first({
    name: 'unknown-bundle-members',
    why: 'The bundle has members that this specification does not know, as later Sigstore bundles may.',
    clauses: ['JSON6'],
    ask: thing,
    expect: THING,
    change: bundle((it) => Object.assign(it.verificationMaterial, { timestampVerificationData: {}, later: 1 })),
  }),
];

/** The kept bundle by acme's key with a timestamp of 1 June, 12:00, under a listing with an end. */
function stamped(name: string, why: string, window: Json, code?: ClientErrorCode): ClientCase {
  return first({
    name: `key-window-${name}`,
    why,
    clauses: ['PUB9'],
    requires: ['keyless'],
    ask: thing,
    ...(code === undefined ? { expect: { ...THING, publisher: { state: 'verified', signer: acme.keyId } } } : { code }),
    change: published((registry) => {
      keepOnly(registry, 'acme/thing');
      const { attestations } = releaseOf(registry, 'acme/thing', '1.2.0');
      attestations.publisher = attest(registry, keylessFile('key-stamped.sigstore.json'));
      signRegistry(registry, 'acme/thing', '1.2.0', { key: cosign });
      Object.assign(registry.document('publishers.json').publishers.acme.identities[0], window);
    }),
  });
}

const KEYS_OF: readonly ClientCase[] = [
  first({
    name: 'tier-downgrade',
    why: 'The online key names its own key in the document of a verified publisher and signs with it.',
    clauses: ['PUB4'],
    code: 'KEY_UNKNOWN',
    ask: thing,
    change: published((registry) => {
      registry.plugin('acme/thing').publisher.identities = [basicIdentity(evil)];
      signPublisher(registry, 'acme/thing', '1.2.0', { key: evil }, cosign);
    }),
  }),
  first({
    name: 'signed-by-the-registry',
    why: 'The registry’s co-signing key signed in the publisher’s place.',
    clauses: ['PUB5'],
    code: 'KEY_UNKNOWN',
    ask: thing,
    change: signedAs({ key: cosign }),
  }),
  first({
    name: 'signed-by-another-publisher',
    why: 'Another publisher of the same registry signed.',
    clauses: ['PUB5'],
    code: 'KEY_UNKNOWN',
    ask: thing,
    change: signedAs({ key: indie }),
  }),
  first({
    name: 'signed-under-a-listed-id',
    why: 'A stranger’s signature names the id of a listed key.',
    clauses: ['PUB7'],
    code: 'SIGNATURE_INVALID',
    ask: thing,
    change: signedAs({ key: evil, hint: acme.keyId }),
  }),
  first({
    name: 'key-taken-off-the-list',
    why: 'The key that signed was taken off the list after the signature.',
    clauses: ['PUB5'],
    code: 'KEY_UNKNOWN',
    ask: thing,
    change: publishers(({ acme: publisher }) => Object.assign(publisher, { identities: [basicIdentity(acmeNext)] })),
  }),
  first({
    name: 'listed-id-of-another-key',
    why: 'The offline list has the id of one key and the bytes of another.',
    clauses: ['PUB6'],
    code: 'KEY_INVALID',
    ask: thing,
    change: publishers(({ acme: { identities } }) =>
      Object.assign(identities[0], { publicKey: basicIdentity(evil).publicKey }),
    ),
  }),
  first({
    name: 'listed-key-of-another-kind',
    why: 'The listed key is neither P-256 nor Ed25519 (its bytes name X25519), under its right id.',
    clauses: ['PUB6'],
    code: 'KEY_INVALID',
    ask: thing,
    change: published((registry) => relist(registry, otherCurve(acme.spki))),
  }),
  first({
    name: 'listed-key-off-the-curve',
    why: 'The listed key is spelt as a P-256 key, and its point does not lie on the curve.',
    clauses: ['PUB6'],
    code: 'KEY_INVALID',
    ask: thing,
    change: published((registry) =>
      relist(
        registry,
        Uint8Array.from(indie.spki, (byte, i) => (i === 60 ? byte ^ 1 : byte)),
      ),
    ),
  }),
  first({
    name: 'listed-key-with-trailing-byte',
    why: 'The listed key has a byte after its end: it has another id, and a key has one.',
    clauses: ['PUB6'],
    code: 'KEY_INVALID',
    ask: thing,
    change: published((registry) => relist(registry, Uint8Array.of(...acme.spki, 0))),
  }),
  first({
    name: 'key-with-an-end-and-no-time',
    why: 'The key’s listing has an end that lies ahead, and nothing trusted says when the signature was made.',
    clauses: ['PUB9'],
    code: 'KEY_WINDOW',
    ask: thing,
    change: publishers(({ acme: { identities } }) => Object.assign(identities[0], { to: '2027-01-01T00:00:00Z' })),
  }),
  stamped('inside', 'The key was taken off the list after it had signed, which a timestamp shows.', {
    to: '2026-06-01T12:00:00Z',
  }),
  stamped(
    'late',
    'The key signed after it had been taken off the list, which a timestamp shows.',
    { to: '2026-06-01T11:59:59Z' },
    'KEY_WINDOW',
  ),
  stamped(
    'early',
    'The key signed before it was listed; its listing has an end, so its time counts.',
    { from: '2026-06-01T12:00:01Z', to: '2027-01-01T00:00:00Z' },
    'KEY_WINDOW',
  ),
  first({
    name: 'key-listed-since-yesterday',
    why: 'A key without an end is listed since after the release was published: without a trusted time nothing is asked.',
    clauses: ['PUB9'],
    ask: thing,
    expect: THING,
    change: publishers(({ acme: { identities } }) => Object.assign(identities[0], { from: DAY_BEFORE })),
  }),
  first({
    name: 'keyless-publisher-signs-by-key',
    why: 'The publisher lists a workflow only, and the bundle is signed by a key.',
    clauses: ['PUB5'],
    code: 'KEY_UNKNOWN',
    ask: { request: 'cloud/signer' },
    change: published((registry) => signPublisher(registry, 'cloud/signer', '1.2.0', { key: acme }, undefined)),
  }),
];

/** Lists `spki` for acme under its own id, and signs under that id. */
function relist(registry: VectorRegistry, spki: Uint8Array): void {
  const keyId = sha256(spki);
  Object.assign(registry.document('publishers.json').publishers.acme.identities[0], {
    keyId,
    publicKey: Buffer.from(spki).toString('base64'),
  });
  signPublisher(registry, 'acme/thing', '1.2.0', { key: acme, hint: keyId }, cosign);
}

function otherCurve(spki: Uint8Array): Uint8Array {
  // 1.3.101.112 is Ed25519, 1.3.101.110 X25519.
  return Uint8Array.from(spki, (byte, i) => (i === 8 && byte === 0x70 ? 0x6e : byte));
}

/** A P-256 signature with another spelling of the same numbers. */
function respelt(base64: string): string {
  const der = Buffer.from(base64, 'base64');
  const longForm = Buffer.concat([Buffer.of(0x30, 0x81, der[1] ?? 0), der.subarray(2)]);
  return longForm.toString('base64');
}

/** SEQUENCE { r, s } with a zero before r, and lengths that agree. */
function padded(der: Buffer): Buffer {
  const length = der[3] ?? 0;
  const r = der.subarray(4, 4 + length);
  const rest = der.subarray(4 + length);
  return Buffer.concat([Buffer.of(0x30, (der[1] ?? 0) + 1, 2, length + 1, 0), r, rest]);
}

/** The bundle of indie/tool, whose signature is P-256, with other bytes for the signature. */
const respeltBy = (change: (der: Buffer) => Uint8Array) =>
  published((registry) => {
    keepOnly(registry, 'indie/tool');
    const bundle = ({ dsseEnvelope: { signatures } }: Json): void => {
      signatures[0].sig = Buffer.from(change(Buffer.from(signatures[0].sig, 'base64'))).toString('base64');
    };
    signPublisher(registry, 'indie/tool', '0.1.0', { key: indie, bundle }, undefined);
  });

const STATEMENTS: readonly ClientCase[] = [
  [
    'another-registry',
    'The statement names another registry.',
    'PUB14',
    (it: Json) => Object.assign(it.predicate, { registry: 'other.example' }),
  ],
  [
    'another-plugin',
    'The statement’s predicate names another plugin.',
    'PUB14',
    (it: Json) => Object.assign(it.predicate, { plugin: 'acme/other' }),
  ],
  [
    'another-version',
    'The statement’s predicate names another version.',
    'PUB14',
    (it: Json) => Object.assign(it.predicate, { version: '1.2.1' }),
  ],
  [
    'another-manifest',
    'The statement names another manifest: capabilities were added after signing.',
    'PUB14',
    (it: Json) => Object.assign(it.predicate.manifest.digest, { sha256: 'ab'.repeat(32) }),
  ],
  [
    'more-in-the-predicate',
    'The predicate has a member more, which nobody reads and everybody signs.',
    'PUB14',
    (it: Json) => Object.assign(it.predicate, { note: 'x' }),
  ],
  [
    'less-in-the-predicate',
    'The predicate does not name the registry.',
    'PUB14',
    (it: Json) => delete it.predicate.registry,
  ],
  [
    'subject-of-another-name',
    'The statement’s subject is another version of the plugin.',
    'PUB12',
    (it: Json) => Object.assign(it.subject[0], { name: 'acme/thing@1.2.1' }),
  ],
  [
    'subject-of-other-bytes',
    'The statement’s subject has another digest.',
    'PUB12',
    (it: Json) => Object.assign(it.subject[0].digest, { sha256: 'ab'.repeat(32) }),
  ],
  [
    'subject-digest-in-capitals',
    'The subject’s digest is in capitals.',
    'PUB12',
    (it: Json) => Object.assign(it.subject[0].digest, { sha256: it.subject[0].digest.sha256.toUpperCase() }),
  ],
  [
    'two-subjects',
    'The statement has a second subject.',
    'PUB12',
    (it: Json) => it.subject.push({ name: 'acme/other@1.0.0', digest: { sha256: 'ab'.repeat(32) } }),
  ],
  [
    'another-predicate-type',
    'A provenance statement over the same bytes stands where the publish statement should.',
    'PUB13',
    (it: Json) => Object.assign(it, { predicateType: 'https://slsa.dev/provenance/v1' }),
  ],
].map(([name, why, clause, change]) =>
  first({
    name: `statement-${name}`,
    why: why as string,
    clauses: [clause as string],
    code: 'STATEMENT_MISMATCH',
    ask: thing,
    change: statement(change as (it: Json) => unknown),
  }),
);

const FORMS: readonly ClientCase[] = [
  first({
    name: 'statement-of-another-type',
    why: 'The payload is an in-toto statement of version 0.1.',
    clauses: ['PUB11'],
    code: 'STATEMENT_MALFORMED',
    ask: thing,
    change: statement((it) => Object.assign(it, { _type: 'https://in-toto.io/Statement/v0.1' })),
  }),
  first({
    name: 'statement-without-subject',
    why: 'The statement has no subject.',
    clauses: ['PUB11'],
    code: 'STATEMENT_MALFORMED',
    ask: thing,
    change: statement((it) => Object.assign(it, { subject: [] })),
  }),
  first({
    name: 'statement-not-json',
    why: 'The payload is signed and no JSON.',
    clauses: ['PUB11'],
    code: 'STATEMENT_MALFORMED',
    ask: thing,
    change: signedAs({ payload: new TextEncoder().encode('acme/thing@1.2.0') }),
  }),
  first({
    name: 'statement-with-half-a-character',
    why: 'The predicate holds half a surrogate pair, which has no canonical form.',
    clauses: ['PUB14', 'JSON5'],
    code: 'JSON_UNREPRESENTABLE',
    ask: thing,
    change: published((registry) => {
      const made = JSON.stringify(statementOf(registry)).replace('"vectors.example"', '"\\ud800"');
      signPublisher(registry, 'acme/thing', '1.2.0', { key: acme, payload: new TextEncoder().encode(made) }, cosign);
    }),
  }),
  first({
    name: 'statement-spaced',
    why: 'The payload is the right statement with spaces and another order of members: its meaning counts, not its spelling.',
    clauses: ['PUB14', 'JSON3'],
    ask: thing,
    expect: THING,
    change: published((registry) => {
      const { predicate, ...rest } = statementOf(registry);
      const payload = new TextEncoder().encode(JSON.stringify({ predicate, ...rest }, null, 2));
      signPublisher(registry, 'acme/thing', '1.2.0', { key: acme, payload }, cosign);
    }),
  }),
  first({
    name: 'payload-type-json',
    why: 'The payload reads like a statement, but was signed as something else.',
    clauses: ['PUB10'],
    code: 'STATEMENT_MISMATCH',
    ask: thing,
    change: signedAs({ payloadType: 'application/json' }),
  }),
  first({
    name: 'payload-type-changed',
    why: 'The payload type was changed to the right one after signing: it is under the signature.',
    clauses: ['PUB3', 'PUB7'],
    code: 'SIGNATURE_INVALID',
    ask: thing,
    change: signedAs({
      payloadType: 'application/json',
      bundle: ({ dsseEnvelope }) => Object.assign(dsseEnvelope, { payloadType: 'application/vnd.in-toto+json' }),
    }),
  }),
  first({
    name: 'signature-over-the-payload',
    why: 'The signature is over the payload itself, not over its pre-authentication encoding.',
    clauses: ['PUB3'],
    code: 'SIGNATURE_INVALID',
    ask: thing,
    change: bundle(({ dsseEnvelope }) => {
      const payload = Buffer.from(dsseEnvelope.payload, 'base64');
      dsseEnvelope.signatures[0].sig = Buffer.from(acme.sign(payload)).toString('base64');
    }),
  }),
  first({
    name: 'signature-bit',
    why: 'One bit of the signature was changed.',
    clauses: ['PUB7'],
    code: 'SIGNATURE_INVALID',
    ask: thing,
    change: bundle(({ dsseEnvelope: { signatures } }) => {
      const sig = Buffer.from(signatures[0].sig, 'base64');
      sig[5] = (sig[5] ?? 0) ^ 1;
      signatures[0].sig = sig.toString('base64');
    }),
  }),
  ...(
    [
      [
        'with-a-byte-behind',
        'A P-256 signature has a byte behind its end.',
        (der) => Buffer.concat([der, Buffer.of(0)]),
      ],
      ['with-a-padded-number', 'A number of a P-256 signature has a leading zero that it does not need.', padded],
      ['without-its-end', 'A P-256 signature lacks its last byte.', (der) => der.subarray(0, -1)],
      [
        'of-raw-numbers',
        'A P-256 signature is the two numbers side by side, as some libraries write it.',
        (der) => Buffer.from(rawFromDer(der) ?? []),
      ],
    ] as const satisfies readonly (readonly [string, string, (der: Buffer) => Uint8Array])[]
  ).map(([name, why, change]) =>
    first({
      name: `signature-${name}`,
      why,
      clauses: ['PUB8'],
      code: 'SIGNATURE_INVALID',
      ask: tool,
      change: respeltBy(change),
    }),
  ),
  first({
    name: 'signature-in-another-spelling',
    why: 'A P-256 signature is written with a long length, which DER does not allow.',
    clauses: ['PUB8'],
    code: 'SIGNATURE_INVALID',
    ask: tool,
    change: published((registry) =>
      signPublisher(
        registry,
        'indie/tool',
        '0.1.0',
        {
          key: indie,
          bundle: ({ dsseEnvelope: { signatures } }) =>
            Object.assign(signatures[0], { sig: respelt(signatures[0].sig) }),
        },
        undefined,
      ),
    ),
  }),
  ...(
    [
      ['not-json', 'The bundle is no JSON.', undefined],
      [
        'of-another-version',
        'The bundle is of version 0.2, which lists certificates otherwise.',
        (it: Json) => Object.assign(it, { mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.2' }),
      ],
      [
        'without-signature',
        'The envelope has no signature.',
        (it: Json) => Object.assign(it.dsseEnvelope, { signatures: [] }),
      ],
      [
        'of-two-signatures',
        'The envelope has two signatures, and it would not be said which one counts.',
        (it: Json) => it.dsseEnvelope.signatures.push(it.dsseEnvelope.signatures[0]),
      ],
      [
        'without-signer',
        'The bundle names neither a key nor a certificate.',
        (it: Json) => delete it.verificationMaterial.publicKey,
      ],
      [
        'of-two-signers',
        'The bundle names a key and a certificate: two readers would take two signers.',
        (it: Json) => Object.assign(it.verificationMaterial, { certificate: { rawBytes: 'MAA=' } }),
      ],
      [
        'with-a-number-for-a-hint',
        'The hint is a number.',
        (it: Json) => Object.assign(it.verificationMaterial, { publicKey: { hint: 7 } }),
      ],
      [
        'with-a-list-for-a-key',
        'The key is a list.',
        (it: Json) => Object.assign(it.verificationMaterial, { publicKey: [acme.keyId] }),
      ],
      [
        'with-an-empty-hint',
        'The hint is empty, which names no key.',
        (it: Json) => Object.assign(it.verificationMaterial, { publicKey: { hint: '' } }),
      ],
      [
        'with-a-number-for-a-payload-type',
        'The payload type is a number.',
        (it: Json) => Object.assign(it.dsseEnvelope, { payloadType: 7 }),
      ],
      [
        'with-material-as-a-list',
        'The verification material is a list.',
        (it: Json) => Object.assign(it, { verificationMaterial: [it.verificationMaterial] }),
      ],
      [
        'base64-url',
        'The payload is in the other alphabet of base64.',
        (it: Json) => Object.assign(it.dsseEnvelope, { payload: `${it.dsseEnvelope.payload.replace(/=/g, '')}-_==` }),
      ],
      [
        'over-a-message',
        'The bundle signs a message digest instead of a statement.',
        (it: Json) => {
          delete it.dsseEnvelope;
          it.messageSignature = { messageDigest: { algorithm: 'SHA2_256', digest: '' }, signature: '' };
        },
      ],
    ] as const
  ).map(([name, why, change]) =>
    first({
      name: `bundle-${name}`,
      why,
      clauses: ['PUB2'],
      code: 'BUNDLE_MALFORMED',
      ask: thing,
      change:
        change === undefined
          ? entry((release, registry) =>
              Object.assign(release.attestations, { publisher: attest(registry, new TextEncoder().encode('-----')) }),
            )
          : bundle(change),
    }),
  ),
];

function statementOf(registry: VectorRegistry): Json {
  const { dsseEnvelope } = JSON.parse(
    new TextDecoder().decode(
      registry.bytes(`attestations/${releaseOf(registry, 'acme/thing', '1.2.0').attestations.publisher.sha256}.json`),
    ),
  );
  return JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString());
}

const bundlePath = (registry: VectorRegistry): string =>
  `attestations/${releaseOf(registry, 'acme/thing', '1.2.0').attestations.publisher.sha256}.json`;

const SERVED: readonly ClientCase[] = [
  first({
    name: 'bundle-missing',
    why: 'The publisher’s bundle is named and not served.',
    clauses: ['PUB1'],
    code: 'ATTESTATION_MISSING',
    ask: thing,
    change: (registry) => registry.files.delete(bundlePath(registry)),
  }),
  first({
    name: 'bundle-of-other-bytes',
    why: 'The bundle that is served has another digest than the one named, though it would verify.',
    clauses: ['PUB1'],
    code: 'ATTESTATION_DIGEST',
    ask: thing,
    change(registry) {
      const path = bundlePath(registry);
      registry.files.set(path, Uint8Array.from([...registry.bytes(path).slice(0, -1), 0x0a]));
    },
  }),
  first({
    name: 'bundle-longer',
    why: 'The bundle is longer than the document says: reading stops there.',
    clauses: ['PUB1', 'NET4'],
    code: 'TOO_LARGE',
    ask: thing,
    change: (registry) =>
      registry.files.set(bundlePath(registry), Uint8Array.of(...registry.bytes(bundlePath(registry)), 0x20)),
  }),
  first({
    name: 'bundle-of-megabytes',
    why: 'The document says that the bundle has two million bytes, and so it has: a bundle may have one million.',
    clauses: ['PUB1', 'NET4'],
    code: 'TOO_LARGE',
    ask: thing,
    change: published((registry) => {
      releaseOf(registry, 'acme/thing', '1.2.0').attestations.publisher.size = 2_000_000;
      registry.files.set(bundlePath(registry), { fill: ' ', length: 1_000_001 });
    }),
  }),
  first({
    name: 'manifest-changed',
    why: 'The document’s release differs from the one whose digest stands beside it.',
    clauses: ['PUB15'],
    code: 'MANIFEST_MISMATCH',
    ask: thing,
    change: entry(({ release }) => Object.assign(release, { license: 'GPL-3.0' })),
  }),
  first({
    name: 'manifest-changed-with-its-digest',
    why: 'The document’s release was changed and its digest with it: the publisher signed another.',
    clauses: ['PUB14', 'PUB15'],
    code: 'STATEMENT_MISMATCH',
    ask: thing,
    change: entry((it) => {
      it.release.license = 'GPL-3.0';
      it.manifestSha256 = sha256(new TextEncoder().encode(canonicalOf(it.release)));
    }),
  }),
  first({
    name: 'bytes-exchanged',
    why: 'The online key lists other bytes for a signed release, and everything it can sign agrees.',
    clauses: ['PUB12', 'PUB15'],
    code: 'STATEMENT_MISMATCH',
    ask: thing,
    change: entry((it, registry) => {
      const bytes = moduleBytes(99);
      it.release.artifact.sha256 = sha256(bytes);
      it.manifestSha256 = sha256(new TextEncoder().encode(canonicalOf(it.release)));
      registry.files.set(`blobs/sha256/${sha256(bytes)}.wasm`, bytes);
    }),
  }),
  first({
    name: 'bundle-of-another-release',
    why: 'The publisher’s own bundle for an older version stands beside a newer one.',
    clauses: ['PUB12'],
    code: 'STATEMENT_MISMATCH',
    ask: thing,
    change: published((registry) => {
      const old = releaseOf(registry, 'acme/thing', '1.2.0').attestations.publisher;
      addRelease(registry, { plugin: 'acme/thing', version: '1.3.0', key: acme, bytes: moduleBytes(42) });
      releaseOf(registry, 'acme/thing', '1.3.0').attestations.publisher = old;
    }),
  }),
  first({
    name: 'manifest-of-unicode',
    why: 'The release’s notes hold characters that canonical JSON must neither escape nor change.',
    clauses: ['PUB15', 'JSON3'],
    ask: thing,
    expect: THING,
    change: published((registry) => {
      const it = releaseOf(registry, 'acme/thing', '1.2.0');
      it.release.notes = 'é \u2028? no: ö 𝛼 "quoted" \\ / \t <b>'.replace('\u2028', '');
      it.release.dependencies = { 'b/a': '*', 'a/b': '*', 'a-b/c': '*' };
      it.manifestSha256 = sha256(new TextEncoder().encode(canonicalOf(it.release)));
      signPublisher(registry, 'acme/thing', '1.2.0', { key: acme }, cosign);
    }),
  }),
];

/** RFC 8785 by another way than the client's: sorted members, then what JSON.stringify writes. */
function canonicalOf(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalOf).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalOf(value[key])}`)
    .join(',')}}`;
}

const UPSTREAM = 'upstream.example';
const ROOT_DIGEST = 'ed'.repeat(32);

/** A registry that mirrors a plugin of another one, whose publisher signed for that one. */
const mirrored = ({
  origin = {},
  listed = {},
  signedFor = UPSTREAM,
}: {
  origin?: object;
  listed?: object;
  signedFor?: string;
} = {}) =>
  published((registry) => {
    registry.document('upstreams.json').upstreams = [
      {
        id: UPSTREAM,
        url: 'https://upstream.example/',
        root: { version: 3, sha256: ROOT_DIGEST },
        namespaces: ['indie'],
        ...listed,
      },
    ];
    const document = packageDocument('indie/tool', [basicIdentity(indie)]);
    document.origin = { registryId: UPSTREAM, rootSha256: ROOT_DIGEST, ...origin };
    registry.setDocument('plugins/indie/tool.json', document, 'documents');
    addRelease(registry, {
      plugin: 'indie/tool',
      version: '0.1.0',
      key: indie,
      bytes: moduleBytes(3),
      registry: signedFor,
    });
  });

const MIRRORED = { plugin: 'indie/tool', version: '0.1.0', publisher: { state: 'verified' } };

const ORIGINS: readonly ClientCase[] = [
  first({
    name: 'origin-listed',
    why: 'A release mirrored from a listed upstream, whose publisher signed for that upstream.',
    clauses: ['PUB16'],
    ask: tool,
    expect: MIRRORED,
    change: mirrored(),
  }),
  first({
    name: 'origin-of-any-namespace',
    why: 'The upstream is listed without namespaces, which means any.',
    clauses: ['PUB16'],
    ask: tool,
    expect: MIRRORED,
    change: mirrored({ listed: { namespaces: [] } }),
  }),
  first({
    name: 'origin-unlisted',
    why: 'A document names an upstream that upstreams.json does not list.',
    clauses: ['PUB16'],
    code: 'ORIGIN_UNKNOWN',
    ask: tool,
    change: mirrored({ origin: { registryId: 'stranger.example' } }),
  }),
  first({
    name: 'origin-of-another-root',
    why: 'A document names a listed upstream by another root than the listed one.',
    clauses: ['PUB16'],
    code: 'ORIGIN_UNKNOWN',
    ask: tool,
    change: mirrored({ origin: { rootSha256: 'ab'.repeat(32) } }),
  }),
  first({
    name: 'origin-of-another-namespace',
    why: 'The upstream is listed for other publishers than this one.',
    clauses: ['PUB16'],
    code: 'ORIGIN_UNKNOWN',
    ask: tool,
    change: mirrored({ listed: { namespaces: ['initech'] } }),
  }),
  first({
    name: 'origin-signed-for-this-registry',
    why: 'The document says that a release comes from upstream, and its publisher signed it for this registry.',
    clauses: ['PUB16', 'PUB14'],
    code: 'STATEMENT_MISMATCH',
    ask: tool,
    change: mirrored({ signedFor: REGISTRY_ID }),
  }),
  first({
    name: 'signed-for-an-upstream',
    why: 'A publisher’s statement for a listed upstream stands in a document without an origin.',
    clauses: ['PUB16', 'PUB14'],
    code: 'STATEMENT_MISMATCH',
    ask: tool,
    change: published((registry) => {
      mirrored()(registry);
      delete registry.plugin('indie/tool').origin;
    }),
  }),
  first({
    name: 'origin-resolved',
    why: 'A document of an unlisted upstream is chosen from, and refused when it is verified.',
    clauses: ['PUB16'],
    action: 'resolve',
    ask: tool,
    expect: { plugin: 'indie/tool', version: '0.1.0' },
    change: mirrored({ origin: { registryId: 'stranger.example' } }),
  }),
];

export const PUBLISHER_CASES = [...MARKS, ...KEYS_OF, ...STATEMENTS, ...FORMS, ...SERVED, ...ORIGINS];
