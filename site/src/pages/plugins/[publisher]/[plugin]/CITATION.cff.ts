import { citationFile } from '../../../../data/citation.ts';
import { SiteError } from '../../../../data/site-error.ts';
import { registryUrl } from '../../../../site-link.ts';
import { pluginPaths, readEntry } from '../../../../tree/read-plugin-page.ts';
import { tree } from '../../../../tree/this-tree.ts';

export const getStaticPaths: typeof pluginPaths = pluginPaths;

interface PluginParams {
  readonly params: { readonly publisher: string; readonly plugin: string };
}

export const GET = ({ params: { publisher, plugin } }: PluginParams): Response => {
  const { latest } = readEntry(`${publisher}/${plugin}`);
  const document = tree.document(`${publisher}/${plugin}`);
  const release = document.releases.find(({ release: { version } }) => version === latest);
  if (release === undefined) throw new SiteError('PLUGIN_UNKNOWN', `${publisher}/${plugin} has no version ${latest}`);
  return new Response(citationFile(document, release, registryUrl(tree.registry().url)));
};
