import { atomFeed } from '../../data/feeds.ts';
import { readFeed } from '../../tree/read-feed.ts';

export const GET = (): Response => new Response(atomFeed(readFeed({ file: 'changes.atom' })));
