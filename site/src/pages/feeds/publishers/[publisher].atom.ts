import { atomFeed } from '../../../data/feeds.ts';
import { readFeed } from '../../../tree/read-feed.ts';
import { tree } from '../../../tree/this-tree.ts';

interface Publisher {
  readonly params: { readonly publisher: string };
}

export const getStaticPaths = (): readonly Publisher[] =>
  tree.publishers().publishers.map(({ publisher }) => ({ params: { publisher } }));

export const GET = ({ params: { publisher } }: Publisher): Response =>
  new Response(atomFeed(readFeed(`publishers/${publisher}.atom`, publisher)));
