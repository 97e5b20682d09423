// Where a plugin comes from when no registry lists it.
import type { DirectSource, LockedSource } from '../documents/lockfile.ts';
import { ClientError } from '../error.ts';
import { type OciReference, readOciName } from './oci-reference.ts';

/**
 * Where a plugin comes from that no registry lists: a repository on GitHub, by tag or its latest release; an artifact of an OCI registry,
 * by its digest; or a file.
 */
export type PluginSource =
  | {
      readonly kind: 'github';
      /** `owner/name` */
      readonly repository: string;
      /** Of a release; without it the latest one, and later ones on update. */
      readonly tag?: string | undefined;
    }
  | {
      readonly kind: 'oci';
      /** `ghcr.io/owner/name` */
      readonly repository: string;
      /** `sha256:...` of the manifest. */
      readonly digest: string;
    }
  | {
      readonly kind: 'file';
      /** The file's name, for people and for a plugin without a manifest. */
      readonly name: string;
      readonly bytes: Uint8Array;
      /** Reads the author's manifest that belongs to it, by the name the host gives such files; undefined where there is none. */
      readonly manifest?: ((file: string) => Promise<Uint8Array | undefined>) | undefined;
    };

/** What GitHub calls so; anything else would not come back out of a lockfile. */
export const REPOSITORY: RegExp = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;
// Git's own rules for a ref, without what an address would have to escape twice.
export const TAG: RegExp = /^(?!.*(?:\.\.|\/\/|@\{|\.lock$))[A-Za-z0-9_][A-Za-z0-9._+/-]{0,199}$/;

/** Whether a text names a source and not a plugin of a registry. */
export const isSource = (text: string): boolean => /^(?:github:|oci:\/\/|https:\/\/github\.com\/)/.test(text);

/**
 * `github:owner/name`, `github:owner/name@tag`, or the address of a repository or of one of its releases, as people paste it;
 * `oci://registry/repository@sha256:...`. Throws SOURCE_MALFORMED, and SOURCE_UNPINNED for an artifact by tag.
 */
export function parseSource(text: string): Exclude<PluginSource, { kind: 'file' }> {
  if (text.startsWith('oci://')) return oci(text);
  const [, named, of] =
    /^https:\/\/github\.com\/([^/]+\/[^/?#]+?)(?:\.git)?(?:\/releases\/tag\/([^?#]+))?\/?$/.exec(text) ?? [];
  const [, short = named ?? '', at] = /^github:([^@]+)(?:@(.+))?$/.exec(text) ?? [];
  const tag = at ?? of?.replace(/%2F/gi, '/');
  if (REPOSITORY.test(short) && (tag === undefined || TAG.test(tag))) return github(short, tag);
  throw new ClientError('SOURCE_MALFORMED', { source: text });
}

function github(repository: string, tag: string | undefined): Extract<PluginSource, { kind: 'github' }> {
  return tag === undefined ? { kind: 'github', repository } : { kind: 'github', repository, tag };
}

function oci(text: string): Extract<PluginSource, { kind: 'oci' }> {
  const { host, name, digest } = referenceIn(text);
  return { kind: 'oci', repository: `${host}/${name}`, digest };
}

/** Throws SOURCE_MALFORMED, SOURCE_UNPINNED. */
function referenceIn(text: string): OciReference {
  const named = readOciName(text);
  if (named?.tag !== undefined) throw new ClientError('SOURCE_UNPINNED', { source: text, tag: named.tag });
  if (named?.digest === undefined) throw new ClientError('SOURCE_MALFORMED', { source: text });
  return { host: named.host, name: named.name, digest: named.digest };
}

/** The artifact that a source or a lockfile names. Throws SOURCE_MALFORMED: whoever wrote it may not have gone by `parseSource`. */
export const ociReference = (
  source: Pick<Extract<PluginSource, { kind: 'oci' }>, 'repository' | 'digest'>,
): OciReference => referenceIn(`oci://${source.repository}@${source.digest}`);

type Table<T> = { readonly [K in LockedSource['kind']]: (source: Extract<LockedSource, { kind: K }>) => T };

const WORDS: Table<string> = {
  registry: ({ registry }) => `registry ${registry}`,
  github: ({ repository, tag }) => `github:${repository}@${tag}`,
  oci: ({ repository, digest }) => `oci://${repository}@${digest}`,
  file: () => 'a file',
};

/** `github:owner/name@tag`, `oci://registry/repository@sha256:...`, `a file`, `registry small.example`. */
export const sourceWords = (source: LockedSource): string =>
  (WORDS[source.kind] as (of: LockedSource) => string)(source);

/**
 * Names of repositories on GitHub are given anew; their numbers are not. A repository of an OCI registry has no number, so its name is all
 * there is: another artifact of it is taken when a person names its digest, and is asked about as if for the first time.
 */
export function sameSource(a: LockedSource, b: DirectSource): boolean {
  if (a.kind === 'github' && b.kind === 'github') return a.repositoryId === b.repositoryId;
  if (a.kind === 'oci' && b.kind === 'oci') return a.repository === b.repository;
  return a.kind === b.kind;
}
