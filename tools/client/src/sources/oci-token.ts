// The token that public registries give to everybody. A registry says in `WWW-Authenticate` where to ask for it: a server's word, which
// could send a request to any address that this computer reaches.
import { ClientError } from '../error.ts';
import { object, type Reader, readJson } from '../trust/shape.ts';
import { isLoopbackRegistry, type OciRepository, ociBase } from './oci-reference.ts';

/** What a registry answers to whoever has no token. */
export interface TokenQuestion {
  readonly realm: URL;
  readonly service?: string | undefined;
  readonly scope?: string | undefined;
}

/** Reads `Bearer realm="...",service="...",scope="..."`; undefined for another way to sign in. */
export function readTokenQuestion(challenge: string): TokenQuestion | undefined {
  const [, said = ''] = /(?:^|,)\s*bearer\s+(.*)$/i.exec(challenge.slice(0, 4096)) ?? [];
  const parameter = (name: string): string | undefined =>
    new RegExp(`(?:^|[\\s,])${name}="([^"\\\\]*)"`, 'i').exec(said)?.[1];
  const realm = URL.parse(parameter('realm') ?? '');
  return realm === null ? undefined : { realm, service: parameter('service'), scope: parameter('scope') };
}

/** Registries that are known to give their tokens elsewhere. */
const TOKEN_HOSTS: ReadonlyMap<string, string> = new Map([
  ['docker.io', 'auth.docker.io'],
  ['index.docker.io', 'auth.docker.io'],
  ['registry-1.docker.io', 'auth.docker.io'],
  ['registry.gitlab.com', 'gitlab.com'],
]);

/**
 * Whether to ask there without knowing more: the registry's own host, or the one known to belong to it, over https; on this computer the
 * registry's own address alone.
 */
export function mayAskForToken({ realm }: TokenQuestion, repository: OciRepository): boolean {
  if (realm.username !== '' || realm.password !== '') return false;
  const base = new URL(ociBase(repository));
  if (isLoopbackRegistry(repository)) return realm.origin === base.origin;
  const known = TOKEN_HOSTS.get(repository.host);
  return realm.protocol === 'https:' && (realm.hostname === base.hostname || realm.host === known);
}

/** The address to ask, with what was told. */
export function tokenAddress({ realm, service, scope }: TokenQuestion): string {
  const address = new URL(realm);
  for (const [name, value] of Object.entries({ service, scope }))
    if (value !== undefined) address.searchParams.set(name, value);
  return address.href;
}

/** What goes into a header whole; anything else is as good as absent. */
const token: Reader<string | undefined> = (value) =>
  typeof value === 'string' && /^[\x21-\x7e]{1,16384}$/.test(value) ? value : undefined;
const answer = object<{ token: string | undefined; access_token: string | undefined }>({ token, access_token: token });
/** Of an answer with a token. */
export const MAX_TOKEN_ANSWER = 100_000;

/** The value of the `authorization` header; undefined where the answer gives none. */
export function readToken(bytes: Uint8Array): string | undefined {
  try {
    const given = readJson(bytes, { code: 'NETWORK', path: 'token' }, answer);
    const value = given.token ?? given.access_token;
    return value && `Bearer ${value}`;
  } catch (cause) {
    if (!(cause instanceof ClientError)) throw cause;
    return undefined;
  }
}
