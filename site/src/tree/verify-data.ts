import { createHash } from 'node:crypto';
import { registryUrl } from '../site-link.ts';
import { tree } from './this-tree.ts';

/** The first root of this registry: what a verification starts from unless a visitor brings another. */
export function verifyData(): {
  readonly title: string;
  readonly url: string;
  readonly root: string;
  readonly rootSha256: string;
} {
  const { title, url } = tree.registry();
  const root = tree.file('metadata/1.root.json');
  return {
    title,
    url: registryUrl(url),
    root: Buffer.from(root).toString('base64'),
    rootSha256: createHash('sha256').update(root).digest('hex'),
  };
}
