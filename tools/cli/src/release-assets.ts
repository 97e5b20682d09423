// A version folder as the files of a GitHub release, which lie in no folders: what `sign --assets` writes is what `registry watch` reads.

import type { FileTree } from '@plugmark/publish';

export const vectorAsset = (name: string): string => `vector.${name}.json`;

/** Without sources.json: where the bytes are is known from where these lie. */
export function releaseAssets(version: FileTree): FileTree {
  return new Map(
    [...version].flatMap(([path, bytes]) => {
      const vector = /^vectors\/(.+)\.json$/.exec(path)?.[1];
      if (path === 'sources.json') return [];
      return [[vector === undefined ? path : vectorAsset(vector), bytes] as const];
    }),
  );
}
