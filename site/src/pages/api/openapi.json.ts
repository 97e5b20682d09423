import { openApi } from '../../data/open-api.ts';
import { registryUrl } from '../../site-link.ts';
import { tree } from '../../tree/this-tree.ts';

export const GET = (): Response => {
  const { title, url } = tree.registry();
  return new Response(`${JSON.stringify(openApi({ title, url: registryUrl(url) }), null, 2)}\n`);
};
