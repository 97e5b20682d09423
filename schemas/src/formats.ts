// The list of file formats: name, schema, and where such a file lives. JSON Schemas, golden examples and the site's schema page
// are derived from it, so a format that is missing here does not exist.

import * as z from 'zod/mini';
import { Advisory } from './advisory.ts';
import { Approval } from './approval.ts';
import { CeremonyResult, RevokeResult, RootState } from './ceremony-output.ts';
import {
  ErrorOutput,
  HostDraftResult,
  ImportList,
  InitResult,
  InstallResult,
  MeterResult,
  RecordResult,
  RunResult,
  SignResult,
  VerifyAllResult,
  VerifyResult,
  WatchResult,
} from './cli-output.ts';
import { ConsentReceipt } from './consent.ts';
import { Exceptions } from './exceptions.ts';
import { HostProfile, HostWorld } from './host-profile.ts';
import { ArtifactLookup, Changes, Index, PublisherList, SearchIndex } from './index-document.ts';
import { KeyFile } from './key-file.ts';
import { LedgerEntry, LedgerHead, LedgerInputs, LedgerList } from './ledger.ts';
import { Listing } from './listing.ts';
import { Lockfile, Proof } from './lockfile.ts';
import { LogRecord } from './log.ts';
import { Manifest, ProcessManifest } from './manifest.ts';
import { QueueResult, ReviewResult, SubmitResult } from './merge.ts';
import {
  ApproveResult,
  ExportResult,
  ExportState,
  ImportResult,
  MirrorRecord,
  MirrorReport,
  MirrorResult,
  OciResult,
} from './mirror.ts';
import { PackageDocument } from './package-document.ts';
import {
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
import { Policy } from './policy.ts';
import { KeyIdentity, Publisher, VerifiedPublishers } from './publisher.ts';
import { CosignKeys, Mirrors, Registry, ReservedNames, Upstreams } from './registry.ts';
import {
  BuildOutput,
  DeployResult,
  DoctorResult,
  FetchResult,
  HeartbeatResult,
  LedgerResult,
  PolicyResult,
  RecoverResult,
  RegistryInitResult,
  RegistryWatchResult,
  RunList,
  ServeResult,
  StatsResult,
} from './registry-output.ts';
import { Release } from './release.ts';
import { AnalysisReport, RunReport } from './report.ts';
import { ReportDiff } from './report-diff.ts';
import { SourceRecord } from './source-record.ts';
import { Sources } from './sources.ts';
import { Bundle, PublishStatement, VerificationSummary } from './statement.ts';
import { Revocations, Status } from './status.ts';
import { TrustRoles } from './trust-roles.ts';
import { DetachedResult, TrustedKeys } from './trusted-keys.ts';
import { TufMetadata } from './tuf.ts';
import { Vector } from './vector.ts';
import { Inspection } from './wasm-facts.ts';

export interface Format {
  readonly schema: z.ZodMiniType;
  readonly title: string;
  /** Where the file lives, with placeholders. */
  readonly path: string;
}

export const FORMATS = {
  manifest: { schema: Manifest, title: 'Plugin manifest', path: 'plugin.yaml in the author’s folder' },
  'process-manifest': { schema: ProcessManifest, title: 'Process plugin manifest', path: 'plugin.json inside the zip' },
  release: { schema: Release, title: 'Release', path: 'registry/plugins/<publisher>/<plugin>/<version>/release.json' },
  sources: { schema: Sources, title: 'Sources', path: 'registry/plugins/<publisher>/<plugin>/<version>/sources.json' },
  vector: {
    schema: Vector,
    title: 'Test vector',
    path: 'registry/plugins/<publisher>/<plugin>/<version>/vectors/<name>.json',
  },
  listing: { schema: Listing, title: 'Listing', path: 'registry/plugins/<publisher>/<plugin>/listing.json' },
  status: { schema: Status, title: 'Status', path: 'registry/plugins/<publisher>/<plugin>/status.json' },
  exceptions: {
    schema: Exceptions,
    title: 'Rule exceptions',
    path: 'registry/plugins/<publisher>/<plugin>/exceptions.json',
  },
  publisher: { schema: Publisher, title: 'Publisher', path: 'registry/publishers/<publisher>.json' },
  'host-profile': { schema: HostProfile, title: 'Host profile', path: 'registry/hosts/<host>.json' },
  registry: { schema: Registry, title: 'Registry', path: 'registry/registry.json' },
  policy: { schema: Policy, title: 'Policy', path: 'registry/policy.json' },
  'reserved-names': { schema: ReservedNames, title: 'Reserved names', path: 'registry/reserved-names.json' },
  approval: { schema: Approval, title: 'Approval', path: 'registry/approvals/<upstream>/<publisher>/<plugin>.json' },
  'mirror-record': {
    schema: MirrorRecord,
    title: 'Mirrored release',
    path: 'registry/mirrors/<upstream>/plugins/<publisher>/<plugin>/<version>/mirror.json',
  },
  'mirror-report': { schema: MirrorReport, title: 'Report of a sync', path: 'registry/mirrors/<upstream>/report.json' },
  'mirror-result': { schema: MirrorResult, title: 'Result of a sync', path: 'output of plugmark mirror sync --json' },
  'approve-result': {
    schema: ApproveResult,
    title: 'Result of an approval',
    path: 'output of plugmark mirror approve --json',
  },
  'export-state': { schema: ExportState, title: 'State of an export', path: '<tar>.json beside an exported tar' },
  'export-result': { schema: ExportResult, title: 'Result of an export', path: 'output of plugmark export --json' },
  'oci-result': { schema: OciResult, title: 'OCI artifact', path: 'output of plugmark oci push|pull --json' },
  'import-result': { schema: ImportResult, title: 'Result of an import', path: 'output of plugmark import --json' },
  advisory: { schema: Advisory, title: 'Advisory', path: 'registry/advisories/<id>.json' },
  bundle: { schema: Bundle, title: 'Sigstore bundle', path: 'publisher.sigstore.json; attestations/<sha256>.json' },
  'publish-statement': {
    schema: PublishStatement,
    title: 'Publish statement',
    path: 'payload of the publisher’s bundle',
  },
  'verification-summary': {
    schema: VerificationSummary,
    title: 'Co-signature',
    path: 'payload of the registry’s bundle',
  },
  'tuf-metadata': { schema: TufMetadata, title: 'TUF metadata', path: 'metadata/*.json' },
  'verified-publishers': {
    schema: VerifiedPublishers,
    title: 'Verified publishers',
    path: 'publishers.json (TUF target)',
  },
  'cosign-keys': { schema: CosignKeys, title: 'Co-signature keys', path: 'cosign-keys.json (TUF target)' },
  mirrors: { schema: Mirrors, title: 'Mirrors', path: 'mirrors.json (TUF target)' },
  upstreams: { schema: Upstreams, title: 'Upstream registries', path: 'upstreams.json (TUF target)' },
  revocations: { schema: Revocations, title: 'Revocations', path: 'revocations.json (TUF target)' },
  'package-document': {
    schema: PackageDocument,
    title: 'Package document',
    path: 'v1/plugins/<publisher>/<plugin>.json (TUF target)',
  },
  index: { schema: Index, title: 'Index', path: 'v1/index.json' },
  'artifact-lookup': { schema: ArtifactLookup, title: 'Artifact look-up', path: 'v1/artifacts/<sha256>.json' },
  changes: { schema: Changes, title: 'Changes', path: 'v1/changes.json' },
  'publisher-list': { schema: PublisherList, title: 'Publisher list', path: 'v1/publishers.json' },
  search: { schema: SearchIndex, title: 'Search index', path: 'search.json' },
  analysis: { schema: AnalysisReport, title: 'Analysis report', path: 'attestations/<sha256>.json' },
  'report-diff': { schema: ReportDiff, title: 'Report comparison', path: 'output of plugmark diff --json' },
  run: { schema: RunReport, title: 'Run report', path: 'attestations/<sha256>.json' },
  inspection: { schema: Inspection, title: 'Inspection', path: 'output of plugmark inspect --json' },
  'ledger-entry': {
    schema: LedgerEntry,
    title: 'Ledger entry',
    path: 'ledger/entries/<publisher>/<plugin>/<version>.json',
  },
  'ledger-inputs': { schema: LedgerInputs, title: 'Ledger inputs', path: 'ledger/inputs.json' },
  'ledger-list': { schema: LedgerList, title: 'Ledger list', path: 'ledger/lists/<two hex digits>.json' },
  'ledger-head': { schema: LedgerHead, title: 'Ledger head', path: 'ledger/head.json' },
  lockfile: { schema: Lockfile, title: 'Lockfile', path: 'plugmark.lock' },
  proof: { schema: Proof, title: 'Proof beside a digest', path: 'proofs/<sha256>.json in a client’s store' },
  'source-record': {
    schema: SourceRecord,
    title: 'What was seen of a plugin of no registry',
    path: 'hosts/<host>/sources/ in a client’s store',
  },
  consent: { schema: ConsentReceipt, title: 'Consent receipt', path: 'kept by the host' },
  log: { schema: LogRecord, title: 'Run log record', path: 'one line of the host’s run log' },
  'key-identity': {
    schema: KeyIdentity,
    title: 'Key identity',
    path: 'output of plugmark key generate --json and key show --json',
  },
  'sign-result': { schema: SignResult, title: 'Signed release', path: 'output of plugmark sign --json' },
  'install-result': { schema: InstallResult, title: 'Installed plugin', path: 'output of plugmark install --json' },
  'verify-result': { schema: VerifyResult, title: 'Verified file', path: 'output of plugmark verify FILE --json' },
  'verify-all-result': {
    schema: VerifyAllResult,
    title: 'Verified registry',
    path: 'output of plugmark verify --json',
  },
  'watch-result': { schema: WatchResult, title: 'Watched publisher', path: 'output of plugmark watch --json' },
  'trusted-keys': {
    schema: TrustedKeys,
    title: 'Trusted keys',
    path: 'plugmark/trusted-keys.json in the user’s configuration; output of plugmark trust --json',
  },
  'detached-result': {
    schema: DetachedResult,
    title: 'Verified by a detached signature',
    path: 'output of plugmark verify FILE --signature FILE --json',
  },
  'build-result': { schema: BuildOutput, title: 'Built registry', path: 'output of plugmark registry build --json' },
  'deploy-result': {
    schema: DeployResult,
    title: 'Deployed registry',
    path: 'output of plugmark registry deploy --json',
  },
  'meter-result': { schema: MeterResult, title: 'Metered module', path: 'output of plugmark meter --json' },
  'run-result': { schema: RunResult, title: 'Run of a vector', path: 'output of plugmark run --json' },
  'init-result': { schema: InitResult, title: 'New plugin folder', path: 'output of plugmark init --json' },
  'doctor-result': {
    schema: DoctorResult,
    title: 'Registry looked ahead at',
    path: 'output of plugmark doctor --json',
  },
  'ledger-result': {
    schema: LedgerResult,
    title: 'Ledger branch',
    path: 'output of plugmark registry ledger pull --json and push --json',
  },
  'recover-result': {
    schema: RecoverResult,
    title: 'Ledger recovered',
    path: 'output of plugmark registry ledger recover --json',
  },
  'fetch-result': { schema: FetchResult, title: 'Fetched artifacts', path: 'output of plugmark registry fetch --json' },
  'heartbeat-result': {
    schema: HeartbeatResult,
    title: 'Enabled workflows',
    path: 'output of plugmark registry heartbeat --json',
  },
  'policy-result': {
    schema: PolicyResult,
    title: 'Policy shown or changed',
    path: 'output of plugmark registry policy --json',
  },
  'stats-result': { schema: StatsResult, title: 'Registry counted', path: 'output of plugmark registry stats --json' },
  'registry-init-result': {
    schema: RegistryInitResult,
    title: 'New registry',
    path: 'output of plugmark registry init --json',
  },
  'registry-watch-result': {
    schema: RegistryWatchResult,
    title: 'Pulled releases',
    path: 'output of plugmark registry watch --json',
  },
  'run-list': { schema: RunList, title: 'List of run reports', path: 'output of plugmark registry run --json' },
  'record-result': {
    schema: RecordResult,
    title: 'Recorded vector',
    path: 'output of plugmark vectors record --json',
  },
  'host-draft': {
    schema: HostDraftResult,
    title: 'Drafted host profile',
    path: 'output of plugmark host init --json and registry host-world --out --json',
  },
  'host-world': {
    schema: HostWorld,
    title: 'World of a host',
    path: 'output of plugmark registry host-world --json; the member world of a host profile',
  },
  'import-list': { schema: ImportList, title: 'Import list', path: 'input of plugmark host init --imports' },
  'serve-result': { schema: ServeResult, title: 'Served registry', path: 'output of plugmark registry serve --json' },
  'search-result': { schema: SearchResult, title: 'Found plugins', path: 'output of plugmark search --json' },
  'info-result': { schema: InfoResult, title: 'What a plugin can do', path: 'output of plugmark info --json' },
  'plugin-list': { schema: PluginList, title: 'Installed plugins', path: 'output of plugmark list --json' },
  'restore-result': {
    schema: RestoreResult,
    title: 'Restored plugins',
    path: 'output of plugmark install --json without a plugin',
  },
  'outdated-result': { schema: OutdatedResult, title: 'Newer versions', path: 'output of plugmark outdated --json' },
  'update-result': { schema: UpdateResult, title: 'Updated plugins', path: 'output of plugmark update --json' },
  'rollback-result': { schema: RollbackResult, title: 'Former version', path: 'output of plugmark rollback --json' },
  'uninstall-result': {
    schema: UninstallResult,
    title: 'Removed plugins',
    path: 'output of plugmark uninstall --json',
  },
  'why-result': { schema: WhyResult, title: 'Why a plugin is installed', path: 'output of plugmark why --json' },
  'permissions-result': {
    schema: PermissionsResult,
    title: 'What an installed plugin may do',
    path: 'output of plugmark permissions --json',
  },
  'load-result': { schema: LoadResult, title: 'Loaded plugin', path: 'output of plugmark load --json' },
  'audit-result': { schema: AuditOutput, title: 'Audit', path: 'output of plugmark audit --json' },
  'reproduce-result': {
    schema: ReproduceResult,
    title: 'Reproduced release',
    path: 'output of plugmark reproduce --json',
  },
  'log-result': {
    schema: LogResult,
    title: 'Head of the run log',
    path: 'output of plugmark log verify --json and log export --json',
  },
  'log-records': { schema: LogRecords, title: 'Run log', path: 'output of plugmark log show --json' },
  'trust-roles': { schema: TrustRoles, title: 'Holders of the roles', path: 'registry/trust/roles.json' },
  'key-file': { schema: KeyFile, title: 'Encrypted private key', path: 'kept by its holder: <name>.key.json' },
  'ceremony-result': {
    schema: CeremonyResult,
    title: 'Ceremony',
    path: 'output of plugmark root init, sign and rotate with --json',
  },
  'root-state': { schema: RootState, title: 'Trust in force', path: 'output of plugmark root show --json' },
  'revoke-result': { schema: RevokeResult, title: 'Revocation', path: 'output of plugmark revoke --json' },
  'review-result': {
    schema: ReviewResult,
    title: 'Reviewed pull requests',
    path: 'output of plugmark review --json',
  },
  'queue-result': { schema: QueueResult, title: 'What waits to be merged', path: 'output of plugmark queue --json' },
  'submit-result': { schema: SubmitResult, title: 'Submitted release', path: 'output of plugmark submit --json' },
  'error-output': {
    schema: ErrorOutput,
    title: 'Error',
    path: 'output of any command with --json that could not do its work',
  },
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof FORMATS;

const SCHEMA_BASE = 'https://plugmark.github.io/schemas/v1/';

/** JSON Schema 2020-12 of every format, by file name. Rules that a schema cannot say (see `refine`) are not in them. */
export function jsonSchemas(): Record<string, object> {
  const entries = Object.entries(FORMATS).map(([name, { schema, title, path }]) => {
    const file = `${name}.schema.json`;
    const generated = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' });
    return [file, { ...generated, $id: `${SCHEMA_BASE}${file}`, title, description: path }] as const;
  });
  return Object.fromEntries(entries);
}
