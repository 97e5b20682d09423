// registry/ as a build of what changed sees it: the ids of the folders of plugins and publishers, and their files when they are needed.

import type { FileTree } from './file-tree.ts';
import { type SourceIds, sourceIds } from './registry-source.ts';

export interface SourceFolder {
  readonly ids: SourceIds;
  /** Every file that belongs to no single plugin or publisher. */
  readonly common: FileTree;
  /** The files of these, by path relative to `registry/`. */
  readonly read: (parts: readonly SourcePart[]) => Promise<FileTree>;
}

export type SourcePart = { readonly plugin: string } | { readonly publisher: string };

/** Whose file it is; undefined for a common one, also when it lies where none belongs. */
function partOf(path: string): SourcePart | undefined {
  const plugin = /^plugins\/([^/]+\/[^/]+)\/./.exec(path)?.[1];
  if (plugin !== undefined) return { plugin };
  const publisher = /^publishers\/(?:([^/]+)\.json$|([^/]+)\/)/.exec(path);
  const name = publisher?.[1] ?? publisher?.[2];
  return name === undefined ? undefined : { publisher: name };
}

const nameOf = (part: SourcePart): string =>
  'plugin' in part ? `plugin ${part.plugin}` : `publisher ${part.publisher}`;

/** A folder that was read whole. */
export function sourceFolder(files: FileTree): SourceFolder {
  const common: FileTree = new Map();
  const parts = new Map<string, Map<string, Uint8Array>>();
  const ids = sourceIds(files);
  for (const [path, bytes] of files) {
    const part = partOf(path);
    // A folder of proofs without its publisher belongs to nobody, and is refused like any stray file.
    if (part === undefined || ('publisher' in part && !ids.publishers.has(part.publisher))) common.set(path, bytes);
    else parts.set(nameOf(part), (parts.get(nameOf(part)) ?? new Map()).set(path, bytes));
  }
  const read = async (wanted: readonly SourcePart[]): Promise<FileTree> =>
    new Map(wanted.flatMap((part) => [...(parts.get(nameOf(part)) ?? [])]));
  return { ids, common, read };
}
