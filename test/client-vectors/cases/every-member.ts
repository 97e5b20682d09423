// A package document with every optional member that the format has.
import type { Json } from '../vector-registry.ts';

const since = '2026-05-20T00:00:00Z';

export const WORKFLOW_IDENTITY = {
  kind: 'keyless',
  issuer: 'https://oidc.example',
  repository: 'https://github.com/acme/thing',
  repositoryId: '1',
  ownerId: '2',
  buildConfig: 'https://github.com/acme/thing/.github/workflows/release.yml',
  ref: 'tag',
  triggers: ['push'],
  runner: 'github-hosted',
  from: '2026-01-01T00:00:00Z',
};
export function everyMember(it: Json): void {
  const httpsUrl = 'https://indie.example/';
  const [entry] = it.releases;
  Object.assign(it.listing, {
    description: 'Two\nlines.',
    categories: ['audio'],
    keywords: ['a b'],
    links: { homepage: httpsUrl, documentation: httpsUrl, source: httpsUrl, issues: httpsUrl },
    upstream: { title: 'x', authors: 'y', url: httpsUrl, license: 'MIT', notice: 'z' },
  });
  it.whole = { state: 'withdrawn', since, reason: 'x', replacement: { plugin: 'acme/thing' } };
  it.origin = { registryId: 'upstream.example', rootSha256: 'ab'.repeat(32) };
  it.advisories = [{ id: 'x-1', summary: 'x', modified: since, url: httpsUrl, versions: ['0.1.0'] }];
  it.publisher.identities[0].to = '2027-01-01T00:00:00Z';
  it.publisher.identities[0].proof = { version: '0.1.0', plugin: 'indie/tool' };
  it.publisher.identities.push({
    ...WORKFLOW_IDENTITY,
    buildSigner: httpsUrl,
    subject: 'x',
    to: '2027-01-01T00:00:00Z',
  });
  Object.assign(entry.release, {
    capabilities: [{ id: 'network:http', params: { hosts: ['api.example.org'] }, reason: 'x' }],
    dependencies: { 'acme/thing': '^1.2 || 2.x' },
    limits: { fuel: 1, memoryBytes: 65_536 },
    readme: { sha256: 'ab'.repeat(32) },
    vectors: [{ name: 'sine-10hz', sha256: 'ab'.repeat(32) }],
    source: { repository: httpsUrl, commit: 'ab'.repeat(20) },
    citation: {
      title: 'x',
      authors: [{ name: 'y', orcid: '0000-0002-1825-0097', affiliation: 'z' }],
      doi: '10.5281/zenodo.1',
      year: 2026,
      url: httpsUrl,
    },
    notes: 'Two\nlines.',
  });
  entry.status = { state: 'deprecated', since, reason: 'x', replacement: { plugin: 'acme/thing', version: '1.2.0' } };
  entry.sources = [
    'npm:@a/b@1.0.0#x/y.wasm',
    'github:a/b@v1#x.wasm',
    httpsUrl,
    `oci://ghcr.io/a/b@sha256:${'ab'.repeat(32)}`,
    'workspace:a/b',
  ];
  const pack = { sha256: 'ab'.repeat(32), offset: 0 };
  Object.assign(entry.attestations, {
    registry: { sha256: 'ab'.repeat(32), size: 1 },
    upstream: { sha256: 'ab'.repeat(32), size: 1, pack },
    readme: { sha256: 'ab'.repeat(32), size: 1 },
  });
  entry.attestations.runs = [{ sha256: 'ab'.repeat(32), size: 1 }];
  entry.levels = ['PLUGMARK_WITHIN_BOUNDS'];
  const [summary] = entry.analysis;
  Object.assign(summary, { budgetShare: 1, toolchain: ['Rust 1.90'] });
  Object.assign(summary.memory, { maxBytes: 1 });
  Object.assign(summary.determinism, { causes: ['determinism.clock'], firstDifference: 'x' });
  Object.assign(summary.capabilities, {
    declared: [{ id: 'network:http', params: { hosts: ['api.example.org'] }, reason: 'x' }],
    derived: [{ id: 'a', class: 'network', risk: 'high', imports: [{ module: 'm', name: 'n' }] }],
    runtime: [{ module: 'm', name: 'n', purpose: 'p' }],
    undeclared: ['a'],
    unused: ['b'],
    unknown: [{ module: 'm', name: 'n', kind: 'function', reason: 'r' }],
    unbounded: [{ cause: 'dispatcher', detail: 'd' }],
  });
}
