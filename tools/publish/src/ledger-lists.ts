// The ledger's lists: for every plugin what was made of which inputs, and what all of them were made of. They are what a build reads
// first, so that it knows without opening a plugin's folder, reports or document whether anything of it has to be made again; and of
// the lists it reads those it needs, by their digests in `lists.txt`.

import { type LedgerInputs, LedgerList, type LedgerRow, parseJson } from '@plugmark/schemas';
import { digestLines } from './content-sum.ts';
import { sha256 } from './digest.ts';
import { PublishError } from './error.ts';
import { type FileTree, jsonFile } from './file-tree.ts';

export type LedgerRows = ReadonlyMap<string, LedgerRow>;

export const INPUTS = 'inputs.json';
/** Digests of the lists and the inputs. */
export const LISTED = 'lists.txt';
export const isListed = (path: string): boolean => path.startsWith('lists/') || path === INPUTS;

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

/** Of plugins seen before: a build asks for some of them again and again. */
const places = new Map<string, string>();

export function listPath(plugin: string): string {
  const known = places.get(plugin);
  if (known !== undefined) return known;
  const path = `lists/${sha256(new TextEncoder().encode(`plugins/${plugin}.json`)).slice(0, 2)}.json`;
  places.set(plugin, path);
  return path;
}

/** These lists and the inputs, with `lists.txt` over them and over the lists that stay as they are, of which the digests are known. */
export function listedFiles(
  lists: FileTree,
  inputs: LedgerInputs,
  others: ReadonlyMap<string, string> = new Map(),
): { readonly files: FileTree; readonly listsSha256: string } {
  const files: FileTree = new Map([...lists, [INPUTS, jsonFile(inputs)]]);
  const digests = Array.from(files, ([path, bytes]) => [path, sha256(bytes)] as const);
  const lines = digestLines(new Map([...others, ...digests]));
  return { files: files.set(LISTED, lines), listsSha256: sha256(lines) };
}

/** Throws SchemaError, LEDGER_INVALID. */
export function readList(path: string, bytes: Uint8Array): LedgerRows {
  const rows = new Map(Object.entries(parseJson(LedgerList, bytes, path).plugins));
  for (const plugin of rows.keys())
    if (listPath(plugin) !== path)
      throw new PublishError('LEDGER_INVALID', path, `lists ${plugin}, which has another place`);
  return rows;
}

export function readLists(files: FileTree): LedgerRows {
  return new Map([...files].flatMap(([path, bytes]) => [...readList(path, bytes)]));
}
