// What a package document brings into the tree beside itself: files that are named by their digests.

import { PackageDocument, parseJson, SchemaError } from '@plugmark/schemas';
import type { FileTree } from './file-tree.ts';
import type { PluginSource } from './registry-source.ts';

/** What its releases brought along: detached signatures, READMEs, vectors. */
export function documentFiles({ releases }: PackageDocument, plugin: PluginSource | undefined): FileTree {
  const tree: FileTree = new Map();
  for (const { release, analysis } of releases) {
    if (analysis.length === 0) continue;
    const files = plugin?.releases.get(release.version);
    if (files?.detached !== undefined) tree.set(`blobs/sha256/${release.artifact.sha256}.wasm.sig`, files.detached);
    if (files?.readme !== undefined && release.readme !== undefined)
      tree.set(`readmes/${release.readme.sha256}.md`, files.readme);
    for (const { name, sha256 } of release.vectors) {
      const vector = files?.vectors.get(name);
      if (vector !== undefined) tree.set(`vectors/${sha256}.json`, vector);
    }
  }
  return tree;
}

/** A target as a package document; undefined for another target, or one an older version of this software wrote: it is served as it was signed. */
export function servedDocument(name: string, bytes: Uint8Array): PackageDocument | undefined {
  if (!name.startsWith('plugins/')) return undefined;
  try {
    return parseJson(PackageDocument, bytes, name);
  } catch (error) {
    if (error instanceof SchemaError) return undefined;
    throw error;
  }
}
