import { allDocs, docsSource } from '../../tree/docs.ts';

export const getStaticPaths = (): readonly object[] => allDocs().map(({ slug }) => ({ params: { slug } }));

/** The Markdown itself, for whoever reads without a browser. */
export const GET = ({ params }: { readonly params: { readonly slug?: string } }): Response =>
  new Response(docsSource(params.slug ?? ''));
