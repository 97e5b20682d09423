import { securityText } from '../../data/site-files.ts';
import { registryUrl } from '../../site-link.ts';
import { tree } from '../../tree/this-tree.ts';

/** Astro looks into no folder of pages that begins with a dot. */
export const getStaticPaths = (): readonly object[] => [{ params: { wellKnown: '.well-known' } }];

export const GET = (): Response => {
  const { contact, url } = tree.registry();
  return new Response(securityText(contact, tree.role('root').expires, registryUrl(url)));
};
