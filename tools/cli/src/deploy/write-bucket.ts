// A tree into a bucket that clients read meanwhile: content first, then the metadata that names it, the timestamp last; what is no longer
// part of the tree goes after that. A bucket cannot do several things at once, so the order is all there is, and it suffices.

import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { byUrgency, type FileTree, versionOf, type WriteResult } from '@plugmark/publish';
import { CliError } from '../cli-error.ts';
import { BUILT } from '../own-folder.ts';
import { CONTENT_TYPES } from '../static-server.ts';
import type { Bucket } from './bucket.ts';

/** Throws DEPLOY_OLDER, and what the bucket throws; what is served is then whole, old or new. */
export async function writeBucket(bucket: Bucket, tree: FileTree): Promise<WriteResult> {
  requireNewer(await bucket.get(BUILT), tree.get(BUILT));
  const present = await bucket.list();
  const changed = [...tree]
    .filter(([path, bytes]) => present.get(path) !== md5(bytes))
    .sort(([a], [b]) => byUrgency(a, b));
  let sent = 0;
  for (const [path, bytes] of changed) {
    await bucket.put(path, bytes, headersOf(path));
    sent += bytes.length;
  }
  const removed = [...present.keys()].filter((path) => !tree.has(path));
  for (const path of removed) await bucket.remove(path);
  return { written: changed.length, removed: removed.length, unchanged: tree.size - changed.length, bytes: sent };
}

/** Of an object that was put in one piece the entity tag is its MD5; one that is not the same is put again. */
const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

/** What is named by its digest or version never changes; everything else is asked for anew. */
function headersOf(path: string): Record<string, string> {
  const isForEver = /^(?:blobs|attestations|targets|readmes|vectors)\/|^metadata\/\d+\./.test(path);
  return {
    'content-type': CONTENT_TYPES[extname(path)] ?? 'application/octet-stream',
    'cache-control': isForEver ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
}

/** Two deploys at once, or one from an old checkout: every client would refuse what it finds. */
function requireNewer(served: Uint8Array | undefined, next: Uint8Array | undefined): void {
  if (served === undefined || next === undefined) return;
  const [before, after] = [versionOf(served, 'timestamp'), versionOf(next, 'timestamp')];
  if (after < before)
    throw new CliError('DEPLOY_OLDER', `the bucket serves timestamp ${before}, this tree has ${after}`);
}
