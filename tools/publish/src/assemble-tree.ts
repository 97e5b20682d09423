// The built tree: which file goes where. Pure; the only place that knows the paths of what is served.

import { PackageDocument, parseJson, SchemaError, type VerifiedPublishers } from '@plugmark/schemas';
import { type FileTree, jsonFile } from './file-tree.ts';
import {
  buildArtifactLookups,
  buildChanges,
  buildIndex,
  buildPublisherList,
  buildSearchIndex,
  type Views,
} from './plain-documents.ts';
import type { RegistrySource } from './registry-source.ts';
import type { OfflineMetadata } from './tuf/offline.ts';

export interface TreeInput {
  readonly source: RegistrySource;
  readonly offline: OfflineMetadata;
  readonly documents: readonly PackageDocument[];
  readonly verified: VerifiedPublishers;
  readonly generatedAt: string;
  /** By name under `metadata/`. */
  readonly metadata: FileTree;
  /** By consistent name under `targets/`: those that are listed now, and those an older snapshot leads to. */
  readonly targets: FileTree;
  /** By sha256. */
  readonly attestations: ReadonlyMap<string, Uint8Array>;
  readonly blobs: ReadonlyMap<string, { readonly kind: string; readonly bytes: Uint8Array }>;
  readonly schemas: Readonly<Record<string, object>>;
}

export function assembleTree(input: TreeInput): FileTree {
  const tree: FileTree = new Map();
  addTrusted(tree, input);
  addContent(tree, input);
  addViews(tree, input);
  for (const [name, schema] of Object.entries(input.schemas)) tree.set(`schemas/${name}`, jsonFile(schema));
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
  for (const [sha256, { kind, bytes }] of blobs)
    tree.set(`blobs/sha256/${sha256}.${kind === 'process' ? 'zip' : 'wasm'}`, bytes);
  for (const document of [...documents, ...servedDocuments(targets)]) addAttestations(tree, document, attestations);
  for (const { plugin, releases } of documents) {
    for (const { release, analysis } of releases) {
      if (analysis.length === 0) continue;
      const files = source.plugins.get(plugin)?.releases.get(release.version);
      const { sha256: digest } = release.artifact;
      if (files?.detached !== undefined) tree.set(`blobs/sha256/${digest}.wasm.sig`, files.detached);
      if (files?.readme !== undefined && release.readme !== undefined)
        tree.set(`readmes/${release.readme.sha256}.md`, files.readme);
      for (const { name, sha256 } of release.vectors) {
        const vector = files?.vectors.get(name);
        if (vector !== undefined) tree.set(`vectors/${sha256}.json`, vector);
      }
    }
  }
}

function addAttestations(tree: FileTree, { releases }: PackageDocument, attestations: TreeInput['attestations']): void {
  for (const { attestations: named } of releases) {
    for (const ref of [named.publisher, named.registry, named.upstream, ...named.analyses, ...named.runs]) {
      const bytes = ref && attestations.get(ref.sha256);
      if (ref !== undefined && bytes !== undefined) tree.set(`attestations/${ref.sha256}.json`, bytes);
    }
  }
}

/** The package documents among the targets, older versions included. */
function servedDocuments(targets: FileTree): PackageDocument[] {
  return [...targets].flatMap(([name, bytes]) => {
    if (!name.startsWith('plugins/')) return [];
    try {
      return [parseJson(PackageDocument, bytes, name)];
    } catch (error) {
      // An old one may have been written by an older version of this software; it is served as it was signed.
      if (error instanceof SchemaError) return [];
      throw error;
    }
  });
}

/** Plain JSON for pages and scripts. */
function addViews(tree: FileTree, { source, offline, documents, verified, generatedAt }: TreeInput): void {
  const { registry, publishers, advisories, hosts } = source;
  const views: Views = { registry: registry.id, generatedAt, documents, verified, hosts, publishers };
  tree.set('v1/index.json', jsonFile(buildIndex(views)));
  tree.set('v1/registry.json', jsonFile(registry));
  tree.set('v1/changes.json', jsonFile(buildChanges(views)));
  tree.set('v1/publishers.json', jsonFile(buildPublisherList(views)));
  tree.set('search.json', jsonFile(buildSearchIndex(views)));
  for (const path of [
    'policy.json',
    'publishers.json',
    'revocations.json',
    'cosign-keys.json',
    'upstreams.json',
    'trusted_root.json',
  ]) {
    const bytes = offline.files.get(path);
    if (bytes !== undefined && path !== 'publishers.json') tree.set(`v1/${path}`, bytes);
  }
  for (const [path, bytes] of offline.files) if (path.startsWith('hosts/')) tree.set(`v1/${path}`, bytes);
  for (const document of documents) tree.set(`v1/plugins/${document.plugin}.json`, jsonFile(document));
  for (const publisher of publishers.values())
    tree.set(`v1/publishers/${publisher.publisher}.json`, jsonFile(publisher));
  for (const advisory of advisories.values()) tree.set(`v1/advisories/${advisory.id}.json`, jsonFile(advisory));
  for (const [sha256, lookup] of buildArtifactLookups(views)) tree.set(`v1/artifacts/${sha256}.json`, jsonFile(lookup));
}
