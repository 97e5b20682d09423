// The plain views after an update. They list every plugin, so they are made anew from the lists of the ledger: their cost grows with
// the registry, and nothing signed depends on them.

import { commonViews } from './assemble-tree.ts';
import { jsonFile } from './file-tree.ts';
import type { LazyFiles } from './lazy-files.ts';
import type { LedgerRows } from './ledger-lists.ts';
import { allRows } from './opened-ledger.ts';
import { artifactLookups, type Views, wholeViews } from './plain-documents.ts';
import { readRegistrySource } from './registry-source.ts';
import { schemaFiles } from './schema-files.ts';
import type { SourceFolder } from './source-folder.ts';
import { verifiedPublishers } from './trusted-documents.ts';
import { type OfflineMetadata, offlineFiles } from './tuf/offline.ts';
import type { FileChanges } from './update-changes.ts';
import type { Update, WholeBuildNeeded } from './update-registry.ts';

export interface ViewsInput {
  readonly folder: SourceFolder;
  readonly offline: OfflineMetadata;
  readonly update: Update;
  /** The tree as it is, which must be of the ledger the update is of. */
  readonly tree: LazyFiles;
}

/** Whole folders of the tree, in which what is not made is left over. */
const OWN_FOLDERS = ['v1', 'v1/publishers', 'v1/advisories', 'v1/hosts', 'schemas'];

/** Throws what readRegistrySource throws, for the publishers the update had no need to read. */
export async function updateViews({
  folder,
  offline,
  update,
  tree,
}: ViewsInput): Promise<FileChanges | WholeBuildNeeded> {
  const publishers = await folder.read([...folder.publishers.keys()].map((publisher) => ({ publisher })));
  const source = readRegistrySource(new Map([...folder.common, ...publishers].sort(([a], [b]) => (a < b ? -1 : 1))));
  const views: Views = {
    registry: source.registry.id,
    generatedAt: update.head.generatedAt,
    rows: [...rowsOf(update).values()],
    verified: verifiedPublishers(offline),
    publishers: source.publishers,
  };
  const lookups = artifactLookups(views);
  if (sharesSignature(update, lookups)) return { whole: 'sharedSignature' };
  const made: FileChanges = new Map([...wholeViews(views), ...commonViews(source, offline)]);
  for (const [name, bytes] of offlineFiles(offline)) made.set(`metadata/${name}`, bytes);
  for (const [path, bytes] of schemaFiles()) made.set(path, bytes);
  for (const { row } of update.shelves.values())
    for (const { sha256 } of row.listed?.releases ?? [])
      made.set(`v1/artifacts/${sha256}.json`, jsonFile(lookups.get(sha256)));
  for (const own of OWN_FOLDERS)
    for (const name of tree.namesIn(own))
      if (!made.has(`${own}/${name}`) && !update.tree.has(`${own}/${name}`)) made.set(`${own}/${name}`, undefined);
  // Written by the build that made the tree, and a function of the publisher's file alone.
  for (const publisher of source.publishers.keys())
    if (update.publishers?.has(publisher) === false) made.delete(`v1/publishers/${publisher}.json`);
  return made;
}

function rowsOf({ before, shelves }: Update): LedgerRows {
  return new Map([...allRows(before), ...[...shelves].map(([plugin, { row }]) => [plugin, row] as const)]);
}

/** Two plugins with the same bytes have one place for a detached signature, and the last one in order fills it. */
function sharesSignature({ tree }: Update, lookups: ReturnType<typeof artifactLookups>): boolean {
  return [...tree.keys()].some((path) => {
    const digest = /^blobs\/sha256\/([0-9a-f]{64})\.wasm\.sig$/.exec(path)?.[1];
    return digest !== undefined && (lookups.get(digest)?.length ?? 0) > 1;
  });
}
