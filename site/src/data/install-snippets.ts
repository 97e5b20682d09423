import type { HostProfile, Release } from '@plugmark/schemas';

export interface Snippet {
  readonly title: string;
  readonly text: string;
}

/**
 * The host's own instructions with this release filled in, `url` as where its bytes are. One pass, so that nothing filled in is filled in
 * again.
 */
export function installSnippets({ install }: HostProfile, release: Release, url: string): readonly Snippet[] {
  const [publisher = '', name = ''] = release.plugin.split('/');
  const { sha256 } = release.artifact;
  const values: Readonly<Record<string, string>> = {
    plugin: release.plugin,
    publisher,
    name,
    version: release.version,
    sha256,
    url,
  };
  return install.map(({ title, template }) => ({
    title,
    text: template.replace(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole).trimEnd(),
  }));
}

export type Artifact = Pick<Release['artifact'], 'kind' | 'sha256'>;
