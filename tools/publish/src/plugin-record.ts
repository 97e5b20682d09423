// A plugin's record and row in the ledger: what the next build may take over of it, and of which inputs it was made.

import type { LedgerEntry, LedgerRow, PackageDocument, PluginRecord } from '@plugmark/schemas';
import { sha256 } from './digest.ts';
import { type FileTree, jsonFile } from './file-tree.ts';
import { listedPlugin, type ViewContext } from './plain-documents.ts';
import type { PluginSource } from './registry-source.ts';

/** A plugin's part of the ledger as it is written: its files by path, and its row. */
export interface Shelved {
  readonly record: PluginRecord;
  readonly row: LedgerRow;
  readonly files: FileTree;
}

export interface ShelfInput {
  readonly plugin: PluginSource;
  readonly key: string;
  readonly document: PackageDocument | undefined;
  /** Of the plugin alone. */
  readonly entries: readonly LedgerEntry[];
  readonly context: ViewContext;
}

export function shelve({ plugin: { plugin, exceptions }, key, document, entries, context }: ShelfInput): Shelved {
  const named = entries.map((entry) => ({ version: entry.version, bytes: jsonFile(entry) }));
  named.sort((a, b) => (a.version < b.version ? -1 : 1));
  const record: PluginRecord = {
    schemaVersion: 1,
    plugin,
    entries: named.map(({ version, bytes }) => ({ version, sha256: sha256(bytes) })),
    ...(document === undefined ? {} : { listed: listedPlugin(document, context) }),
  };
  const bytes = jsonFile(record);
  const file = document && jsonFile(document);
  return {
    record,
    row: {
      key,
      record: sha256(bytes),
      ...(file === undefined ? {} : { document: { sha256: sha256(file), size: file.length } }),
      ...((exceptions?.exceptions ?? []).length > 0 ? { timed: true } : {}),
    },
    files: new Map([
      [recordPath(plugin), bytes],
      ...named.map(({ version, bytes: entry }) => [entryPath({ plugin, version }), entry] as const),
    ]),
  };
}

export const recordPath = (plugin: string): string => `plugins/${plugin}.json`;

export function entryPath({ plugin, version }: { readonly plugin: string; readonly version: string }): string {
  return `entries/${plugin}/${version}.json`;
}
