import { jsonFeed } from '../../data/feeds.ts';
import { readFeed } from '../../tree/read-feed.ts';

export const GET = (): Response => new Response(jsonFeed(readFeed({ file: 'changes.json' })));
