import { badge } from '../../../../data/badge.ts';
import { pluginPaths, readEntry } from '../../../../tree/read-plugin-page.ts';
import { tree } from '../../../../tree/this-tree.ts';

export const getStaticPaths: typeof pluginPaths = pluginPaths;

interface PluginParams {
  readonly params: { readonly publisher: string; readonly plugin: string };
}

export const GET = ({ params: { publisher, plugin } }: PluginParams): Response =>
  new Response(badge(readEntry(`${publisher}/${plugin}`), tree.registry().title));
