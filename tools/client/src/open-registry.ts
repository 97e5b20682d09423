// The client a host embeds. It trusts the root file and the clock it was given, and nothing that a server says before it is
// verified. Everything it keeps goes through the host's store; everything it fetches through the host's fetch.

import { type FetchFile, fetchAttestation } from './attestation.ts';
import type { DocumentRelease, PackageDocument } from './documents/package-document.ts';
import type { Identity } from './documents/publishers.ts';
import type { Release } from './documents/release.ts';
import { ClientError } from './error.ts';
import { fetchBytes } from './fetch.ts';
import { askAhead } from './fetch-ahead.ts';
import { publisherSignature } from './publisher-signature.ts';
import {
  type Exclusion,
  type Host,
  parseRequest,
  type ReleaseRequest,
  type ResolveContext,
  selectRelease,
} from './resolve.ts';
import { recallRevocations } from './revocation-memory.ts';
import { type SignedDocuments, signedDocuments } from './signed-documents.ts';
import { findRevocation, type Standing, standingOf } from './standing.ts';
import { requireShortLife } from './timestamp-life.ts';
import { together } from './together.ts';
import { sha256, toHex } from './trust/bytes.ts';
import type { TrustStore } from './trust/trust-store.ts';
import type { TufState } from './trust/tuf-client.ts';
import { refreshMetadata } from './trust/update.ts';
import { markVerified, type VerifiedBytes } from './verified-bytes.ts';
import {
  acceptedIdentities,
  type LoadKeyless,
  manifestDigest,
  type PublishClaim,
  type publisherState,
  type SignatureState,
  signedFor,
  type Tier,
  tierOf,
  type VerifiedSigner,
  verifyCosignature,
  verifyPublisher,
} from './verify-release.ts';

export interface RegistryOptions {
  /** Where the registry is served, e.g. `https://plugins.example.org/registry/`. Any mirror will do: nothing rests on it. */
  readonly url: string;
  /** A root.json of the registry that the host ships; any version from which the present one can be reached. */
  readonly root: Uint8Array;
  readonly store: TrustStore;
  readonly fetch: typeof fetch;
  readonly now: () => Date;
  readonly host?: Host;
  readonly policy?: {
    /** How long a release must have been public before it is chosen. Without it: what the registry's signed policy advises. */
    readonly minimumReleaseAgeMinutes?: number;
  };
  /**
   * Loads what checks bundles signed through a certificate, when the first one is met: `() => import('@plugmark/client/sigstore')`.
   * Without it such a release cannot be installed (BUNDLE_KEYLESS).
   */
  readonly keyless?: LoadKeyless;
  /** For each request, in milliseconds. */
  readonly timeoutMs?: number;
}

export interface RegistryState extends TufState {
  readonly registry: string;
  readonly refreshedAt: Date;
}

export interface Resolution {
  readonly plugin: string;
  readonly version: string;
  readonly tier: Tier;
  readonly document: PackageDocument;
  readonly release: DocumentRelease;
  /** What to tell the user before and after: deprecated, or locked although yanked or quarantined. */
  readonly standing: Standing;
  /** Every other version and why it was not taken. */
  readonly excluded: readonly Exclusion[];
}

export interface ResolveOptions {
  /** Digests the host has locked: they are chosen although yanked, quarantined or young. Revoked ones are not. */
  readonly locked?: ReadonlySet<string>;
}

/** A release whose whole chain was verified; its bytes are in the store. */
export interface InstalledPlugin {
  readonly plugin: string;
  readonly version: string;
  readonly sha256: string;
  readonly size: number;
  /** A `process` can do anything the account of whoever runs it can. */
  readonly kind: Release['artifact']['kind'];
  readonly tier: Tier;
  readonly publisher: { readonly state: SignatureState } & VerifiedSigner;
  readonly registry: { readonly state: SignatureState; readonly levels: readonly string[] };
  readonly capabilityHashes: Readonly<Record<string, string>>;
  readonly standing: Standing;
}

export interface RegistryClient {
  /** Brings the signed metadata up to date. Throws METADATA_*, ROOT_INVALID, NETWORK. */
  refresh(): Promise<RegistryState>;
  /** All releases of a plugin. Throws PLUGIN_UNKNOWN, DOCUMENT_*. */
  document(plugin: string): Promise<PackageDocument>;
  /** Chooses a release for `publisher/name[@range]`. Throws NO_RELEASE with every version's reason. */
  resolve(request: string, options?: ResolveOptions): Promise<Resolution>;
  /** Resolves, downloads and verifies. Nothing is stored before everything verified. */
  install(request: string, options?: ResolveOptions): Promise<InstalledPlugin>;
  /**
   * The publisher's signature on a listed release, judged by identities of the caller's own, for whoever watches his namespace: a
   * registry could list a key that he never had. Throws PLUGIN_UNKNOWN, NO_RELEASE, ATTESTATION_*, NETWORK; a refusal is a state.
   */
  signatureOf(plugin: string, version: string, identities: readonly Identity[]): ReturnType<typeof publisherState>;
  /** The bytes with this digest, hashed anew. Throws NOT_INSTALLED, ARTIFACT_DIGEST, REVOKED. */
  load(digest: string): Promise<VerifiedBytes>;
}

const DEFAULT_TIMEOUT_MS = 30_000;

/** Opens a registry; nothing is fetched before the first call. Throws REGISTRY_URL. */
export function openRegistry(options: RegistryOptions): RegistryClient {
  const base = baseUrl(options.url);
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const fetchFile: FetchFile = (path, maxBytes) => fetchBytes(options.fetch, `${base}${path}`, { maxBytes, timeoutMs });
  let current: Promise<SignedDocuments> | undefined;

  const refresh = async (): Promise<SignedDocuments> => {
    const { root, store, now } = options;
    current = refreshMetadata({ root, store, fetchFile: askAhead(fetchFile), now: now() }).then((tuf) => {
      requireShortLife(tuf.state, now());
      return signedDocuments(tuf, { store, keyless: options.keyless });
    });
    current.catch(() => {
      current = undefined;
    });
    return current;
  };
  const documents = (): Promise<SignedDocuments> => current ?? refresh();
  const resolve = async (request: string, { locked }: ResolveOptions = {}): Promise<Resolution> =>
    resolveIn(await documents(), { ...wellFormed(request), locked }, options);

  return {
    async refresh() {
      const refreshed = await refresh();
      const [{ registry }] = await together([refreshed.publishers(), refreshed.revocations()]);
      return { ...refreshed.tuf.state, registry, refreshedAt: options.now() };
    },
    document: async (plugin) => (await documents()).plugin(plugin),
    resolve,
    async install(request, locked) {
      const signed = await documents();
      const [resolution] = await together([resolve(request, locked), signed.upstreams(), signed.cosignKeys()]);
      return installRelease(signed, resolution, { ...options, fetchFile });
    },
    signatureOf: async (plugin, version, identities) =>
      publisherSignature(await documents(), { plugin, version, identities }, fetchFile),
    load: async (digest) => loadBytes(digest, options.store),
  };
}

function baseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:')
    return url.href.endsWith('/') ? url.href : `${url.href}/`;
  throw new ClientError('REGISTRY_URL', { url: text });
}

function wellFormed(request: string): ReleaseRequest {
  const parsed = parseRequest(request);
  if (parsed !== undefined) return parsed;
  throw new ClientError('REQUEST_MALFORMED', { request });
}

async function resolveIn(
  documents: SignedDocuments,
  request: ReleaseRequest & { readonly locked: ReadonlySet<string> | undefined },
  { host, policy, now }: RegistryOptions,
): Promise<Resolution> {
  const [document, publishers, revocations, minimumReleaseAgeMinutes] = await together([
    documents.plugin(request.plugin),
    documents.publishers(),
    documents.revocations(),
    policy?.minimumReleaseAgeMinutes ?? documents.minimumReleaseAgeMinutes(),
  ]);
  const at = now();
  const context = { host, revocations, minimumReleaseAgeMinutes, now: at, locked: request.locked };
  const { chosen, excluded } = selectRelease(document, request, context);
  requireLoadable(document, context);
  if (chosen === undefined) {
    const reasons = excluded.map(({ version, reason }) => `${version}: ${reason}`).join('; ');
    throw new ClientError('NO_RELEASE', { plugin: request.plugin, reasons });
  }
  return {
    plugin: request.plugin,
    version: chosen.release.value.version,
    tier: tierOf(chosen.release.value, publishers),
    document,
    release: chosen,
    standing: standingOf(chosen, revocations, at),
    excluded,
  };
}

/** What the host has locked and may not load any more is named as that, not as one release among others that do not fit. */
function requireLoadable({ releases }: PackageDocument, { locked, revocations }: ResolveContext): void {
  for (const { release } of releases) {
    const { sha256: digest } = release.value.artifact;
    const entry = locked?.has(digest) ? findRevocation(revocations, digest) : undefined;
    if (entry !== undefined) throw new ClientError('REVOKED', { sha256: digest, reason: entry.reason });
  }
}

type Fetching = RegistryOptions & { readonly fetchFile: FetchFile };

async function installRelease(
  documents: SignedDocuments,
  resolution: Resolution,
  { fetchFile, store }: Fetching,
): Promise<InstalledPlugin> {
  const { plugin, version, release, document, tier, standing } = resolution;
  const { artifact } = release.release.value;
  const { attestations } = release;
  // Its levels speak of imports and bounds, of which a process has none: whoever signed one for a process is not believed.
  const cosignature = artifact.kind === 'process' ? undefined : attestations.registry;
  const [publishers, upstreams, manifestSha256] = await together([
    documents.publishers(),
    documents.upstreams(),
    manifestDigest(release),
  ]);
  const identities = acceptedIdentities(document, publishers);
  const [bytes, publisherBundle, registryBundle] = await together([
    fetchArtifact(artifact, fetchFile),
    fetchAttestation(attestations.publisher, fetchFile),
    cosignature === undefined ? undefined : fetchAttestation(cosignature, fetchFile),
    // What reads certificates comes along where it will be needed: no key may sign.
    identities.every(({ kind }) => kind === 'keyless') ? documents.keyless?.prepare() : undefined,
  ]);
  const claim = { plugin, version, registry: signedFor(document, upstreams), sha256: artifact.sha256, manifestSha256 };
  const signer = await verifyPublisher(publisherBundle, claim, { identities, keyless: documents.keyless });
  const levels = registryBundle && (await cosignedLevels(registryBundle, claim, { documents, resolution }));
  await store.put(blobName(artifact.sha256), bytes);
  return {
    plugin,
    version,
    sha256: artifact.sha256,
    size: artifact.size,
    kind: artifact.kind,
    tier,
    publisher: { state: 'verified', ...signer },
    registry: levels
      ? { state: 'verified', levels }
      : { state: attestations.registry === undefined ? 'notSigned' : 'notChecked', levels: [] },
    capabilityHashes: Object.fromEntries(release.analysis.map(({ host, capabilities }) => [host, capabilities.hash])),
    standing,
  };
}

/** What this registry's own co-signature vouches for, also when the release comes from an upstream. */
async function cosignedLevels(
  bundle: Uint8Array,
  claim: PublishClaim,
  { documents, resolution }: { readonly documents: SignedDocuments; readonly resolution: Resolution },
): Promise<readonly string[]> {
  const { registry } = resolution.document;
  const { publisher, analyses, runs } = resolution.release.attestations;
  const inputs = [publisher, ...analyses, ...runs].map(({ sha256: digest }) => digest);
  return verifyCosignature(bundle, { ...claim, registry, inputs }, await documents.cosignKeys(), documents.keyless);
}

async function fetchArtifact(
  { sha256: expected, size, kind }: Release['artifact'],
  fetchFile: Fetching['fetchFile'],
): Promise<VerifiedBytes> {
  const path = `blobs/sha256/${expected}.${kind === 'process' ? 'zip' : 'wasm'}`;
  const bytes = await fetchFile(path, size);
  if (bytes === undefined) throw new ClientError('ARTIFACT_MISSING', { sha256: expected });
  const actual = toHex(await sha256(bytes));
  if (actual === expected && bytes.length === size) return markVerified(bytes);
  throw new ClientError('ARTIFACT_DIGEST', { expected, actual });
}

async function loadBytes(digest: string, store: TrustStore): Promise<VerifiedBytes> {
  // From memory: loading what is installed never waits for the network, and a fresh process knows what an earlier one saw.
  const known = await recallRevocations(store);
  const revoked = known && findRevocation(known, digest);
  if (revoked !== undefined) throw new ClientError('REVOKED', { sha256: digest, reason: revoked.reason });
  const bytes = /^[0-9a-f]{64}$/.test(digest) ? await store.get(blobName(digest)) : undefined;
  if (bytes === undefined) throw new ClientError('NOT_INSTALLED', { sha256: digest });
  const actual = toHex(await sha256(bytes));
  if (actual !== digest) throw new ClientError('ARTIFACT_DIGEST', { expected: digest, actual });
  return markVerified(bytes);
}

const blobName = (digest: string): string => `blobs/sha256/${digest}`;
