// What a built site may weigh, for GitHub Pages and for whoever opens it on a phone. The same limits for the repository's own registry in
// the tests and for ten thousand plugins in the bench.

import { type Dirent, readFileSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface SiteWeight {
  readonly files: number;
  readonly bytes: number;
  /** As the one archive that is uploaded: a header for each file, and each filled up to 512 bytes. */
  readonly archiveBytes: number;
  readonly largestFile: WeighedFile;
  /** Of JSON, text and pages, but no artifact. */
  readonly largestText: WeighedFile;
  readonly pluginPages: {
    readonly count: number;
    /** Without the README on it, which is as long as its author likes. */
    readonly largest: WeighedFile;
    readonly median: number;
    readonly scripts: number;
  };
  /** Without artifacts, and without what there is one of. */
  readonly bytesAPlugin: number;
}

interface WeighedFile {
  readonly path: string;
  readonly bytes: number;
}

export const SITE_LIMITS = {
  pluginPageBytes: 15_000,
  bytes: 900_000_000,
  /** GitHub Pages serves no more. */
  archiveBytes: 1_000_000_000,
  /** What ten thousand plugins may take, a plugin. */
  bytesAPlugin: 90_000,
  /** Git at GitHub takes no larger file. */
  fileBytes: 100_000_000,
  /** Whoever searches ten thousand plugins loads their list; nothing else that is read whole is larger. */
  textBytes: 8_000_000,
} as const;

/** What is over its limit, in words; empty when nothing is. */
export function overBudget({ pluginPages, ...weight }: SiteWeight): readonly string[] {
  const over = (what: string, value: number, limit: number): string[] =>
    value <= limit ? [] : [`${what}: ${value}, allowed ${limit}`];
  return [
    ...over(pluginPages.largest.path, pluginPages.largest.bytes, SITE_LIMITS.pluginPageBytes),
    ...over('scripts on the pages of plugins', pluginPages.scripts, 0),
    ...over('the site', weight.bytes, SITE_LIMITS.bytes),
    ...over('its archive', weight.archiveBytes, SITE_LIMITS.archiveBytes),
    ...over('a plugin', weight.bytesAPlugin, SITE_LIMITS.bytesAPlugin),
    ...over(weight.largestFile.path, weight.largestFile.bytes, SITE_LIMITS.fileBytes),
    ...over(weight.largestText.path, weight.largestText.bytes, SITE_LIMITS.textBytes),
  ];
}

/** Weighs folders that are served as one: a whole dist, or pages and tree before they are put together. */
export async function weighSite(...folders: readonly string[]): Promise<SiteWeight> {
  const files = (await Promise.all(folders.map(filesOf))).flat();
  const pages = files.filter(({ path }) => PLUGIN_PAGE.test(path)).map(weighPage);
  const sizes = pages.map(({ bytes }) => bytes).sort((a, b) => a - b);
  const ofPlugins = files.filter(({ path }) => OF_PLUGINS.test(path));
  return {
    files: files.length,
    bytes: sum(files),
    archiveBytes: files.reduce((total, { bytes }) => total + BLOCK * (1 + Math.ceil(bytes / BLOCK)), 0),
    largestFile: largest(files),
    largestText: largest(files.filter(({ path }) => !path.startsWith('blobs/'))),
    pluginPages: {
      count: pages.length,
      largest: largest(pages),
      median: sizes[sizes.length >> 1] ?? 0,
      scripts: pages.reduce((total, { scripts }) => total + scripts, 0),
    },
    bytesAPlugin: Math.round(sum(ofPlugins) / Math.max(1, pages.length)),
  };
}

const BLOCK = 512;
const PLUGIN_PAGE = /^plugins\/(?!page\/)[^/]+\/[^/]+\/index\.html$/;
const OF_PLUGINS = /^(plugins|publishers|feeds|v1|attestations|targets|readmes)\/|^search\.json$/;

interface FoundFile extends WeighedFile {
  readonly file: string;
}

async function filesOf(folder: string): Promise<FoundFile[]> {
  const entries: Dirent[] = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return { file, path: file.slice(folder.length + 1), bytes: statSync(file).size };
    });
}

function weighPage({ file, path }: FoundFile): WeighedFile & { readonly scripts: number } {
  const html = readFileSync(file, 'utf8');
  const bytes = Buffer.byteLength(html.replace(/<div class="readme">.*<\/div>/s, ''));
  return { path, bytes, scripts: [...html.matchAll(/<script/gi)].length };
}

const sum = (files: readonly WeighedFile[]): number => files.reduce((total, { bytes }) => total + bytes, 0);

function largest(files: readonly WeighedFile[]): WeighedFile {
  return files.reduce((most, { path, bytes }) => (bytes > most.bytes ? { path, bytes } : most), { path: '', bytes: 0 });
}
