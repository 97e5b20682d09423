// What is signed: in-toto statements v1 in DSSE envelopes. Two predicate types: our publish statement and SLSA's verification
// summary for the co-signature.

import * as z from 'zod/mini';
import { Base64, Instant, line, PluginId, RegistryId, SemVer, Sha256, VerifierId } from './primitives.ts';

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const STATEMENT_PAYLOAD_TYPE = 'application/vnd.in-toto+json';
export const PUBLISH_PREDICATE = 'https://plugmark.github.io/attestation/publish/v1';
export const VSA_PREDICATE = 'https://slsa.dev/verification_summary/v1';

/** `publisher/name@version` and the artifact's digest. */
const Subject = z
  .array(z.strictObject({ name: line(180), digest: z.strictObject({ sha256: Sha256 }) }))
  .check(z.minLength(1), z.maxLength(1));

/** The publisher's statement cannot be moved to another name, version or registry, nor to another manifest. */
export const PublishStatement = z.strictObject({
  _type: z.literal(STATEMENT_TYPE),
  subject: Subject,
  predicateType: z.literal(PUBLISH_PREDICATE),
  predicate: z.strictObject({
    plugin: PluginId,
    version: SemVer,
    registry: RegistryId,
    manifest: z.strictObject({ digest: z.strictObject({ sha256: Sha256 }) }),
  }),
});
export type PublishStatement = z.output<typeof PublishStatement>;

/** Levels a co-signature may claim, and the words that explain each. */
export const VERIFIED_LEVELS = {
  PLUGMARK_PUBLISHER_VERIFIED: 'the publisher is on the offline-signed list and signed this release',
  PLUGMARK_IMPORTS_DECLARED: 'every import is known to the host profile and every capability it gives is declared',
  PLUGMARK_WITHIN_BOUNDS: 'size, memory and tables stay within the host profile and policy',
  PLUGMARK_OBSERVED_DETERMINISTIC: 'two separate machines returned identical results on every vector',
  PLUGMARK_DETERMINISTIC_BY_CONSTRUCTION: 'nothing in the module can behave differently on the same input',
} as const;
export const VerifiedLevel = z.enum(Object.keys(VERIFIED_LEVELS) as [keyof typeof VERIFIED_LEVELS]);
export type VerifiedLevel = keyof typeof VERIFIED_LEVELS;

const DigestRef = z.strictObject({ uri: line(500), digest: z.strictObject({ sha256: Sha256 }) });

/** The registry's co-signature (SLSA VSA v1). PASSED means that this policy passed, never that the plugin is safe. */
export const VerificationSummary = z.strictObject({
  _type: z.literal(STATEMENT_TYPE),
  subject: Subject,
  predicateType: z.literal(VSA_PREDICATE),
  predicate: z.strictObject({
    verifier: z.strictObject({ id: VerifierId, version: z.record(line(60), line(60)) }),
    timeVerified: Instant,
    /** `plugmark:<registry id>/<publisher>/<name>@<version>`. */
    resourceUri: line(500),
    policy: DigestRef,
    inputAttestations: z.array(DigestRef),
    verificationResult: z.literal('PASSED'),
    verifiedLevels: z.array(VerifiedLevel).check(z.minLength(1)),
    slsaVersion: z.literal('1.2'),
  }),
});
export type VerificationSummary = z.output<typeof VerificationSummary>;

const BUNDLE_MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** Sigstore bundle v0.3 around a DSSE envelope with one signature, by key (`publicKey.hint` is the key id) or by certificate. */
export const Bundle = z.strictObject({
  mediaType: z.literal(BUNDLE_MEDIA_TYPE),
  verificationMaterial: z.union([
    z.strictObject({
      publicKey: z.strictObject({ hint: Sha256 }),
      tlogEntries: z.optional(z.array(z.looseObject({}))),
      timestampVerificationData: z.optional(z.looseObject({})),
    }),
    z.strictObject({
      certificate: z.strictObject({ rawBytes: Base64 }),
      tlogEntries: z.array(z.looseObject({})),
      timestampVerificationData: z.optional(z.looseObject({})),
    }),
  ]),
  dsseEnvelope: z.strictObject({
    payload: Base64,
    payloadType: z.literal(STATEMENT_PAYLOAD_TYPE),
    signatures: z
      .array(z.strictObject({ sig: Base64, keyid: z.optional(line(200)) }))
      .check(z.minLength(1), z.maxLength(1)),
  }),
});
export type Bundle = z.output<typeof Bundle>;
