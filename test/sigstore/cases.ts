// biome-ignore-all lint/suspicious/noAssignInExpressions: a case is one change to a bundle, and reads best on one line
// Every way a signature through a certificate can be right or wrong that we could think of, one defect each. The study's attack table
// and its list of library pitfalls are in here; so is each code of the keyless verifier.
import type { Identity } from '@plugmark/client';
import type { WorkflowRun } from '../../tools/dev/src/sigstore/github-token.ts';
import { ISSUER } from '../../tools/dev/src/sigstore/loopback-sigstore.ts';
import { RUN } from '../testkit/loopback.ts';
import { ed25519Key } from '../testkit/test-keys.ts';
import { type Json, STATEMENT } from './sign-vector.ts';

type KeylessIdentity = Extract<Identity, { kind: 'keyless' }>;

const REPOSITORY = 'https://github.com/acme/thing';
const RELEASE_YML = `${REPOSITORY}/.github/workflows/release.yml`;
const REUSABLE = 'https://github.com/plugmark/publish/.github/workflows/publish.yml';
const REUSED = { ref: 'plugmark/publish/.github/workflows/publish.yml@refs/tags/v2', sha: 'ab'.repeat(20) } as const;

export const IDENTITY: KeylessIdentity = {
  kind: 'keyless',
  issuer: ISSUER,
  repository: REPOSITORY,
  repositoryId: RUN.repositoryId,
  ownerId: RUN.ownerId,
  buildConfig: RELEASE_YML,
  ref: 'tag',
  triggers: ['push', 'release'],
  runner: 'github-hosted',
  from: '2026-01-01T00:00:00Z',
};

/** A listed key, for bundles that are signed by one and timestamped. */
export const OLD_KEY = ed25519Key('sigstore vectors old key');
const keyIdentity = (window: { from: string; to?: string }): Identity => ({
  kind: 'key',
  algorithm: 'ed25519',
  keyId: OLD_KEY.keyId,
  publicKey: Buffer.from(OLD_KEY.spki).toString('base64'),
  ...window,
});

/** What a case may look at when it changes a bundle: another one of the same signer, one of other services, the other log's. */
export interface Others {
  readonly another: Json;
  readonly foreign: Json;
  readonly v1: Json;
}

export interface SigstoreCase {
  readonly name: string;
  readonly why: string;
  /** Absent: it is accepted. */
  readonly code?: string;
  /** Where the library's words are too coarse to tell two refusals apart. */
  readonly libraryCode?: string;
  readonly rekor?: 1 | 2;
  readonly run?: Partial<WorkflowRun>;
  readonly statement?: object;
  readonly payloadType?: string;
  readonly message?: true;
  readonly stampedAfter?: number;
  /** Signed by OLD_KEY and stamped at the usual time, or not stamped. */
  readonly byKey?: 'stamped' | 'unstamped';
  readonly identities?: readonly Identity[];
  readonly claim?: Readonly<Record<string, string>>;
  readonly change?: (bundle: Json, others: Others) => unknown;
  readonly root?: (root: Json) => unknown;
  /** Judged as the registry's mark by these lists. */
  readonly cosign?: { readonly repositoryId?: string; readonly subject?: string; readonly resourceUri?: string };
}

const pinned = (change: Partial<KeylessIdentity>): readonly Identity[] => [{ ...IDENTITY, ...change }];
const tlog = (bundle: Json): Json => bundle.verificationMaterial.tlogEntries[0];
const flip = (base64: string, at = 10): string => {
  const bytes = Buffer.from(base64, 'base64');
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes.toString('base64');
};

const ACCEPTED: readonly SigstoreCase[] = [
  { name: 'rekor-v2', why: 'A workflow signs a release for its tag; Rekor v2 and a timestamp authority vouch for it.' },
  { name: 'rekor-v1', why: 'The same with Rekor v1, whose promise gives the time.', rekor: 1 },
  {
    name: 'second-identity',
    why: 'Of several listed workflows the second one signed.',
    identities: [{ ...IDENTITY, repositoryId: '1' }, IDENTITY],
  },
  {
    name: 'branch',
    why: 'The identity pins a branch instead of the tag, and the workflow ran for it.',
    run: { ref: 'refs/heads/main', event: 'workflow_dispatch' },
    identities: pinned({ ref: 'refs/heads/main', triggers: ['workflow_dispatch'] }),
  },
  {
    name: 'reusable',
    why: 'A pinned reusable workflow signs, at whatever ref the caller chose.',
    run: { jobWorkflow: REUSED },
    identities: pinned({ buildSigner: REUSABLE }),
  },
  {
    name: 'reusable-at-ref',
    why: 'A reusable workflow is pinned with its ref.',
    run: { jobWorkflow: REUSED },
    identities: pinned({ buildSigner: `${REUSABLE}@refs/tags/v2` }),
  },
  {
    name: 'reusable-at-commit',
    why: 'A reusable workflow is pinned by the commit the certificate states.',
    run: { jobWorkflow: REUSED },
    identities: pinned({ buildSigner: `${REUSABLE}@${REUSED.sha}` }),
  },
  {
    name: 'subject-pinned',
    why: 'The alternative name is pinned and equal.',
    identities: pinned({ subject: `${RELEASE_YML}@refs/tags/v1.2.0` }),
  },
  {
    name: 'closed-window',
    why: 'The identity was taken off for later signatures; this one is from its time.',
    identities: pinned({ to: '2026-06-02T00:00:00Z' }),
  },
  {
    name: 'renamed-repository',
    why: 'The repository was renamed after it was listed: the number counts, not the name on the list.',
    identities: pinned({ repository: 'https://github.com/acme/old-name' }),
  },
  {
    name: 'old-key-stamped',
    why: 'A retired key signed while it was listed, which a timestamp shows.',
    byKey: 'stamped',
    identities: [keyIdentity({ from: '2026-01-01T00:00:00Z', to: '2026-06-02T00:00:00Z' })],
  },
  { name: 'cosigned', why: 'The registry’s own workflow co-signs.', cosign: {} },
];

const MISPLACED: readonly SigstoreCase[] = [
  {
    name: 'swapped-bundle',
    why: 'The publisher’s bundle for other bytes lies beside these.',
    code: 'STATEMENT_MISMATCH',
    claim: { sha256: 'aa'.repeat(32) },
  },
  {
    name: 'another-name',
    why: 'A statement for one plugin is listed under another.',
    code: 'STATEMENT_MISMATCH',
    claim: { plugin: 'acme/other' },
  },
  {
    name: 'another-version',
    why: 'A statement for 1.2.0 is listed as 1.3.0, and the identity pins a branch, so the ref agrees.',
    code: 'STATEMENT_MISMATCH',
    claim: { version: '1.3.0' },
    run: { ref: 'refs/heads/main' },
    identities: pinned({ ref: 'refs/heads/main' }),
  },
  {
    name: 'another-registry',
    why: 'A statement for one registry is shown to another.',
    code: 'STATEMENT_MISMATCH',
    claim: { registry: 'another.example' },
  },
  {
    name: 'another-manifest',
    why: 'The manifest beside the signature is not the signed one.',
    code: 'STATEMENT_MISMATCH',
    claim: { manifestSha256: 'bb'.repeat(32) },
  },
  {
    name: 'another-predicate',
    why: 'A provenance statement of the same workflow over the same bytes is offered as a publish statement.',
    code: 'STATEMENT_MISMATCH',
    statement: { ...STATEMENT, predicateType: 'https://slsa.dev/provenance/v1' },
  },
  {
    name: 'payload-type',
    why: 'The payload reads like a statement, but was signed as something else.',
    code: 'STATEMENT_MISMATCH',
    payloadType: 'application/json',
  },
  {
    name: 'message-signature',
    why: 'A signature over a message binds no name, and cannot be checked from a digest.',
    code: 'BUNDLE_MALFORMED',
    message: true,
  },
];

const IDENTITIES: readonly SigstoreCase[] = [
  {
    name: 'no-workflow-listed',
    why: 'The publisher lists a key only.',
    code: 'IDENTITY_UNLISTED',
    identities: [keyIdentity({ from: '2026-01-01T00:00:00Z' })],
  },
  {
    name: 'issuer',
    why: 'The token came from another issuer than the listed one.',
    code: 'IDENTITY_ISSUER',
    identities: pinned({ issuer: 'https://token.actions.githubusercontent.com' }),
  },
  {
    name: 'repository',
    why: 'A repository of the same name that was registered anew has another number.',
    code: 'IDENTITY_REPOSITORY',
    run: { repositoryId: '999' },
  },
  {
    name: 'owner',
    why: 'The account was given up and somebody else took its name.',
    code: 'IDENTITY_OWNER',
    run: { ownerId: '999' },
  },
  {
    name: 'workflow',
    why: 'Another workflow file of the same repository signed.',
    code: 'IDENTITY_WORKFLOW',
    run: { workflow: '.github/workflows/test.yml' },
  },
  {
    name: 'workflow-prefix',
    why: 'The listed file name is only the beginning of the one that signed.',
    code: 'IDENTITY_WORKFLOW',
    run: { workflow: '.github/workflows/release.yml.evil.yml' },
  },
  {
    name: 'pull-request-target',
    why: 'The workflow ran with its secrets for a pull request of a stranger.',
    code: 'IDENTITY_TRIGGER',
    run: { event: 'pull_request_target' },
  },
  {
    name: 'pull-request-target-listed',
    why: 'The same, where a list allows it: no list may.',
    code: 'IDENTITY_TRIGGER',
    run: { event: 'pull_request_target' },
    identities: pinned({ triggers: ['pull_request_target'] }),
  },
  {
    name: 'trigger',
    why: 'The workflow ran for an event that is not listed.',
    code: 'IDENTITY_TRIGGER',
    run: { event: 'schedule' },
  },
  {
    name: 'self-hosted',
    why: 'The workflow ran on a machine that nobody but its owner knows.',
    code: 'IDENTITY_RUNNER',
    run: { runner: 'self-hosted' },
  },
  {
    name: 'branch-not-tag',
    why: 'The workflow ran for a branch, the identity wants the version’s tag.',
    code: 'IDENTITY_REF',
    run: { ref: 'refs/heads/main' },
  },
  {
    name: 'another-tag',
    why: 'The workflow ran for the tag of another version.',
    code: 'IDENTITY_REF',
    run: { ref: 'refs/tags/v1.2.1' },
  },
  {
    name: 'tag-prefix',
    why: 'The tag begins with the version’s.',
    code: 'IDENTITY_REF',
    run: { ref: 'refs/tags/v1.2.0-evil' },
  },
  {
    name: 'branch-named-like-tag',
    why: 'A branch is named as the tag would be.',
    code: 'IDENTITY_REF',
    run: { ref: 'refs/heads/v1.2.0' },
  },
  {
    name: 'reusable-unlisted',
    why: 'A reusable workflow that nobody listed asked for the certificate.',
    code: 'IDENTITY_BUILD_SIGNER',
    run: { jobWorkflow: REUSED },
  },
  {
    name: 'reusable-another',
    why: 'Another reusable workflow than the listed one.',
    code: 'IDENTITY_BUILD_SIGNER',
    run: { jobWorkflow: REUSED },
    identities: pinned({ buildSigner: `${REUSABLE}.evil` }),
  },
  {
    name: 'reusable-another-ref',
    why: 'The listed reusable workflow at another ref.',
    code: 'IDENTITY_BUILD_SIGNER',
    run: { jobWorkflow: REUSED },
    identities: pinned({ buildSigner: `${REUSABLE}@refs/tags/v1` }),
  },
  {
    name: 'reusable-another-commit',
    why: 'The listed reusable workflow at another commit; its tag was moved.',
    code: 'IDENTITY_BUILD_SIGNER',
    run: { jobWorkflow: REUSED },
    identities: pinned({ buildSigner: `${REUSABLE}@${'cd'.repeat(20)}` }),
  },
  {
    name: 'reusable-missing',
    why: 'The workflow signed itself, where the listed reusable one should.',
    code: 'IDENTITY_BUILD_SIGNER',
    identities: pinned({ buildSigner: REUSABLE }),
  },
  {
    name: 'subject-prefix',
    why: 'The listed name is a part of the one in the certificate, which the library would call a match.',
    code: 'IDENTITY_SUBJECT',
    identities: pinned({ subject: 'acme/thing' }),
  },
  {
    name: 'subject-pattern',
    why: 'The listed name would match as a pattern.',
    code: 'IDENTITY_SUBJECT',
    identities: pinned({ subject: '^https://github.com/acme/.*$' }),
  },
  {
    name: 'window-over',
    why: 'The identity was taken off before the signature was made.',
    code: 'IDENTITY_WINDOW',
    identities: pinned({ to: '2026-06-01T11:59:59Z' }),
  },
  {
    name: 'window-not-begun',
    why: 'The signature is older than the identity.',
    code: 'IDENTITY_WINDOW',
    identities: pinned({ from: '2026-06-01T12:00:01Z' }),
  },
  {
    name: 'old-key-unstamped',
    why: 'A retired key signed, and nothing trusted says when.',
    code: 'KEY_WINDOW',
    byKey: 'unstamped',
    identities: [keyIdentity({ from: '2026-01-01T00:00:00Z', to: '2026-06-02T00:00:00Z' })],
  },
  {
    name: 'old-key-late',
    why: 'A retired key signed after it was retired.',
    code: 'KEY_WINDOW',
    byKey: 'stamped',
    identities: [keyIdentity({ from: '2026-01-01T00:00:00Z', to: '2026-06-01T11:59:59Z' })],
  },
  {
    name: 'old-key-early',
    why: 'A key signed before it was listed; its listing has an end, so its time counts.',
    code: 'KEY_WINDOW',
    byKey: 'stamped',
    identities: [keyIdentity({ from: '2026-06-01T12:00:01Z', to: '2027-01-01T00:00:00Z' })],
  },
];

const CERTIFICATES: readonly SigstoreCase[] = [
  {
    name: 'foreign-authority',
    why: 'Somebody’s own authority issued the certificate; log and time are the registry’s own.',
    code: 'CERTIFICATE_UNTRUSTED',
    root: (root) => void (root.certificateAuthorities = foreignRoot().certificateAuthorities),
  },
  {
    name: 'authority-not-yet',
    why: 'The authority counts from a later time on.',
    code: 'CERTIFICATE_UNTRUSTED',
    root: (root) => void (root.certificateAuthorities[0].validFor.start = '2026-07-01T00:00:00Z'),
  },
  {
    name: 'authority-retired',
    why: 'The authority had been retired.',
    code: 'CERTIFICATE_UNTRUSTED',
    root: (root) => void (root.certificateAuthorities[0].validFor.end = '2026-05-01T00:00:00Z'),
  },
  {
    name: 'stamped-too-late',
    why: 'The certificate had expired when the signature was timestamped.',
    code: 'CERTIFICATE_EXPIRED',
    libraryCode: 'CERTIFICATE_UNTRUSTED',
    stampedAfter: 11,
  },
  {
    name: 'no-time',
    why: 'The timestamp was taken out, so nothing says that the certificate was still good.',
    code: 'TIME_MISSING',
    libraryCode: 'TIMESTAMP_INVALID',
    change: (bundle) => void delete bundle.verificationMaterial.timestampVerificationData,
  },
  {
    name: 'unlogged-certificate',
    why: 'No listed certificate log has seen the certificate.',
    code: 'CERTIFICATE_UNLOGGED',
    libraryCode: 'CERTIFICATE_UNTRUSTED',
    root: (root) => void (root.ctlogs = foreignRoot().ctlogs),
  },
  {
    name: 'certificate-bit',
    why: 'One bit of the certificate’s serial number was changed.',
    code: 'CERTIFICATE_UNTRUSTED',
    change: (bundle) =>
      void (bundle.verificationMaterial.certificate.rawBytes = flip(
        bundle.verificationMaterial.certificate.rawBytes,
        20,
      )),
  },
  {
    name: 'certificate-cut',
    why: 'The certificate is cut short.',
    code: 'CERTIFICATE_MALFORMED',
    libraryCode: 'BUNDLE_MALFORMED',
    change: (bundle) =>
      void (bundle.verificationMaterial.certificate.rawBytes = Buffer.from(
        bundle.verificationMaterial.certificate.rawBytes,
        'base64',
      )
        .subarray(0, 300)
        .toString('base64')),
  },
  {
    name: 'another-certificate',
    why: 'The certificate of another signature by the same workflow.',
    code: 'LOG_ENTRY_MISMATCH',
    libraryCode: 'SIGNATURE_INVALID',
    change: (bundle, { another }) =>
      void (bundle.verificationMaterial.certificate = another.verificationMaterial.certificate),
  },
  {
    name: 'both-key-and-certificate',
    why: 'A hint beside the certificate: two readers would take two signers.',
    code: 'BUNDLE_MALFORMED',
    change: (bundle) => void (bundle.verificationMaterial.publicKey = { hint: OLD_KEY.keyId }),
  },
];

const LOGS: readonly SigstoreCase[] = [
  {
    name: 'no-log-entry',
    why: 'The log entry was taken out: the certificate may have been used in secret.',
    code: 'LOG_ENTRY_MISSING',
    change: (bundle) => void (bundle.verificationMaterial.tlogEntries = []),
  },
  {
    name: 'another-entry',
    why: 'The log entry is about another artifact of the same workflow.',
    code: 'LOG_ENTRY_MISMATCH',
    change: (bundle, { another }) =>
      void (bundle.verificationMaterial.tlogEntries = another.verificationMaterial.tlogEntries),
  },
  {
    name: 'another-envelope',
    why: 'The envelope is another one of the same workflow; certificate, time and log entry stayed.',
    code: 'TIMESTAMP_INVALID',
    change: (bundle, { another }) => void (bundle.dsseEnvelope = another.dsseEnvelope),
  },
  {
    name: 'payload-bit',
    why: 'One bit of the payload was changed.',
    code: 'LOG_ENTRY_MISMATCH',
    change: (bundle) => void (bundle.dsseEnvelope.payload = flip(bundle.dsseEnvelope.payload)),
  },
  {
    name: 'proof-bit',
    why: 'One bit of the path to the tree’s root was changed.',
    code: 'LOG_PROOF_INVALID',
    change: (bundle) => void (tlog(bundle).inclusionProof.hashes[0] = flip(tlog(bundle).inclusionProof.hashes[0])),
  },
  {
    name: 'checkpoint-bit',
    why: 'One bit of the checkpoint’s signature was changed.',
    code: 'LOG_PROOF_INVALID',
    change: (bundle) =>
      void (tlog(bundle).inclusionProof.checkpoint.envelope = tlog(bundle).inclusionProof.checkpoint.envelope.replace(
        /(\S+)\n$/,
        (_: string, signature: string) => `${flip(signature)}\n`,
      )),
  },
  {
    name: 'checkpoint-of-another-log',
    why: 'The checkpoint was signed by the other listed log.',
    code: 'LOG_PROOF_INVALID',
    change: (bundle, { v1 }) => void (tlog(bundle).inclusionProof.checkpoint = tlog(v1).inclusionProof.checkpoint),
  },
  {
    name: 'foreign-log',
    why: 'Somebody’s own log holds the entry.',
    code: 'LOG_UNKNOWN',
    libraryCode: 'LOG_PROOF_INVALID',
    root: (root) => void (root.tlogs = foreignRoot().tlogs),
  },
  {
    name: 'log-retired',
    why: 'The log had been retired when the signature was made.',
    code: 'LOG_UNKNOWN',
    rekor: 1,
    libraryCode: 'LOG_PROMISE_INVALID',
    root: (root) => {
      for (const log of root.tlogs) log.publicKey.validFor.end = '2026-05-01T00:00:00Z';
    },
  },
  {
    name: 'promised-time',
    why: 'The time of a promise was moved by a second.',
    code: 'LOG_PROMISE_INVALID',
    rekor: 1,
    change: (bundle) => void (tlog(bundle).integratedTime = String(Number(tlog(bundle).integratedTime) + 1)),
  },
  {
    name: 'promise-removed',
    why: 'The promise was taken out; its time is a claim of whoever wrote the bundle.',
    code: 'TIME_MISSING',
    libraryCode: 'TIMESTAMP_INVALID',
    rekor: 1,
    change: (bundle) => void delete tlog(bundle).inclusionPromise,
  },
  {
    name: 'stamp-of-another',
    why: 'The timestamp is about another signature.',
    code: 'TIMESTAMP_INVALID',
    change: (bundle, { another }) =>
      void (bundle.verificationMaterial.timestampVerificationData =
        another.verificationMaterial.timestampVerificationData),
  },
  {
    name: 'foreign-stamp',
    why: 'Somebody’s own authority stamped the signature.',
    code: 'TIMESTAMP_INVALID',
    root: (root) => void (root.timestampAuthorities = foreignRoot().timestampAuthorities),
  },
  {
    name: 'stamp-bit',
    why: 'One bit of the timestamp’s signature was changed.',
    code: 'TIMESTAMP_INVALID',
    change: (bundle) => {
      const [stamp] = bundle.verificationMaterial.timestampVerificationData.rfc3161Timestamps;
      stamp.signedTimestamp = flip(stamp.signedTimestamp, Buffer.from(stamp.signedTimestamp, 'base64').length - 5);
    },
  },
  {
    name: 'root-without-start',
    why: 'A log of the trusted root has no beginning, so it would count for ever.',
    code: 'TRUSTED_ROOT_MALFORMED',
    root: (root) => void delete root.tlogs[0].publicKey.validFor.start,
  },
  {
    name: 'root-not-json',
    why: 'The trusted root is something else.',
    code: 'TRUSTED_ROOT_MALFORMED',
    root: (root) => void (root.mediaType = 'application/json'),
  },
];

const COSIGNATURES: readonly SigstoreCase[] = [
  {
    name: 'cosigned-elsewhere',
    why: 'Another repository’s workflow co-signed.',
    code: 'IDENTITY_REPOSITORY',
    cosign: { repositoryId: '42' },
  },
  {
    name: 'cosigned-by-another-workflow',
    why: 'Another workflow of the registry’s repository co-signed.',
    code: 'IDENTITY_SUBJECT',
    cosign: { subject: `${RELEASE_YML}@refs/heads/main` },
  },
  {
    name: 'cosignature-of-another-registry',
    why: 'A co-signature of a registry that shares the workflow, replayed here.',
    code: 'COSIGNATURE_INVALID',
    cosign: { resourceUri: 'plugmark:another.example/acme/thing@1.2.0' },
  },
  {
    name: 'cosignature-replayed',
    why: 'The co-signature of another artifact, replayed.',
    code: 'STATEMENT_MISMATCH',
    cosign: {},
    claim: { sha256: 'aa'.repeat(32) },
  },
  {
    name: 'cosignature-of-another-report',
    why: 'The co-signature is about another publisher bundle than the one that lies beside it.',
    code: 'COSIGNATURE_INVALID',
    cosign: {},
    claim: { input: 'cc'.repeat(32) },
  },
  {
    name: 'cosigned-for-pull-request',
    why: 'The registry’s workflow ran for a stranger’s pull request.',
    code: 'IDENTITY_TRIGGER',
    cosign: {},
    run: { event: 'pull_request_target' },
  },
];

let foreign: Json;
/** The trusted root of services with other keys; the generator sets it. */
export function setForeignRoot(root: Json): void {
  foreign = root;
}
const foreignRoot = (): Json => structuredClone(foreign);

export const SIGSTORE_CASES: readonly SigstoreCase[] = [
  ...ACCEPTED,
  ...MISPLACED,
  ...IDENTITIES,
  ...CERTIFICATES,
  ...LOGS,
  ...COSIGNATURES,
];
