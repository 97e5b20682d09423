// The honest registry every case starts from: four kinds of publisher, a plugin for each question, and a history, so that something older
// exists. Its clock is the vectors' clock.
import { readFileSync } from 'node:fs';
import { deterministicP256 } from '../testkit/deterministic-p256.ts';
import { ed25519Key } from '../testkit/test-keys.ts';
import { addRelease, attest, basicIdentity, moduleBytes, packageDocument, REGISTRY_ID, releaseOf } from './releases.ts';
import { type Json, VectorRegistry, withTufKeyId } from './vector-registry.ts';

export const NOW = '2026-06-02T12:00:00Z';
/** 72 hours on. */
const TIMESTAMP_END = '2026-06-05T12:00:00Z';
const OFFLINE_END = '2027-06-01T00:00:00Z';
const SINCE = '2026-05-20T00:00:00Z';

const tuf = (label: string) => withTufKeyId(ed25519Key(`vectors ${label}`));
export const KEYS = {
  root: [tuf('root 1'), withTufKeyId(deterministicP256('vectors root 2')), tuf('root 3')],
  targets: withTufKeyId(deterministicP256('vectors targets')),
  revocations: tuf('revocations'),
  online: tuf('online'),
  stranger: tuf('stranger'),
  acme: ed25519Key('vectors acme'),
  acmeNext: deterministicP256('vectors acme next'),
  indie: deterministicP256('vectors indie'),
  house: ed25519Key('vectors house'),
  cosign: ed25519Key('vectors cosign'),
  evil: ed25519Key('vectors evil'),
} as const;

const KEYLESS = new URL('../vectors/client/keyless/', import.meta.url);
/** Bundles made by make-keyless.ts; certificates and ECDSA signatures of the services differ in each run, so they are kept. */
export const keylessFile = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, KEYLESS)));

export const WORKFLOW: Json = {
  kind: 'keyless',
  issuer: 'https://oidc.plugmark.invalid',
  repository: 'https://github.com/cloud/signer',
  repositoryId: '771234567',
  ownerId: '8812345',
  buildConfig: 'https://github.com/cloud/signer/.github/workflows/release.yml',
  ref: 'tag',
  triggers: ['push', 'release'],
  runner: 'github-hosted',
  from: '2026-01-01T00:00:00Z',
};

const ANY_TARGET = [{ host: 'bench', api: '^1.0.0' }];

/** Versions of acme/ranges, lowest first. */
export const RANGE_VERSIONS = [
  '0.0.3',
  '0.2.9',
  '0.3.0',
  '1.2.3',
  '1.9.0',
  '1.10.0',
  '2.0.0',
  '2.1.0-9',
  '2.1.0-beta',
  '2.1.0-beta.2',
  '2.1.0-beta.10',
];

/** acme/states: one release for every state, lowest first. */
const STATES: readonly { version: string; status?: Json; publishedAt?: string; targets?: typeof ANY_TARGET }[] = [
  { version: '1.0.0' },
  { version: '1.1.0', status: { state: 'deprecated', since: SINCE, reason: 'Use 2.' } },
  { version: '1.2.0', status: { state: 'yanked', since: SINCE, reasonCode: 'broken', reason: 'Traps.' } },
  {
    version: '1.3.0',
    status: {
      state: 'quarantined',
      since: '2026-06-01T00:00:00Z',
      until: '2026-06-04T00:00:00Z',
      by: 'reviewer',
      reason: 'Odd.',
    },
  },
  { version: '1.4.0', publishedAt: '2026-06-02T00:00:00Z' },
  { version: '1.5.0', targets: [{ host: 'desk', api: '*' }] },
  { version: '1.6.0', targets: [{ host: 'bench', api: '^2.0.0' }] },
];

/** Bytes of one release of a plugin that is only resolved, never fetched: other ones for each. */
export const resolvedBytes = (plugin: string, version: string): Uint8Array =>
  new TextEncoder().encode(`${plugin}@${version}`);

function addPublishers(registry: VectorRegistry): void {
  const identities = [basicIdentity(KEYS.acme)];
  const publishers = {
    acme: { title: 'Acme', since: '2026-01-01T00:00:00Z', identities },
    cloud: { title: 'Cloud', since: '2026-01-01T00:00:00Z', identities: [WORKFLOW] },
    house: { title: 'House', since: '2026-01-01T00:00:00Z', builtIn: true, identities: [basicIdentity(KEYS.house)] },
  };
  const document = { schemaVersion: 1, registry: REGISTRY_ID };
  registry.setDocument('publishers.json', { ...document, publishers });
  registry.setDocument('cosign-keys.json', {
    ...document,
    verifier: `plugmark:${REGISTRY_ID}`,
    identities: [basicIdentity(KEYS.cosign)],
  });
  registry.setDocument('upstreams.json', { ...document, upstreams: [] });
  registry.setDocument('policy.json', {
    schemaVersion: 1,
    client: { minimumReleaseAgeMinutes: 1440, maxRevocationAgeHours: 72 },
  });
  registry.setDocument('trusted_root.json', JSON.parse(new TextDecoder().decode(keylessFile('trusted_root.json'))));
  registry.setDocument('revocations.json', { ...document, revocations: [] }, 'revocations');
}

function addPlugin(registry: VectorRegistry, plugin: string, identities: readonly Json[]): void {
  registry.setDocument(`plugins/${plugin}.json`, packageDocument(plugin, identities), 'documents');
}

function addPlugins(registry: VectorRegistry): void {
  const { acme, indie, house, cosign } = KEYS;
  for (const name of ['thing', 'ranges', 'states', 'script'])
    addPlugin(registry, `acme/${name}`, [basicIdentity(acme)]);
  addPlugin(registry, 'indie/tool', [basicIdentity(indie)]);
  addPlugin(registry, 'house/core', [basicIdentity(house)]);
  addPlugin(registry, 'cloud/signer', [WORKFLOW]);
  const verified = { key: acme, cosign };
  addRelease(registry, { plugin: 'acme/thing', version: '1.2.0', ...verified });
  addRelease(registry, {
    plugin: 'acme/script',
    version: '1.0.0',
    ...verified,
    kind: 'process',
    bytes: moduleBytes(2),
  });
  addRelease(registry, { plugin: 'indie/tool', version: '0.1.0', key: indie, bytes: moduleBytes(3) });
  addRelease(registry, { plugin: 'house/core', version: '3.0.0', key: house, bytes: moduleBytes(4) });
  for (const version of RANGE_VERSIONS) addResolved(registry, { plugin: 'acme/ranges', version });
  for (const release of STATES) addResolved(registry, { plugin: 'acme/states', ...release });
}

/** A release that is resolved only: its bytes and bundles are not served, which keeps the tree small. */
function addResolved(registry: VectorRegistry, spec: Omit<Parameters<typeof addRelease>[1], 'key' | 'bytes'>): void {
  const before = new Set(registry.files.keys());
  addRelease(registry, { ...spec, key: KEYS.acme, bytes: resolvedBytes(spec.plugin, spec.version) });
  for (const path of registry.files.keys()) if (!before.has(path)) registry.files.delete(path);
}

/** The only release of cloud/signer; its bundle is one of the kept ones. */
function addKeylessRelease(registry: VectorRegistry, bundle: Uint8Array | undefined): void {
  addRelease(registry, { plugin: 'cloud/signer', version: '1.2.0', key: KEYS.evil, bytes: moduleBytes(5) });
  const entry = releaseOf(registry, 'cloud/signer', '1.2.0');
  registry.files.delete(`attestations/${entry.attestations.publisher.sha256}.json`);
  if (bundle !== undefined) entry.attestations.publisher = attest(registry, bundle);
}

export function baseRegistry(bundle: Uint8Array | undefined = keylessFile('rekor-v2.sigstore.json')): VectorRegistry {
  const registry = new VectorRegistry(OFFLINE_END);
  registry.timestamp.expires = TIMESTAMP_END;
  registry.setKeys('root', KEYS.root, 2);
  registry.setKeys('targets', [KEYS.targets]);
  registry.setKeys('snapshot', [KEYS.online]);
  registry.setKeys('timestamp', [KEYS.online]);
  registry.delegate({ name: 'revocations', keys: [KEYS.revocations], paths: ['revocations.json'] });
  registry.delegate({ name: 'documents', keys: [KEYS.online], paths: ['plugins/*/*.json'] });
  registry.publishRoot();
  addPublishers(registry);
  addPlugins(registry);
  addKeylessRelease(registry, bundle);
  for (const role of ['targets', 'revocations', 'documents']) registry.role(role).version = 2;
  Object.assign(registry.snapshot, { version: 2 });
  Object.assign(registry.timestamp, { version: 2 });
  registry.publish();
  return registry;
}
