// Names only. The package's meaning is in the files named here.

export { Advisory } from './advisory.ts';
export { Approval } from './approval.ts';
export { canonicalBytes, canonicalJson, type JsonValue } from './canonical.ts';
export {
  CAPABILITY_CLASSES,
  CapabilityClass,
  CapabilityParams,
  CapabilitySet,
  DeclaredCapability,
  PROCESS_SENTENCE,
  RISKS,
  Risk,
} from './capability.ts';
export { CeremonyResult, RevokeResult, RootState, SignatureNeed, TrustChange } from './ceremony-output.ts';
export { ChildAnswer } from './child-answer.ts';
export {
  ErrorOutput,
  HostDraftResult,
  ImportList,
  InitResult,
  InstallResult,
  MeterResult,
  RecordResult,
  ReleaseVerification,
  RunResult,
  SignatureState,
  SignResult,
  TrustState,
  VerifyAllResult,
  VerifyResult,
  WatchResult,
} from './cli-output.ts';
export { ConsentReceipt } from './consent.ts';
export { SCHEMA_ERROR_CODES, SchemaError, type SchemaErrorCode, type SchemaIssue } from './error.ts';
export { Exceptions } from './exceptions.ts';
export { FORMATS, type Format, type FormatName, jsonSchemas } from './formats.ts';
export {
  GitHubActionsPermissions,
  GitHubBlob,
  GitHubBranchPolicies,
  GitHubBranchRules,
  GitHubCheckRun,
  GitHubCheckRuns,
  GitHubComment,
  GitHubCommit,
  GitHubEnvironment,
  GitHubFile,
  GitHubMerge,
  GitHubObject,
  GitHubPages,
  GitHubProtection,
  GitHubPull,
  GitHubPullItem,
  GitHubRef,
  GitHubReleases,
  GitHubRepository,
  GitHubReview,
  GitHubSecrets,
  GitHubTree,
  GitHubUser,
  GitHubWorkflowPermissions,
  GitHubWorkflows,
} from './github.ts';
export {
  ABIS,
  Abi,
  CapabilityParameter,
  ComponentImportRule,
  Conventions,
  CoreImportRule,
  HostCapability,
  HostLimits,
  HostProfile,
  HostWorld,
  ImportMeaning,
  InstallSnippet,
  RequiredExport,
  UNBOUNDED_CAUSES,
  UnboundedCause,
} from './host-profile.ts';
export {
  ArtifactLookup,
  CHANGE_KINDS,
  Changes,
  Index,
  IndexEntry,
  NOT_VERIFIED,
  PublisherList,
  SearchIndex,
  TIERS,
  Tier,
} from './index-document.ts';
export { KeyFile } from './key-file.ts';
export {
  LedgerEntry,
  LedgerHead,
  LedgerInputs,
  LedgerList,
  LedgerRefusal,
  type LedgerRow,
  type ListedPlugin,
} from './ledger.ts';
export { Listing } from './listing.ts';
export { DirectSource, LockedPlugin, LockedSource, Lockfile, Proof, SignerRecord } from './lockfile.ts';
export { LOG_EVENTS, LogRecord } from './log.ts';
export { Manifest, ManifestCapability, ProcessManifest } from './manifest.ts';
export {
  MERGE_EFFECTS,
  MergeDecision,
  MergeEffect,
  MergeFinding,
  PullSubject,
  QueueResult,
  ReviewResult,
  SubmitResult,
} from './merge.ts';
export {
  ApproveResult,
  ExportResult,
  ExportState,
  ImportResult,
  MIRROR_REFUSALS,
  MirrorRecord,
  type MirrorRefusal,
  MirrorReport,
  MirrorResult,
  MirrorTaken,
  OciResult,
} from './mirror.ts';
export {
  AdvisoryNote,
  AnalysisSummary,
  AttestationRef,
  DocumentRelease,
  Origin,
  PackageDocument,
  RiskOrNone,
} from './package-document.ts';
export { isValid, parse, parseCanonical, parseJson, SCHEMA_VERSION } from './parse.ts';
export {
  AuditOutput,
  InfoResult,
  LoadResult,
  LogRecords,
  LogResult,
  OutdatedResult,
  PermissionsResult,
  PluginList,
  ReproduceResult,
  RestoreResult,
  RollbackResult,
  SearchResult,
  UninstallResult,
  UpdateResult,
  WhyResult,
} from './plugins-output.ts';
export { Policy, PULL_KINDS, PullKind, RuleEffect } from './policy.ts';
export {
  Approver,
  Artifact,
  ArtifactKind,
  Base64,
  BranchName,
  CapabilityId,
  Commit,
  Count,
  DecimalId,
  FileDigest,
  GitHubAccount,
  HostId,
  HttpsUrl,
  Instant,
  LicenseExpression,
  line,
  PluginId,
  PluginName,
  PublisherId,
  RegistryId,
  RegistryUrl,
  RelativePath,
  RuleId,
  SchemaVersion,
  SemVer,
  SemVerRange,
  Sha256,
  text,
  VerifierId,
} from './primitives.ts';
export {
  Identity,
  KeyIdentity,
  KeylessIdentity,
  Publisher,
  VerifiedPublishers,
  Watched,
  WORKFLOW_TRIGGERS,
} from './publisher.ts';
export { CosignKeys, Mirror, Mirrors, Registry, ReservedNames, Upstream, Upstreams } from './registry.ts';
export {
  BuildOutput,
  DeployResult,
  DoctorCheck,
  DoctorResult,
  FetchResult,
  HeartbeatResult,
  InitNote,
  LedgerResult,
  PolicyResult,
  RecoverResult,
  RegistryInitResult,
  RegistryWatchResult,
  RunList,
  ServeResult,
  StatsResult,
  WATCH_CODES,
  type WatchCode,
} from './registry-output.ts';
export { Citation, CitationAuthor, Dependencies, FileName, Release, ReleaseLimits, Source, Target } from './release.ts';
export {
  AnalysisReport,
  CapabilityFacts,
  CheckOutcome,
  DETERMINISM_WORDS,
  DerivedCapability,
  Determinism,
  EngineCount,
  Finding,
  HostCall,
  LayerState,
  OUTCOMES,
  Outcome,
  RUN_ENDINGS,
  RunCall,
  RunEnding,
  RunObservation,
  RunReport,
  SEVERITIES,
  Severity,
  VERDICTS,
  VectorResult,
  VectorRun,
  Verdict,
} from './report.ts';
export {
  CAPABILITY_CHANGES,
  CapabilityChange,
  CapabilityState,
  type DiffSide,
  ItemChange,
  ReportDiff,
  VectorChange,
} from './report-diff.ts';

export { SourceRecord } from './source-record.ts';
export { Sources, SourceUri } from './sources.ts';
export {
  Bundle,
  PUBLISH_PREDICATE,
  PublishStatement,
  STATEMENT_PAYLOAD_TYPE,
  STATEMENT_TYPE,
  VERIFIED_LEVELS,
  VerificationSummary,
  VerifiedLevel,
  VSA_PREDICATE,
} from './statement.ts';
export { PluginState, Revocations, Status, VersionStatus, YANK_REASONS } from './status.ts';
export { RoleKey, TrustRoles } from './trust-roles.ts';
export { DetachedResult, TrustedKey, TrustedKeys } from './trusted-keys.ts';
export { RoleHead, TufKey, TufMetadata, TufRoot, TufSnapshot, TufTargets, TufTimestamp } from './tuf.ts';
export { Channel, ExpectedOutput, Payload, Vector, VectorCall, VectorFile } from './vector.ts';
export {
  ArtifactFacts,
  ComponentFacts,
  CoreFacts,
  CustomSectionFact,
  ExportFact,
  ImportFact,
  Inspection,
  MemoryFact,
  ProcessFacts,
  Producers,
  TableFact,
} from './wasm-facts.ts';
export { WitFunction, WitInterface, WitType, WitWorld } from './wit.ts';
