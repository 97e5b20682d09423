// One thread of build-site.ts.

import { workerData } from 'node:worker_threads';
import { type LeafShare, writeLeafPages } from '../tree/write-leaf-pages.ts';

await writeLeafPages(workerData as LeafShare);
