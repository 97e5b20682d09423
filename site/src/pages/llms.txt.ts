import { llmsText } from '../data/site-files.ts';
import { registryUrl } from '../site-link.ts';
import { allDocs } from '../tree/docs.ts';
import { tree } from '../tree/this-tree.ts';

export const GET = (): Response => {
  const { title, summary = '', url } = tree.registry();
  return new Response(llmsText(title, summary, allDocs(), tree.index(), registryUrl(url)));
};
