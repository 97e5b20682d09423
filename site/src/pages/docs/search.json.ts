import { docsSearch } from '../../data/docs-search.ts';
import { allDocs } from '../../tree/docs.ts';

export const GET = (): Response => new Response(JSON.stringify(docsSearch(allDocs())));
