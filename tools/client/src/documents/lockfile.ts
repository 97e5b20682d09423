// plugmark.lock: what a host uses, in the one form it may have: keys sorted, two spaces, a newline at the end. It names no address,
// so that a mirror or another disk serves as well, and it is never believed: what it says is compared with what is verified.
import { array, count, type Decoder, mapOf, object, oneOf, optional, tagged } from '../decode.ts';
import { ClientError } from '../error.ts';
import { equalBytes, fromUtf8, utf8 } from '../trust/bytes.ts';
import { canonicalJson } from '../trust/canonical.ts';
import { readJson } from '../trust/shape.ts';
import type { Tier } from '../verify-release.ts';
import { ociDigest, ociRepository } from './oci-words.ts';
import { LEVELS } from './package-document.ts';
import type { ArtifactKind } from './release.ts';
import { digits, hostId, httpsUrl, line, PLUGIN_ID, pluginId, range, registryId, sha256, version } from './words.ts';

/** Who signed, as it was seen: a key, a workflow, or nobody. */
export type SignerRecord =
  | { readonly kind: 'key'; readonly keyId: string }
  | { readonly kind: 'keyless'; readonly issuer: string; readonly repositoryId: string; readonly ownerId: string }
  | { readonly kind: 'none' };

/** Where a plugin came from. No address: any mirror will do, the digest decides. `digest`: of an OCI manifest, `sha256:...`. */
export type LockedSource =
  | { readonly kind: 'registry'; readonly registry: string }
  | { readonly kind: 'github'; readonly repository: string; readonly repositoryId: string; readonly tag: string }
  | { readonly kind: 'oci'; readonly repository: string; readonly digest: string }
  | { readonly kind: 'file' };

/** Every source that is no registry. */
export type DirectSource = Exclude<LockedSource, { kind: 'registry' }>;

/** One installed plugin. `levels` are what the registry vouched for, `dependencies` what its release asks for, by plugin to range. */
export interface LockedPlugin {
  readonly plugin: string;
  readonly version: string;
  /** The range that was asked for; absent where only another plugin asked. */
  readonly requested?: string | undefined;
  readonly source: LockedSource;
  readonly kind: ArtifactKind;
  readonly sha256: string;
  readonly size: number;
  readonly manifestSha256?: string | undefined;
  readonly tier: Tier;
  readonly capabilityHash: string;
  readonly signer: SignerRecord;
  readonly levels: readonly string[];
  readonly dependencies: ReadonlyMap<string, string>;
}

/** Everything that is installed for one host, and the registries it came from. */
export interface Lockfile {
  readonly host: string;
  readonly registries: readonly { readonly id: string; readonly rootVersion: number; readonly rootSha256: string }[];
  readonly plugins: readonly LockedPlugin[];
}

const github: Decoder<Extract<LockedSource, { kind: 'github' }>> = object({
  kind: oneOf('github'),
  repository: line(140),
  repositoryId: digits,
  tag: line(200),
});
const oci: Decoder<Extract<LockedSource, { kind: 'oci' }>> = object({
  kind: oneOf('oci'),
  repository: ociRepository,
  digest: ociDigest,
});
const file: Decoder<Extract<LockedSource, { kind: 'file' }>> = object({ kind: oneOf('file') });

/** Every source but a registry. */
export const directSource: Decoder<DirectSource> = tagged('kind', { github, oci, file });

const lockedPlugin: Decoder<LockedPlugin> = object({
  plugin: pluginId,
  version,
  requested: optional(range),
  source: tagged('kind', {
    registry: object({ kind: oneOf('registry'), registry: registryId }),
    github,
    oci,
    file,
  }),
  kind: oneOf('core', 'component', 'process'),
  sha256,
  size: count,
  manifestSha256: optional(sha256),
  tier: oneOf('built-in', 'verified', 'community', 'local'),
  capabilityHash: sha256,
  signer: tagged('kind', {
    key: object({ kind: oneOf('key'), keyId: sha256 }),
    keyless: object({ kind: oneOf('keyless'), issuer: httpsUrl, repositoryId: digits, ownerId: digits }),
    none: object({ kind: oneOf('none') }),
  }),
  levels: array(oneOf(...LEVELS)),
  dependencies: mapOf(PLUGIN_ID, version, { maxKey: 104 }),
});

/** The shape alone. */
export const lockfile: Decoder<Lockfile> = object({
  schemaVersion: oneOf(1),
  host: hostId,
  registries: array(object({ id: registryId, rootVersion: count, rootSha256: sha256 })),
  plugins: array(lockedPlugin),
});

/** The only bytes that say this. */
export function encodeLockfile({ host, registries, plugins }: Lockfile): Uint8Array {
  const byId = <T>(items: readonly T[], id: (item: T) => string): T[] =>
    [...items].sort((a, b) => (id(a) < id(b) ? -1 : 1));
  const value = {
    schemaVersion: 1,
    host,
    registries: byId(registries, ({ id }) => id),
    plugins: byId(plugins, ({ plugin }) => plugin).map(({ dependencies, levels, ...entry }) => ({
      ...defined(entry),
      levels: [...levels].sort(),
      dependencies: Object.fromEntries(dependencies),
    })),
  };
  // Sorted by the canonical form, then laid out in lines: people compare lockfiles.
  return utf8(`${JSON.stringify(JSON.parse(fromUtf8(canonicalJson(value))), null, 2)}\n`);
}

/** Throws LOCKFILE_MALFORMED: not a lockfile, of two plugins of one name, or not in the form in which it is written. */
export function decodeLockfile(bytes: Uint8Array): Lockfile {
  const read = readJson(bytes, { code: 'LOCKFILE_MALFORMED', path: 'lockfile' }, lockfile);
  if (new Set(read.plugins.map(({ plugin }) => plugin)).size !== read.plugins.length)
    throw new ClientError('LOCKFILE_MALFORMED', { path: 'lockfile.plugins', what: 'a plugin twice' });
  if (equalBytes(encodeLockfile(read), bytes)) return read;
  throw new ClientError('LOCKFILE_MALFORMED', { path: 'lockfile', what: 'its form' });
}

function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}
