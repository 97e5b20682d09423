// The golden examples: one fictional publisher, one plugin, every format, every digest computed from the example it names.
// A table: what a reader of the formats sees first, so each value is one a real file could hold.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { preAuthEncoding } from '@plugmark/client/trust';
import {
  type Bundle,
  canonicalBytes,
  type FormatName,
  NOT_VERIFIED,
  PUBLISH_PREDICATE,
  STATEMENT_PAYLOAD_TYPE,
  STATEMENT_TYPE,
  VSA_PREDICATE,
} from '@plugmark/schemas';
import { CLI_OUTPUT_EXAMPLES } from './cli-output-examples.ts';
import { REPORT_DIFF_EXAMPLE } from './report-diff-example.ts';
import { RUN_OBSERVATION, SECOND_ENGINE, SECOND_ENGINE_NOT_RUN } from './run-examples.ts';
import { ed25519Key, type TestKey } from './test-keys.ts';

const hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const digestOf = (value: unknown): string => hex(canonicalBytes(value));
const madeUp = (label: string): string => hex(new TextEncoder().encode(label));
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const plugin = 'acme/spectral-entropy';
const version = '1.2.0';
const registryId = 'plugmark';
const schemaVersion = 1;
const at = '2026-03-02T09:00:00Z';
const later = '2026-04-01T08:00:00Z';
const end = '2027-03-02T09:00:00Z';
const account = { github: 'acme-labs', githubId: 8812345 };
const approver = { name: 'Registry maintainers', account: { github: 'plugmark', githubId: 7712345 } };
const replacement = { plugin: 'acme/spectral-entropy', version: '1.2.0' };
const repository = 'https://github.com/acme/spectral-entropy';
const artifact = { kind: 'core', sha256: madeUp('artifact'), size: 48213 };

const reads = { id: 'read:channel_data', reason: 'Entropy is computed per channel.' };
const network = {
  id: 'network',
  params: { hosts: ['api.example.org'] },
  reason: 'Reference ranges are fetched from the lab’s server.',
};
const citation = {
  title: 'Spectral entropy of EEG channels',
  authors: [{ name: 'Acme Signal Laboratory', orcid: '0000-0002-1825-0097', affiliation: 'Acme Institute' }],
  doi: '10.5281/zenodo.1234567',
  year: 2026,
  url: 'https://acme.example/spectral-entropy',
};

const vector = {
  schemaVersion,
  name: 'sine-10hz',
  title: 'A pure sine has an entropy near zero',
  host: 'ddalab',
  calls: [{ entry: 'analyze', input: { json: { window: 256 } } }, { entry: 'analyze' }],
  grants: ['read:channel_data'],
  seed: 7,
  channels: [{ label: 'C3', sampleRate: 256, unit: 'uV', samples: [0, 12.5, 24.1, -3.75] }],
  files: [{ path: 'settings/bands.txt', content: { text: 'alpha 8 13\n' } }],
  responses: { http_get: [{ base64: base64(new TextEncoder().encode('{"low":0.2}')) }] },
  expect: [{ payload: { json: { entropy: 0.0132 } }, tolerance: 1e-9 }, { sha256: madeUp('second output') }],
  fuel: [118_402, 90_117],
};

const release = {
  schemaVersion,
  plugin,
  version,
  license: 'MIT',
  artifact,
  targets: [{ host: 'ddalab', api: '^1' }],
  capabilities: [reads, network],
  dependencies: { 'acme/fft': '^1.0.0' },
  limits: { fuel: 50_000_000, memoryBytes: 33_554_432 },
  readme: { sha256: madeUp('readme') },
  vectors: [{ name: vector.name, sha256: digestOf(vector) }],
  source: { repository, commit: madeUp('commit').slice(0, 40) },
  citation,
  notes: 'Windows may overlap.\nFaster on long recordings.',
};
const manifestSha256 = digestOf(release);

const publisherKey = ed25519Key('example acme');
const registryKey = ed25519Key('example registry');
const spkiOf = ({ keyId, spki }: TestKey) => ({ algorithm: 'ed25519', keyId, publicKey: base64(spki) });
const keyIdentity = { kind: 'key', ...spkiOf(publisherKey), from: at, to: end, proof: { version: '1.1.0', plugin } };
const issuer = 'https://token.actions.githubusercontent.com';
const keylessIdentity = {
  kind: 'keyless',
  issuer,
  repository,
  repositoryId: '612345678',
  ownerId: '8812345',
  buildConfig: `${repository}/.github/workflows/release.yml`,
  buildSigner: 'https://github.com/plugmark/publish/.github/workflows/publish.yml',
  ref: 'tag',
  triggers: ['push', 'release'],
  runner: 'github-hosted',
  subject: `${repository}/.github/workflows/release.yml@refs/tags/v1.2.0`,
  from: at,
  to: end,
};
const identities = [keyIdentity, keylessIdentity];

const subject = [{ name: `${plugin}@${version}`, digest: { sha256: artifact.sha256 } }];
const publishStatement = {
  _type: STATEMENT_TYPE,
  subject,
  predicateType: PUBLISH_PREDICATE,
  predicate: { plugin, version, registry: registryId, manifest: { digest: { sha256: manifestSha256 } } },
};

/** A bundle of one statement, signed by a key anybody can derive. */
export function bundleOf(statement: unknown, key: TestKey): Bundle {
  const payload = canonicalBytes(statement);
  const sig = base64(key.sign(preAuthEncoding(STATEMENT_PAYLOAD_TYPE, payload)));
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { publicKey: { hint: key.keyId }, tlogEntries: [], timestampVerificationData: {} },
    dsseEnvelope: {
      payload: base64(payload),
      payloadType: STATEMENT_PAYLOAD_TYPE,
      signatures: [{ sig, keyid: key.keyId }],
    },
  };
}

const bundle = bundleOf(publishStatement, publisherKey);
const keylessBundle = {
  ...bundle,
  verificationMaterial: {
    certificate: { rawBytes: base64(publisherKey.spki) },
    tlogEntries: [{ logIndex: '1' }],
    timestampVerificationData: { rfc3161Timestamps: [] },
  },
};

const imports = [{ module: 'ddalab', name: 'channel_read' }];
const capabilities = {
  declared: [reads, network],
  derived: [
    { id: 'read:channel_data', class: 'data', risk: 'low', imports },
    { id: 'network', class: 'network', risk: 'high', imports: [{ module: 'ddalab', name: 'http_get' }] },
  ],
  runtime: [{ module: 'env', name: 'abort', purpose: 'ends the call with a message' }],
  undeclared: [],
  unused: [],
  unknown: [
    { module: 'env', name: 'mystery', kind: 'function', reason: 'The host profile does not know this import.' },
  ],
  unbounded: [{ cause: 'dispatcher', detail: 'http_get forwards to servers named at run time' }],
  hash: digestOf({
    host: 'ddalab',
    capabilities: [{ id: 'network', params: network.params }, { id: 'read:channel_data' }],
    unbounded: true,
  }),
  risk: 'high',
};
const determinism = {
  word: 'nondeterministic',
  inputs: 2,
  runs: 6,
  engines: [{ name: 'V8', configurations: 3 }],
  causes: ['determinism.clock'],
  firstDifference: 'vector sine-10hz, byte 14: 0x31 and 0x32',
};
const coreFacts = {
  kind: 'core',
  size: artifact.size,
  imports: [{ module: 'ddalab', name: 'channel_read', kind: 'function', type: '(i32, i32, i32, i32) -> (i32)' }],
  exports: [{ name: 'analyze', kind: 'function', type: '(i32, i32) -> (i32)' }],
  memories: [{ imported: false, minPages: 2, maxPages: 512, shared: false, memory64: false, pageSize: 65_536 }],
  tables: [{ imported: false, element: 'funcref', min: 3, max: 3, table64: false }],
  functions: 41,
  start: 12,
  codeSize: 31_877,
  dataSegments: 2,
  elementSegments: 1,
  customSections: [{ name: 'producers', offset: 47_900, size: 80 }],
  producers: [{ field: 'processed-by', values: [{ name: 'AssemblyScript', version: '0.28.20' }] }],
  features: ['bulk-memory'],
  moduleName: 'spectral_entropy',
  dynamicLinking: false,
};
const componentFacts = {
  kind: 'component',
  size: 51_200,
  imports: [{ name: 'wasi:cli/stdout@0.2.0', kind: 'instance', lowered: ['get-stdout'] }],
  exports: [{ name: 'analyze-graph', kind: 'function' }],
  modules: [{ ...coreFacts, offset: 96 }],
  components: 0,
  customSections: [],
  producers: [],
  wit: 'world plugin {}\n',
};
const processFacts = {
  kind: 'process',
  size: 9_120,
  entryPoint: 'main.py',
  files: [{ path: 'main.py', size: 4_100, sha256: madeUp('main.py') }],
};

const analyser = { name: 'plugmark', version: '0.1.0' };
const reportSubject = { plugin, version, artifact, manifest: { sha256: manifestSha256 } };
const finding = {
  ruleId: 'wasm.import-unknown',
  severity: 'error',
  effect: 'review',
  facts: { module: 'env', count: 1, listed: false, names: ['mystery'] },
  location: { offset: 214, length: 9, file: 'plugin.wasm', function: 12, section: 'code', module: 0 },
  exception: { reason: 'The host adds it in 1.1.', expires: end },
};
const vectorResult = {
  name: vector.name,
  sha256: digestOf(vector),
  ending: 'ok',
  trap: 'unreachable',
  outputSha256: madeUp('output'),
  fuel: 118_402,
  budgetShare: 2_368,
  peakMemoryBytes: 131_072,
  hostCalls: 4,
  matchesExpected: true,
};
const policy = {
  schemaVersion,
  revision: 4,
  waits: {
    newPublisherMinutes: 4320,
    newPluginMinutes: 4320,
    updateMinutes: 10,
    noIndexDays: 3,
    stalePullRequestDays: 14,
    closePullRequestDays: 30,
  },
  limits: {
    artifactBytes: 33_554_432,
    readmeBytes: 262_144,
    vectorBytes: 1_048_576,
    vectors: 100,
    changedFiles: 120,
    openPullRequests: 5,
    analysisSeconds: 300,
  },
  thresholds: { nameDistance: 2, auditShare: 0.05, survivingShare: 0.95, quarantineDays: 7, determinismRuns: 3 },
  required: ['readable', 'imports', 'limits'],
  rules: { 'wasm.import-unknown': 'review' },
  sandbox: { requiredLayers: ['page-cap', 'wall-clock'] },
  client: { minimumReleaseAgeMinutes: 1440, maxRevocationAgeHours: 72 },
  merge: {
    branch: 'main',
    maintainers: [{ github: 'plugmark', githubId: 7712345 }],
    automatic: ['release', 'presentation', 'status'],
    watcher: { github: 'plugmark-watcher', githubId: 220_011_223 },
    auditSeed: 'plugmark 2026-11',
    fileBytes: 200_000,
    intervalMinutes: 10,
  },
  reasons: { 'waits.newPluginMinutes': 'Most malicious packages are found within three days.' },
};
const analysis = {
  schemaVersion,
  analyser,
  subject: reportSubject,
  host: { id: 'ddalab', profileSha256: madeUp('profile') },
  policySha256: digestOf(policy),
  verdict: 'review',
  outcomes: [
    { check: 'imports', outcome: 'fail', required: true, reason: 'One import is unknown.', findings: [finding] },
  ],
  facts: coreFacts,
  capabilities,
  determinism,
  vectors: [vectorResult],
};
const run = {
  schemaVersion,
  analyser,
  subject: reportSubject,
  host: { id: 'ddalab', profileSha256: madeUp('profile') },
  observedAt: at,
  machine: { os: 'Linux 6.8', arch: 'x64' },
  ...RUN_OBSERVATION,
};

const file = (value: unknown) => ({ sha256: digestOf(value), size: canonicalBytes(value).length });
const levels = ['PLUGMARK_PUBLISHER_VERIFIED', 'PLUGMARK_WITHIN_BOUNDS'];
const summaryStatement = {
  _type: STATEMENT_TYPE,
  subject,
  predicateType: VSA_PREDICATE,
  predicate: {
    verifier: { id: `plugmark:${registryId}`, version: { plugmark: '0.1.0' } },
    timeVerified: later,
    resourceUri: `plugmark:${registryId}/${plugin}@${version}`,
    policy: { uri: 'v1/policy.json', digest: { sha256: digestOf(policy) } },
    inputAttestations: [bundle, analysis, run].map((input) => ({
      uri: `attestations/${digestOf(input)}.json`,
      digest: { sha256: digestOf(input) },
    })),
    verificationResult: 'PASSED',
    verifiedLevels: levels,
    slsaVersion: '1.2',
  },
};
const cosignature = bundleOf(summaryStatement, registryKey);
const packed = { ...file(analysis), pack: { sha256: madeUp('pack'), offset: 4_096 } };

const listing = {
  schemaVersion,
  plugin,
  title: 'Spectral entropy',
  summary: 'How evenly a channel’s power is spread over frequencies.',
  description: 'Computes the normalised spectral entropy of each selected channel.\nInput: EEG, at least two seconds.',
  categories: ['eeg'],
  keywords: ['entropy', 'spectrum'],
  links: {
    homepage: 'https://acme.example/',
    documentation: 'https://acme.example/docs',
    source: repository,
    issues: `${repository}/issues`,
  },
  upstream: {
    title: 'entropy-kernels',
    authors: 'The entropy-kernels authors',
    url: 'https://kernels.example/',
    license: 'BSD-3-Clause',
    notice: 'Redistributed unchanged.',
  },
};
const reason = 'Wrong result for windows of odd length.';
const withdrawn = { state: 'withdrawn', since: later, reason: 'The laboratory has closed.', replacement };
const sources = [
  'npm:@acme/spectral-entropy@1.2.0#dist/plugin.wasm',
  'github:acme/spectral-entropy@v1.2.0#plugin.wasm',
  'https://acme.example/plugin.wasm',
  `oci://ghcr.io/acme/spectral-entropy@sha256:${madeUp('oci')}`,
  'workspace:plugins/spectral-entropy',
];
const analysisSummary = {
  host: 'ddalab',
  verdict: 'review',
  capabilities,
  determinism,
  findings: { error: 1, warning: 0, info: 0 },
  memory: { minBytes: 131_072, maxBytes: 33_554_432 },
  budgetShare: 2_368,
  toolchain: ['AssemblyScript 0.28.20'],
};
const packageDocument = {
  schemaVersion,
  registry: registryId,
  origin: { registryId: 'upstream.example', rootSha256: madeUp('upstream root') },
  plugin,
  listing,
  whole: withdrawn,
  publisher: { title: 'Acme', identities },
  advisories: [
    {
      id: 'x_PLUGMARK-2026-0001',
      summary: 'Reads one sample past the end of a channel.',
      modified: later,
      url: 'https://plugmark.example/advisories/1',
      versions: ['1.1.0'],
    },
  ],
  releases: [
    {
      release,
      manifestSha256,
      publishedAt: at,
      status: { state: 'active' },
      sources,
      attestations: {
        publisher: file(bundle),
        registry: file(cosignature),
        upstream: packed,
        analyses: [packed],
        runs: [file(run)],
        readme: { sha256: release.readme.sha256, size: 2_112 },
      },
      levels,
      analysis: [analysisSummary],
    },
  ],
};

const upstream = {
  id: 'upstream.example',
  url: 'https://upstream.example/',
  root: { version: 3, sha256: madeUp('upstream root') },
  namespaces: ['initech'],
};
const mirrorRecord = {
  schemaVersion,
  upstream: upstream.id,
  rootSha256: upstream.root.sha256,
  plugin,
  version,
  publishedAt: later,
  firstSeen: later,
  levels: ['PLUGMARK_PUBLISHER_VERIFIED'],
};
const mirrorReport = {
  schemaVersion,
  at: later,
  upstream: upstream.id,
  rootVersion: 3,
  problem: { code: 'METADATA_ROLLBACK', message: 'The registry is older than what was seen before.' },
  taken: [{ plugin, version, sha256: artifact.sha256, change: 'new', verdict: 'pass', state: 'active' }],
  refused: [{ plugin, version: '2.0.0', code: 'widened', reason: 'capability.widened' }],
};
const head = { schemaVersion, registry: registryId, generatedAt: later, verification: NOT_VERIFIED };
const revoked = {
  sha256: madeUp('1.0.0'),
  plugin,
  version: '1.0.0',
  since: later,
  severity: 'high',
  reason: 'Sends samples to an undeclared server.',
  evidence: 'https://plugmark.example/advisories/1',
  advisory: 'x_PLUGMARK-2026-0001',
  lifted: { at: end, reason: 'The report was about another file.' },
};

const tufKey = registryKey.tuf;
const tufSigned = (of: Record<string, unknown>) => {
  const signed = { spec_version: '1.0.31', version: 3, expires: end, ...of };
  return {
    signatures: [
      { keyid: registryKey.keyId, sig: Buffer.from(registryKey.sign(canonicalBytes(signed))).toString('hex') },
    ],
    signed,
  };
};
const role = { keyids: [registryKey.keyId], threshold: 1 };
const delegated = { name: 'documents-0', ...role, terminating: true };
const tuf = {
  targets: tufSigned({
    _type: 'targets',
    targets: { 'policy.json': { length: canonicalBytes(policy).length, hashes: { sha256: digestOf(policy) } } },
    delegations: {
      keys: { [registryKey.keyId]: tufKey },
      roles: [
        { ...delegated, paths: ['revocations.json'] },
        { ...delegated, path_hash_prefixes: ['0'] },
      ],
    },
  }),
  root: tufSigned({
    _type: 'root',
    consistent_snapshot: true,
    keys: { [registryKey.keyId]: tufKey },
    roles: { root: role, timestamp: role, snapshot: role, targets: role },
  }),
  timestamp: tufSigned({
    _type: 'timestamp',
    meta: { 'snapshot.json': { version: 3, length: 400, hashes: { sha256: madeUp('snapshot') } } },
  }),
  snapshot: tufSigned({
    _type: 'snapshot',
    meta: { 'targets.json': { version: 3, length: 400, hashes: { sha256: madeUp('targets') } } },
  }),
};

const marks = { publisher: { state: 'verified', signer: publisherKey.keyId }, registry: { state: 'verified', levels } };
const verified = {
  plugin,
  version,
  verified: true,
  sha256: artifact.sha256,
  size: artifact.size,
  kind: 'core',
  tier: 'verified',
  ...marks,
  standing: { state: 'yanked', reason: 'yanked since 2026-03-02T09:00:00Z: It gives wrong results.' },
  advisories: [
    {
      id: 'x_PLUGMARK-2026-0001',
      summary: 'Reads one sample past the end of a channel.',
      url: 'https://plugmark.example/advisories/1',
    },
  ],
};
const refusedRelease = {
  plugin,
  version: '1.3.0',
  verified: false,
  code: 'ARTIFACT_DIGEST',
  problem: 'The bytes differ from the digest in the release.',
};
const trust = { registry: registryId, rootVersion: 3, expires: end };
const written = { written: 12, unchanged: 140, removed: 0, bytes: 1_204_113 };

const profile = JSON.parse(
  readFileSync(new URL('../../registry/hosts/ddalab.json', import.meta.url), 'utf8'),
) as Record<string, unknown>;

const indexRow = {
  plugin,
  title: listing.title,
  summary: listing.summary,
  hosts: ['ddalab'],
  host: 'ddalab',
  latest: version,
  sha256: artifact.sha256,
  size: artifact.size,
  kind: 'core',
  tier: 'verified',
  risk: 'high',
  capabilities: ['network', 'read:channel_data'],
  classes: ['data', 'network'],
  determinism: determinism.word,
  license: 'MIT',
  categories: listing.categories,
  keywords: listing.keywords,
  toolchain: ['AssemblyScript 0.28.20'],
  publishedAt: at,
  state: 'active',
};

/** By file name under schemas/examples. */
export const EXAMPLES: Readonly<Record<FormatName, unknown>> = {
  ...CLI_OUTPUT_EXAMPLES,
  manifest: {
    schemaVersion,
    plugin,
    version,
    license: 'MIT',
    title: listing.title,
    summary: listing.summary,
    description: listing.description,
    categories: listing.categories,
    keywords: listing.keywords,
    links: listing.links,
    artifact: 'build/plugin.wasm',
    host: 'ddalab',
    api: '^1',
    targets: release.targets,
    capabilities: [reads, network, 'write:results'],
    dependencies: release.dependencies,
    limits: release.limits,
    readme: 'README.md',
    vectors: ['vectors/sine-10hz.json'],
    source: release.source,
    citation,
    notes: release.notes,
  },
  'process-manifest': {
    name: 'Corpus reader',
    version: '0.3.0',
    id: 'acme/corpus-reader',
    capabilities: ['filesystem'],
    entry_point: 'main.py',
  },
  release,
  sources: { schemaVersion, sources },
  vector,
  listing,
  status: {
    schemaVersion,
    plugin,
    whole: withdrawn,
    versions: {
      '1.2.0': { state: 'active' },
      '1.1.1': { state: 'deprecated', since: later, reason, replacement },
      '1.1.0': { state: 'yanked', since: later, reasonCode: 'broken', reason, replacement },
      '1.0.1': {
        state: 'quarantined',
        since: later,
        until: '2026-04-08T08:00:00Z',
        by: 'Registry maintainers',
        reason,
        evidence: 'https://plugmark.example/reports/7',
      },
      '1.0.0': {
        state: 'revoked',
        since: later,
        severity: 'high',
        reason: revoked.reason,
        evidence: revoked.evidence,
        advisory: revoked.advisory,
      },
    },
  },
  exceptions: {
    schemaVersion,
    plugin,
    exceptions: [
      {
        ruleId: 'wasm.import-unknown',
        version,
        reason: 'The host adds it in 1.1.',
        approvedBy: approver,
        since: at,
        expires: end,
      },
    ],
  },
  publisher: {
    schemaVersion,
    publisher: 'acme',
    title: 'Acme',
    summary: 'Signal processing for recordings.',
    url: 'https://acme.example/',
    contact: 'plugins@acme.example',
    owners: [account],
    identities,
    verified: { since: at, by: 'Registry maintainers' },
    watched: [
      {
        plugin: 'acme/spectral-entropy',
        repository: 'https://github.com/acme/spectral-entropy',
        repositoryId: '812345678',
        ownerId: '4242',
      },
    ],
  },
  'host-profile': profile,
  registry: {
    schemaVersion,
    id: registryId,
    title: 'Plugmark',
    summary: 'WebAssembly plugins, assayed and marked.',
    url: 'https://plugmark.example/',
    contact: 'security@plugmark.example',
    repository: 'https://github.com/plugmark/registry',
    upstreams: [upstream],
    mirrors: [{ url: 'https://mirror.example/plugmark/', serves: 'blobs' }],
    expiries: {
      rootDays: 730,
      targetsDays: 365,
      revocationsDays: 90,
      documentsDays: 30,
      snapshotDays: 7,
      timestampHours: 72,
      timestampRefreshHours: 6,
      lookAheadDays: 90,
    },
    blobBudgetBytes: 500_000_000,
    cosign: {
      mode: 'keyless',
      issuer,
      subject: 'https://github.com/plugmark/registry/.github/workflows/publish.yml@refs/heads/main',
      repositoryId: '771234568',
    },
  },
  policy,
  'reserved-names': {
    schemaVersion,
    publishers: { plugmark: 'the registry itself' },
    plugins: { test: 'says nothing about what it computes' },
  },
  approval: {
    schemaVersion,
    upstream: upstream.id,
    plugin,
    approvals: [
      {
        kind: 'exact',
        version,
        sha256: artifact.sha256,
        approvedAt: later,
        approvedBy: approver,
        reason: 'Reviewed for the sleep study.',
        expires: end,
      },
      {
        kind: 'range',
        range: '^1.2.0',
        minimumAgeMinutes: 20_160,
        approvedAt: later,
        approvedBy: approver,
        reason: 'Updates after two weeks.',
        expires: end,
      },
    ],
  },
  'mirror-record': mirrorRecord,
  'mirror-report': mirrorReport,
  'mirror-result': { upstreams: [mirrorReport] },
  'approve-result': {
    upstream: upstream.id,
    plugin,
    version,
    sha256: artifact.sha256,
    range: '^1.2.0',
    approvedBy: approver,
    reason: 'Reviewed for the sleep study.',
    expires: end,
    reviews: [
      {
        host: 'ddalab',
        verdict: 'review',
        capabilities: [{ id: 'read:channel_data', risk: 'low' }],
        findings: ['capability.widened'],
      },
    ],
    file: 'approvals/upstream.example/acme/spectral-entropy.json',
  },
  'export-state': {
    schemaVersion,
    registry: registryId,
    timestampVersion: 41,
    files: { 'metadata/1.root.json': madeUp('root') },
  },
  'export-result': {
    registry: registryId,
    out: 'plugmark.tar',
    state: 'plugmark.tar.json',
    sha256: madeUp('tar'),
    bytes: 1_204_113,
    files: 212,
    left: 31,
    releases: 15,
  },
  'oci-result': {
    reference: `oci://ghcr.io/acme/spectral-entropy@sha256:${madeUp('manifest')}`,
    sha256: artifact.sha256,
    size: artifact.size,
    bundles: [file(bundle).sha256],
    out: 'plugin.wasm',
  },
  'import-result': {
    registry: registryId,
    to: 'imported',
    rootVersion: 3,
    timestampVersion: 41,
    added: 181,
    files: 212,
    releases: [{ plugin, version, sha256: artifact.sha256 }],
  },
  advisory: {
    schema_version: '1.7.0',
    id: 'x_PLUGMARK-2026-0001',
    modified: end,
    published: later,
    withdrawn: end,
    aliases: ['CVE-2026-12345'],
    summary: 'Samples are sent to an undeclared server',
    details: 'Version 1.0.0 only.\nUpdate to 1.0.1.',
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N' }],
    affected: [
      {
        ranges: [
          { type: 'SEMVER', events: [{ introduced: '1.0.0' }, { fixed: '1.0.1' }] },
          { type: 'SEMVER', events: [{ introduced: '0' }, { last_affected: '1.0.0' }] },
        ],
        versions: ['1.0.0'],
        database_specific: { plugin, sha256: [revoked.sha256] },
      },
    ],
    references: [{ type: 'REPORT', url: revoked.evidence }],
  },
  bundle,
  'publish-statement': publishStatement,
  'verification-summary': summaryStatement,
  'tuf-metadata': tuf.targets,
  'verified-publishers': {
    schemaVersion,
    registry: registryId,
    publishers: { acme: { title: 'Acme', since: at, builtIn: true, identities } },
  },
  'cosign-keys': {
    schemaVersion,
    registry: registryId,
    verifier: `plugmark:${registryId}`,
    identities: [
      { kind: 'key', ...spkiOf(registryKey), from: at, to: end },
      {
        kind: 'keyless',
        issuer,
        subject: 'https://github.com/plugmark/registry/.github/workflows/publish.yml@refs/heads/main',
        repositoryId: '612345679',
        from: at,
        to: end,
      },
    ],
  },
  mirrors: {
    schemaVersion,
    registry: registryId,
    mirrors: [
      { url: 'https://mirror.example/plugmark/', serves: 'blobs' },
      { url: 'https://plugins.lab.example/', serves: 'all' },
    ],
  },
  upstreams: { schemaVersion, registry: registryId, upstreams: [upstream] },
  revocations: { schemaVersion, registry: registryId, revocations: [revoked] },
  'package-document': packageDocument,
  index: {
    ...head,
    plugins: [indexRow],
  },
  'artifact-lookup': [{ plugin, version }],
  changes: { ...head, changes: [{ at: later, kind: 'widened', plugin, version, detail: 'now asks for network' }] },
  'publisher-list': {
    ...head,
    publishers: [{ publisher: 'acme', title: 'Acme', tier: 'verified', plugins: [plugin] }],
  },
  search: {
    schemaVersion,
    plugins: [
      {
        i: plugin,
        t: listing.title,
        s: listing.summary,
        k: listing.keywords,
        h: ['ddalab'],
        c: ['data', 'network'],
        r: 'high',
        m: ['ddalab.channel_read'],
        v: version,
        tier: 'verified',
        d: determinism.word,
        l: 'MIT',
        z: artifact.size,
        p: '2026-11-20',
        g: ['clang'],
        a: 'component',
        o: 'yanked',
      },
    ],
  },
  analysis,
  'report-diff': REPORT_DIFF_EXAMPLE,
  run,
  inspection: { ...coreFacts, sha256: artifact.sha256 },
  'ledger-entry': {
    schemaVersion,
    sequence: 12,
    plugin,
    version,
    publishedAt: at,
    artifactSha256: artifact.sha256,
    manifestSha256,
    inputsSha256: madeUp('inputs'),
    verdict: 'review',
    levels,
    publisher: file(bundle),
    analyses: [packed],
    runs: [file(run)],
    registry: file(cosignature),
    upstream: file(cosignature),
  },
  'ledger-head': {
    schemaVersion,
    registry: registryId,
    sequence: 12,
    previous: madeUp('head 11'),
    generatedAt: later,
    contentSha256: madeUp('ledger'),
    listsSha256: madeUp('lists'),
    entries: 1,
    refusals: [{ plugin, version: '1.3.0', at: later, reasons: ['one import is unknown'] }],
  },
  'ledger-inputs': {
    schemaVersion,
    shared: madeUp('shared'),
    plugins: madeUp('plugins').slice(0, 40),
    publishers: madeUp('publishers').slice(0, 40),
    timed: [plugin],
    roles: { keyId: madeUp('online key'), delegations: madeUp('delegations'), ends: { documents: later } },
  },
  'ledger-list': {
    schemaVersion,
    plugins: {
      [plugin]: {
        key: madeUp('key'),
        document: { sha256: madeUp('document'), size: 9_204 },
        timed: true,
        entries: [{ version, sha256: madeUp('entry') }],
        listed: {
          index: indexRow,
          imports: ['env.read_channel_data'],
          releases: [
            {
              version,
              sha256: artifact.sha256,
              size: artifact.size,
              kind: 'core',
              publishedAt: at,
              status: { state: 'deprecated', since: later },
            },
          ],
        },
      },
    },
  },
  proof: {
    schemaVersion,
    registry: registryId,
    plugin,
    version,
    capabilityHashes: { ddalab: capabilities.hash },
    files: {
      'metadata/timestamp.json': madeUp('timestamp'),
      'metadata/roles/documents.json': madeUp('documents'),
      [`targets/${madeUp('publishers')}`]: madeUp('publishers'),
    },
    attestations: [madeUp('publisher bundle')],
  },
  'source-record': {
    schemaVersion,
    host: 'ddalab',
    plugin: 'octo/lamp',
    version: '1.0.0',
    title: 'Lamp',
    summary: 'It shines',
    source: { kind: 'github', repository: 'octo/lamp', repositoryId: '4711', tag: 'v1.0.0' },
    kind: 'core',
    sha256: madeUp('lamp'),
    size: 1200,
    manifestSha256: madeUp('lamp manifest'),
    declared: [{ id: 'network', params: { hosts: ['api.example.org'] }, reason: 'It asks for the time.' }],
    dependencies: { 'acme/fft': '^1' },
    analysis: analysisSummary,
    capabilityHash: capabilities.hash,
  },
  lockfile: {
    schemaVersion,
    host: 'ddalab',
    registries: [{ id: registryId, rootVersion: 3, rootSha256: madeUp('root') }],
    plugins: [
      {
        plugin,
        version,
        requested: '^1',
        source: { kind: 'registry', registry: registryId },
        kind: 'core',
        sha256: artifact.sha256,
        size: artifact.size,
        manifestSha256,
        tier: 'verified',
        capabilityHash: capabilities.hash,
        signer: { kind: 'key', keyId: publisherKey.keyId },
        levels,
        dependencies: { 'acme/fft': '1.0.3' },
      },
    ],
  },
  consent: {
    schemaVersion,
    registry: registryId,
    plugin,
    host: 'ddalab',
    capabilityHash: capabilities.hash,
    grants: [{ id: 'network', params: network.params }],
    denied: ['write:results'],
    by: 'user',
    grantedAt: at,
    atVersion: version,
    expires: end,
    revokedAt: later,
    note: 'Only while the study runs.',
  },
  log: {
    schemaVersion,
    sequence: 41,
    previous: madeUp('line 40'),
    at: later,
    event: 'ran',
    correlationId: 'study-7.run-3',
    host: 'ddalab',
    plugin,
    version,
    sha256: artifact.sha256,
    inputSha256: madeUp('recording'),
    outputSha256: madeUp('output'),
    grants: ['read:channel_data'],
    fuel: 118_402,
    code: 'OK',
    detail: 'channel C3',
  },
  'key-identity': keyIdentity,
  'sign-result': {
    plugin,
    version,
    sha256: artifact.sha256,
    manifestSha256,
    keyId: publisherKey.keyId,
    out: 'build/publisher.sigstore.json',
  },
  'install-result': {
    plugin,
    version,
    sha256: artifact.sha256,
    size: artifact.size,
    kind: 'core',
    tier: 'verified',
    ...marks,
    capabilityHashes: { ddalab: capabilities.hash },
    store: 'plugins',
    grants: ['read:channel_data'],
    dependencies: [{ plugin: 'acme/fft', version: '1.0.3', sha256: madeUp('fft') }],
  },
  'verify-result': { ...verified, trust },
  'verify-all-result': { verified: false, trust, releases: [verified, refusedRelease] },
  'build-result': {
    out: 'dist',
    plugins: [{ plugin, version, sha256: artifact.sha256, tier: 'verified', levels }],
    refused: [{ plugin, version: '1.3.0', reasons: ['wasm.import-unknown'] }],
    ...written,
  },
  'serve-result': { url: 'http://localhost:8080/' },
  'error-output': {
    error: { code: 'NO_RELEASE', message: 'No release of acme/spectral-entropy fits.', hint: 'Ask for another range.' },
  },
};

const asynchronousWorld = {
  name: 'acme:bus/queue',
  imports: {
    interfaces: [
      {
        name: 'events',
        implements: 'acme:bus/messages@1.0.0',
        types: [{ name: 'digest', type: { list: 'u8', length: 32 } }],
        functions: [
          {
            name: 'all',
            async: true,
            params: [{ name: 'since', type: { future: {} } }],
            result: { stream: { of: 'digest' } },
          },
          {
            name: 'end',
            params: [
              { name: 'at', type: { future: { of: 'u64' } } },
              { name: 'ticks', type: { stream: {} } },
            ],
          },
        ],
      },
    ],
    functions: [],
    types: [{ name: 'labels', type: { map: { key: 'string', value: 'string' } } }],
  },
  exports: { interfaces: [], functions: [] },
};

/** Second forms of a format whose example can show only one. */
export const VARIANTS: readonly (readonly [FormatName, string, unknown])[] = [
  ['tuf-metadata', 'root', tuf.root],
  ['tuf-metadata', 'timestamp', tuf.timestamp],
  ['tuf-metadata', 'snapshot', tuf.snapshot],
  ['bundle', 'keyless', keylessBundle],
  ['run', 'second engine', { ...run, engines: [...run.engines, SECOND_ENGINE] }],
  ['run', 'second engine left out', { ...run, notRun: [SECOND_ENGINE_NOT_RUN] }],
  [
    'sign-result',
    'keyless',
    {
      plugin,
      version,
      sha256: artifact.sha256,
      manifestSha256,
      identity: 'https://github.com/acme/spectral-entropy/.github/workflows/release.yml@refs/tags/v1.2.0',
      detached: false,
      out: 'build',
    },
  ],
  [
    'consent',
    'from a repository',
    {
      schemaVersion,
      source: { kind: 'github', repositoryId: '4711' },
      plugin: 'octo/lamp',
      host: 'ddalab',
      capabilityHash: capabilities.hash,
      grants: [],
      denied: [],
      by: 'user',
      grantedAt: at,
      atVersion: version,
    },
  ],
  [
    'install-result',
    'from a repository',
    {
      plugin: 'octo/lamp',
      version,
      sha256: artifact.sha256,
      size: artifact.size,
      kind: 'core',
      tier: 'community',
      publisher: { state: 'notSigned' },
      registry: { state: 'notSigned', levels: [] },
      source: { kind: 'github', repository: 'octo/lamp', repositoryId: '4711', tag: 'v1.0.0' },
      analysed: true,
      capabilityHashes: { ddalab: capabilities.hash },
      store: 'plugins',
    },
  ],
  [
    'consent',
    'from an OCI registry',
    {
      schemaVersion,
      source: { kind: 'oci', repository: 'ghcr.io/octo/lamp' },
      plugin: 'octo/lamp',
      host: 'parseltongue',
      capabilityHash: capabilities.hash,
      grants: [],
      denied: [],
      by: 'user',
      grantedAt: at,
      atVersion: version,
    },
  ],
  [
    'lockfile',
    'from an OCI registry',
    {
      schemaVersion,
      host: 'parseltongue',
      registries: [],
      plugins: [
        {
          plugin: 'octo/lamp',
          version: '0.0.0',
          requested: '0.0.0',
          source: { kind: 'oci', repository: 'ghcr.io/octo/lamp', digest: `sha256:${madeUp('lamp OCI manifest')}` },
          kind: 'component',
          sha256: madeUp('lamp'),
          size: 1200,
          tier: 'community',
          capabilityHash: capabilities.hash,
          signer: { kind: 'none' },
          levels: [],
          dependencies: {},
        },
      ],
    },
  ],
  [
    'install-result',
    'from an OCI registry',
    {
      plugin: 'octo/lamp',
      version: '0.0.0',
      sha256: artifact.sha256,
      size: artifact.size,
      kind: 'component',
      tier: 'community',
      publisher: { state: 'notChecked' },
      registry: { state: 'notSigned', levels: [] },
      source: { kind: 'oci', repository: 'ghcr.io/octo/lamp', digest: `sha256:${madeUp('lamp OCI manifest')}` },
      analysed: true,
      capabilityHashes: { parseltongue: capabilities.hash },
      store: 'plugins',
    },
  ],
  [
    'install-result',
    'keyless',
    {
      plugin,
      version,
      sha256: artifact.sha256,
      size: artifact.size,
      kind: 'core',
      tier: 'verified',
      ...marks,
      publisher: {
        state: 'verified',
        signer: 'https://github.com/acme/spectral-entropy/.github/workflows/release.yml@refs/tags/v1.2.0',
        workflow: {
          issuer: 'https://token.actions.githubusercontent.com',
          repository: 'https://github.com/acme/spectral-entropy',
          ref: 'refs/tags/v1.2.0',
          trigger: 'push',
          run: 'https://github.com/acme/spectral-entropy/actions/runs/4711/attempts/1',
        },
        signedAt: at,
        log: [{ name: 'log2025-1.rekor.sigstore.dev', index: 4711 }],
      },
      capabilityHashes: { ddalab: capabilities.hash },
      store: 'plugins',
    },
  ],
  ['inspection', 'component', { ...componentFacts, sha256: madeUp('component') }],
  ['inspection', 'process', { ...processFacts, sha256: madeUp('zip') }],
  ['analysis', 'component', { ...analysis, facts: componentFacts }],
  ['analysis', 'process', { ...analysis, facts: processFacts }],
  [
    'host-profile',
    'dispatching',
    {
      ...profile,
      componentImports: [
        {
          interface: 'acme:bus/messages',
          versions: '^1',
          functions: ['[method]queue.send'],
          meaning: { as: 'capability', capability: 'network' },
          dispatches: true,
        },
      ],
      world: { wit: 'package acme:bus;\n', decoded: asynchronousWorld },
    },
  ],
  ['vector', 'ending', { ...vector, expect: [{ ending: 'trap', trap: 'unreachable' }] }],
  [
    'status',
    'transferred',
    {
      schemaVersion,
      plugin,
      whole: {
        state: 'transferred',
        since: later,
        reason: 'Maintained elsewhere now.',
        to: 'initech/spectral-entropy',
      },
      versions: {},
    },
  ],
];
