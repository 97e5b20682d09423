// registry/ as a build of what changed sees it: git's ids of what plugins and publishers consist of, as far as they are asked for, and
// their files when they are needed.

import type { FileTree } from './file-tree.ts';
import { publisherIdOf, type SourceTrees, sourceIds, sourceTrees } from './registry-source.ts';

export type Ids = ReadonlyMap<string, string>;

export interface SourceFolder {
  /** Every file that belongs to no single plugin or publisher. */
  readonly common: FileTree;
  readonly trees: SourceTrees;
  /** Of every publisher, as `SourceIds` has them. */
  readonly publishers: Ids;
  /** Of the plugins of these publishers, or of all. Throws SOURCE_UNEXPECTED for what lies among them and is none. */
  readonly plugins: (publishers?: Iterable<string>) => Promise<Ids>;
  /** Undefined where that state is not known here. */
  readonly changedSince: (trees: SourceTrees) => Promise<SourceChanges | undefined>;
  /** The files of these, by path relative to `registry/`. */
  readonly read: (parts: readonly SourcePart[]) => Promise<FileTree>;
}

export interface SourceChanges {
  /** Those whose folder or publisher is another one since, also those that are gone. */
  readonly plugins: ReadonlySet<string>;
  readonly publishers: ReadonlySet<string>;
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

/** A folder that was read whole; `before` is what it held at a build before, where that is known. */
export function sourceFolder(files: FileTree, before?: FileTree): SourceFolder {
  const common: FileTree = new Map();
  const parts = new Map<string, Map<string, Uint8Array>>();
  const ids = sourceIds(files);
  for (const [path, bytes] of files) {
    const part = partOf(path);
    // A folder of proofs without its publisher belongs to nobody, and is refused like any stray file.
    if (part === undefined || ('publisher' in part && !ids.publishers.has(part.publisher))) common.set(path, bytes);
    else parts.set(nameOf(part), (parts.get(nameOf(part)) ?? new Map()).set(path, bytes));
  }
  const plugins = async (publishers?: Iterable<string>): Promise<Ids> => ofPublishers(ids.plugins, publishers);
  const known = [files, ...(before === undefined ? [] : [before])].map(sourceIds);
  return {
    common,
    trees: sourceTrees(ids),
    publishers: ids.publishers,
    plugins,
    changedSince: async (trees) => {
      const then = known.find((each) => sameTrees(sourceTrees(each), trees));
      if (then === undefined) return undefined;
      const publishers = differing(then.publishers, ids.publishers);
      const theirs = [...ids.plugins.keys()].filter((plugin) => publishers.has(publisherIdOf(plugin)));
      return { plugins: new Set([...differing(then.plugins, ids.plugins), ...theirs]), publishers };
    },
    read: async (wanted) => new Map(wanted.flatMap((part) => [...(parts.get(nameOf(part)) ?? [])])),
  };
}

function ofPublishers(plugins: Ids, publishers: Iterable<string> | undefined): Ids {
  if (publishers === undefined) return plugins;
  const wanted = new Set(publishers);
  return new Map([...plugins].filter(([plugin]) => wanted.has(publisherIdOf(plugin))));
}

const sameTrees = (a: SourceTrees, b: SourceTrees): boolean => a.plugins === b.plugins && a.publishers === b.publishers;

/** Names that have another id in one of the two, or none. */
export function differing(before: Ids, after: Ids): Set<string> {
  const names = new Set([...before.keys(), ...after.keys()]);
  return new Set([...names].filter((name) => before.get(name) !== after.get(name)));
}
