// The ledger's lists: for every plugin what was made of which inputs. They are small and always read, so that a build knows without
// opening a plugin's folder, reports or document whether anything of it has to be made again.

import { LedgerList, type LedgerRow, parseJson } from '@plugmark/schemas';
import { sha256 } from './digest.ts';
import { PublishError } from './error.ts';
import { type FileTree, jsonFile } from './file-tree.ts';

export type LedgerRows = ReadonlyMap<string, LedgerRow>;

/** By path in the ledger: `lists/<two hex digits>.json`. Plugins are divided like the document roles, so a release changes one small list. */
export function listFiles(rows: LedgerRows): FileTree {
  const lists = new Map<string, Record<string, LedgerRow>>();
  for (const [plugin, row] of rows) {
    const path = listPath(plugin);
    const list = lists.get(path) ?? {};
    list[plugin] = row;
    lists.set(path, list);
  }
  return new Map([...lists].map(([path, plugins]) => [path, jsonFile({ schemaVersion: 1, plugins })]));
}

/** The lists after some plugins' rows changed: those of the others stay as they are, byte for byte. */
export function changedLists(before: FileTree, rows: LedgerRows, changed: Iterable<string>): FileTree {
  const paths = new Set(Array.from(changed, listPath));
  const made = listFiles(new Map([...rows].filter(([plugin]) => paths.has(listPath(plugin)))));
  return new Map([...before, ...made]);
}

/** Of plugins seen before: every build asks for all of them, twice. */
const places = new Map<string, string>();

function listPath(plugin: string): string {
  const known = places.get(plugin);
  if (known !== undefined) return known;
  const path = `lists/${sha256(new TextEncoder().encode(`plugins/${plugin}.json`)).slice(0, 2)}.json`;
  places.set(plugin, path);
  return path;
}

/** Throws SchemaError, LEDGER_INVALID. */
export function readLists(files: FileTree): LedgerRows {
  const rows = new Map<string, LedgerRow>();
  for (const [path, bytes] of files) {
    for (const [plugin, row] of Object.entries(parseJson(LedgerList, bytes, path).plugins)) {
      if (listPath(plugin) !== path)
        throw new PublishError('LEDGER_INVALID', path, `lists ${plugin}, which has another place`);
      rows.set(plugin, row);
    }
  }
  return rows;
}
