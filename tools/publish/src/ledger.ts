// The ledger as a value: read from its files, checked as a whole, written back as files. It is what cannot be derived again, so a
// file that is missing or changed stops the build instead of being made anew.

import { LedgerEntry, LedgerHead, type LedgerInputs, type LedgerRefusal, parseJson } from '@plugmark/schemas';
import { contentSum, listDigest } from './content-sum.ts';
import { sha256 } from './digest.ts';
import { PublishError } from './error.ts';
import { type FileTree, jsonFile } from './file-tree.ts';
import { INPUTS, isListed, LISTED, listedFiles, listFiles, readLists } from './ledger-lists.ts';
import { entryPath, type Shelved } from './shelve-plugin.ts';

export interface Ledger {
  readonly head: LedgerHead | undefined;
  /** By `publisher/name@version`. */
  readonly entries: ReadonlyMap<string, LedgerEntry>;
  /** Bundles and reports by sha256. */
  readonly attestations: ReadonlyMap<string, Uint8Array>;
  /** Metadata files by name; several versions of each role, without the roots. */
  readonly metadata: FileTree;
  /** What that metadata lists, under its consistent names: an older version of a document cannot be made again. */
  readonly targets: FileTree;
}

export const HEAD = 'head.json';

/** In folders: with a hundred thousand files in one, git would write that folder anew for every release. */
export const attestationPath = (digest: string): string => `attestations/${digest.slice(0, 2)}/${digest}.json`;

/** Reads a ledger. No files at all: a new one. Throws LEDGER_INVALID, SchemaError. */
export function readLedger(files: FileTree, registry: string): Ledger {
  const headBytes = files.get(HEAD);
  if (headBytes === undefined) {
    if (files.size > 0)
      throw new PublishError(
        'LEDGER_INVALID',
        HEAD,
        'is missing although the ledger has other files; restore it from its history',
      );
    return { head: undefined, entries: new Map(), attestations: new Map(), metadata: new Map(), targets: new Map() };
  }
  const head = readHead(headBytes, registry);
  if (head.contentSha256 !== contentDigest(files, head))
    throw new PublishError('LEDGER_INVALID', HEAD, 'its files are not those it was closed with');
  // An earlier version of this software wrote lists of another form and no digests of them: the next build makes them anew.
  if (files.has(LISTED)) requireLists(files, head);
  const entries = readEntries(files);
  if (entries.size !== head.entries)
    throw new PublishError('LEDGER_INVALID', HEAD, `counts ${head.entries} entries, ${entries.size} are there`);
  return {
    head,
    entries,
    attestations: readAttestations(files),
    metadata: below(files, 'metadata/'),
    targets: below(files, 'targets/'),
  };
}

export function readHead(bytes: Uint8Array, registry: string): LedgerHead {
  const head = parseJson(LedgerHead, bytes, HEAD);
  if (head.registry === registry) return head;
  throw new PublishError('LEDGER_INVALID', HEAD, `is the ledger of ${head.registry}, not of ${registry}`);
}

/** The lists are those of the head, and each entry is the one its row names. */
function requireLists(files: FileTree, { listsSha256 }: LedgerHead): void {
  const listed = new Map([...files].filter(([path]) => isListed(path)));
  if (listDigest(listed) !== listsSha256)
    throw new PublishError('LEDGER_INVALID', 'lists', 'are not those the head was closed with');
  for (const [plugin, { entries }] of readLists(new Map([...listed].filter(([path]) => path !== INPUTS))))
    for (const { version, sha256: digest } of entries) {
      const path = entryPath({ plugin, version });
      const bytes = files.get(path);
      if (bytes === undefined || sha256(bytes) !== digest)
        throw new PublishError('LEDGER_INVALID', path, 'is not the one its list names');
    }
}

function readEntries(files: FileTree): Map<string, LedgerEntry> {
  const entries = [...below(files, 'entries/')].map(([path, bytes]) => {
    const entry = parseJson(LedgerEntry, bytes, path);
    if (path !== `${entry.plugin}/${entry.version}.json`)
      throw new PublishError('LEDGER_INVALID', `entries/${path}`, `speaks about ${releaseKey(entry)}`);
    return [releaseKey(entry), entry] as const;
  });
  return new Map(entries);
}

function readAttestations(files: FileTree): Map<string, Uint8Array> {
  const found = [...below(files, 'attestations/')].map(([name, bytes]) => {
    const digest = sha256(bytes);
    // An earlier version of this software had all of them in one folder.
    if (name !== `${digest}.json` && `attestations/${name}` !== attestationPath(digest))
      throw new PublishError('LEDGER_INVALID', `attestations/${name}`, `has sha256 ${digest}`);
    return [digest, bytes] as const;
  });
  return new Map(found);
}

function below(files: FileTree, prefix: string): FileTree {
  return new Map(
    [...files].filter(([path]) => path.startsWith(prefix)).map(([path, bytes]) => [path.slice(prefix.length), bytes]),
  );
}

export function releaseKey({ plugin, version }: { readonly plugin: string; readonly version: string }): string {
  return `${plugin}@${version}`;
}

export interface LedgerUpdate extends Pick<Ledger, 'attestations' | 'metadata' | 'targets'> {
  readonly registry: string;
  /** By plugin. */
  readonly shelves: ReadonlyMap<string, Shelved>;
  readonly inputs: LedgerInputs;
  readonly refusals: readonly LedgerRefusal[];
  readonly now: string;
}

/** The ledger's files after an update. When nothing but the time changed, the head stays as it was. */
export function writeLedger(
  previous: Ledger,
  { registry, shelves, inputs, attestations, metadata, targets, refusals, now }: LedgerUpdate,
): { files: FileTree; head: LedgerHead } {
  const files: FileTree = new Map();
  for (const shelf of shelves.values()) for (const [path, bytes] of shelf.files) files.set(path, bytes);
  for (const [digest, bytes] of attestations) files.set(attestationPath(digest), bytes);
  for (const [name, bytes] of metadata) files.set(`metadata/${name}`, bytes);
  for (const [name, bytes] of targets) files.set(`targets/${name}`, bytes);
  const rows = new Map([...shelves].map(([plugin, { row }]) => [plugin, row]));
  const listed = listedFiles(listFiles(rows), inputs);
  for (const [path, bytes] of listed.files) files.set(path, bytes);
  const head = nextHead(previous.head, {
    registry,
    contentSha256: contentSum(files),
    listsSha256: listed.listsSha256,
    entries: [...files.keys()].filter((path) => path.startsWith('entries/')).length,
    refusals: [...refusals],
    now,
  });
  return { files: files.set(HEAD, jsonFile(head)), head };
}

export interface HeadContent {
  readonly registry: string;
  readonly contentSha256: string;
  readonly listsSha256: string;
  readonly entries: number;
  readonly refusals: LedgerRefusal[];
  readonly now: string;
}

export function nextHead(
  previous: LedgerHead | undefined,
  { registry, contentSha256, listsSha256, entries, refusals, now }: HeadContent,
): LedgerHead {
  const without = (list: readonly LedgerRefusal[]): string =>
    JSON.stringify(list.map(({ plugin, version, reasons }) => [plugin, version, reasons]));
  if (
    previous !== undefined &&
    previous.contentSha256 === contentSha256 &&
    previous.listsSha256 === listsSha256 &&
    without(previous.refusals) === without(refusals)
  )
    return previous;
  return {
    schemaVersion: 1,
    registry,
    sequence: (previous?.sequence ?? 0) + 1,
    ...(previous === undefined ? {} : { previous: sha256(jsonFile(previous)) }),
    generatedAt: now,
    contentSha256,
    listsSha256,
    entries,
    refusals,
  };
}

function contentDigest(files: FileTree, { listsSha256 }: LedgerHead): string {
  const others = [...files].filter(([path]) => path !== HEAD);
  return listsSha256 === undefined ? listDigest(others) : contentSum(others);
}
