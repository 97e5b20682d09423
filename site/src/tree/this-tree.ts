import { type CheckRelease, checkerOf } from './check-releases.ts';
import { openTree, type Tree } from './open-tree.ts';

/** The tree this build is made from; astro.config.ts has made the path absolute. */
export const tree: Tree = openTree(process.env['PLUGMARK_TREE'] ?? '');

export const checkRelease: CheckRelease = checkerOf(tree);
