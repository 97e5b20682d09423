// Who may sign for a release by a key (specification 7.2).
import type { ClientErrorCode } from '@plugmark/client';
import { KEYS, keylessFile } from '../base-registry.ts';
import type { ClientCase } from '../case.ts';
import { attest, basicIdentity, releaseOf, signPublisher, signRegistry } from '../releases.ts';
import { type Json, sha256, type VectorRegistry } from '../vector-registry.ts';
import { bundle, signedAs, thing, tool } from './publisher-changes.ts';
import { first, keepOnly, published, THING } from './steps.ts';

const { acme, acmeNext, cosign, evil, indie } = KEYS;
const DAY_BEFORE = '2026-06-01T00:00:00Z';

const publishers = (change: (publishers: Json) => unknown) =>
  published((registry) => change(registry.document('publishers.json').publishers));

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
  stamped('begins', 'The key signed in the second in which its listing begins, which a timestamp shows.', {
    from: '2026-06-01T12:00:00Z',
    to: '2027-01-01T00:00:00Z',
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

export const KEY_CASES = [...MARKS, ...KEYS_OF];
