// The built tree: which file goes where. Pure; the only place that knows the paths of what is served.

import { blobPath } from '@plugmark/client';
import type { ArtifactKind, LedgerHead, LedgerRow, PackageDocument, VerifiedPublishers } from '@plugmark/schemas';
import { documentFiles, servedDocument } from './document-files.ts';
import { type FileTree, jsonFile } from './file-tree.ts';
import { bytesOfFile, servedAttestations } from './packs.ts';
import { artifactLookups, type Views, wholeViews } from './plain-documents.ts';
import type { RegistrySource } from './registry-source.ts';
import { schemaFiles } from './schema-files.ts';
import type { OfflineMetadata } from './tuf/offline.ts';

export interface TreeInput {
  readonly source: RegistrySource;
  readonly offline: OfflineMetadata;
  readonly documents: readonly PackageDocument[];
  readonly verified: VerifiedPublishers;
  readonly ledger: { readonly head: LedgerHead; readonly bytes: Uint8Array };
  readonly rows: readonly LedgerRow[];
  /** By name under `metadata/`. */
  readonly metadata: FileTree;
  /** By consistent name under `targets/`: those that are listed now, and those an older snapshot leads to. */
  readonly targets: FileTree;
  /** By sha256. */
  readonly attestations: ReadonlyMap<string, Uint8Array>;
  readonly blobs: ReadonlyMap<string, { readonly kind: ArtifactKind; readonly bytes: Uint8Array }>;
}

export function assembleTree(input: TreeInput): FileTree {
  const tree: FileTree = new Map();
  addTrusted(tree, input);
  addContent(tree, input);
  addViews(tree, input);
  for (const [path, bytes] of schemaFiles()) tree.set(path, bytes);
  // Tells GitHub Pages to serve the files as they are.
  tree.set('.nojekyll', new Uint8Array());
  return new Map([...tree].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Metadata, and the targets under TUF's consistent names. */
function addTrusted(tree: FileTree, { metadata, targets }: TreeInput): void {
  for (const [name, bytes] of metadata) tree.set(`metadata/${name}`, bytes);
  for (const [name, bytes] of targets) tree.set(`targets/${name}`, bytes);
}

/** Everything that is named by its digest. */
function addContent(tree: FileTree, { source, documents, targets, attestations, blobs }: TreeInput): void {
  for (const [sha256, { kind, bytes }] of blobs) tree.set(blobPath({ sha256, kind }), bytes);
  for (const document of [...documents, ...servedDocuments(targets)]) {
    for (const file of servedAttestations(document.releases)) {
      const bytes = bytesOfFile(file, (digest) => attestations.get(digest));
      if (bytes !== undefined) tree.set(file.path, bytes);
    }
  }
  for (const document of documents)
    for (const [path, bytes] of documentFiles(document, source.plugins.get(document.plugin))) tree.set(path, bytes);
}

/** The package documents among the targets, older versions included. */
function servedDocuments(targets: FileTree): PackageDocument[] {
  return [...targets].flatMap(([name, bytes]) => {
    const document = servedDocument(name, bytes);
    return document === undefined ? [] : [document];
  });
}

/** Plain JSON for pages and scripts. */
function addViews(tree: FileTree, { source, offline, documents, rows, verified, ledger }: TreeInput): void {
  const { registry, publishers } = source;
  const views: Views = { registry: registry.id, generatedAt: ledger.head.generatedAt, rows, verified, publishers };
  for (const [path, bytes] of [...wholeViews(views), ...commonViews(source, offline)]) tree.set(path, bytes);
  // Of which state of the ledger this tree is: the next build changes a tree only if it knows what is there.
  tree.set(TREE_STATE, ledger.bytes);
  for (const document of documents) tree.set(`v1/plugins/${document.plugin}.json`, jsonFile(document));
  for (const [sha256, lookup] of artifactLookups(views)) tree.set(`v1/artifacts/${sha256}.json`, jsonFile(lookup));
}

export const TREE_STATE = 'v1/ledger.json';

const SIGNED_VIEWS = [
  'policy.json',
  'revocations.json',
  'cosign-keys.json',
  'upstreams.json',
  'mirrors.json',
  'trusted_root.json',
];

/** What is the same for every plugin, or small, as plain JSON. */
export function commonViews(
  { registry, publishers, advisories }: Pick<RegistrySource, 'registry' | 'publishers' | 'advisories'>,
  { files }: OfflineMetadata,
): FileTree {
  const views: FileTree = new Map([['v1/registry.json', jsonFile(registry)]]);
  for (const [path, bytes] of files)
    if (SIGNED_VIEWS.includes(path) || path.startsWith('hosts/')) views.set(`v1/${path}`, bytes);
  for (const publisher of publishers.values())
    views.set(`v1/publishers/${publisher.publisher}.json`, jsonFile(publisher));
  for (const advisory of advisories.values()) views.set(`v1/advisories/${advisory.id}.json`, jsonFile(advisory));
  return views;
}
