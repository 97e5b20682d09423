import { robots } from '../data/site-files.ts';
import { registryUrl } from '../site-link.ts';
import { tree } from '../tree/this-tree.ts';

export const GET = (): Response => new Response(robots(registryUrl(tree.registry().url)));
