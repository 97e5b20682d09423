export { type FetchFile, fetchAttestation } from './attestation.ts';
export type { CoreOptions } from './core.ts';
export type { CapabilityClass, DeterminismWord, Grant, RiskLevel } from './documents/capability-words.ts';
export type { ConsentReceipt, Grants } from './documents/consent.ts';
export type { HostCapability, HostProfile } from './documents/host-profile.ts';
export {
  type DirectSource,
  decodeLockfile,
  encodeLockfile,
  type LockedPlugin,
  type LockedSource,
  type Lockfile,
  type SignerRecord,
} from './documents/lockfile.ts';
export type { LogEvent, LogRecord } from './documents/log-record.ts';
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
  CosignIdentity,
  CosignKeys,
  Identity,
  KeyIdentity,
  KeylessIdentity,
  Revocation,
  Revocations,
  Upstream,
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
export type { IndexEntry } from './documents/search-index.ts';
export { CLIENT_ERROR_CODES, ClientError, type ClientErrorCode, type ClientErrorDetails } from './error.ts';
export { blobPath, type Chosen, fileEnding, type InstalledPlugin, type VerifiedPart } from './install-release.ts';
export {
  openRegistry,
  type RegistryClient,
  type RegistryOptions,
  type RegistryState,
  type Resolution,
  type ResolveOptions,
} from './open-registry.ts';
export type { AuditFinding, AuditKind, AuditResult } from './plugins/audit-plugins.ts';
export type { SetDifference, Widening } from './plugins/capability-set.ts';
export type { AskConsent, ConsentAnswer, ConsentQuestion } from './plugins/consent.ts';
export type { DirectState } from './plugins/direct-entry.ts';
export { type EvictionResult, evictCache } from './plugins/evict-cache.ts';
export type { InspectPort, InspectSubject } from './plugins/inspect-port.ts';
export type { DirectOutcome, DirectPermissions } from './plugins/install-direct.ts';
export type { ActOptions, InstallOutcome } from './plugins/install-plugins.ts';
export type { GrantedCapability, InstalledPermissions } from './plugins/installed-permissions.ts';
export type { LoadedPlugin } from './plugins/load-plugin.ts';
export type { Reason, RevokeOptions } from './plugins/manage-plugins.ts';
export type {
  Difference,
  ListedPlugin,
  Permissions,
  Plugins,
  PluginsState,
  RunNote,
} from './plugins/open-plugins.ts';
export { openPlugins } from './plugins/open-plugins.ts';
export type { OutdatedPlugin } from './plugins/outdated-plugin.ts';
export {
  describePermissions,
  diffPermissions,
  type PermissionRow,
  type PermissionScreen,
} from './plugins/permissions.ts';
export type { Plan, PlannedChange } from './plugins/plan-install.ts';
export type { LockfilePort, PluginsOptions } from './plugins/plugins-options.ts';
export {
  type AppliedRule,
  type Decision,
  decide,
  type HostPolicy,
  POLICY_RULES,
  type PolicyOutcome,
  type PolicyRuleId,
  type PolicySubject,
} from './plugins/policy.ts';
export type { ReproducedPlugin } from './plugins/reproduce-plugin.ts';
export type { RestoredPlugin, RestoreOptions } from './plugins/restore-plugins.ts';
export { type LogHead, type NewRecord, type RunLog, verifyRunLog } from './plugins/run-log.ts';
export type { SearchFilter, SearchHit } from './plugins/search-plugins.ts';
export type { Candidate, UpdateOptions } from './plugins/trial.ts';
export type { UpdateOutcome } from './plugins/update-outcome.ts';
export { openWatch, type PublisherWatch } from './publisher-signature.ts';
export type { Exclusion, ExclusionCode, Host, ReleaseRequest } from './resolve.ts';
export { compareVersions, satisfies } from './semver.ts';
export {
  MAX_OCI_MANIFEST,
  OCI_MANIFEST,
  type OciPorts,
  type PulledWasm,
  pullWasmArtifact,
  readWasmManifest,
  type WasmManifest,
} from './sources/oci-artifact.ts';
export {
  isLoopbackRegistry,
  type OciReference,
  type OciRepository,
  ociBase,
  ociText,
  readOciName,
} from './sources/oci-reference.ts';
export {
  MAX_TOKEN_ANSWER,
  mayAskForToken,
  readToken,
  readTokenQuestion,
  type TokenQuestion,
  tokenAddress,
} from './sources/oci-token.ts';
export { isSource, type PluginSource, parseSource, sourceWords } from './sources/plugin-source.ts';
export { type Standing, standingOf } from './standing.ts';
export { type BrowserStoreOptions, browserStore } from './store/browser-store.ts';
export type { DownloadProgress } from './store/download.ts';
export { memoryStore } from './store/memory-store.ts';
export type { LockOptions, PluginStore, StoredFile } from './store/plugin-store.ts';
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
