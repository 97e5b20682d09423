// The files of a new plugin folder: templates with their words filled in. Every word was checked by a schema before, so none can end
// a string or a line of the file it stands in.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FileTree } from '@plugmark/publish';
import type { HostProfile } from '@plugmark/schemas';
import { parseYaml } from './parse-yaml.ts';
import { COMMON_FILES, TEMPLATES, type TemplateName } from './plugin-templates.ts';
import { TOOLS } from './tools-commit.ts';

const FOLDER = fileURLToPath(new URL('../templates', import.meta.url));
const PAGE = 65_536;
/** Enough for every template; less where the host gives less. */
const MEMORY_BYTES = 256 * PAGE;

export interface NewPlugin {
  readonly plugin: string;
  readonly license: string;
  readonly template: TemplateName;
  readonly profile: HostProfile;
  readonly summary: string;
  readonly vectors: readonly [string, ...string[]];
  /** The README that is there already, or README.md. */
  readonly readme: string;
  /** Of the registry, as `owner/name`; without one there is no workflow to call. */
  readonly repository: string | undefined;
}

/** By path in the folder, the manifest last: a folder without it is no plugin yet. */
export async function pluginFiles(plugin: NewPlugin): Promise<FileTree> {
  const { profile, template, vectors } = plugin;
  const { files, source } = TEMPLATES[template];
  const convention = `abi/${profile.abi}`;
  const places: Readonly<Record<string, string>> = {
    ...COMMON_FILES,
    'common/README.md': plugin.readme,
    ...files,
    [`${convention}/${source}`]: source,
    ...Object.fromEntries(vectors.map((name) => [`${convention}/vectors/${name}.json`, `vectors/${name}.json`])),
    [`${convention}/manifest.yaml`]: profile.manifest.file,
  };
  const words = wordsOf(plugin);
  const withheld = plugin.repository === undefined ? 'common/release.yml' : undefined;
  const tree: FileTree = new Map();
  for (const [from, to] of Object.entries(places)) {
    if (from === withheld) continue;
    const text = fill(await readFile(join(FOLDER, from), 'utf8'), words);
    const content = from.endsWith('.yaml') && to.endsWith('.json') ? asJson(text, to) : text;
    tree.set(to, new TextEncoder().encode(content));
  }
  return tree;
}

function wordsOf({
  plugin,
  license,
  template,
  profile,
  summary,
  vectors,
  readme,
  repository,
}: NewPlugin): Record<string, string> {
  const name = plugin.slice(plugin.indexOf('/') + 1);
  const { build, ciBuild } = TEMPLATES[template];
  const pages = Math.floor(Math.min(MEMORY_BYTES, profile.limits.memoryBytes) / PAGE);
  const own = Object.entries(profile.manifest.fields).find(([, ours]) => ours === 'capabilities')?.[0];
  return {
    PLUGIN: plugin,
    NAME: name,
    IDENTIFIER: name.replaceAll('-', '_'),
    TITLE: titleOf(name),
    SUMMARY: summary,
    LICENSE: license,
    HOST: profile.host,
    HOST_TITLE: profile.title,
    API: `^${profile.apiVersions.at(-1) ?? '1'}`,
    CAPABILITIES: own ?? 'capabilities',
    README: readme,
    MEMORY_BYTES: String(pages * PAGE),
    MEMORY_PAGES: String(pages),
    VECTOR: vectors[0],
    BUILD: build,
    CI_BUILD: ciBuild,
    REGISTRY_REPOSITORY: repository ?? '',
    TOOLS_COMMIT: TOOLS.commit,
    TOOLS_VERSION: TOOLS.version,
  };
}

/** `spectral-entropy` as `Spectral entropy`. */
function titleOf(name: string): string {
  const words = name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const fill = (text: string, words: Readonly<Record<string, string>>): string =>
  text.replaceAll(/__([A-Z_]+)__/g, (place, word: string) => words[word] ?? place);

/** For hosts whose manifest is JSON by name. */
function asJson(text: string, where: string): string {
  return `${JSON.stringify(parseYaml(new TextEncoder().encode(text), where), null, 2)}\n`;
}
