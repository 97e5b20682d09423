// A plugin as its host reads it: the file, the detached signature where the host checks one, the manifest under the host's own name, and
// the lines for the host's configuration. All of it comes from the host profile; there are no host names here.

import {
  type DocumentRelease,
  fileEnding,
  type HostProfile,
  type LoadedPlugin,
  type PackageDocument,
} from '@plugmark/client';
import { stringify } from 'yaml';

export interface LayoutInput {
  readonly loaded: LoadedPlugin;
  readonly profile: HostProfile;
  readonly document: PackageDocument;
  readonly release: DocumentRelease;
  /** `blobs/sha256/<hex>.wasm` under the registry's address. */
  readonly url: string;
  /** The publisher's detached signature, checked by the caller. */
  readonly signature?: Uint8Array | undefined;
}

export interface Layout {
  /** Path below the host's plugin folder -> content. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly snippets: readonly Snippet[];
  /** The host reads a detached signature and there is none. */
  readonly unsigned: boolean;
}

export interface Snippet {
  readonly title: string;
  readonly language: string;
  readonly text: string;
}

/** A manifest of this name is the registry's form; other names are the host's own, and such a plugin has a folder of its own. */
const COMMON_MANIFEST = 'plugin.yaml';

export function layOutPlugin(input: LayoutInput): Layout {
  const { loaded, profile, signature } = input;
  const [publisher = '', name = ''] = loaded.plugin.split('/');
  const hasFolder = profile.manifest.file !== COMMON_MANIFEST;
  const folder = hasFolder ? `${publisher}-${name}/` : '';
  const file = `${name}.${fileEnding(loaded)}`;
  const files = new Map<string, Uint8Array>([[`${folder}${file}`, loaded.bytes]]);
  const { detachedSignature } = profile;
  if (detachedSignature !== undefined && signature !== undefined)
    files.set(`${folder}${file}${detachedSignature.suffix}`, signature);
  if (hasFolder)
    files.set(`${folder}${profile.manifest.file}`, new TextEncoder().encode(stringify(hostManifest(input, file))));
  const values = {
    plugin: loaded.plugin,
    publisher,
    name,
    version: loaded.version,
    sha256: loaded.sha256,
    url: input.url,
  };
  const snippets = profile.install.map(({ title, language, template }) => ({
    title,
    language,
    text: filled(template, values),
  }));
  return { files, snippets, unsigned: detachedSignature !== undefined && signature === undefined };
}

/** The words a template may use; anything else in braces is the host's own syntax. */
function filled(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{([a-z0-9]+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] as string) : whole,
  );
}

/** What the author wrote, with the host's names for its fields. */
function hostManifest({ profile, document, release }: LayoutInput, artifact: string): Record<string, unknown> {
  const { plugin, version, license, targets, capabilities } = release.release.value;
  const own = new Map([...profile.manifest.fields].map(([theirs, ours]) => [ours, theirs]));
  const manifest = {
    schemaVersion: 1,
    plugin,
    version,
    license,
    title: document.listing.title,
    summary: document.listing.summary,
    artifact,
    host: profile.host,
    api: targets.find(({ host }) => host === profile.host)?.api,
    capabilities: capabilities.map(({ id, params, reason }) => ({
      id,
      ...(params === undefined ? {} : { params: Object.fromEntries(params) }),
      reason,
    })),
  };
  return Object.fromEntries(Object.entries(manifest).map(([name, value]) => [own.get(name) ?? name, value]));
}
