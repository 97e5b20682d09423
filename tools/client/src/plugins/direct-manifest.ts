// What the author wrote, in our field names.
import { type PluginManifest, pluginManifest, withOurNames } from '../documents/plugin-manifest.ts';
import { ClientError } from '../error.ts';
import { satisfies } from '../semver.ts';
import type { DirectProfile } from './direct-profile.ts';
import type { PluginsContext } from './plugins-context.ts';

export interface ManifestFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface ReadManifest {
  readonly manifest: PluginManifest;
  readonly json: unknown;
}

const asJson = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));

/** Throws MANIFEST_MALFORMED. */
export function readManifest(
  { options }: PluginsContext,
  { name: file, bytes }: ManifestFile,
  { profile }: DirectProfile,
): ReadManifest {
  const read = options.readManifest ?? asJson;
  let json: unknown;
  try {
    json = withOurNames(read(bytes, file), profile.host, profile.manifest.fields);
  } catch (cause) {
    throw new ClientError('MANIFEST_MALFORMED', { file }, cause);
  }
  return { manifest: decoded(json, file), json };
}

function decoded(json: unknown, file: string): PluginManifest {
  try {
    return pluginManifest(json, { code: 'MANIFEST_MALFORMED', path: file });
  } catch (cause) {
    if (!(cause instanceof ClientError)) throw cause;
    const field = String(cause.details['path'] ?? file).slice(file.length + 1);
    throw new ClientError('MANIFEST_MALFORMED', { file, field }, cause);
  }
}

/** A manifest for another host's plugin, or another version of its interface, is not one that fits. Throws NO_RELEASE. */
export function requireHost(
  { plugin, version, host, api, targets }: PluginManifest,
  { options }: PluginsContext,
): void {
  const wanted = targets ?? (host === undefined ? [] : [{ host, api: api ?? '*' }]);
  const target = wanted.find((candidate) => candidate.host === options.host.id);
  const { api: present } = options.host;
  if (target !== undefined && (present === undefined || satisfies(present, target.api))) return;
  const others = wanted.map((other) => other.host).join(', ') || 'no host';
  const reason = target === undefined ? `is for ${others}` : `needs host api ${target.api}`;
  throw new ClientError('NO_RELEASE', { plugin, reasons: `${version}: ${reason}` });
}
