// The registry's mark (specification 7.6).
import { KEYS, keylessFile, WORKFLOW } from '../base-registry.ts';
import type { ClientCase } from '../case.ts';
import { attest, type BundleChange, basicIdentity, releaseOf, signRegistry } from '../releases.ts';
import { type Json, jsonFile, type VectorRegistry } from '../vector-registry.ts';
import { first, keepOnly, published, THING } from './steps.ts';

const { acme, cosign, evil } = KEYS;
const ask = { request: 'acme/thing' };
const VERIFIED = ['PLUGMARK_PUBLISHER_VERIFIED', 'PLUGMARK_IMPORTS_DECLARED'];

const signedAs = (change: BundleChange) =>
  published((registry) => {
    keepOnly(registry, 'acme/thing');
    signRegistry(registry, 'acme/thing', '1.2.0', { key: cosign, ...change });
  });
const statement = (change: (it: Json) => unknown) =>
  signedAs({
    statement(it) {
      change(it);
      return it;
    },
  });
const attestations = (change: (attestations: Json, registry: VectorRegistry) => unknown) =>
  published((registry) => change(releaseOf(registry, 'acme/thing', '1.2.0').attestations, registry));

const SAYS: readonly (readonly [name: string, why: string, clause: string, change: (it: Json) => unknown])[] = [
  [
    'of-another-verifier',
    'The co-signature names another verifier.',
    'COS4',
    ({ predicate }) => Object.assign(predicate.verifier, { id: 'plugmark:other.example' }),
  ],
  [
    'of-a-null-verifier',
    'The co-signature’s verifier is null.',
    'COS4',
    ({ predicate }) => Object.assign(predicate, { verifier: null }),
  ],
  [
    'of-a-verifier-as-text',
    'The co-signature’s verifier is a text.',
    'COS4',
    ({ predicate }) => Object.assign(predicate, { verifier: 'plugmark:vectors.example' }),
  ],
  [
    'of-an-inherited-verifier',
    'The co-signature’s verifier has no id of its own.',
    'COS4',
    ({ predicate }) => Object.assign(predicate, { verifier: {} }),
  ],
  [
    'of-null-inputs',
    'The co-signature’s inputs are null and text.',
    'COS7',
    ({ predicate }) => Object.assign(predicate, { inputAttestations: [null, 'x', { digest: null }] }),
  ],
  ['without-verifier', 'The co-signature names no verifier.', 'COS4', ({ predicate }) => delete predicate.verifier],
  [
    'of-another-resource',
    'The co-signature is about another release.',
    'COS5',
    ({ predicate }) => Object.assign(predicate, { resourceUri: 'plugmark:vectors.example/acme/thing@1.2.1' }),
  ],
  [
    'failed',
    'The co-signature says FAILED.',
    'COS6',
    ({ predicate }) => Object.assign(predicate, { verificationResult: 'FAILED' }),
  ],
  [
    'without-result',
    'The co-signature does not say what came out.',
    'COS6',
    ({ predicate }) => delete predicate.verificationResult,
  ],
  [
    'of-another-bundle',
    'The co-signature is about another publisher’s bundle.',
    'COS7',
    ({ predicate }) => Object.assign(predicate.inputAttestations[0].digest, { sha256: 'ab'.repeat(32) }),
  ],
  [
    'of-another-report',
    'The co-signature is about another analysis report.',
    'COS7',
    ({ predicate }) => Object.assign(predicate.inputAttestations[1].digest, { sha256: 'ab'.repeat(32) }),
  ],
  [
    'without-inputs',
    'The co-signature names no inputs.',
    'COS7',
    ({ predicate }) => delete predicate.inputAttestations,
  ],
];

const REFUSED: readonly ClientCase[] = [
  ...SAYS.map(([name, why, clause, change]) =>
    first({
      name: `cosignature-${name}`,
      why,
      clauses: [clause],
      code: 'COSIGNATURE_INVALID',
      ask,
      change: statement(change),
    }),
  ),
  first({
    name: 'cosignature-by-a-stranger',
    why: 'The co-signature is by a key that cosign-keys.json does not list.',
    clauses: ['COS2'],
    code: 'KEY_UNKNOWN',
    ask,
    change: signedAs({ key: evil }),
  }),
  first({
    name: 'cosignature-by-the-publisher',
    why: 'The publisher co-signs his own release.',
    clauses: ['COS2'],
    code: 'KEY_UNKNOWN',
    ask,
    change: signedAs({ key: acme }),
  }),
  first({
    name: 'cosignature-bit',
    why: 'One bit of the co-signature was changed.',
    clauses: ['COS2'],
    code: 'SIGNATURE_INVALID',
    ask,
    change: signedAs({ key: evil, hint: cosign.keyId }),
  }),
  first({
    name: 'cosignature-of-other-bytes',
    why: 'The co-signature’s subject has another digest.',
    clauses: ['COS3'],
    code: 'STATEMENT_MISMATCH',
    ask,
    change: statement(({ subject }) => Object.assign(subject[0].digest, { sha256: 'ab'.repeat(32) })),
  }),
  first({
    name: 'cosignature-of-another-name',
    why: 'The co-signature’s subject is another plugin.',
    clauses: ['COS3'],
    code: 'STATEMENT_MISMATCH',
    ask,
    change: statement(({ subject }) => Object.assign(subject[0], { name: 'acme/other@1.2.0' })),
  }),
  first({
    name: 'cosignature-of-another-predicate',
    why: 'The registry’s key signed the publisher’s kind of statement.',
    clauses: ['COS3'],
    code: 'STATEMENT_MISMATCH',
    ask,
    change: statement((it) =>
      Object.assign(it, { predicateType: 'https://plugmark.github.io/attestation/publish/v1' }),
    ),
  }),
  first({
    name: 'cosignature-missing',
    why: 'The co-signature is named and not served.',
    clauses: ['PUB1'],
    code: 'ATTESTATION_MISSING',
    ask,
    change: attestations(({ registry: mark }, { files }) => files.delete(`attestations/${mark.sha256}.json`)),
  }),
  first({
    name: 'cosignature-ignores-a-run',
    why: 'The document names a run report that the co-signature does not.',
    clauses: ['COS7'],
    code: 'COSIGNATURE_INVALID',
    ask,
    change: attestations((it, registry) => it.runs.push(attest(registry, jsonFile({ run: 1 })))),
  }),
  first({
    name: 'cosignature-window-over',
    why: 'The co-signing key’s listing has an end, and nothing trusted says when it signed.',
    clauses: ['COS2', 'PUB9'],
    code: 'KEY_WINDOW',
    ask,
    change: published((registry) =>
      Object.assign(registry.document('cosign-keys.json').identities[0], { to: '2027-01-01T00:00:00Z' }),
    ),
  }),
];

const ACCEPTED: readonly ClientCase[] = [
  first({
    name: 'cosignature-absent',
    why: 'A verified publisher’s release without a co-signature: nothing is claimed, and nothing refused.',
    clauses: ['COS9'],
    ask,
    expect: { ...THING, registry: { state: 'notSigned', levels: [] } },
    change: attestations((it) => delete it.registry),
  }),
  first({
    name: 'cosignature-of-unknown-levels',
    why: 'The co-signature claims a level that this client does not know, which is passed over.',
    clauses: ['COS8'],
    ask,
    expect: { ...THING, registry: { state: 'verified', levels: VERIFIED } },
    change: statement(({ predicate }) => predicate.verifiedLevels.push('PLUGMARK_REVIEWED_BY_HAND', 7)),
  }),
  first({
    name: 'levels-of-the-document',
    why: 'The document claims a level that the co-signature does not: what nobody signed offline claims nothing.',
    clauses: ['COS8'],
    ask,
    expect: { ...THING, registry: { state: 'verified', levels: VERIFIED } },
    change: published((registry) =>
      Object.assign(releaseOf(registry, 'acme/thing', '1.2.0'), { levels: ['PLUGMARK_DETERMINISTIC_BY_CONSTRUCTION'] }),
    ),
  }),
  first({
    name: 'cosignature-with-more-inputs',
    why: 'The co-signature names one input more than the document, and members nobody knows.',
    clauses: ['COS7'],
    ask,
    expect: { ...THING, registry: { state: 'verified' } },
    change: statement(({ predicate }) => {
      predicate.inputAttestations.push({ uri: 'x', digest: { sha256: 'ab'.repeat(32) } });
      predicate['https://example.org/extra'] = 1;
    }),
  }),
  first({
    name: 'cosignature-by-a-second-key',
    why: 'cosign-keys.json lists two keys, and the second has signed.',
    clauses: ['COS2'],
    ask,
    expect: { ...THING, registry: { state: 'verified' } },
    change: published((registry) => {
      registry.document('cosign-keys.json').identities.push(basicIdentity(evil));
      signRegistry(registry, 'acme/thing', '1.2.0', { key: evil });
    }),
  }),
  first({
    name: 'process-cosigned',
    why: 'A process is co-signed: its levels speak of imports and bounds, of which it has none, and are not read.',
    clauses: ['COS1', 'RES11', 'ART1'],
    ask: { request: 'acme/script' },
    expect: {
      plugin: 'acme/script',
      kind: 'process',
      tier: 'community',
      registry: { state: 'notChecked', levels: [] },
    },
  }),
  first({
    name: 'process-cosigned-by-a-stranger',
    why: 'What stands where the co-signature of a process would be is not even looked at.',
    clauses: ['COS1'],
    ask: { request: 'acme/script' },
    expect: { plugin: 'acme/script', registry: { state: 'notChecked', levels: [] } },
    change: published((registry) => signRegistry(registry, 'acme/script', '1.0.0', { key: evil })),
  }),
];

/** The registry's own workflow, and its mark on the release of cloud/signer. */
const keyless = (change: Json = {}) =>
  published((registry) => {
    const { issuer } = WORKFLOW;
    const subject = 'https://github.com/office/registry/.github/workflows/release.yml@refs/tags/v1.2.0';
    const identity = {
      kind: 'keyless',
      issuer,
      subject,
      repositoryId: '771234567',
      from: '2026-01-01T00:00:00Z',
      ...change,
    };
    registry.document('cosign-keys.json').identities.push(identity);
    releaseOf(registry, 'cloud/signer', '1.2.0').attestations.registry = attest(
      registry,
      keylessFile('cosigned.sigstore.json'),
    );
  });
const signer = { request: 'cloud/signer' };

const KEYLESS: readonly ClientCase[] = [
  first({
    name: 'cosignature-by-a-workflow',
    why: 'The registry’s own workflow co-signs through a certificate.',
    clauses: ['COS2', 'KLS7'],
    requires: ['keyless'],
    ask: signer,
    expect: { plugin: 'cloud/signer', registry: { state: 'verified', levels: VERIFIED } },
    change: keyless(),
  }),
  first({
    name: 'cosignature-by-another-workflow',
    why: 'Another workflow than the listed one co-signs.',
    clauses: ['COS2', 'KLS15'],
    requires: ['keyless'],
    code: 'IDENTITY_SUBJECT',
    ask: signer,
    change: keyless({ subject: 'https://github.com/office/registry/.github/workflows/publish.yml@refs/heads/main' }),
  }),
  first({
    name: 'cosignature-by-another-repository',
    why: 'A workflow of a repository that was registered anew under the office’s name co-signs.',
    clauses: ['COS2', 'KLS8'],
    requires: ['keyless'],
    code: 'IDENTITY_REPOSITORY',
    ask: signer,
    change: keyless({ repositoryId: '1' }),
  }),
];

export const COSIGNATURE_CASES = [...REFUSED, ...ACCEPTED, ...KEYLESS];
