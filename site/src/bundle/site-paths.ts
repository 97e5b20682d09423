import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this workspace, with a slash at its end. */
export const SITE: string = fileURLToPath(new URL('../../', import.meta.url));

interface SitePaths {
  readonly tree: string;
  readonly pages: string;
  /** With a slash at both ends. */
  readonly base: string;
}

/** What the surroundings say, relative paths being the caller's; without it, what `npm run build` makes. */
export function sitePaths({ PLUGMARK_TREE, PLUGMARK_PAGES, PLUGMARK_BASE }: NodeJS.ProcessEnv): SitePaths {
  return {
    tree: PLUGMARK_TREE === undefined ? resolve(SITE, '../.plugmark/dev/tree') : resolve(PLUGMARK_TREE),
    pages: PLUGMARK_PAGES === undefined ? resolve(SITE, '../.plugmark/dev/pages') : resolve(PLUGMARK_PAGES),
    base: `/${(PLUGMARK_BASE ?? '/').replace(/^\/+|\/+$/g, '')}/`.replace('//', '/'),
  };
}
