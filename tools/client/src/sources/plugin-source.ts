// Where a plugin comes from when no registry lists it.
import type { DirectSource, LockedSource } from '../documents/lockfile.ts';
import { ClientError } from '../error.ts';

/** Where a plugin comes from that no registry lists: a repository on GitHub, by tag or its latest release, or a file. */
export type PluginSource =
  | {
      readonly kind: 'github';
      /** `owner/name` */
      readonly repository: string;
      /** Of a release; without it the latest one, and later ones on update. */
      readonly tag?: string | undefined;
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
export const isSource = (text: string): boolean => /^github:|^https:\/\/github\.com\//.test(text);

/**
 * `github:owner/name`, `github:owner/name@tag`, or the address of a repository or of one of its releases, as people paste it. Throws
 * SOURCE_MALFORMED.
 */
export function parseSource(text: string): Extract<PluginSource, { kind: 'github' }> {
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

/** `github:owner/name@tag`, `a file`, `registry small.example`. */
export function sourceWords(source: LockedSource): string {
  if (source.kind === 'registry') return `registry ${source.registry}`;
  return source.kind === 'file' ? 'a file' : `github:${source.repository}@${source.tag}`;
}

/** Names of repositories are given anew; their numbers are not. */
export function sameSource(a: LockedSource, b: DirectSource): boolean {
  if (a.kind === 'github' && b.kind === 'github') return a.repositoryId === b.repositoryId;
  return a.kind === b.kind;
}
