// Releases of the vectors' plugins with everything that stands beside them: bytes, the publisher's bundle, the registry's. Each part can
// be replaced by a wrong one; what depends on it is signed again, so that a case has one defect.
import { preAuthEncoding } from '@plugmark/client/trust';
import type { TestKey } from '../testkit/test-keys.ts';
import { type Json, jsonFile, sha256, type VectorRegistry } from './vector-registry.ts';

export const REGISTRY_ID = 'vectors.example';
const PUBLISHED = '2026-05-01T00:00:00Z';
const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
const HOST = 'bench';

export interface ReleaseSpec {
  readonly plugin: string;
  readonly version: string;
  readonly key: TestKey;
  readonly cosign?: TestKey;
  readonly bytes?: Uint8Array;
  readonly kind?: 'core' | 'process';
  readonly targets?: readonly { host: string; api: string }[];
  readonly publishedAt?: string;
  readonly status?: Json;
  /** The registry the publisher names. */
  readonly registry?: string;
}

/** How a bundle differs from a right one. */
export interface BundleChange {
  readonly statement?: (statement: Json) => Json;
  readonly bundle?: (bundle: Json) => unknown;
  readonly key?: TestKey;
  readonly hint?: string;
  readonly payloadType?: string;
  /** Instead of the statement's canonical form. */
  readonly payload?: Uint8Array;
}

/** An empty module with a number in a custom section: valid WebAssembly, and other bytes for each number. */
export function moduleBytes(number: number): Uint8Array {
  return Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0, 3, 1, 0x6e, number);
}

export const basicIdentity = ({ keyId, spki, tuf }: TestKey): Json => ({
  kind: 'key',
  algorithm: tuf.keytype === 'ed25519' ? 'ed25519' : 'ecdsa-p256',
  keyId,
  publicKey: Buffer.from(spki).toString('base64'),
  from: '2026-01-01T00:00:00Z',
});

export function packageDocument(plugin: string, identities: readonly Json[]): Json {
  const listing = {
    schemaVersion: 1,
    plugin,
    title: 'A plugin',
    summary: 'Made for vectors.',
    categories: [],
    keywords: [],
    links: {},
  };
  const publisher = { title: plugin.split('/')[0], identities };
  return { schemaVersion: 1, registry: REGISTRY_ID, plugin, listing, publisher, releases: [] };
}

function analysisOf(host: string): Json {
  const lists = { derived: [], runtime: [], undeclared: [], unused: [], unknown: [], unbounded: [] };
  return {
    host,
    verdict: 'pass',
    capabilities: { declared: [], ...lists, hash: 'ca'.repeat(32), risk: 'none' },
    determinism: { word: 'untested', inputs: 0, runs: 0, causes: [] },
    findings: { error: 0, warning: 0, info: 0 },
    memory: { minBytes: 0 },
    toolchain: [],
  };
}

/** Adds a release to the plugin's document and serves its bytes and bundles. */
export function addRelease(registry: VectorRegistry, spec: ReleaseSpec): void {
  const { plugin, version, bytes = moduleBytes(1), kind = 'core', targets = [{ host: HOST, api: '^1.0.0' }] } = spec;
  const artifact = { kind, sha256: sha256(bytes), size: bytes.length };
  const release = {
    schemaVersion: 1,
    plugin,
    version,
    license: 'MIT',
    artifact,
    targets,
    capabilities: [],
    dependencies: {},
    vectors: [],
  };
  registry.files.set(`blobs/sha256/${artifact.sha256}.${kind === 'process' ? 'zip' : 'wasm'}`, bytes);
  registry.plugin(plugin).releases.unshift({
    release,
    manifestSha256: sha256(jsonFile(release)),
    publishedAt: spec.publishedAt ?? PUBLISHED,
    status: spec.status ?? { state: 'active' },
    sources: [],
    attestations: {
      publisher: {},
      ...(spec.cosign === undefined ? {} : { registry: {} }),
      analyses: [attest(registry, jsonFile({ report: `${plugin}@${version}` }))],
      runs: [],
    },
    levels: [],
    analysis: targets.map(({ host }) => analysisOf(host)),
  });
  const named = spec.registry;
  const statement = named === undefined ? {} : { statement: ofRegistry(named) };
  signPublisher(registry, plugin, version, { key: spec.key, ...statement }, spec.cosign);
}

const ofRegistry =
  (registry: string) =>
  (statement: Json): Json => ({ ...statement, predicate: { ...statement.predicate, registry } });

export function releaseOf(registry: VectorRegistry, plugin: string, version: string): Json {
  return registry.plugin(plugin).releases.find(({ release }: Json) => release.version === version);
}

/** Serves bytes as an attestation. */
export function attest(registry: VectorRegistry, bytes: Uint8Array): Json {
  const digest = sha256(bytes);
  registry.files.set(`attestations/${digest}.json`, bytes);
  return { sha256: digest, size: bytes.length };
}

export function publishStatement({ release, manifestSha256 }: Json): Json {
  const { plugin, version, artifact } = release;
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: `${plugin}@${version}`, digest: { sha256: artifact.sha256 } }],
    predicateType: 'https://plugmark.github.io/attestation/publish/v1',
    predicate: { plugin, version, registry: REGISTRY_ID, manifest: { digest: { sha256: manifestSha256 } } },
  };
}

export function verificationSummary({ release, attestations }: Json): Json {
  const name = `${release.plugin}@${release.version}`;
  const inputs = [attestations.publisher, ...attestations.analyses, ...attestations.runs];
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name, digest: { sha256: release.artifact.sha256 } }],
    predicateType: 'https://slsa.dev/verification_summary/v1',
    predicate: {
      verifier: { id: `plugmark:${REGISTRY_ID}`, version: { analyser: '1.0.0' } },
      timeVerified: PUBLISHED,
      resourceUri: `plugmark:${REGISTRY_ID}/${name}`,
      policy: { uri: 'policy.json', digest: { sha256: '90'.repeat(32) } },
      inputAttestations: inputs.map((input: Json) => ({ uri: 'attestation', digest: { sha256: input.sha256 } })),
      verificationResult: 'PASSED',
      verifiedLevels: ['PLUGMARK_PUBLISHER_VERIFIED', 'PLUGMARK_IMPORTS_DECLARED'],
      slsaVersion: '1.2',
    },
  };
}

/** A Sigstore bundle v0.3 signed by a key. */
function keyBundle(
  statement: Json,
  { key, hint, payloadType = PAYLOAD_TYPE, payload, bundle }: BundleChange & { key: TestKey },
): Uint8Array {
  const data = payload ?? jsonFile(statement);
  const sig = key.sign(preAuthEncoding(payloadType, data));
  const json = {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { publicKey: { hint: hint ?? key.keyId }, tlogEntries: [] },
    dsseEnvelope: {
      payload: Buffer.from(data).toString('base64'),
      payloadType,
      signatures: [{ keyid: '', sig: Buffer.from(sig).toString('base64') }],
    },
  };
  bundle?.(json);
  return jsonFile(json);
}

/** The publisher's mark anew, and with it the registry's, which names it. */
export function signPublisher(
  registry: VectorRegistry,
  plugin: string,
  version: string,
  { statement = (same) => same, ...change }: BundleChange & { key: TestKey },
  cosign: TestKey | undefined,
): void {
  const entry = releaseOf(registry, plugin, version);
  entry.attestations.publisher = attest(registry, keyBundle(statement(publishStatement(entry)), change));
  if (cosign !== undefined) signRegistry(registry, plugin, version, { key: cosign });
}

/** The registry's mark anew. */
export function signRegistry(
  registry: VectorRegistry,
  plugin: string,
  version: string,
  { statement = (same) => same, ...change }: BundleChange & { key: TestKey },
): void {
  const entry = releaseOf(registry, plugin, version);
  entry.attestations.registry = attest(registry, keyBundle(statement(verificationSummary(entry)), change));
}
