// A plugin's part of the ledger: its row, which says what the next build may take over and of which inputs it was made, and its entries.

import type { LedgerEntry, LedgerRow, PackageDocument } from '@plugmark/schemas';
import { sha256 } from './digest.ts';
import { type FileTree, jsonFile } from './file-tree.ts';
import { listedPlugin, type ViewContext } from './plain-documents.ts';
import type { PluginSource } from './registry-source.ts';

export interface Shelved {
  readonly row: LedgerRow;
  /** Its entries by path. */
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
  const file = document && jsonFile(document);
  return {
    row: {
      key,
      ...(file === undefined ? {} : { document: { sha256: sha256(file), size: file.length } }),
      ...((exceptions?.exceptions ?? []).length > 0 ? { timed: true } : {}),
      entries: named.map(({ version, bytes }) => ({ version, sha256: sha256(bytes) })),
      ...(document === undefined ? {} : { listed: listedPlugin(document, context) }),
    },
    files: new Map(named.map(({ version, bytes }) => [entryPath({ plugin, version }), bytes])),
  };
}

export function entryPath({ plugin, version }: { readonly plugin: string; readonly version: string }): string {
  return `entries/${plugin}/${version}.json`;
}
