// What an update does to the ledger and to the tree, as changes of files: the bytes a path has now, or undefined where it goes.

import { blobPath } from '@plugmark/client';
import type { LedgerHead, LedgerInputs, PackageDocument } from '@plugmark/schemas';
import type { Work } from './admit-all.ts';
import { TREE_STATE } from './assemble-tree.ts';
import { changedSum } from './content-sum.ts';
import { sha256 } from './digest.ts';
import { documentFiles, servedDocument } from './document-files.ts';
import { type FileTree, jsonFile } from './file-tree.ts';
import { instant } from './instant.ts';
import type { LazyFiles } from './lazy-files.ts';
import { attestationPath, HEAD, nextHead } from './ledger.ts';
import { listedFiles, listFiles, listPath } from './ledger-lists.ts';
import { droppedTargets, prunedNames } from './metadata-history.ts';
import type { OpenedLedger } from './opened-ledger.ts';
import { bytesOfFile, servedAttestations } from './packs.ts';
import type { RegistrySource } from './registry-source.ts';
import type { Shelved } from './shelve-plugin.ts';
import { type OfflineMetadata, offlineFiles } from './tuf/offline.ts';
import { type OnlineMetadata, onlineFiles } from './tuf/online.ts';
import { consistentName } from './tuf/role.ts';

export type FileChanges = Map<string, Uint8Array | undefined>;

export interface LedgerChangesInput {
  readonly before: OpenedLedger;
  readonly offline: OfflineMetadata;
  readonly online: OnlineMetadata;
  readonly documentRoles: ReadonlySet<string>;
  readonly documents: readonly PackageDocument[];
  readonly shelves: ReadonlyMap<string, Shelved>;
  readonly inputs: LedgerInputs;
  readonly work: Work;
  readonly now: Date;
}

export interface LedgerChanges {
  readonly files: FileChanges;
  readonly head: LedgerHead;
}

export function ledgerChanges(input: LedgerChangesInput): LedgerChanges {
  const { before, shelves, inputs, work, now } = input;
  const wanted: FileChanges = new Map();
  for (const { files } of shelves.values()) for (const [path, bytes] of files) wanted.set(path, bytes);
  for (const [digest, bytes] of work.attestations) wanted.set(attestationPath(digest), bytes);
  addMetadata(wanted, input);
  const listed = listedFiles(changedLists(before, shelves), inputs, before.digests);
  for (const [path, bytes] of listed.files) wanted.set(path, bytes);
  const { changes, gone, come } = differences(wanted, before.files);
  const head = nextHead(before.head, {
    registry: before.head.registry,
    contentSha256: changedSum(before.head.contentSha256, gone, come),
    listsSha256: listed.listsSha256,
    entries: before.head.entries + newEntries(gone, come),
    refusals: work.refusals.map(({ reports: _, ...refusal }) => refusal),
    now: instant(now),
  });
  const bytes = jsonFile(head);
  if (Buffer.compare(bytes, before.headBytes) !== 0) changes.set(HEAD, bytes);
  return { files: changes, head };
}

/** The online files, what offline keys signed meanwhile, and the targets of both; what nobody can be pointed at goes. */
function addMetadata(
  wanted: FileChanges,
  { before, offline, online, documentRoles, documents }: LedgerChangesInput,
): void {
  const named = [...offlineFiles(offline)].filter(([name]) => !name.endsWith('.root.json'));
  const next = new Map([...named, ...onlineFiles(online)]);
  for (const [name, bytes] of next) wanted.set(`metadata/${name}`, bytes);
  const files = [
    ...offline.files,
    ...documents.map((each) => [`plugins/${each.plugin}.json`, jsonFile(each)] as const),
  ];
  for (const [path, bytes] of files) wanted.set(`targets/${consistentName(path, sha256(bytes))}`, bytes);
  const names = [...new Set([...before.files.namesIn('metadata'), ...next.keys()])];
  const pruned = prunedNames(names);
  const read = (name: string): Uint8Array | undefined => next.get(name) ?? before.files.get(`metadata/${name}`);
  for (const target of droppedTargets({ names, pruned, read, documentRoles }))
    wanted.set(`targets/${target}`, undefined);
  for (const name of pruned) wanted.set(`metadata/${name}`, undefined);
}

/** The lists with one of these plugins, anew. */
function changedLists(before: OpenedLedger, shelves: ReadonlyMap<string, Shelved>): FileTree {
  const paths = new Set(Array.from(shelves.keys(), listPath));
  return listFiles(
    new Map([
      ...[...paths].flatMap((path) => [...before.rowsAt(path)]),
      ...[...shelves].map(([plugin, { row }]) => [plugin, row] as const),
    ]),
  );
}

function differences(
  wanted: FileChanges,
  files: LazyFiles,
): { readonly changes: FileChanges; readonly gone: FileTree; readonly come: FileTree } {
  const changes: FileChanges = new Map();
  const [gone, come]: [FileTree, FileTree] = [new Map(), new Map()];
  for (const [path, bytes] of wanted) {
    const old = files.get(path);
    if (old === undefined ? bytes === undefined : bytes !== undefined && Buffer.compare(old, bytes) === 0) continue;
    changes.set(path, bytes);
    if (old !== undefined) gone.set(path, old);
    if (bytes !== undefined) come.set(path, bytes);
  }
  return { changes, gone, come };
}

function newEntries(gone: FileTree, come: FileTree): number {
  return [...come.keys()].filter((path) => path.startsWith('entries/') && !gone.has(path)).length;
}

export interface TreeChangesInput {
  readonly before: OpenedLedger;
  readonly changes: LedgerChanges;
  readonly documents: readonly PackageDocument[];
  readonly source: RegistrySource;
  readonly work: Work;
}

export function treeChanges({ before, changes, documents, source, work }: TreeChangesInput): FileChanges {
  const tree: FileChanges = new Map();
  for (const [path, bytes] of changes.files) {
    if (!/^(?:metadata|targets)\//.test(path)) continue;
    tree.set(path, bytes);
    if (bytes === undefined) for (const file of unserved(path, before)) tree.set(file, undefined);
  }
  const attestation = (digest: string): Uint8Array | undefined =>
    work.attestations.get(digest) ?? before.files.get(attestationPath(digest));
  // What the older versions of a document that are still served name stays, whatever a version that went named.
  for (const document of [...documents, ...keptVersions(tree, before)])
    for (const file of servedAttestations(document.releases)) {
      const bytes = bytesOfFile(file, attestation);
      if (bytes === undefined) tree.delete(file.path);
      else tree.set(file.path, bytes);
    }
  for (const [digest, { kind, bytes }] of work.blobs) tree.set(blobPath({ sha256: digest, kind }), bytes);
  for (const document of documents) {
    tree.set(`v1/plugins/${document.plugin}.json`, jsonFile(document));
    for (const [path, bytes] of documentFiles(document, source.plugins.get(document.plugin))) tree.set(path, bytes);
  }
  return tree.set(TREE_STATE, jsonFile(changes.head));
}

/** Attestations that a dropped document named. */
function unserved(target: string, { files }: OpenedLedger): string[] {
  const document = servedDocument(target.replace(/^targets\//, ''), files.get(target) ?? new Uint8Array());
  return document === undefined ? [] : servedAttestations(document.releases).map(({ path }) => path);
}

/** Of every document a version of which is dropped, the versions that stay: served under the same name after another digest. */
function keptVersions(tree: FileChanges, { files }: OpenedLedger): PackageDocument[] {
  const dropped = [...tree].flatMap(([path, bytes]) =>
    bytes === undefined && /^targets\/plugins\//.test(path) ? [path] : [],
  );
  return dropped.flatMap((path) => {
    const folder = path.slice(0, path.lastIndexOf('/'));
    const name = path.slice(path.indexOf('.', folder.length));
    const kept = files.namesIn(folder).filter((file) => file.endsWith(name) && !dropped.includes(`${folder}/${file}`));
    return kept.flatMap((file) => {
      if (file.length !== 64 + name.length) return [];
      const document = servedDocument(
        `${folder}/${file}`.slice('targets/'.length),
        files.get(`${folder}/${file}`) ?? new Uint8Array(),
      );
      return document === undefined ? [] : [document];
    });
  });
}

/** The tree after the changes as far as a client asks for it: the rest is taken from the ledger, where it lies as well. */
export function treeWith(
  changes: FileChanges,
  { before, offline }: { readonly before: OpenedLedger; readonly offline: OfflineMetadata },
): Pick<FileTree, 'get'> {
  const signed = new Map<string, Uint8Array>(
    [...offlineFiles(offline)].map(([name, bytes]) => [`metadata/${name}`, bytes]),
  );
  const fromLedger = (path: string): Uint8Array | undefined => {
    const attestation = /^attestations\/([0-9a-f]{64})\.json$/.exec(path)?.[1];
    if (attestation !== undefined) return before.files.get(attestationPath(attestation));
    return /^(?:metadata|targets)\//.test(path) ? before.files.get(path) : undefined;
  };
  return { get: (path) => (changes.has(path) ? changes.get(path) : (signed.get(path) ?? fromLedger(path))) };
}
