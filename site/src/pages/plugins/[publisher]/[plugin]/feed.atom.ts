import { atomFeed } from '../../../../data/feeds.ts';
import { readPluginFeed } from '../../../../tree/read-feed.ts';
import { pluginPaths } from '../../../../tree/read-plugin-page.ts';

export const getStaticPaths: typeof pluginPaths = pluginPaths;

interface PluginParams {
  readonly params: { readonly publisher: string; readonly plugin: string };
}

export const GET = ({ params: { publisher, plugin } }: PluginParams): Response =>
  new Response(atomFeed(readPluginFeed(`${publisher}/${plugin}`)));
