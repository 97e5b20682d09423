// One example of what each command prints with --json, for schemas/examples.

import type { FormatName } from '@plugmark/schemas';
import { RECORD_RESULT, RUN_RESULT } from './run-examples.ts';

const HEAD = '1f0c7a5e2b9d4836a7c1e0f5b2d9468371a5c0e2';
const BASE = '8d3b6f2a9c5e1d7048b2f6a3c9e5d1b7f4082a6c';
const DECISION = {
  pull: 42,
  head: HEAD,
  base: BASE,
  subject: {
    kind: 'release',
    publisher: 'acme',
    plugin: 'acme/spectral-entropy',
    version: '1.2.0',
  },
  outcome: 'inconclusive',
  answer: 'wait',
  until: '2026-03-02T09:10:00Z',
  findings: [
    { ruleId: 'wait.update', effect: 'wait', facts: { minutes: 10 }, until: '2026-03-02T09:10:00Z' },
    {
      ruleId: 'publisher.first-release',
      effect: 'human',
      facts: { publisher: 'acme' },
      settledBy: { github: 'plugmark', githubId: 7712345 },
    },
  ],
};

export const CLI_OUTPUT_EXAMPLES = {
  'review-result': {
    repository: 'plugmark/registry',
    dryRun: false,
    reviewed: [
      {
        pull: 42,
        title: 'Release acme/spectral-entropy 1.2.0',
        decision: DECISION,
        actions: ['commented', 'labelled'],
        comment: '## Release: `acme/spectral-entropy` `1.2.0`',
      },
      {
        pull: 43,
        title: 'Yank acme/fft 1.0.0',
        decision: {
          ...DECISION,
          pull: 43,
          subject: { kind: 'status', publisher: 'acme', plugin: 'acme/fft' },
          outcome: 'pass',
          answer: 'merge',
          findings: [],
        },
        actions: ['merged'],
        merged: BASE,
      },
      {
        pull: 44,
        title: 'Release acme/fft 1.1.0',
        actions: ['failed'],
        problem: 'GitHub answers 502 [UNREACHABLE]',
      },
    ],
    left: [45],
  },
  'queue-result': {
    repository: 'plugmark/registry',
    at: '2026-03-02T09:04:00Z',
    waiting: [
      {
        pull: 42,
        title: 'Release acme/spectral-entropy 1.2.0',
        author: 'acme-labs',
        openedAt: '2026-03-02T09:00:00Z',
        ageMinutes: 4,
        subject: DECISION.subject,
        answer: 'wait',
        rules: ['wait.update'],
        until: '2026-03-02T09:10:00Z',
      },
    ],
  },
  'submit-result': {
    plugin: 'acme/spectral-entropy',
    version: '1.2.0',
    repository: 'plugmark/registry',
    dryRun: false,
    base: BASE,
    branch: 'plugmark/acme.spectral-entropy-1.2.0',
    title: 'Release acme/spectral-entropy 1.2.0',
    message: 'Release acme/spectral-entropy 1.2.0',
    folder: { path: 'registry/plugins/acme/spectral-entropy/1.2.0', sha: BASE },
    tree: [
      {
        path: 'registry/plugins/acme/spectral-entropy/1.2.0/release.json',
        mode: '100644',
        sha: HEAD,
        size: 812,
      },
    ],
    pull: { number: 42, url: 'https://github.com/plugmark/registry/pull/42', updated: false },
    steps: ['git clone https://github.com/plugmark/registry.git registry'],
  },
  'sign-result': {
    plugin: 'acme/spectral-entropy',
    version: '1.2.0',
    sha256: 'c7c5c1d70c5dec4416ab6158afd0b223ef40c29b1dc1f97ed9428b94d4cadb1c',
    manifestSha256: '6c91722059fbe0e0f3a6bf69f7c1566b975d7de426eb72c8b8f575adc2d125e3',
    keyId: 'c92f7a07e527a2dc6e0ba7200c586270a3c11922789ac7095218f02f713b009f',
    out: 'build/publisher.sigstore.json',
  },
  'init-result': {
    out: 'band-power',
    plugin: 'acme/band-power',
    host: 'ddalab',
    template: 'rust',
    manifest: 'ddalab-plugin.yaml',
    build: './build.sh',
    files: ['README.md', 'build.sh', 'ddalab-plugin.yaml', 'lib.rs'],
    kept: [],
  },
  'doctor-result': {
    registry: 'plugmark',
    roles: [{ role: 'timestamp', version: 12, expires: '2026-11-28T12:00:00Z', lasts: true }],
    checks: [
      { id: 'settings.pages', outcome: 'pass', found: 'deployed by the workflow, over https' },
      { id: 'settings.secrets', outcome: 'inconclusive', found: 'the token may not see it' },
      { id: 'settings.actions-token', outcome: 'fail', found: 'write by default', fix: 'Settings, Actions.' },
    ],
  },
  'ledger-result': {
    ledger: 'ledger',
    branch: 'ledger',
    commit: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
    moved: true,
  },
  'policy-result': {
    revision: 3,
    changed: true,
    values: [
      {
        path: 'client.minimumReleaseAgeMinutes',
        value: 0,
        reason: 'Every release here was approved by its digest.',
      },
    ],
  },
  'stats-result': {
    registry: 'plugmark',
    generatedAt: '2026-06-01T12:00:00Z',
    publishers: 1,
    plugins: 1,
    releases: 2,
    of: {
      tier: { verified: 1 },
      host: { ddalab: 1 },
      risk: { low: 1 },
      class: { data: 1, ui: 1 },
      determinism: { observed: 1 },
      kind: { core: 1 },
      state: { active: 1 },
    },
    months: [{ month: '2026-05', releases: 2 }],
    files: [{ area: 'artifacts', files: 2, bytes: 38_280 }],
    budget: {
      blobBytes: 38_280,
      budgetBytes: 300_000_000,
      within: { files: 2, bytes: 38_280 },
      beyond: { files: 0, bytes: 0 },
      onMirrors: { files: 0, bytes: 0 },
      mirrors: 1,
    },
  },
  'recover-result': { registry: 'plugmark', ledger: 'ledger', entries: 2, expired: false },
  'fetch-result': {
    schemaVersion: 1,
    outcome: 'inconclusive',
    releases: [
      {
        plugin: 'acme/spectral-entropy',
        version: '1.1.0',
        sha256: 'c92f7a07e527a2dc6e0ba7200c586270a3c11922789ac7095218f02f713b009f',
        state: 'fetched',
        source: 'npm:@acme/spectral-entropy@1.1.0#plugin.wasm',
        failures: [],
      },
      {
        plugin: 'acme/spectral-entropy',
        version: '1.2.0',
        sha256: '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b',
        state: 'failed',
        failures: [{ source: 'https://acme.example/plugin.wasm', state: 'unreachable', reason: 'answers 503' }],
      },
    ],
  },
  'heartbeat-result': { repository: 'acme/registry', enabled: ['publish.yml', 'review.yml'] },
  'registry-watch-result': {
    repository: 'plugmark/registry',
    dryRun: false,
    watched: [
      {
        plugin: 'acme/spectral-entropy',
        repository: 'acme/spectral-entropy',
        releases: [
          {
            tag: 'v1.3.0',
            version: '1.3.0',
            state: 'submitted',
            pull: { number: 43, url: 'https://github.com/plugmark/registry/pull/43' },
          },
          {
            tag: 'v1.2.1',
            version: '1.2.1',
            state: 'refused',
            problem: { code: 'statement-invalid', message: 'it is a statement about another version' },
          },
        ],
      },
      {
        plugin: 'acme/fft',
        repository: 'acme/fft',
        problem: { code: 'repository-transferred', message: 'it belongs to another account now' },
        releases: [],
      },
    ],
  },
  'registry-init-result': {
    registry: 'lab.example',
    folder: '.',
    from: 'plugmark',
    root: {
      path: 'registry/trust/metadata/1.root.json',
      version: 1,
      sha256: 'bab1c0ffee5eed00bab1c0ffee5eed00bab1c0ffee5eed00bab1c0ffee5eed00',
    },
    keys: {
      folder: '../lab-keys',
      files: ['root.key.json', 'targets.key.json', 'revocations.key.json', 'online.pem', 'cosign.pem'],
      passphraseFile: 'passphrase.txt',
    },
    kept: false,
    removed: { publishers: 2, plugins: 9, releases: 12 },
    upstream: 'plugmark',
    open: ['contact'],
    settings: [{ id: 'settings.pages', title: 'Pages are deployed by the workflow', fix: 'Settings, Pages.' }],
    secrets: [{ name: 'PLUGMARK_ONLINE_KEY', environment: 'signing', file: 'online.pem' }],
  },
  'run-list': {
    schemaVersion: 1,
    runs: [
      {
        plugin: 'acme/spectral-entropy',
        version: '1.2.0',
        host: 'ddalab',
        path: 'acme/spectral-entropy/1.2.0/ddalab.json',
        sha256: 'c92f7a07e527a2dc6e0ba7200c586270a3c11922789ac7095218f02f713b009f',
      },
    ],
  },
  'install-result': {
    plugin: 'acme/spectral-entropy',
    version: '1.2.0',
    sha256: 'c7c5c1d70c5dec4416ab6158afd0b223ef40c29b1dc1f97ed9428b94d4cadb1c',
    size: 48213,
    kind: 'core',
    tier: 'verified',
    publisher: {
      state: 'verified',
      signer: 'c92f7a07e527a2dc6e0ba7200c586270a3c11922789ac7095218f02f713b009f',
    },
    registry: {
      state: 'verified',
      levels: ['PLUGMARK_PUBLISHER_VERIFIED', 'PLUGMARK_WITHIN_BOUNDS'],
    },
    capabilityHashes: {
      ddalab: '4fb47a59061a0d3b3e94cdd17fcd221b4d16db80ff73de4f985b5865038065e0',
    },
    store: 'plugins',
  },
  'search-result': {
    verification: 'notChecked',
    plugins: [
      {
        plugin: 'acme/spectral-entropy',
        title: 'Spectral entropy',
        summary: 'Entropy of each channel’s spectrum.',
        latest: '1.2.0',
        tier: 'verified',
        risk: 'low',
        hosts: ['ddalab'],
      },
    ],
  },
  'info-result': {
    plugin: 'acme/spectral-entropy',
    title: 'Spectral entropy',
    summary: 'Entropy of each channel’s spectrum.',
    version: '1.2.0',
    tier: 'verified',
    source: { kind: 'github', repository: 'acme/spectral-entropy', repositoryId: '4711', tag: 'v1.2.0' },
    analysed: true,
    lastActivity: '2026-04-01T08:00:00Z',
    risk: 'high',
    headline: 'High risk: can use the network',
    permissions: [
      {
        id: 'network',
        risk: 'high',
        title: 'Use the network',
        sentence: 'This plugin can send what it reads to other computers and receive data from them.',
        reason: 'Fetches reference spectra.',
        params: { hosts: ['api.example.org'] },
        seenInCode: ['ddalab.http_request'],
      },
    ],
    cannot: ['It cannot run other programs.'],
    excluded: [{ version: '1.3.0', reason: 'needs ddalab api ^2, this is 1.0.0' }],
  },
  'plugin-list': {
    host: 'ddalab',
    plugins: [
      {
        plugin: 'acme/spectral-entropy',
        version: '1.2.0',
        sha256: 'c7c5c1d70c5dec4416ab6158afd0b223ef40c29b1dc1f97ed9428b94d4cadb1c',
        size: 48213,
        source: { kind: 'registry', registry: 'plugmark.example' },
        tier: 'verified',
        requested: '^1',
        consent: 'active',
        grants: ['read:channel_data'],
        lastActivity: '2026-04-01T08:00:00Z',
      },
    ],
  },
  'restore-result': {
    plugins: [
      {
        plugin: 'acme/spectral-entropy',
        version: '1.2.0',
        sha256: 'c7c5c1d70c5dec4416ab6158afd0b223ef40c29b1dc1f97ed9428b94d4cadb1c',
        state: 'proved',
      },
    ],
  },
  'outdated-result': {
    fixed: ['octo/lamp'],
    plugins: [
      {
        plugin: 'acme/spectral-entropy',
        installed: '1.2.0',
        requested: '^1',
        wanted: '1.3.0',
        latest: '2.0.0',
        widened: ['network: new'],
        code: 'DEPENDENCY_CONFLICT',
      },
    ],
  },
  'update-result': {
    plugins: [
      {
        plugin: 'acme/spectral-entropy',
        from: '1.2.0',
        to: '1.3.0',
        state: 'held',
        widened: ['network: new'],
        code: 'CONSENT_REQUIRED',
      },
      { plugin: 'octo/lamp', from: '1.0.0', to: '1.0.0', state: 'current', fixed: true, widened: [] },
    ],
  },
  'rollback-result': {
    plugin: 'acme/spectral-entropy',
    version: '1.2.0',
    sha256: 'c7c5c1d70c5dec4416ab6158afd0b223ef40c29b1dc1f97ed9428b94d4cadb1c',
  },
  'uninstall-result': { removed: ['acme/fft', 'acme/spectral-entropy'] },
  'why-result': {
    plugin: 'acme/fft',
    source: { kind: 'registry', registry: 'plugmark.example' },
    reasons: [
      {
        requested: { plugin: 'acme/spectral-entropy', range: '^1' },
        path: [
          { plugin: 'acme/spectral-entropy', version: '1.2.0' },
          { plugin: 'acme/fft', version: '1.0.3' },
        ],
      },
    ],
  },
  'permissions-result': {
    plugin: 'acme/spectral-entropy',
    version: '1.2.0',
    source: { kind: 'file' },
    tier: 'local',
    consent: 'active',
    by: 'user',
    grantedAt: '2026-03-01T08:00:00Z',
    revokedAt: '2026-05-01T08:00:00Z',
    expires: '2027-01-01T00:00:00Z',
    lastActivity: '2026-04-01T08:00:00Z',
    capabilities: [
      {
        id: 'read:channel_data',
        granted: true,
        lastActivity: '2026-04-01T08:00:00Z',
        title: 'Read the selected channels',
        risk: 'low',
      },
    ],
  },
  'load-result': {
    plugin: 'acme/spectral-entropy',
    version: '1.2.0',
    sha256: 'c7c5c1d70c5dec4416ab6158afd0b223ef40c29b1dc1f97ed9428b94d4cadb1c',
    kind: 'core',
    size: 48213,
    grants: ['read:channel_data'],
    out: 'entropy.wasm',
  },
  'audit-result': {
    plugins: 1,
    against: 'registry',
    news: '2026-04-01T08:00:00.000Z',
    findings: [
      {
        plugin: 'acme/spectral-entropy',
        version: '1.2.0',
        sha256: 'c7c5c1d70c5dec4416ab6158afd0b223ef40c29b1dc1f97ed9428b94d4cadb1c',
        kind: 'advisory',
        severity: 'error',
        reason: 'Writes outside its result.',
        id: 'x_PLUGMARK-2026-0001',
        url: 'https://example.org/advisory',
        code: 'REVOKED',
      },
    ],
  },
  'reproduce-result': {
    plugin: 'acme/spectral-entropy',
    version: '1.2.0',
    sha256: 'c7c5c1d70c5dec4416ab6158afd0b223ef40c29b1dc1f97ed9428b94d4cadb1c',
    size: 48213,
    kind: 'core',
    tier: 'verified',
    host: 'ddalab',
    status: 'yanked',
    statusReason: 'yanked since 2026-03-02T09:00:00Z: It gives wrong results.',
    granted: true,
    outcome: 'inconclusive',
    vectors: [
      {
        name: 'sine-10hz',
        sha256: 'eadd74ff7d3122b609d9b5b4359a909a243f804b880d840ea077872fef0a1bef',
        outcome: 'inconclusive',
        ending: 'ok',
        outputSha256: 'eadd74ff7d3122b609d9b5b4359a909a243f804b880d840ea077872fef0a1bef',
        fuel: 12,
        recordedFuel: 12,
        reportedFuel: 12,
        reason: 'nothing says what it should give',
      },
    ],
    reasons: ['the registry’s report is not served on its own; compared with the vectors alone'],
    engines: [{ name: 'v8', version: '14.1', configuration: 'liftoff' }],
    layers: ['permission'],
  },
  'log-result': {
    records: 42,
    sha256: 'eadd74ff7d3122b609d9b5b4359a909a243f804b880d840ea077872fef0a1bef',
    out: 'runs.jsonl',
  },
  'log-records': {
    records: [
      {
        schemaVersion: 1,
        sequence: 0,
        at: '2026-04-01T08:00:00Z',
        event: 'installed',
        host: 'ddalab',
        plugin: 'acme/spectral-entropy',
        version: '1.2.0',
        sha256: 'c7c5c1d70c5dec4416ab6158afd0b223ef40c29b1dc1f97ed9428b94d4cadb1c',
        grants: ['read:channel_data'],
      },
    ],
  },
  'verify-result': {
    plugin: 'acme/spectral-entropy',
    version: '1.2.0',
    verified: true,
    sha256: 'c7c5c1d70c5dec4416ab6158afd0b223ef40c29b1dc1f97ed9428b94d4cadb1c',
    size: 48213,
    kind: 'core',
    tier: 'verified',
    publisher: {
      state: 'verified',
      signer: 'c92f7a07e527a2dc6e0ba7200c586270a3c11922789ac7095218f02f713b009f',
    },
    registry: {
      state: 'verified',
      levels: ['PLUGMARK_PUBLISHER_VERIFIED', 'PLUGMARK_WITHIN_BOUNDS'],
    },
    trust: {
      registry: 'plugmark',
      rootVersion: 3,
      expires: '2027-03-02T09:00:00Z',
    },
  },
  'verify-all-result': {
    verified: false,
    trust: {
      registry: 'plugmark',
      rootVersion: 3,
      expires: '2027-03-02T09:00:00Z',
    },
    releases: [
      {
        plugin: 'acme/spectral-entropy',
        version: '1.2.0',
        verified: true,
        sha256: 'c7c5c1d70c5dec4416ab6158afd0b223ef40c29b1dc1f97ed9428b94d4cadb1c',
        size: 48213,
        kind: 'core',
        tier: 'verified',
        publisher: {
          state: 'verified',
          signer: 'c92f7a07e527a2dc6e0ba7200c586270a3c11922789ac7095218f02f713b009f',
        },
        registry: {
          state: 'verified',
          levels: ['PLUGMARK_PUBLISHER_VERIFIED', 'PLUGMARK_WITHIN_BOUNDS'],
        },
      },
      {
        plugin: 'acme/spectral-entropy',
        version: '1.3.0',
        verified: false,
        code: 'ARTIFACT_DIGEST',
        problem: 'The bytes differ from the digest in the release.',
      },
    ],
  },
  'build-result': {
    out: 'dist',
    plugins: [
      {
        plugin: 'acme/spectral-entropy',
        version: '1.2.0',
        sha256: 'c7c5c1d70c5dec4416ab6158afd0b223ef40c29b1dc1f97ed9428b94d4cadb1c',
        kind: 'core',
        tier: 'verified',
        levels: ['PLUGMARK_PUBLISHER_VERIFIED', 'PLUGMARK_WITHIN_BOUNDS'],
      },
    ],
    refused: [
      {
        plugin: 'acme/spectral-entropy',
        version: '1.3.0',
        reasons: ['wasm.import-unknown'],
      },
    ],
    written: 12,
    unchanged: 140,
    removed: 0,
    bytes: 1204113,
  },
  'deploy-result': {
    to: 'https://plugmark.example/',
    written: 12,
    unchanged: 140,
    removed: 0,
    bytes: 1204113,
    leftOut: {
      files: 3,
      bytes: 91_204_113,
      asked: 4,
      kept: { files: 1, bytes: 48_213 },
      mirrors: ['https://mirror.example/plugmark/'],
    },
  },
  'host-draft': {
    host: 'acme',
    out: 'registry/hosts/acme.json',
    artifact: 'core',
    abi: 'raw',
    exports: { required: 4, optional: 1 },
    imports: { runtime: 5, capability: 2, forbidden: 1 },
    capabilities: ['clock', 'filesystem'],
    open: [
      { what: 'import-undecided', name: 'acme send', in: ['plugins/one.wasm'] },
      { what: 'limits', name: 'limits', in: [] },
    ],
  },
  'host-world': {
    wit: 'package acme:plugin;\n\nworld plugin {\n  export check: func(text: string) -> list<string>;\n}\n',
    decoded: {
      name: 'acme:plugin/plugin',
      imports: { interfaces: [], functions: [] },
      exports: {
        interfaces: [],
        functions: [{ name: 'check', params: [{ name: 'text', type: 'string' }], result: { list: 'string' } }],
      },
    },
  },
  'import-list': [
    { module: 'acme', name: 'send', kind: 'function', type: '(i32, i32) -> (i32)' },
    { module: 'acme', name: 'log' },
  ],
  'serve-result': {
    url: 'http://localhost:8080/',
  },
  'key-identity': {
    kind: 'key',
    algorithm: 'ed25519',
    keyId: 'c92f7a07e527a2dc6e0ba7200c586270a3c11922789ac7095218f02f713b009f',
    publicKey: 'MCowBQYDK2VwAyEAgKCXQqbaPANXdrr020KApaNUlhyr9sYS0kURLwXWI7U=',
    from: '2026-03-02T09:00:00Z',
    to: '2027-03-02T09:00:00Z',
    proof: {
      version: '1.1.0',
      plugin: 'acme/spectral-entropy',
    },
  },
  'ceremony-result': {
    changes: [
      { what: 'file', role: 'root', version: 2, expires: '2028-03-02T09:00:00Z' },
      {
        what: 'keys',
        role: 'root',
        added: ['c92f7a07e527a2dc6e0ba7200c586270a3c11922789ac7095218f02f713b009f'],
        removed: ['168421c1691b8eae92a335d567d45f753bd28240a275dc861271305b3510c8dd'],
        threshold: { from: 1, to: 2, of: 3 },
      },
      { what: 'division', from: 1, to: 16 },
      { what: 'publisher', publisher: 'acme', change: 'verified' },
      {
        what: 'revocation',
        change: 'revoked',
        plugin: 'acme/spectral-entropy',
        version: '1.0.0',
        sha256: '168421c1691b8eae92a335d567d45f753bd28240a275dc861271305b3510c8dd',
        reason: 'Sends samples to an undeclared server.',
      },
      { what: 'document', path: 'hosts/ddalab.json', change: 'added' },
      { what: 'member', path: 'policy.json', member: 'client.minimumReleaseAgeMinutes', from: '4320', to: '0' },
    ],
    signatures: [
      {
        role: 'root',
        under: 'old',
        threshold: 1,
        keys: ['168421c1691b8eae92a335d567d45f753bd28240a275dc861271305b3510c8dd'],
        signed: ['168421c1691b8eae92a335d567d45f753bd28240a275dc861271305b3510c8dd'],
      },
    ],
    state: 'pending',
  },
  'root-state': {
    root: {
      version: 2,
      sha256: 'c92f7a07e527a2dc6e0ba7200c586270a3c11922789ac7095218f02f713b009f',
      firstSha256: '168421c1691b8eae92a335d567d45f753bd28240a275dc861271305b3510c8dd',
    },
    roles: [
      {
        role: 'root',
        threshold: 1,
        keys: ['c92f7a07e527a2dc6e0ba7200c586270a3c11922789ac7095218f02f713b009f'],
        version: 2,
        expires: '2028-03-02T09:00:00Z',
      },
      { role: 'online', threshold: 1, keys: ['168421c1691b8eae92a335d567d45f753bd28240a275dc861271305b3510c8dd'] },
    ],
    endingSoon: ['root'],
    pending: { changes: [], signatures: [], state: 'nothing' },
  },
  'revoke-result': {
    plugin: 'acme/spectral-entropy',
    version: '1.0.0',
    sha256: '168421c1691b8eae92a335d567d45f753bd28240a275dc861271305b3510c8dd',
    status: 'plugins/acme/spectral-entropy/status.json',
  },
  'trust-roles': trustRoles(),
  'key-file': {
    schemaVersion: 1,
    kind: 'plugmark-private-key',
    algorithm: 'ed25519',
    keyId: 'c92f7a07e527a2dc6e0ba7200c586270a3c11922789ac7095218f02f713b009f',
    publicKey: 'MCowBQYDK2VwAyEAgKCXQqbaPANXdrr020KApaNUlhyr9sYS0kURLwXWI7U=',
    kdf: { name: 'scrypt', logN: 17, r: 8, p: 1, salt: 'AAAAAAAAAAAAAAAAAAAAAA==' },
    cipher: { name: 'aes-256-gcm', nonce: 'AAAAAAAAAAAAAAAA' },
    sealed: 'AAAA',
  },
  'meter-result': {
    out: 'plugin.metered.wasm',
    schedule: 'wasmtime/classic',
    sha256: 'c92f7a07e527a2dc6e0ba7200c586270a3c11922789ac7095218f02f713b009f',
    size: 20_441,
    original: { sha256: '168421c1691b8eae92a335d567d45f753bd28240a275dc861271305b3510c8dd', size: 16_584 },
    exports: { fuel: 'plugmark_fuel', exhausted: 'plugmark_fuel_exhausted' },
    comparable: { exact: true, reasons: [] },
    canonicalizedNaNs: false,
  },
  'watch-result': {
    publisher: 'acme',
    own: true,
    alarmed: true,
    releases: [
      {
        plugin: 'acme/spectral-entropy',
        version: '1.2.0',
        state: 'verified',
        signer: 'c92f7a07e527a2dc6e0ba7200c586270a3c11922789ac7095218f02f713b009f',
      },
      { plugin: 'acme/spectral-entropy', version: '1.3.0', state: 'verificationFailed', code: 'KEY_UNKNOWN' },
    ],
  },
  'trusted-keys': {
    schemaVersion: 1,
    keys: [
      {
        keyId: 'c92f7a07e527a2dc6e0ba7200c586270a3c11922789ac7095218f02f713b009f',
        algorithm: 'ed25519',
        publicKey: 'MCowBQYDK2VwAyEAgKCXQqbaPANXdrr020KApaNUlhyr9sYS0kURLwXWI7U=',
        name: 'Acme, from their web site',
        added: '2026-03-02T09:00:00Z',
      },
    ],
  },
  'detached-result': {
    sha256: 'c7c5c1d70c5dec4416ab6158afd0b223ef40c29b1dc1f97ed9428b94d4cadb1c',
    size: 48213,
    state: 'verified',
    signer: {
      keyId: 'c92f7a07e527a2dc6e0ba7200c586270a3c11922789ac7095218f02f713b009f',
      name: 'Acme, from their web site',
    },
  },
  'run-result': RUN_RESULT,
  'record-result': RECORD_RESULT,
  'error-output': {
    error: {
      code: 'NO_RELEASE',
      message: 'No release of acme/spectral-entropy fits.',
      hint: 'Ask for another range.',
    },
  },
} as const satisfies { readonly [F in FormatName]?: unknown };

function trustRoles() {
  const held = {
    keys: [
      {
        algorithm: 'ed25519',
        keyId: 'c92f7a07e527a2dc6e0ba7200c586270a3c11922789ac7095218f02f713b009f',
        publicKey: 'MCowBQYDK2VwAyEAgKCXQqbaPANXdrr020KApaNUlhyr9sYS0kURLwXWI7U=',
        holder: 'a stick in the safe',
        from: '2026-03-02T09:00:00Z',
      },
    ],
    threshold: 1,
  };
  return { schemaVersion: 1, root: held, targets: held, revocations: held, online: held, cosign: held } as const;
}
