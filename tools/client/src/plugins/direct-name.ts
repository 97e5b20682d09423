// What a plugin without an author's manifest is called. The name is for people and for the lockfile; who it is, its source decides.
import type { PluginManifest } from '../documents/plugin-manifest.ts';
import { line, PLUGIN_ID } from '../documents/words.ts';
import { ClientError } from '../error.ts';
import { VERSION } from '../semver.ts';
import type { PulledWasm } from '../sources/oci-artifact.ts';
import { type OciReference, ociText } from '../sources/oci-reference.ts';

export type DirectName = Pick<PluginManifest, 'plugin' | 'version' | 'title' | 'summary'>;

/** Where nobody says which version it is. */
export const NO_VERSION = '0.0.0';

/** In the letters that names of plugins have. */
export const slug = (text: string, max: number): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, max)
    .replace(/-+$/, '');

/**
 * An OCI artifact is called by its repository: by the first part, which is whose it is there, and the last. Its author's labels are taken
 * as such: the version where it is one, which no update and no choice between versions goes by, and one line of description.
 */
export function nameOfArtifact(reference: OciReference, annotations: PulledWasm['annotations']): DirectName {
  const parts = reference.name.split('/');
  const owner = parts.length > 1 ? slug(parts[0] ?? '', 39) : 'local';
  const title = slug(parts.at(-1) ?? '', 64);
  const plugin = `${owner}/${title}`;
  if (!PLUGIN_ID.test(plugin))
    throw new ClientError('MANIFEST_MALFORMED', { file: ociText(reference), field: 'plugin' });
  const version = annotations.get('org.opencontainers.image.version') ?? '';
  const isVersion = version.length <= 64 && VERSION.test(version);
  return { plugin, version: isVersion ? version : NO_VERSION, title, summary: oneLine(annotations) };
}

const asLine = line(200);

function oneLine(annotations: PulledWasm['annotations']): string | undefined {
  try {
    return asLine(annotations.get('org.opencontainers.image.description'), { code: 'ARTIFACT_LAYOUT', path: '' });
  } catch {
    return undefined;
  }
}
