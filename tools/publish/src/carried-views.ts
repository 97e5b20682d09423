// The plain views of a registry that was carried here, made anew from its verified documents: views are signed by nobody, so none is
// taken from an archive. What only the registry's own office knows (its contact, owners of publishers) is not among them.

import type { HostProfile, PackageDocument, Publisher, VerifiedPublishers } from '@plugmark/schemas';
import { type FileTree, jsonFile } from './file-tree.ts';
import { artifactLookups, listedPlugin, type Views, wholeViews } from './plain-documents.ts';
import { publisherIdOf } from './registry-source.ts';

export interface CarriedDocuments {
  readonly registry: string;
  readonly documents: readonly PackageDocument[];
  readonly verified: VerifiedPublishers;
  readonly hosts: ReadonlyMap<string, HostProfile>;
  /** Signed documents by TUF path, served as they are. */
  readonly signed: ReadonlyMap<string, Uint8Array>;
}

export function carriedViews({ registry, documents, verified, hosts, signed }: CarriedDocuments): FileTree {
  const publishers = new Map(
    documents.map(({ plugin, publisher }): [string, Publisher] => {
      const id = publisherIdOf(plugin);
      return [id, { schemaVersion: 1, publisher: id, owners: [], ...publisher }];
    }),
  );
  const rows = documents.map((document) => ({ listed: listedPlugin(document, { verified, hosts }) }));
  const views: Views = { registry, generatedAt: newest(documents), rows, verified, publishers };
  const tree: FileTree = new Map(wholeViews(views));
  for (const [path, bytes] of signed) if (path !== 'publishers.json') tree.set(`v1/${path}`, bytes);
  for (const document of documents) tree.set(`v1/plugins/${document.plugin}.json`, jsonFile(document));
  for (const [sha256, lookup] of artifactLookups(views)) tree.set(`v1/artifacts/${sha256}.json`, jsonFile(lookup));
  return tree;
}

/** From the documents and not the clock: importing again changes nothing. */
function newest(documents: readonly PackageDocument[]): string {
  const times = documents.flatMap(({ releases }) => releases.map(({ publishedAt }) => publishedAt));
  return times.sort().at(-1) ?? '2020-01-01T00:00:00Z';
}
