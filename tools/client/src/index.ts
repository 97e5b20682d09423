export type {
  AdvisoryNote,
  AnalysisSummary,
  AttestationRef,
  CapabilityFacts,
  DerivedCapability,
  DocumentRelease,
  PackageDocument,
  Risk,
  VersionState,
  VersionStatus,
} from './documents/package-document.ts';
export type {
  CosignKeys,
  Identity,
  KeyIdentity,
  KeylessIdentity,
  Revocations,
  Upstreams,
  VerifiedPublisher,
  VerifiedPublishers,
} from './documents/publishers.ts';
export type {
  ArtifactKind,
  CapabilityParams,
  DeclaredCapability,
  Release,
  SignedRelease,
} from './documents/release.ts';
export { CLIENT_ERROR_CODES, ClientError, type ClientErrorCode, type ClientErrorDetails } from './error.ts';
export { memoryStore } from './memory-store.ts';
export {
  type InstalledPlugin,
  openRegistry,
  type RegistryClient,
  type RegistryOptions,
  type RegistryState,
  type Resolution,
  type ResolveOptions,
  type VerifiedPart,
} from './open-registry.ts';
export type { Exclusion, ExclusionCode, Host, ReleaseRequest } from './resolve.ts';
export { compareVersions, satisfies } from './semver.ts';
export { type Standing, standingOf } from './standing.ts';
export type { TrustStore } from './trust/trust-store.ts';
export type { TufState } from './trust/tuf-client.ts';
export type { VerifiedBytes } from './verified-bytes.ts';
export {
  type CosignClaim,
  type KeylessSignature,
  type KeylessVerifier,
  type KeylessWorkflow,
  type LoadKeyless,
  type PublishClaim,
  publisherState,
  type SignatureState,
  type Tier,
  type VerifiedSigner,
  verifyCosignature,
  verifyPublisher,
  type WorkflowRun,
} from './verify-release.ts';
