// One release under a real host profile of the repository, to change one thing about.

import { readFileSync } from 'node:fs';
import {
  type AnalysisSummary,
  type CapabilityFacts,
  type DocumentRelease,
  HostProfile,
  PackageDocument,
  parse,
  parseJson,
} from '@plugmark/schemas';

const DIGEST = 'a'.repeat(64);

export function hostProfile(id: string): HostProfile {
  const path = new URL(`../../registry/hosts/${id}.json`, import.meta.url);
  return parseJson(HostProfile, new Uint8Array(readFileSync(path)), `hosts/${id}.json`);
}

export interface SampleOptions {
  readonly host?: string;
  readonly version?: string;
  readonly kind?: 'core' | 'component' | 'process';
  readonly facts?: Partial<CapabilityFacts>;
  readonly status?: DocumentRelease['status'];
}

export function sampleSummary({ host = 'ddalab', facts = {} }: SampleOptions = {}): AnalysisSummary {
  return {
    host,
    verdict: 'pass',
    capabilities: {
      declared: [],
      derived: [],
      runtime: [],
      undeclared: [],
      unused: [],
      unknown: [],
      unbounded: [],
      hash: DIGEST,
      risk: 'none',
      ...facts,
    },
    determinism: { word: 'untested', inputs: 0, runs: 0, causes: [] },
    findings: { error: 0, warning: 0, info: 0 },
    memory: { minBytes: 65_536 },
    toolchain: [],
  };
}

export function sampleRelease(options: SampleOptions = {}): DocumentRelease {
  const { host = 'ddalab', version = '1.0.0', kind = 'core', status = { state: 'active' } } = options;
  const reference = { sha256: DIGEST, size: 1 };
  return {
    release: {
      schemaVersion: 1,
      plugin: 'acme/probe',
      version,
      license: 'MIT',
      artifact: { kind, sha256: DIGEST, size: 2048 },
      targets: [{ host, api: '^1' }],
      capabilities: options.facts?.declared ?? [],
      dependencies: {},
      vectors: [],
    },
    manifestSha256: DIGEST,
    publishedAt: '2026-01-31T12:00:00Z',
    status,
    sources: [],
    attestations: { publisher: reference, analyses: [reference], runs: [] },
    levels: [],
    analysis: [sampleSummary(options)],
  };
}

/** A document the schema accepts; releases highest first. */
export function sampleDocument(
  releases: readonly DocumentRelease[],
  changes: Partial<PackageDocument> = {},
): PackageDocument {
  const identity = {
    kind: 'key',
    algorithm: 'ed25519',
    keyId: DIGEST,
    publicKey: 'AAAA',
    from: '2026-01-01T00:00:00Z',
  } as const;
  const document = {
    schemaVersion: 1,
    registry: 'test',
    plugin: 'acme/probe',
    listing: {
      schemaVersion: 1,
      plugin: 'acme/probe',
      title: 'Probe',
      summary: 'Probes',
      categories: [],
      keywords: [],
      links: {},
    },
    publisher: { title: 'Acme', identities: [identity] },
    releases,
    ...changes,
  };
  return parse(PackageDocument, document, 'sample');
}
