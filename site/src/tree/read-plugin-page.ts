import type { IndexEntry } from '@plugmark/schemas';
import { type PluginPage, pluginPage } from '../data/plugin-page.ts';
import { SiteError } from '../data/site-error.ts';
import { registryUrl } from '../site-link.ts';
import { checkRelease, tree } from './this-tree.ts';

interface PluginPath {
  readonly params: { readonly publisher: string; readonly plugin: string };
}

/** Ids only: each page reads its own document, so the build holds one at a time. */
export function pluginPaths(): readonly PluginPath[] {
  return tree.index().plugins.map(({ plugin }) => {
    const [publisher = '', name = ''] = plugin.split('/');
    return { params: { publisher, plugin: name } };
  });
}

/** The index's line on a plugin. Throws PLUGIN_UNKNOWN. */
function readEntry(plugin: string): IndexEntry {
  const entry = tree.entries().get(plugin);
  if (entry === undefined) throw new SiteError('PLUGIN_UNKNOWN', `the index lacks ${plugin}`);
  return entry;
}

/** Reads and checks what the page of a plugin needs. Throws PLUGIN_UNKNOWN, HOST_UNKNOWN and what the tree throws. */
export async function readPluginPage(plugin: string): Promise<PluginPage> {
  const index = tree.index();
  const entry = readEntry(plugin);
  const { title, url } = tree.registry();
  return pluginPage({
    document: tree.document(plugin),
    hosts: tree.hosts(),
    report: tree.report,
    check: await checkRelease(plugin, entry.latest),
    tier: entry.tier,
    revocations: tree.revocations(),
    registry: { title, url: registryUrl(url) },
    generatedAt: index.generatedAt,
    waits: tree.policy().waits,
    version: entry.latest,
  });
}
