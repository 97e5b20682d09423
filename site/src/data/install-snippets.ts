import { blobPath } from '@plugmark/client';
import type { HostProfile, Release } from '@plugmark/schemas';

export interface Snippet {
  readonly title: string;
  readonly text: string;
}

/** The host's own instructions with this release filled in. One pass, so that nothing filled in is filled in again. */
export function installSnippets({ install }: HostProfile, release: Release, registryUrl: string): readonly Snippet[] {
  const [publisher = '', name = ''] = release.plugin.split('/');
  const { sha256 } = release.artifact;
  const values: Readonly<Record<string, string>> = {
    plugin: release.plugin,
    publisher,
    name,
    version: release.version,
    sha256,
    url: `${registryUrl}${blobPath(release.artifact)}`,
  };
  return install.map(({ title, template }) => ({
    title,
    text: template.replace(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole).trimEnd(),
  }));
}
