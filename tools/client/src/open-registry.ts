// The least a host embeds: find a release, verify it, load it. It trusts the root file and the clock it was given, and nothing that a
// server says before it is verified. Everything it keeps goes through the host's store; everything it fetches through the host's
// fetch. What manages installed plugins (consent, lockfile, updates) is `openPlugins`, and is not carried by whoever does not use it.

import { askPlaces } from './ask-places.ts';
import { type CoreOptions, openCore } from './core.ts';
import type { PackageDocument } from './documents/package-document.ts';
import type { Revocations, VerifiedPublishers } from './documents/publishers.ts';
import { ClientError } from './error.ts';
import { type Chosen, type InstalledPlugin, type VerifiedPart, verifyRelease } from './install-release.ts';
import { blobName, loadBytes } from './load-bytes.ts';
import {
  type Exclusion,
  type Host,
  parseRequest,
  type ReleaseRequest,
  type ResolveContext,
  selectRelease,
} from './resolve.ts';
import type { SignedDocuments } from './signed-documents.ts';
import { findRevocation, standingOf } from './standing.ts';
import { together } from './together.ts';
import type { TufState } from './trust/tuf-client.ts';
import type { VerifiedBytes } from './verified-bytes.ts';
import { tierOf } from './verify-release.ts';

/** What a host gives to `openRegistry`. */
export interface RegistryOptions extends CoreOptions {
  /** Called while installing, as each part has been verified: for whoever shows a person what is being done. */
  readonly onVerified?: (part: VerifiedPart) => void;
  readonly host?: Host;
  readonly policy?: {
    /** How long a release must have been public before it is chosen. Without it: what the registry's signed policy advises. */
    readonly minimumReleaseAgeMinutes?: number;
  };
}

/** What a refresh found: the versions that are trusted now, and until when. */
export interface RegistryState extends TufState {
  readonly registry: string;
  readonly refreshedAt: Date;
}

/** The release that was chosen. */
export interface Resolution extends Chosen {
  /** Every other version and why it was not taken. */
  readonly excluded: readonly Exclusion[];
}

/** What a host knows that changes the choice. */
export interface ResolveOptions {
  /** Digests the host has locked: they are chosen although yanked, quarantined or young. Revoked ones are not. */
  readonly locked?: ReadonlySet<string>;
}

/** One registry and one store. Nothing is remembered but what the store keeps, so two processes may share it. */
export interface RegistryClient {
  /** Brings the signed metadata up to date. Throws METADATA_*, ROOT_INVALID, NETWORK. */
  refresh(): Promise<RegistryState>;
  /** All releases of a plugin. Throws PLUGIN_UNKNOWN, DOCUMENT_*. */
  document(plugin: string): Promise<PackageDocument>;
  /** The verified publishers, from the offline-signed list. */
  publishers(): Promise<VerifiedPublishers>;
  /** What is revoked: the signed list, and what it said before to this store and never lifted. */
  revocations(): Promise<Revocations>;
  /** Chooses a release for `publisher/name[@range]`. Throws REQUEST_MALFORMED, PLUGIN_UNKNOWN, REVOKED for a locked digest, and NO_RELEASE with every version's reason. */
  resolve(request: string, options?: ResolveOptions): Promise<Resolution>;
  /** Resolves, downloads and verifies. Nothing is stored before everything verified. Throws what resolve throws, ARTIFACT_*, ATTESTATION_*, MANIFEST_MISMATCH, ORIGIN_UNKNOWN, COSIGNATURE_INVALID, BUNDLE_*, SIGNATURE_INVALID, KEY_*, IDENTITY_*. */
  install(request: string, options?: ResolveOptions): Promise<InstalledPlugin>;
  /** The bytes with this digest, hashed anew. Throws NOT_INSTALLED, ARTIFACT_DIGEST, REVOKED. */
  load(digest: string): Promise<VerifiedBytes>;
}

/** Opens a registry; nothing is fetched before the first call. Throws REGISTRY_URL. */
export function openRegistry(options: RegistryOptions): RegistryClient {
  const core = openCore(options);
  const { store } = options;
  const { fetchFile } = core;
  const resolve = async (request: string, { locked }: ResolveOptions = {}): Promise<Resolution> =>
    resolveIn(await core.documents(), { ...wellFormed(request), locked }, options);
  return {
    async refresh() {
      const { tuf, publishers, revocations } = await core.refresh();
      const [{ registry }] = await together([publishers(), revocations()]);
      return { ...tuf.state, registry, refreshedAt: options.now() };
    },
    document: async (plugin) => (await core.documents()).plugin(plugin),
    publishers: async () => (await core.documents()).publishers(),
    revocations: async () => (await core.documents()).revocations(),
    resolve,
    async install(request, locked) {
      const documents = await core.documents();
      const [resolution] = await together([resolve(request, locked), documents.upstreams(), documents.cosignKeys()]);
      const { installed, bytes } = await verifyRelease(resolution, {
        documents,
        fetchFile,
        onVerified: options.onVerified,
        artifact: (artifact) => askPlaces(core, artifact, (url) => core.fetchAt(url, artifact.size)),
      });
      await store.put(blobName(installed.sha256), bytes);
      return installed;
    },
    load: (digest) => loadBytes(digest, store),
  };
}

/** `publisher/name[@range]`. Throws REQUEST_MALFORMED. */
export function wellFormed(request: string): ReleaseRequest {
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
  const { value } = chosen.release;
  return {
    plugin: request.plugin,
    version: value.version,
    tier: tierOf(value, publishers),
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
