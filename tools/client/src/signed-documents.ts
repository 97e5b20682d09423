// Typed access to the signed documents of a refreshed repository: each is found through TUF, checked, decoded strictly and
// required to speak about the registry and plugin that was asked for.
import type { Decoder } from './decode.ts';
import { type Mirrors, mirrors } from './documents/mirrors.ts';
import { type PackageDocument, packageDocument } from './documents/package-document.ts';
import {
  type CosignKeys,
  cosignKeys,
  type Revocations,
  revocations,
  type Upstreams,
  upstreams,
  type VerifiedPublishers,
  verifiedPublishers,
} from './documents/publishers.ts';
import { ClientError } from './error.ts';
import { type LazyKeyless, lazyKeyless } from './lazy-keyless.ts';
import { rememberRevocations } from './revocation-memory.ts';
import { together } from './together.ts';
import { anyObject, integer, readJson } from './trust/shape.ts';
import type { TrustStore } from './trust/trust-store.ts';
import type { TufClient } from './trust/tuf-client.ts';
import type { LoadKeyless } from './verify-release.ts';

const KNOWN_SCHEMA_VERSION = 1;
/** The online key lists package documents, and a length of terabytes would be a length too. Thousands of releases fit. */
const MAX_DOCUMENT_BYTES = 10_000_000;

/** Roles that may list a document. A path must not be answered by a role below the one whose word counts. */
const OFFLINE_ROLE = 'targets';
const REVOCATIONS_ROLE = 'revocations';
const MIRRORS = 'mirrors.json';
/** Roles by hash prefix may list any path that hashes to it; what they list beside package documents is nobody's word. */
const DOCUMENT_ROLE = /^documents(?:-|$)/;

export interface SignedDocuments {
  readonly tuf: TufClient;
  publishers(): Promise<VerifiedPublishers>;
  cosignKeys(): Promise<CosignKeys>;
  upstreams(): Promise<Upstreams>;
  /** Undefined where no role lists any. */
  mirrors(): Promise<Mirrors | undefined>;
  /** With everything that was revoked before and never lifted. */
  revocations(): Promise<Revocations>;
  /** Throws PLUGIN_UNKNOWN, DOCUMENT_MISMATCH. */
  plugin(id: string): Promise<PackageDocument>;
  /** Checks bundles signed through a certificate, by the registry's trusted_root.json; undefined where nothing was given to load. */
  readonly keyless: LazyKeyless | undefined;
  /** The registry's advice to clients that set no minimum release age of their own. Minutes. */
  minimumReleaseAgeMinutes(): Promise<number>;
}

interface DocumentPorts {
  readonly store: TrustStore;
  readonly keyless?: LoadKeyless | undefined;
}

export function signedDocuments(tuf: TufClient, { store, keyless: load }: DocumentPorts): SignedDocuments {
  const publishers = once(() => required(tuf, 'publishers.json', OFFLINE_ROLE, verifiedPublishers));
  const registryOf = async (): Promise<string> => (await publishers()).registry;
  const ofRegistry = async <T extends { readonly registry: string }>(
    path: string,
    role: string,
    decode: Decoder<T>,
  ): Promise<T> => {
    const [document, registry] = await together([required(tuf, path, role, decode), registryOf()]);
    requireSame(path, 'registry', document.registry, registry);
    return document;
  };
  const revoked = once(async () =>
    rememberRevocations(store, await ofRegistry('revocations.json', REVOCATIONS_ROLE, revocations)),
  );
  return {
    tuf,
    publishers,
    cosignKeys: once(() => ofRegistry('cosign-keys.json', OFFLINE_ROLE, cosignKeys)),
    upstreams: once(() => ofRegistry('upstreams.json', OFFLINE_ROLE, upstreams)),
    mirrors: once(async () => (await tuf.target(MIRRORS)) && ofRegistry(MIRRORS, OFFLINE_ROLE, mirrors)),
    revocations: revoked,
    async plugin(id) {
      const path = `plugins/${id}.json`;
      // Beside it, what is revoked: that must be known before anything is loaded, not when somebody installs next.
      const [document, registry] = await together([
        find(tuf, path, DOCUMENT_ROLE, packageDocument),
        registryOf(),
        revoked(),
      ]);
      if (document === undefined) throw new ClientError('PLUGIN_UNKNOWN', { plugin: id });
      requireSame(path, 'registry', document.registry, registry);
      requireSame(path, 'plugin', document.plugin, id);
      requireOwnReleases(document, path);
      return document;
    },
    keyless: load && lazyKeyless(load, () => bytesOf(tuf, 'trusted_root.json', OFFLINE_ROLE)),
    minimumReleaseAgeMinutes: once(() => required(tuf, 'policy.json', OFFLINE_ROLE, minimumAge)),
  };
}

/** Only this member is read: the rest of the policy is the registry's own business. */
const minimumAge: Decoder<number> = (value, at) =>
  integer(0)(anyObject(anyObject(value, at)['client'], at)['minimumReleaseAgeMinutes'], at);

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | undefined;
  return () => {
    known ??= read().catch((cause: unknown) => {
      known = undefined;
      throw cause;
    });
    return known;
  };
}

async function required<T>(tuf: TufClient, path: string, role: string, decode: Decoder<T>): Promise<T> {
  const document = await find(tuf, path, new RegExp(`^${role}$`), decode);
  if (document !== undefined) return document;
  throw new ClientError('DOCUMENT_MISSING', { path, role });
}

/** A file of another project's format: no decoder of ours reads it here. */
async function bytesOf(tuf: TufClient, path: string, role: string): Promise<Uint8Array> {
  const info = await tuf.target(path);
  if (info?.role !== role) throw new ClientError('DOCUMENT_MISSING', { path, role });
  return tuf.download(info);
}

async function find<T>(tuf: TufClient, path: string, role: RegExp, decode: Decoder<T>): Promise<T | undefined> {
  const info = await tuf.target(path);
  if (info === undefined) return undefined;
  if (!role.test(info.role)) throw new ClientError('DOCUMENT_MISMATCH', { path, role: info.role });
  if (info.length > MAX_DOCUMENT_BYTES) throw new ClientError('TOO_LARGE', { path, maxBytes: MAX_DOCUMENT_BYTES });
  return readJson(await tuf.download(info), { code: 'DOCUMENT_MALFORMED', path }, (value, at) => {
    const { schemaVersion } = anyObject(value, at);
    if (schemaVersion !== KNOWN_SCHEMA_VERSION)
      throw new ClientError('DOCUMENT_VERSION', { path, schemaVersion: String(schemaVersion) });
    return decode(value, at);
  });
}

/** Two releases of one version would be chosen between by the order of a sort, and two clients could load different bytes. */
function requireOwnReleases({ plugin, releases }: PackageDocument, path: string): void {
  const seen = new Set<string>();
  for (const { release } of releases) {
    requireSame(path, 'release', release.value.plugin, plugin);
    const { version } = release.value;
    if (seen.has(version)) throw new ClientError('DOCUMENT_MISMATCH', { path, what: 'version', actual: version });
    seen.add(version);
  }
}

function requireSame(path: string, what: string, actual: string, expected: string): void {
  if (actual === expected) return;
  throw new ClientError('DOCUMENT_MISMATCH', { path, what, actual, expected });
}
