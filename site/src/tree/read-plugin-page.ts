import type { DocumentRelease, IndexEntry, PackageDocument } from '@plugmark/schemas';
import { type PluginPage, pluginPage } from '../data/plugin-page.ts';
import { SiteError } from '../data/site-error.ts';
import { registryUrl } from '../site-link.ts';
import { checkRelease, tree } from './this-tree.ts';

interface ReadPlugin {
  readonly page: PluginPage;
  readonly document: PackageDocument;
  /** The one the page is about. */
  readonly release: DocumentRelease;
}

/** Reads and checks what the page of a plugin needs. Throws PLUGIN_UNKNOWN, HOST_UNKNOWN and what the tree throws. */
export async function readPluginPage({ plugin, latest, tier }: IndexEntry): Promise<ReadPlugin> {
  const { title, url } = tree.registry();
  const document = tree.document(plugin);
  const release = document.releases.find((candidate) => candidate.release.version === latest);
  if (release === undefined) throw new SiteError('PLUGIN_UNKNOWN', `${plugin} has no version ${latest}`);
  const page = pluginPage({
    document,
    hosts: tree.hosts(),
    report: tree.report,
    check: await checkRelease(plugin, latest),
    tier,
    revocations: tree.revocations(),
    registry: { title, url: registryUrl(url) },
    places: tree.places(),
    generatedAt: tree.index().generatedAt,
    waits: tree.policy().waits,
    version: latest,
  });
  return { page, document, release };
}
