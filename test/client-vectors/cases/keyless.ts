// Signatures through a certificate (specification 7.5). The bundles are kept; what varies is the list that judges them, the trusted root,
// and one member of a bundle at a time.
import type { ClientErrorCode } from '@plugmark/client';
import { KEYS, keylessFile, WORKFLOW } from '../base-registry.ts';
import type { ClientCase } from '../case.ts';
import { attest, basicIdentity, releaseOf } from '../releases.ts';
import { type Json, jsonFile, type VectorRegistry } from '../vector-registry.ts';
import { first, keepOnly, published } from './steps.ts';

const ask = { request: 'cloud/signer' };
const SIGNER = { plugin: 'cloud/signer', version: '1.2.0', tier: 'verified', publisher: { state: 'verified' } };
const REUSABLE = 'https://github.com/plugmark/publish/.github/workflows/publish.yml';
const requires = ['keyless'] as const;

interface Change {
  /** Which kept bundle. */
  readonly bundle?: string;
  readonly edit?: (bundle: Json) => unknown;
  readonly identity?: Json;
  readonly identities?: readonly Json[];
  readonly root?: (root: Json) => unknown;
}

const signed = ({ bundle = 'rekor-v2', edit, identity, identities, root }: Change) =>
  published((registry: VectorRegistry) => {
    const json = JSON.parse(new TextDecoder().decode(keylessFile(`${bundle}.sigstore.json`)));
    edit?.(json);
    keepOnly(registry, 'cloud/signer');
    releaseOf(registry, 'cloud/signer', '1.2.0').attestations.publisher = attest(registry, jsonFile(json));
    const { cloud } = registry.document('publishers.json').publishers;
    cloud.identities = identities ?? [{ ...WORKFLOW, ...identity }];
    root?.(registry.document('trusted_root.json'));
  });

type Row = readonly [name: string, why: string, clause: string, change: Change];

const ACCEPTED: readonly Row[] = [
  ['rekor-v2', 'A workflow signs a release for its tag; Rekor v2 and a timestamp authority vouch for it.', 'KLS2', {}],
  ['rekor-v1', 'The same with Rekor v1, whose promise gives the time.', 'KLS2', { bundle: 'rekor-v1' }],
  [
    'second-workflow',
    'Of several listed identities the third one signed.',
    'KLS7',
    { identities: [basicIdentity(KEYS.acme), { ...WORKFLOW, repositoryId: '1' }, WORKFLOW] },
  ],
  [
    'branch',
    'The identity pins a branch instead of the tag, and the workflow ran for it.',
    'KLS13',
    { bundle: 'branch', identity: { ref: 'refs/heads/main' } },
  ],
  [
    'reusable',
    'A pinned reusable workflow signs, at whatever ref the caller chose.',
    'KLS14',
    { bundle: 'reusable', identity: { buildSigner: REUSABLE } },
  ],
  [
    'reusable-at-ref',
    'A reusable workflow is pinned with its ref.',
    'KLS14',
    { bundle: 'reusable', identity: { buildSigner: `${REUSABLE}@refs/tags/v2` } },
  ],
  [
    'reusable-at-commit',
    'A reusable workflow is pinned by the commit that the certificate states.',
    'KLS14',
    { bundle: 'reusable', identity: { buildSigner: `${REUSABLE}@${'ab'.repeat(20)}` } },
  ],
  [
    'subject-pinned',
    'The alternative name is pinned and equal.',
    'KLS15',
    { identity: { subject: `${WORKFLOW.buildConfig}@refs/tags/v1.2.0` } },
  ],
  [
    'window-closed-later',
    'The identity was taken off for later signatures; this one is from its time.',
    'KLS16',
    { identity: { to: '2026-06-01T12:00:00Z' } },
  ],
  [
    'window-begins',
    'The signature was made in the second in which the identity begins.',
    'KLS16',
    { identity: { from: '2026-06-01T12:00:00Z' } },
  ],
  [
    'repository-renamed',
    'The repository was renamed after it was listed: the number counts, not the name.',
    'KLS8',
    { identity: { repository: 'https://github.com/cloud/old-name' } },
  ],
  [
    'authority-closed-later',
    'The authority was retired after the signature; old releases stay verifiable.',
    'KLS3',
    { root: (root) => Object.assign(root.certificateAuthorities[0].validFor, { end: '2026-06-02T00:00:00Z' }) },
  ],
];

const entry = (bundle: Json): Json => bundle.verificationMaterial.tlogEntries[0];
const flipped = (base64: string, at = 10): string => {
  const bytes = Buffer.from(base64, 'base64');
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes.toString('base64');
};
const LATER = '2026-06-01T12:00:01Z';

const REFUSED: Readonly<Partial<Record<ClientErrorCode, readonly Row[]>>> = {
  IDENTITY_UNLISTED: [
    ['no-workflow-listed', 'The publisher lists a key only.', 'KLS7', { identities: [basicIdentity(KEYS.acme)] }],
  ],
  IDENTITY_ISSUER: [
    [
      'another-issuer',
      'The token came from another issuer than the listed one.',
      'KLS7',
      { identity: { issuer: 'https://token.actions.githubusercontent.com' } },
    ],
  ],
  IDENTITY_REPOSITORY: [
    [
      'another-repository',
      'A repository of the listed name was registered anew and has another number.',
      'KLS8',
      { identity: { repositoryId: '999' } },
    ],
  ],
  IDENTITY_OWNER: [
    [
      'nearest-identity',
      'Of two identities the second differs in the owner alone, the first in more: the nearest one is named.',
      'KLS7',
      {
        identities: [
          { ...WORKFLOW, issuer: 'https://other.example', repositoryId: '1' },
          { ...WORKFLOW, ownerId: '999' },
        ],
      },
    ],
    [
      'first-of-two-identities',
      'Two identities differ in one member each: the first one is named.',
      'KLS7',
      {
        identities: [
          { ...WORKFLOW, ownerId: '999' },
          { ...WORKFLOW, repositoryId: '1' },
        ],
      },
    ],
    [
      'another-owner',
      'The account was given up and somebody else took its name.',
      'KLS9',
      { identity: { ownerId: '999' } },
    ],
  ],
  IDENTITY_WORKFLOW: [
    [
      'another-workflow',
      'Another workflow file of the same repository is listed.',
      'KLS10',
      { identity: { buildConfig: 'https://github.com/cloud/signer/.github/workflows/test.yml' } },
    ],
    [
      'workflow-prefix',
      'The listed file name is only the beginning of the one that signed.',
      'KLS10',
      { identity: { buildConfig: 'https://github.com/cloud/signer/.github/workflows/release' } },
    ],
  ],
  IDENTITY_TRIGGER: [
    [
      'another-trigger',
      'The workflow ran for an event that is not listed.',
      'KLS11',
      { identity: { triggers: ['schedule'] } },
    ],
    [
      'pull-request-target',
      'The workflow ran with its secrets for a pull request of a stranger.',
      'KLS11',
      { bundle: 'pull-request-target' },
    ],
  ],
  IDENTITY_RUNNER: [
    [
      'self-hosted',
      'The workflow ran on a machine that nobody but its owner knows.',
      'KLS12',
      { bundle: 'self-hosted' },
    ],
  ],
  IDENTITY_REF: [
    [
      'branch-not-tag',
      'The workflow ran for a branch, the identity wants the version’s tag.',
      'KLS13',
      { bundle: 'branch' },
    ],
    ['another-tag', 'The workflow ran for the tag of another version.', 'KLS13', { bundle: 'another-tag' }],
    [
      'tag-not-branch',
      'The workflow ran for the tag, the identity pins a branch.',
      'KLS13',
      { identity: { ref: 'refs/heads/main' } },
    ],
  ],
  IDENTITY_BUILD_SIGNER: [
    [
      'reusable-unlisted',
      'A reusable workflow that nobody listed asked for the certificate.',
      'KLS14',
      { bundle: 'reusable' },
    ],
    [
      'reusable-another-ref',
      'The listed reusable workflow at another ref.',
      'KLS14',
      { bundle: 'reusable', identity: { buildSigner: `${REUSABLE}@refs/tags/v1` } },
    ],
    [
      'reusable-another-commit',
      'The listed reusable workflow at another commit; its tag was moved.',
      'KLS14',
      { bundle: 'reusable', identity: { buildSigner: `${REUSABLE}@${'cd'.repeat(20)}` } },
    ],
    [
      'reusable-missing',
      'The workflow signed itself, where the listed reusable one should.',
      'KLS14',
      { identity: { buildSigner: REUSABLE } },
    ],
  ],
  IDENTITY_SUBJECT: [
    [
      'subject-part',
      'The listed name is a part of the one in the certificate.',
      'KLS15',
      { identity: { subject: 'cloud/signer' } },
    ],
    [
      'subject-pattern',
      'The listed name would match as a pattern.',
      'KLS15',
      { identity: { subject: '^https://github.com/cloud/.*$' } },
    ],
  ],
  IDENTITY_WINDOW: [
    [
      'window-over',
      'The identity was taken off before the signature was made.',
      'KLS16',
      { identity: { to: '2026-06-01T11:59:59Z' } },
    ],
    ['window-not-begun', 'The signature is older than the identity.', 'KLS16', { identity: { from: LATER } }],
  ],
  TRUSTED_ROOT_MALFORMED: [
    [
      'root-without-start',
      'An entry of the trusted root does not say from when it counts.',
      'KLS1',
      { root: (root) => delete root.tlogs[0].publicKey.validFor.start },
    ],
    [
      'root-of-another-type',
      'The trusted root is of a media type that this specification does not know.',
      'KLS1',
      { root: (root) => Object.assign(root, { mediaType: 'application/json' }) },
    ],
  ],
  CERTIFICATE_UNTRUSTED: [
    [
      'authority-not-yet',
      'The authority counts from a later time on.',
      'KLS3',
      { root: (root) => Object.assign(root.certificateAuthorities[0].validFor, { start: LATER }) },
    ],
    [
      'authority-retired',
      'The authority had been retired before the signature.',
      'KLS3',
      { root: (root) => Object.assign(root.certificateAuthorities[0].validFor, { end: '2026-05-01T00:00:00Z' }) },
    ],
    [
      'authority-of-timestamps',
      'No authority for certificates is listed; one for timestamps is none.',
      'KLS3',
      { root: (root) => Object.assign(root, { certificateAuthorities: root.timestampAuthorities }) },
    ],
    [
      'certificate-bit',
      'One bit of the certificate’s serial number was changed.',
      'KLS3',
      {
        edit: ({ verificationMaterial: { certificate } }) =>
          Object.assign(certificate, { rawBytes: flipped(certificate.rawBytes, 20) }),
      },
    ],
  ],
  CERTIFICATE_EXPIRED: [
    [
      'stamped-late',
      'The certificate had expired when the signature was timestamped.',
      'KLS3',
      { bundle: 'stamped-late' },
    ],
  ],
  CERTIFICATE_MALFORMED: [
    [
      'certificate-cut',
      'The certificate is cut short.',
      'KLS3',
      {
        edit: ({ verificationMaterial: { certificate } }) =>
          Object.assign(certificate, { rawBytes: certificate.rawBytes.slice(0, 400) }),
      },
    ],
  ],
  CERTIFICATE_UNLOGGED: [
    [
      'certificate-unlogged',
      'No listed certificate log has seen the certificate.',
      'KLS4',
      { root: (root) => Object.assign(root, { ctlogs: [] }) },
    ],
    [
      'certificate-log-later',
      'The certificate log is listed for a later time only.',
      'KLS4',
      { root: (root) => Object.assign(root.ctlogs[0].publicKey.validFor, { start: LATER }) },
    ],
  ],
  TIME_MISSING: [
    [
      'no-time',
      'The timestamp was taken out, so nothing says that the certificate was still good.',
      'KLS2',
      { edit: (it) => delete it.verificationMaterial.timestampVerificationData },
    ],
  ],
  TIMESTAMP_INVALID: [
    ['stamp-bit', 'One bit of the timestamp’s signature was changed.', 'KLS2', { edit: (it) => spoilStamp(it) }],
    [
      'stamp-of-another',
      'The timestamp is of another signature.',
      'KLS2',
      {
        edit: (it) =>
          Object.assign(it.verificationMaterial, {
            timestampVerificationData: kept('branch').verificationMaterial.timestampVerificationData,
          }),
      },
    ],
    [
      'stamp-by-a-stranger',
      'The timestamp authority is not listed.',
      'KLS2',
      { root: (root) => Object.assign(root, { timestampAuthorities: [] }) },
    ],
  ],
  LOG_ENTRY_MISSING: [
    [
      'no-log-entry',
      'The log entry was taken out: the certificate may have been used in secret.',
      'KLS5',
      { edit: (it) => Object.assign(it.verificationMaterial, { tlogEntries: [] }) },
    ],
  ],
  LOG_UNKNOWN: [
    ['log-unlisted', 'The log is not listed.', 'KLS5', { root: (root) => Object.assign(root, { tlogs: [] }) }],
    [
      'log-retired',
      'The log had been retired before the signature.',
      'KLS5',
      {
        root: (root) =>
          root.tlogs.map((log: Json) => Object.assign(log.publicKey.validFor, { end: '2026-05-01T00:00:00Z' })),
      },
    ],
  ],
  LOG_PROMISE_INVALID: [
    [
      'promise-moved',
      'Rekor’s promise is for another second.',
      'KLS2',
      {
        bundle: 'rekor-v1',
        edit: (it) => Object.assign(entry(it), { integratedTime: String(Number(entry(it).integratedTime) + 1) }),
      },
    ],
  ],
  LOG_PROOF_INVALID: [
    [
      'proof-bit',
      'One bit of the tree’s root hash was changed.',
      'KLS5',
      {
        edit: (it) => Object.assign(entry(it).inclusionProof, { rootHash: flipped(entry(it).inclusionProof.rootHash) }),
      },
    ],
    [
      'checkpoint-changed',
      'The checkpoint is of a larger tree than was signed.',
      'KLS5',
      {
        edit: (it) =>
          Object.assign(entry(it).inclusionProof.checkpoint, {
            envelope: entry(it).inclusionProof.checkpoint.envelope.replace(/\n(\d+)\n/, '\n1$1\n'),
          }),
      },
    ],
  ],
  LOG_ENTRY_MISMATCH: [
    [
      'another-entry',
      'The log entry is about another signature of the same workflow.',
      'KLS6',
      {
        edit: (it) =>
          Object.assign(it.verificationMaterial, { tlogEntries: kept('another-tag').verificationMaterial.tlogEntries }),
      },
    ],
  ],
  SIGNATURE_INVALID: [
    [
      'payload-type-changed',
      'The payload type was changed to the right one after signing; time, log and certificate agree all the same.',
      'KLS17',
      {
        bundle: 'of-another-type',
        edit: ({ dsseEnvelope }) => Object.assign(dsseEnvelope, { payloadType: 'application/vnd.in-toto+json' }),
      },
    ],
  ],
  STATEMENT_MISMATCH: [
    [
      'payload-type-json',
      'A workflow signed the payload as something else than a statement.',
      'PUB10',
      { bundle: 'of-another-type' },
    ],
  ],
  BUNDLE_MALFORMED: [
    [
      'certificate-not-base64',
      'The certificate has a character that base64 does not have.',
      'PUB2',
      {
        edit: ({ verificationMaterial: { certificate } }) =>
          Object.assign(certificate, { rawBytes: `-${certificate.rawBytes}` }),
      },
    ],
    [
      'certificate-as-text',
      'The certificate is a text instead of an object.',
      'PUB2',
      {
        edit: ({ verificationMaterial: material }) =>
          Object.assign(material, { certificate: material.certificate.rawBytes }),
      },
    ],
    [
      'key-and-certificate',
      'A hint stands beside the certificate: two readers would take two signers.',
      'PUB2',
      { edit: (it) => Object.assign(it.verificationMaterial, { publicKey: { hint: KEYS.acme.keyId } }) },
    ],
  ],
};

function kept(name: string): Json {
  return JSON.parse(new TextDecoder().decode(keylessFile(`${name}.sigstore.json`)));
}

function spoilStamp({ verificationMaterial }: Json): void {
  const [stamp] = verificationMaterial.timestampVerificationData.rfc3161Timestamps;
  stamp.signedTimestamp = flipped(stamp.signedTimestamp, Buffer.from(stamp.signedTimestamp, 'base64').length - 5);
}

const made = ([name, why, clause, change]: Row, code?: ClientErrorCode): ClientCase =>
  first({
    name: `keyless-${name}`,
    why,
    clauses: [clause],
    requires,
    ask,
    change: signed(change),
    ...(code === undefined ? { expect: SIGNER } : { code }),
  });

const NO_ROOT: ClientCase = first({
  name: 'keyless-no-trusted-root',
  why: 'The registry lists no trusted_root.json, and a bundle is signed through a certificate.',
  clauses: ['KLS1', 'DOC2'],
  requires,
  code: 'DOCUMENT_MISSING',
  ask,
  change(registry) {
    registry.documents.delete('trusted_root.json');
    delete registry.targets.targets['trusted_root.json'];
    registry.publish();
  },
});

export const KEYLESS_CASES: readonly ClientCase[] = [
  ...ACCEPTED.map((row) => made(row)),
  ...Object.entries(REFUSED).flatMap(([code, rows]) => rows.map((row) => made(row, code as ClientErrorCode))),
  NO_ROOT,
];
