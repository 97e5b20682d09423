// The built tree as typed values. Every file is hostile until its schema has accepted it, and files that are named by their digest
// are hashed again; nothing else in the site opens a file. Pages ask for what they show, so ten thousand plugins are never in memory.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { listedArtifacts } from '@plugmark/analysis';
import {
  Advisory,
  AnalysisReport,
  type AttestationRef,
  Changes,
  HostProfile,
  Index,
  type IndexEntry,
  Mirrors,
  PackageDocument,
  Policy,
  Publisher,
  PublisherList,
  parseJson,
  Registry,
  Revocations,
  TufMetadata,
} from '@plugmark/schemas';
import { type ArtifactPlaces, artifactPlaces } from '../data/artifact-places.ts';
import { SiteError } from '../data/site-error.ts';

type Role = TufMetadata['signed'];

export interface Tree {
  readonly index: () => Index;
  /** The index by plugin. */
  readonly entries: () => ReadonlyMap<string, IndexEntry>;
  readonly registry: () => Registry;
  readonly policy: () => Policy;
  readonly changes: () => Changes;
  readonly publishers: () => PublisherList;
  readonly revocations: () => Revocations;
  /** Every host profile, by id. */
  readonly hosts: () => ReadonlyMap<string, HostProfile>;
  readonly document: (plugin: string) => PackageDocument;
  readonly publisher: (id: string) => Publisher;
  readonly readme: (sha256: string) => string;
  /** The full report, or undefined when it lies in a pack. */
  readonly report: (reference: AttestationRef) => AnalysisReport | undefined;
  /** The newest metadata of the role that is here. */
  readonly role: (name: string) => Role;
  /** Of every role that has a file, the newest. */
  readonly roles: () => ReadonlyMap<string, Role>;
  readonly advisories: () => readonly Advisory[];
  /** Which artifacts this site serves and which only mirrors do. */
  readonly places: () => ArtifactPlaces;
  readonly bytes: (path: string) => Uint8Array | undefined;
  /** The same of a file that every tree has. Throws FILE_MISSING. */
  readonly file: (path: string) => Uint8Array;
}

/** Opens a tree that `plugmark registry build` wrote. Throws TREE_MISSING; its functions throw FILE_MISSING, DIGEST_MISMATCH, SchemaError. */
export function openTree(folder: string): Tree {
  if (!existsSync(join(folder, 'v1/index.json'))) {
    throw new SiteError(
      'TREE_MISSING',
      `${folder} holds no built tree; run plugmark registry build, or set PLUGMARK_TREE`,
    );
  }
  const bytes = (path: string): Uint8Array | undefined => readIfThere(join(folder, path));
  const read = (path: string): Uint8Array => bytes(path) ?? missing(path);
  const role = (path: string): Role => parseJson(TufMetadata, read(path), path).signed;
  const index = once(() => parseJson(Index, read('v1/index.json'), 'v1/index.json'));
  const registry = once(() => parseJson(Registry, read('v1/registry.json'), 'v1/registry.json'));
  const document = (plugin: string): PackageDocument =>
    parseJson(PackageDocument, read(`v1/plugins/${plugin}.json`), `v1/plugins/${plugin}.json`);
  return {
    index,
    entries: once(() => new Map(index().plugins.map((entry) => [entry.plugin, entry]))),
    registry,
    policy: once(() => parseJson(Policy, read('v1/policy.json'), 'v1/policy.json')),
    changes: once(() => parseJson(Changes, read('v1/changes.json'), 'v1/changes.json')),
    publishers: once(() => parseJson(PublisherList, read('v1/publishers.json'), 'v1/publishers.json')),
    revocations: once(() => parseJson(Revocations, read('v1/revocations.json'), 'v1/revocations.json')),
    hosts: once(() => readHosts(folder, read)),
    document,
    publisher: (id) => parseJson(Publisher, read(`v1/publishers/${id}.json`), `v1/publishers/${id}.json`),
    readme: (sha256) => new TextDecoder().decode(digested(`readmes/${sha256}.md`, sha256, read)),
    report: ({ sha256, pack }) => {
      const path = `attestations/${sha256}.json`;
      return pack === undefined ? parseJson(AnalysisReport, digested(path, sha256, read), path) : undefined;
    },
    role: (name) => role(newestRole(folder, name)),
    roles: once(() => new Map(roleNames(folder).map((name) => [name, role(newestRole(folder, name))]))),
    advisories: once(() => readAdvisories(folder, read)),
    places: once(() => {
      const listed = bytes('v1/mirrors.json');
      return artifactPlaces({
        registry: registry(),
        mirrors: listed === undefined ? [] : parseJson(Mirrors, listed, 'v1/mirrors.json').mirrors,
        blobBytes: blobBytes(folder),
        artifacts: () => index().plugins.flatMap(({ plugin, latest }) => listedArtifacts(document(plugin), latest)),
      });
    }),
    bytes,
    file: read,
  };
}

function readIfThere(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function readHosts(folder: string, read: (path: string) => Uint8Array): ReadonlyMap<string, HostProfile> {
  const files = readdirSync(join(folder, 'v1/hosts')).sort();
  const profiles = files.map((file) => parseJson(HostProfile, read(`v1/hosts/${file}`), `v1/hosts/${file}`));
  return new Map(profiles.map((profile) => [profile.host, profile]));
}

function readAdvisories(folder: string, read: (path: string) => Uint8Array): readonly Advisory[] {
  const path = join(folder, 'v1/advisories');
  const files = existsSync(path) ? readdirSync(path).sort() : [];
  return files.map((file) => parseJson(Advisory, read(`v1/advisories/${file}`), `v1/advisories/${file}`));
}

function blobBytes(folder: string): number {
  const path = join(folder, 'blobs/sha256');
  const files = existsSync(path) ? readdirSync(path) : [];
  return files.reduce((sum, file) => sum + (/\.(?:wasm|zip)$/.test(file) ? statSync(join(path, file)).size : 0), 0);
}

function digested(path: string, expected: string, read: (path: string) => Uint8Array): Uint8Array {
  const bytes = read(path);
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual === expected) return bytes;
  throw new SiteError('DIGEST_MISMATCH', `${path} has sha256 ${actual}`);
}

function roleNames(folder: string): readonly string[] {
  const names = readdirSync(join(folder, 'metadata')).flatMap((file) => ROLE_FILE.exec(file)?.[2] ?? []);
  return [...new Set(['timestamp', ...names])].sort();
}

const ROLE_FILE = /^(\d+)\.([a-z0-9-]+)\.json$/;

/** `timestamp.json` has no number; the others are `N.<role>.json`, and the highest N is the newest. */
function newestRole(folder: string, name: string): string {
  if (name === 'timestamp') return 'metadata/timestamp.json';
  const versions = readdirSync(join(folder, 'metadata')).flatMap((file) => {
    const found = ROLE_FILE.exec(file);
    return found?.[2] === name ? [Number(found[1])] : [];
  });
  return `metadata/${Math.max(...versions)}.${name}.json`;
}

function missing(path: string): never {
  throw new SiteError('FILE_MISSING', `the tree lacks ${path}`);
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
