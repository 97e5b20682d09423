// Everything a registry serves that a client can verify, found from the root and nothing else: roots, metadata, signed documents, and of
// each release bytes, bundles, reports and texts. What is unsigned (views, pages) is not looked at. A file that is named and does not
// verify ends the walk.

import { askedMirrors } from '@plugmark/analysis';
import { type AttestationRef, blobPath, memoryStore, openRegistry, type RegistryClient } from '@plugmark/client';
import { refreshMetadata, type TufClient } from '@plugmark/client/trust';
import { detachedSigner, publisherIdOf, refsIn, sha256 } from '@plugmark/publish';
import { Mirrors, PackageDocument, parseJson, Revocations, VerifiedPublishers } from '@plugmark/schemas';
import { CliError } from '../cli-error.ts';
import type { RegistryAddress } from '../open-source.ts';
import { registryFile } from '../registry-file.ts';
import { carriedPath } from './carried-path.ts';

export interface WalkOptions {
  readonly address: RegistryAddress;
  readonly root: Uint8Array;
  readonly now: () => Date;
  /** Called with each file, perhaps again where releases share one; whether all of it verified is known when the walk ends. */
  readonly keep: (path: string, bytes: Uint8Array) => Promise<void>;
  /** Files somebody has already: named, not fetched. Only where the name holds the digest. */
  readonly has?: (path: string) => boolean;
  readonly onRelease?: (name: string) => void;
}

export interface WalkedRegistry {
  readonly registry: string;
  readonly rootVersion: number;
  readonly timestampVersion: number;
  /** Path to sha256. */
  readonly files: ReadonlyMap<string, string>;
  readonly documents: readonly PackageDocument[];
  /** The signed documents of the top and revocations roles, by TUF path. */
  readonly signed: ReadonlyMap<string, Uint8Array>;
  /** Releases a client may install, all verified just now or when they were carried before. */
  readonly releases: readonly { readonly plugin: string; readonly version: string; readonly sha256: string }[];
}

/** Throws what the client throws, UNREACHABLE, CARRIED_FILE. */
export async function walkRegistry(options: WalkOptions): Promise<WalkedRegistry> {
  const desk = openDesk(options);
  const tuf = await refreshMetadata({
    root: options.root,
    store: memoryStore(),
    fetchFile: desk.read,
    now: options.now(),
  });
  const signed = await signedDocuments(tuf, desk);
  const mirrors = signed.get('mirrors.json');
  if (mirrors !== undefined) desk.askMirrors(parseJson(Mirrors, mirrors, 'mirrors.json').mirrors);
  await desk.take(`metadata/${rootVersionOf(options.root)}.root.json`, options.root);
  const client = openRegistry({
    url: BASE,
    fetch: desk.fetch,
    root: options.root,
    store: withoutBlobs(),
    now: options.now,
    keyless: () => import('@plugmark/client/node'),
    policy: { minimumReleaseAgeMinutes: 0 },
  });
  const documents = await packageDocuments(tuf, desk);
  const read = <S extends Parameters<typeof parseJson>[0]>(schema: S, path: string) =>
    parseJson(schema, signed.get(path) ?? new Uint8Array(), path);
  const verified = read(VerifiedPublishers, 'publishers.json');
  const revocations = read(Revocations, 'revocations.json');
  const walk: Walk = { desk, client, verified, revocations };
  const releases: WalkedRegistry['releases'][number][] = [];
  for (const document of documents) {
    desk.ofPlugin.clear();
    for (const release of document.releases) {
      options.onRelease?.(`${document.plugin} ${release.release.version}`);
      if (await carryRelease(walk, document, release))
        releases.push({
          plugin: document.plugin,
          version: release.release.version,
          sha256: release.release.artifact.sha256,
        });
    }
  }
  const { rootVersion, timestampVersion } = tuf.state;
  return { registry: verified.registry, rootVersion, timestampVersion, files: desk.files, documents, signed, releases };
}

const BASE = 'http://walk.invalid/';
const MAX_METADATA_BYTES = 5_000_000;

interface Desk {
  /** Path to sha256, of what was read and verified. */
  readonly files: Map<string, string>;
  /** Metadata and documents, which are asked for again and again. */
  readonly signed: Map<string, Uint8Array>;
  /** Everything else, of the plugin that is being looked at: of all together it would not fit into memory. */
  readonly ofPlugin: Map<string, Uint8Array>;
  /** A detached signature, before it is known to be one. */
  readonly peek: (path: string) => Promise<Uint8Array | undefined>;
  /** A file as the client asks for it, remembered as above. */
  readonly read: (path: string, maxBytes: number) => Promise<Uint8Array | undefined>;
  readonly fetch: typeof fetch;
  readonly take: (path: string, bytes: Uint8Array) => Promise<void>;
  /** The file a digest names: had, or fetched and compared. Throws CARRIED_FILE. */
  readonly byDigest: (path: string, size: number) => Promise<void>;
  readonly has: (path: string) => boolean;
  /** From now on for artifacts that the registry itself does not serve. */
  readonly askMirrors: (signed: Mirrors['mirrors']) => void;
  readonly allow: (path: string, size: number) => void;
}

function openDesk({ address, keep, has = () => false }: WalkOptions): Desk {
  const files = new Map<string, string>();
  const [signed, ofPlugin] = [new Map<string, Uint8Array>(), new Map<string, Uint8Array>()];
  const allowed = new Map<string, number>();
  let mirrors: readonly string[] = [];
  const take = async (path: string, bytes: Uint8Array): Promise<void> => {
    if (carriedPath(path) === undefined) throw new CliError('CARRIED_FILE', `${path} is no name a registry gives`);
    files.set(path, sha256(bytes));
    await keep(path, bytes);
    (/^(?:metadata|targets)\//.test(path) ? signed : ofPlugin).set(path, bytes);
  };
  const read: Desk['read'] = async (path, maxBytes) => {
    const known = signed.get(path) ?? ofPlugin.get(path);
    if (known !== undefined) return known;
    const bytes = (await registryFile(address, path, maxBytes)) ?? (await onMirror(address, mirrors, path, maxBytes));
    if (bytes !== undefined) await take(path, bytes);
    return bytes;
  };
  return {
    files,
    signed,
    ofPlugin,
    peek: (path) => registryFile(address, path, 64),
    read,
    take,
    has,
    askMirrors: (signed) => {
      mirrors = askedMirrors(address.url, signed);
    },
    allow: (path, size) => void allowed.set(path, size),
    fetch: async (input) => {
      const path = decodeURIComponent(new URL(String(input)).pathname.slice(1));
      const bytes = await read(path, allowed.get(path) ?? MAX_METADATA_BYTES);
      return new Response((bytes ?? null) as Uint8Array<ArrayBuffer> | null, {
        status: bytes === undefined ? 404 : 200,
      });
    },
    byDigest: async (path, size) => {
      const digest = carriedPath(path)?.sha256;
      if (digest === undefined || files.get(path) === digest) return;
      if (has(path)) return void files.set(path, digest);
      const bytes = await read(path, size);
      if (bytes === undefined) throw new CliError('CARRIED_FILE', `${path} is named and not served, or is too long`);
      if (sha256(bytes) !== digest) throw new CliError('CARRIED_FILE', `${path} is not what its name says`);
    },
  };
}

/** An artifact with the digest of its name, or undefined: mirrors are where it is taken from, and nobody's word. */
async function onMirror(
  { fetch }: RegistryAddress,
  mirrors: readonly string[],
  path: string,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  const digest = path.startsWith('blobs/') ? carriedPath(path)?.sha256 : undefined;
  for (const url of digest === undefined ? [] : mirrors) {
    const bytes = await registryFile({ url, fetch }, path, maxBytes).catch(passOver);
    if (bytes !== undefined && sha256(bytes) === digest) return bytes;
  }
  return undefined;
}

function passOver(error: unknown): undefined {
  if (!(error instanceof CliError)) throw error;
}

function rootVersionOf(root: Uint8Array): number {
  return (JSON.parse(new TextDecoder().decode(root)) as { signed: { version: number } }).signed.version;
}

/** Bytes are kept by `keep`; a store of them all would be a second copy in memory. */
function withoutBlobs(): ReturnType<typeof memoryStore> {
  const store = memoryStore();
  return { ...store, put: async (name, bytes) => (name.startsWith('blobs/') ? undefined : store.put(name, bytes)) };
}

/** The documents that offline keys sign, all of them downloaded and verified. */
async function signedDocuments(tuf: TufClient, desk: Desk): Promise<Map<string, Uint8Array>> {
  const { targets } = signedPart(desk, `metadata/${tuf.state.targetsVersion}.targets.json`);
  const found = new Map<string, Uint8Array>();
  for (const path of [...Object.keys(targets ?? {}), 'revocations.json']) {
    const info = await tuf.target(path);
    if (info !== undefined) found.set(path, await tuf.download(info));
  }
  return found;
}

const DOCUMENT_ROLE = /^documents(?:-[0-9a-f]+)*\.json$/;
/** A role by hash prefix is loaded when a path that falls to it is asked for; 256 roles are met long before this. */
const MAX_QUESTIONS = 20_000;

async function packageDocuments(tuf: TufClient, desk: Desk): Promise<PackageDocument[]> {
  const { meta } = signedPart(desk, `metadata/${tuf.state.snapshotVersion}.snapshot.json`);
  const roles = Object.entries(meta ?? {})
    .filter(([name]) => DOCUMENT_ROLE.test(name))
    .map(([name, { version }]) => `metadata/${version}.${name}`);
  for (let i = 0; roles.some((path) => !desk.files.has(path)); i++) {
    if (i === MAX_QUESTIONS)
      throw new CliError('CARRIED_FILE', 'a role of package documents is listed and speaks about none');
    await tuf.target(`plugins/none/${i}.json`);
  }
  const paths = roles.flatMap((role) => Object.keys(signedPart(desk, role).targets ?? {})).sort();
  const documents: PackageDocument[] = [];
  for (const path of new Set(paths)) {
    const info = await tuf.target(path);
    // What such a role lists beside package documents is nobody's word, and no client reads it.
    if (info === undefined || !/^plugins\/[a-z0-9-]+\/[a-z0-9-]+\.json$/.test(path)) continue;
    documents.push(parseJson(PackageDocument, await tuf.download(info), path));
  }
  return documents;
}

interface SignedPart {
  readonly targets?: Readonly<Record<string, unknown>>;
  readonly meta?: Readonly<Record<string, { readonly version: number }>>;
}

/** Of a file the client has verified in this walk. */
function signedPart({ signed }: Desk, path: string): SignedPart {
  const bytes = signed.get(path);
  if (bytes === undefined) throw new CliError('CARRIED_FILE', `${path} was not read`);
  return (JSON.parse(new TextDecoder().decode(bytes)) as { signed: SignedPart }).signed;
}

interface Walk {
  readonly desk: Desk;
  readonly client: RegistryClient;
  readonly verified: VerifiedPublishers;
  readonly revocations: Revocations;
}

/** All files of a release; true where a client may install it. */
async function carryRelease(
  { desk, client, verified, revocations }: Walk,
  { plugin, publisher }: PackageDocument,
  { release, attestations, status }: PackageDocument['releases'][number],
): Promise<boolean> {
  const { artifact, readme, vectors, version } = release;
  const blob = blobPath(artifact);
  const named = refsIn(attestations).map(servedIn);
  for (const { path, size } of named) desk.allow(path, size);
  desk.allow(blob, artifact.size);
  const isRevoked = revocations.revocations.some(
    ({ sha256: digest, lifted }) => digest === artifact.sha256 && lifted === undefined,
  );
  // Yanked and quarantined ones are still loaded by whoever has them locked; nobody loads a revoked one.
  const mayInstall = !isRevoked && status.state !== 'revoked';
  if (mayInstall && !desk.has(blob))
    await client.install(`${plugin}@${version}`, { locked: new Set([artifact.sha256]) });
  await desk.byDigest(blob, artifact.size);
  for (const { path, size } of named) await desk.byDigest(path, size);
  if (readme !== undefined) await desk.byDigest(`readmes/${readme.sha256}.md`, MAX_TEXT_BYTES);
  for (const { sha256: digest } of vectors) await desk.byDigest(`vectors/${digest}.json`, MAX_TEXT_BYTES);
  const listed = Object.hasOwn(verified.publishers, publisherIdOf(plugin))
    ? verified.publishers[publisherIdOf(plugin)]
    : publisher;
  await carryDetached(desk, blob, listed?.identities ?? []);
  return mayInstall;
}

const MAX_TEXT_BYTES = 4_000_000;
/** As much as a client reads of one. */
const MAX_PACK_BYTES = 16_000_000;

/** What old releases name is served together, and no longer by itself. */
const servedIn = ({ sha256: digest, size, pack }: AttestationRef): { readonly path: string; readonly size: number } =>
  pack === undefined
    ? { path: `attestations/${digest}.json`, size }
    : { path: `attestations/packs/${pack.sha256}`, size: MAX_PACK_BYTES };

/** Named by what it signs, so it is carried only where it is a listed key's signature. */
async function carryDetached(
  desk: Desk,
  blob: string,
  identities: Parameters<typeof detachedSigner>[2],
): Promise<void> {
  const path = `${blob}.sig`;
  const bytes = desk.ofPlugin.get(blob);
  desk.ofPlugin.delete(blob);
  if (!blob.endsWith('.wasm') || bytes === undefined) return;
  const signature = await desk.peek(path);
  if (signature !== undefined && detachedSigner(signature, bytes, identities) !== undefined)
    await desk.take(path, signature);
}
