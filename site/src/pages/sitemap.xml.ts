import { isFindable, sitemap } from '../data/site-files.ts';
import { registryUrl } from '../site-link.ts';
import { allDocs } from '../tree/docs.ts';
import { tree } from '../tree/this-tree.ts';

const FIXED = [
  '',
  'plugins/',
  'hosts/',
  'publishers/',
  'analyse/',
  'verify/',
  'permissions/',
  'rules/',
  'advisories/',
  'history/',
  'status/',
  'docs/',
  'feeds/',
  'about/',
];

export const GET = (): Response => {
  const { plugins, generatedAt } = tree.index();
  const { waits } = tree.policy();
  const paths = [
    ...FIXED,
    ...allDocs().map(({ slug }) => `docs/${slug}/`),
    ...[...tree.hosts().keys()].map((host) => `hosts/${host}/`),
    ...tree.publishers().publishers.map(({ publisher }) => `publishers/${publisher}/`),
    ...plugins
      .filter(({ publishedAt }) => isFindable(publishedAt, { generatedAt, waits }))
      .map(({ plugin }) => `plugins/${plugin}/`),
  ];
  return new Response(sitemap(paths, registryUrl(tree.registry().url)));
};
