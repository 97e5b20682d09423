// What the publisher says, and the bundle it comes in (specification 7.1, 7.3).
import { rawFromDer } from '@plugmark/client/trust';
import { KEYS } from '../base-registry.ts';
import type { ClientCase } from '../case.ts';
import { attest, releaseOf, signPublisher } from '../releases.ts';
import type { Json, VectorRegistry } from '../vector-registry.ts';
import { bundle, entry, signedAs, statement, thing, tool } from './publisher-changes.ts';
import { first, keepOnly, published, THING } from './steps.ts';

const { acme, cosign, indie } = KEYS;

/** A P-256 signature with another spelling of the same numbers. */
function respelt(base64: string): string {
  const der = Buffer.from(base64, 'base64');
  const longForm = Buffer.concat([Buffer.of(0x30, 0x81, der[1] ?? 0), der.subarray(2)]);
  return longForm.toString('base64');
}

/** SEQUENCE { r, s } with a zero before the number that has none, and lengths that agree. */
function padded(der: Buffer): Buffer {
  const [first, second] = [2, 4 + (der[3] ?? 0)];
  const at = der[first + 2] === 0 ? second : first;
  if (der[at + 2] === 0) throw new Error('both numbers begin with a zero');
  const longer = Buffer.concat([der.subarray(0, at + 1), Buffer.of((der[at + 1] ?? 0) + 1, 0), der.subarray(at + 2)]);
  longer[1] = (longer[1] ?? 0) + 1;
  return longer;
}

/** One byte of the signature is another. */
const byteAt = (at: (der: Buffer) => number, value: (byte: number) => number) => (der: Buffer) => {
  const changed = Buffer.from(der);
  changed[at(der)] = value(changed[at(der)] ?? 0);
  return changed;
};

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
  ...(
    [
      ['name-a-number', 'The subject’s name is a number.', ({ subject }) => Object.assign(subject[0], { name: 7 })],
      [
        'digest-a-number',
        'The subject’s digest is a number.',
        ({ subject }) => Object.assign(subject[0].digest, { sha256: 7 }),
      ],
      ['predicate-type-a-number', 'The predicate type is a number.', (it) => Object.assign(it, { predicateType: 7 })],
      ['predicate-a-list', 'The predicate is a list.', (it) => Object.assign(it, { predicate: [it.predicate] })],
    ] as const satisfies readonly (readonly [string, string, (it: Json) => unknown])[]
  ).map(([name, why, change]) =>
    first({
      name: `statement-${name}`,
      why,
      clauses: ['PUB11'],
      code: 'STATEMENT_MALFORMED',
      ask: thing,
      change: statement(change),
    }),
  ),
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
      [
        'of-a-set',
        'A P-256 signature is a SET of two numbers.',
        byteAt(
          () => 0,
          () => 0x31,
        ),
      ],
      [
        'of-a-wrong-length',
        'A P-256 signature says that it is one byte longer than it is.',
        byteAt(
          () => 1,
          (byte) => byte + 1,
        ),
      ],
      [
        'of-an-octet-string',
        'The second number of a P-256 signature is an octet string.',
        byteAt(
          (der) => 4 + (der[3] ?? 0),
          () => 4,
        ),
      ],
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

export const STATEMENT_CASES = [...STATEMENTS, ...FORMS];
