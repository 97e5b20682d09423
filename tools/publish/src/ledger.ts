// The ledger as a value: read from its files, checked as a whole, written back as files. It is what cannot be derived again, so a
// file that is missing or changed stops the build instead of being made anew.

import { LedgerEntry, LedgerHead, type LedgerRefusal, parseJson } from '@plugmark/schemas';
import { sha256 } from './digest.ts';
import { PublishError } from './error.ts';
import { type FileTree, jsonFile } from './file-tree.ts';

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

const HEAD = 'head.json';

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
  const head = parseJson(LedgerHead, headBytes, HEAD);
  if (head.registry !== registry)
    throw new PublishError('LEDGER_INVALID', HEAD, `is the ledger of ${head.registry}, not of ${registry}`);
  if (head.contentSha256 !== contentDigest(files))
    throw new PublishError('LEDGER_INVALID', HEAD, 'its files are not those it was closed with');
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
    if (name !== `${digest}.json`)
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

export interface LedgerUpdate extends Omit<Ledger, 'head'> {
  readonly registry: string;
  readonly refusals: readonly LedgerRefusal[];
  readonly now: string;
}

/** The ledger's files after an update. When nothing but the time changed, the head stays as it was. */
export function writeLedger(
  previous: Ledger,
  { registry, entries, attestations, metadata, targets, refusals, now }: LedgerUpdate,
): { files: FileTree; head: LedgerHead } {
  const files: FileTree = new Map();
  for (const entry of entries.values()) files.set(`entries/${entry.plugin}/${entry.version}.json`, jsonFile(entry));
  for (const [digest, bytes] of attestations) files.set(`attestations/${digest}.json`, bytes);
  for (const [name, bytes] of metadata) files.set(`metadata/${name}`, bytes);
  for (const [name, bytes] of targets) files.set(`targets/${name}`, bytes);
  const contentSha256 = contentDigest(files);
  const head = nextHead(previous.head, {
    registry,
    contentSha256,
    entries: entries.size,
    refusals: [...refusals],
    now,
  });
  return { files: files.set(HEAD, jsonFile(head)), head };
}

interface HeadContent {
  readonly registry: string;
  readonly contentSha256: string;
  readonly entries: number;
  readonly refusals: LedgerRefusal[];
  readonly now: string;
}

function nextHead(
  previous: LedgerHead | undefined,
  { registry, contentSha256, entries, refusals, now }: HeadContent,
): LedgerHead {
  const without = (list: readonly LedgerRefusal[]): string =>
    JSON.stringify(list.map(({ plugin, version, reasons }) => [plugin, version, reasons]));
  if (
    previous !== undefined &&
    previous.contentSha256 === contentSha256 &&
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
    entries,
    refusals,
  };
}

/** sha256 over the sorted lines `<sha256>  <path>` of every file but the head. */
function contentDigest(files: FileTree): string {
  const lines = [...files].filter(([path]) => path !== HEAD).map(([path, bytes]) => `${sha256(bytes)}  ${path}\n`);
  return sha256(new TextEncoder().encode(lines.sort().join('')));
}
