// registry/ as typed data. Every file is parsed by its schema and must speak about the place it lies in; a file that has no place
// in the layout is refused. Pure: the folder was read before.

import {
  Advisory,
  Exceptions,
  HostProfile,
  Listing,
  Policy,
  Publisher,
  parseCanonical,
  parseJson,
  Registry,
  Release,
  ReservedNames,
  Sources,
  Status,
  Vector,
} from '@plugmark/schemas';
import { sha256 } from './digest.ts';
import { PublishError } from './error.ts';
import type { FileTree } from './file-tree.ts';
import { byFolder, gitBlobId, gitFolderId, gitTreeId } from './git-tree-id.ts';
import { readApprovals, readMirrors } from './mirror-source.ts';
import type { PluginSource, RegistrySource, ReleaseSource, SourceIds, SourceTrees, Take } from './source-types.ts';

export type { PluginSource, RegistrySource, ReleaseSource, SourceIds, SourceTrees };

/** `publisher` of `publisher/name`. */
export function publisherIdOf(plugin: string): string {
  return plugin.slice(0, plugin.indexOf('/'));
}

/** Reads the registry from its files (paths relative to `registry/`). Throws SchemaError, SOURCE_MISSING, SOURCE_MISMATCH, SOURCE_UNEXPECTED. */
export function readRegistrySource(files: FileTree): RegistrySource {
  const taken = new Set<string>();
  const take = (path: string): Uint8Array | undefined => {
    taken.add(path);
    return files.get(path);
  };
  const need = (path: string): Uint8Array => {
    const bytes = take(path);
    if (bytes === undefined) throw new PublishError('SOURCE_MISSING', path, 'every registry has this file');
    return bytes;
  };
  const own: RegistrySource = {
    registry: parseJson(Registry, need('registry.json'), 'registry.json'),
    policy: parseJson(Policy, need('policy.json'), 'policy.json'),
    reservedNames: parseJson(ReservedNames, need('reserved-names.json'), 'reserved-names.json'),
    hosts: readNamed(files, take, /^hosts\/([^/]+)\.json$/, (bytes, path, name) =>
      named(parseJson(HostProfile, bytes, path), ({ host }) => host, name, path),
    ),
    publishers: readPublishers(files, take),
    advisories: readNamed(files, take, /^advisories\/([^/]+)\.json$/, (bytes, path, name) =>
      named(parseJson(Advisory, bytes, path), ({ id }) => id, name, path),
    ),
    plugins: readPlugins(files, take),
    approvals: readApprovals(files, take),
    trustedRoot: take('trust/trusted_root.json'),
    ids: sourceIds(files),
    proofs: readProofs(files, take),
  };
  const mirrored = readMirrors(files, take, own, { readPlugins, readPublishers });
  const source = {
    ...own,
    publishers: new Map([...own.publishers, ...mirrored.publishers]),
    // By name, wherever they come from.
    plugins:
      mirrored.plugins.size === 0
        ? own.plugins
        : new Map([...own.plugins, ...mirrored.plugins].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  for (const path of files.keys()) {
    if (!taken.has(path) && !isAside(path))
      throw new PublishError('SOURCE_UNEXPECTED', path, 'this file has no place in a registry');
  }
  return source;
}

/** The ids git would give; of a folder that is not in git too. */
export function sourceIds(files: FileTree): SourceIds {
  const folders = byFolder(files, 'publishers/', 1);
  const publishers = [...files].flatMap(([path, bytes]) => {
    const name = /^publishers\/([^/]+)\.json$/.exec(path)?.[1];
    const folder = folders.get(name ?? '');
    return name === undefined ? [] : [[name, publisherId(gitBlobId(bytes), folder && gitTreeId(folder))] as const];
  });
  const plugins = [...byFolder(files, 'plugins/', 2)].map(([plugin, inner]) => [plugin, gitTreeId(inner)] as const);
  return { plugins: new Map(plugins), publishers: new Map(publishers) };
}

/** Of the folders these lie in: while one is the same, nothing in it changed. */
export function sourceTrees({ plugins, publishers }: SourceIds): SourceTrees {
  const owners = new Map<string, [string, string][]>();
  for (const [plugin, id] of plugins) {
    const owner = publisherIdOf(plugin);
    owners.set(owner, [...(owners.get(owner) ?? []), [plugin.slice(owner.length + 1), id]]);
  }
  const parts = [...publishers].map(([publisher, id]) => ({ publisher, id: id.split(' ') }));
  return {
    plugins: gitFolderId(
      [],
      [...owners].map(([owner, inner]) => [owner, gitFolderId([], inner)] as const),
    ),
    publishers: gitFolderId(
      parts.map(({ publisher, id: [file = ''] }) => [`${publisher}.json`, file] as const),
      parts.flatMap(({ publisher, id: [, folder] }) => (folder === undefined ? [] : [[publisher, folder] as const])),
    ),
  };
}

function publisherId(file: string, folder: string | undefined): string {
  return folder === undefined ? file : `${file} ${folder}`;
}

/** Files that are data of other steps or prose for people. */
function isAside(path: string): boolean {
  return path === 'README.md' || path.startsWith('trust/') || MIRROR_ASIDE.test(path);
}

/** Roots that syncs trust, what they reported, and what one that was killed left, which the next one or a build finishes. */
const MIRROR_ASIDE = /^(?:upstreams\/[^/]+\.root\.json|mirrors\/[^/]+\/report\.json|mirrors\.(?:lock|next\/.+))$/;

const PROOF_FILE = /^publishers\/([^/]+)\/proofs\/([0-9a-f]{64})\.sigstore\.json$/;

function readProofs(files: FileTree, take: Take): ReadonlyMap<string, Uint8Array> {
  const proofs = new Map<string, Uint8Array>();
  for (const path of files.keys()) {
    const [, publisher, keyId] = PROOF_FILE.exec(path) ?? [];
    const bytes = keyId === undefined ? undefined : take(path);
    if (bytes !== undefined) proofs.set(`${publisher}/${keyId}`, bytes);
  }
  return proofs;
}

/** Publishers alone, where nothing else is asked. Throws SchemaError, SOURCE_MISMATCH. */
export function publishersIn(files: FileTree): ReadonlyMap<string, Publisher> {
  return readPublishers(files, (path) => files.get(path));
}

function readPublishers(files: FileTree, take: Take): ReadonlyMap<string, Publisher> {
  return readNamed(files, take, /^publishers\/([^/]+)\.json$/, (bytes, path, name) =>
    named(parseJson(Publisher, bytes, path), ({ publisher }) => publisher, name, path),
  );
}

function readNamed<T>(
  files: FileTree,
  take: Take,
  pattern: RegExp,
  read: (bytes: Uint8Array, path: string, name: string) => T,
): ReadonlyMap<string, T> {
  const found = [...files.keys()].flatMap((path) => {
    const name = pattern.exec(path)?.[1];
    const bytes = name === undefined ? undefined : take(path);
    return name === undefined || bytes === undefined ? [] : [[name, read(bytes, path, name)] as const];
  });
  return new Map(found);
}

function named<T>(value: T, nameOf: (value: T) => string, expected: string, path: string): T {
  const actual = nameOf(value);
  if (actual === expected) return value;
  throw new PublishError('SOURCE_MISMATCH', path, `says it is ${actual}, but lies where ${expected} belongs`);
}

const RELEASE_FILE = /^plugins\/([^/]+\/[^/]+)\/([^/]+)\/release\.json$/;

function readPlugins(files: FileTree, take: Take): ReadonlyMap<string, PluginSource> {
  const versions = new Map<string, string[]>();
  for (const path of files.keys()) {
    const [, plugin, version] = RELEASE_FILE.exec(path) ?? [];
    if (plugin !== undefined && version !== undefined) versions.set(plugin, [...(versions.get(plugin) ?? []), version]);
  }
  return new Map([...versions].map(([plugin, list]) => [plugin, readPlugin(plugin, list, take)]));
}

function readPlugin(plugin: string, versions: readonly string[], take: Take): PluginSource {
  const folder = `plugins/${plugin}`;
  const listing = take(`${folder}/listing.json`);
  if (listing === undefined)
    throw new PublishError('SOURCE_MISSING', `${folder}/listing.json`, 'every plugin has a listing');
  const status = take(`${folder}/status.json`);
  const exceptions = take(`${folder}/exceptions.json`);
  const known = new Set(versions);
  const ofPlugin = <T extends { plugin: string }>(value: T, path: string): T =>
    named(value, (file) => file.plugin, plugin, path);
  return {
    plugin,
    listing: ofPlugin(parseJson(Listing, listing, `${folder}/listing.json`), `${folder}/listing.json`),
    status:
      status &&
      ofReleases(
        ofPlugin(parseJson(Status, status, `${folder}/status.json`), `${folder}/status.json`),
        known,
        `${folder}/status.json`,
      ),
    exceptions:
      exceptions &&
      ofPlugin(parseJson(Exceptions, exceptions, `${folder}/exceptions.json`), `${folder}/exceptions.json`),
    releases: new Map(versions.map((version) => [version, readRelease(plugin, version, take)])),
  };
}

/** A status of a version that is not there would do nothing, and whoever wrote it believes the plugin yanked. */
function ofReleases(status: Status, versions: ReadonlySet<string>, path: string): Status {
  const unknown = Object.keys(status.versions).find((version) => !versions.has(version));
  requireShortQuarantine(status, path);
  if (unknown === undefined) return status;
  throw new PublishError('SOURCE_MISMATCH', path, `speaks about ${unknown}, which is no release of ${status.plugin}`);
}

const QUARANTINE_MS = 7 * 86_400_000;

/** It is one maintainer's word and lapses by itself; clients hold it no longer either. Throws STATUS_INVALID. */
function requireShortQuarantine({ versions }: Status, path: string): void {
  for (const [version, status] of Object.entries(versions)) {
    if (status.state !== 'quarantined') continue;
    const length = Date.parse(status.until) - Date.parse(status.since);
    if (length > 0 && length <= QUARANTINE_MS) continue;
    throw new PublishError('STATUS_INVALID', path, `quarantines ${version} for more than 7 days, or for none`);
  }
}

function readRelease(plugin: string, version: string, take: Take): ReleaseSource {
  const folder = `plugins/${plugin}/${version}`;
  const path = `${folder}/release.json`;
  const bytes = take(path) ?? new Uint8Array();
  const release = parseCanonical(Release, bytes, path);
  named(release, (value) => `${value.plugin} ${value.version}`, `${plugin} ${version}`, path);
  const sources = take(`${folder}/sources.json`);
  if (sources === undefined)
    throw new PublishError('SOURCE_MISSING', `${folder}/sources.json`, 'a release names where its bytes are');
  return {
    release,
    manifestSha256: sha256(bytes),
    sources: parseJson(Sources, sources, `${folder}/sources.json`),
    bundle: take(`${folder}/publisher.sigstore.json`),
    detached: take(`${folder}/plugin.wasm.sig`),
    readme: release.readme === undefined ? undefined : take(`${folder}/README.md`),
    vectors: readVectors(folder, release, take),
  };
}

/** Vectors named by the manifest; a file it does not name is left over and refused with the rest. */
function readVectors(folder: string, { vectors }: Release, take: Take): ReadonlyMap<string, Uint8Array> {
  const found = vectors.flatMap(({ name }) => {
    const path = `${folder}/vectors/${name}.json`;
    const bytes = take(path);
    if (bytes === undefined) return [];
    parseJson(Vector, bytes, path);
    return [[name, bytes] as const];
  });
  return new Map(found);
}
