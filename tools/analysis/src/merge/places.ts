// Where a file may lie, by path: whose it is, what kind of pull request touches it, and how it is read. A path that is in no row is
// nobody's to submit.

import {
  Bundle,
  isValid,
  Listing,
  PluginId,
  Publisher,
  PublisherId,
  type PullKind,
  parseCanonical,
  parseJson,
  Release,
  SchemaError,
  SemVer,
  Sources,
  Status,
  Vector,
} from '@plugmark/schemas';

/** Everything of a registry lies below this folder. */
export const DATA = 'registry/';

/** What is read in each place. */
export interface PlaceValues {
  readonly release: Release;
  readonly bundle: Bundle;
  readonly sources: Sources;
  readonly readme: string;
  readonly detached: Uint8Array;
  readonly vector: Vector;
  readonly listing: Listing;
  readonly status: Status;
  readonly publisher: Publisher;
  readonly proof: Bundle;
}
export type PlaceName = keyof PlaceValues;

interface PlaceRow<T> {
  readonly pattern: RegExp;
  /** What adding it is part of, and what changing it is; `never` is refused. */
  readonly added: PullKind;
  readonly modified: PullKind | 'never';
  readonly read: (bytes: Uint8Array, path: string) => T;
}

const VERSION_FOLDER = '^plugins/([^/]+)/([^/]+)/([^/]+)/';
const inVersion = (rest: string): RegExp => new RegExp(`${VERSION_FOLDER}${rest}$`);

const PLACES: { readonly [N in PlaceName]: PlaceRow<PlaceValues[N]> } = {
  release: {
    pattern: inVersion('release\\.json'),
    added: 'release',
    modified: 'never',
    read: (bytes, path) => parseCanonical(Release, bytes, path),
  },
  bundle: {
    pattern: inVersion('publisher\\.sigstore\\.json'),
    added: 'release',
    modified: 'publisher',
    read: (bytes, path) => parseJson(Bundle, bytes, path),
  },
  sources: {
    pattern: inVersion('sources\\.json'),
    added: 'release',
    modified: 'presentation',
    read: (bytes, path) => parseJson(Sources, bytes, path),
  },
  readme: { pattern: inVersion('README\\.md'), added: 'release', modified: 'never', read: plainText },
  detached: { pattern: inVersion('plugin\\.wasm\\.sig'), added: 'release', modified: 'never', read: (bytes) => bytes },
  vector: {
    pattern: inVersion('vectors/([a-z0-9]+(?:[-_.][a-z0-9]+)*)\\.json'),
    added: 'release',
    modified: 'never',
    read: (bytes, path) => parseJson(Vector, bytes, path),
  },
  listing: {
    pattern: /^plugins\/([^/]+)\/([^/]+)\/listing\.json$/,
    added: 'presentation',
    modified: 'presentation',
    read: (bytes, path) => parseJson(Listing, bytes, path),
  },
  status: {
    pattern: /^plugins\/([^/]+)\/([^/]+)\/status\.json$/,
    added: 'status',
    modified: 'status',
    read: (bytes, path) => parseJson(Status, bytes, path),
  },
  publisher: {
    pattern: /^publishers\/([^/]+)\.json$/,
    added: 'publisher',
    modified: 'publisher',
    read: (bytes, path) => parseJson(Publisher, bytes, path),
  },
  proof: {
    pattern: /^publishers\/([^/]+)\/proofs\/[0-9a-f]{64}\.sigstore\.json$/,
    added: 'publisher',
    modified: 'never',
    read: (bytes, path) => parseJson(Bundle, bytes, path),
  },
};

function plainText(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new SchemaError('SCHEMA_INVALID', path, [{ path: '', problem: 'is not UTF-8 text' }], { cause });
  }
}

/** A path that may be submitted, and what it is about. */
export interface Place {
  readonly name: PlaceName;
  readonly publisher: string;
  readonly plugin?: string;
  readonly version?: string;
}

/** Undefined for a path that is nobody's to submit; also when a part of it is no name. */
export function placeOf(path: string): Place | undefined {
  if (!path.startsWith(DATA)) return undefined;
  const inside = path.slice(DATA.length);
  for (const name of Object.keys(PLACES) as PlaceName[]) {
    const match = PLACES[name].pattern.exec(inside);
    if (match !== null) return named(name, match);
  }
  return undefined;
}

function named(name: PlaceName, [, publisher = '', plugin, version]: RegExpExecArray): Place | undefined {
  if (!isValid(PublisherId, publisher)) return undefined;
  if (name === 'publisher' || name === 'proof') return { name, publisher };
  const id = `${publisher}/${plugin}`;
  if (!isValid(PluginId, id)) return undefined;
  if (name === 'listing' || name === 'status') return { name, publisher, plugin: id };
  return version !== undefined && isValid(SemVer, version) ? { name, publisher, plugin: id, version } : undefined;
}

export const kindOfAdded = (name: PlaceName): PullKind => PLACES[name].added;
export const kindOfModified = (name: PlaceName): PullKind | 'never' => PLACES[name].modified;

/** The file as its schema types it. Throws SchemaError. */
export function readPlace<N extends PlaceName>(name: N, bytes: Uint8Array, path: string): PlaceValues[N] {
  return PLACES[name].read(bytes, path);
}

/** Whether each of these paths may be submitted. */
export function submittedPaths(paths: readonly string[]): { readonly path: string; readonly isPlace: boolean }[] {
  return paths.map((path) => ({ path, isPlace: placeOf(path) !== undefined }));
}
