/** All packages of the documents, and where a path in them leads. */

import { WasmError } from './error.ts';
import { readDocument } from './wit-document.ts';
import { WIT_LIMITS, type WitDocument } from './wit-scanner.ts';
import type { Named, SyntaxInterface, SyntaxPackage, SyntaxPath, SyntaxWorld } from './wit-syntax.ts';

export interface FoundInterface {
  readonly kind: 'interface';
  /** `package:from/name@1.2.3`. */
  readonly full: string;
  readonly syntax: SyntaxInterface;
  readonly place: Place;
}

export interface FoundWorld {
  readonly kind: 'world';
  readonly full: string;
  readonly syntax: SyntaxWorld;
  readonly place: Place;
}

export type Found = FoundInterface | FoundWorld;

/** Where names are looked up: the part of a file, and the package it belongs to. */
export interface Place {
  readonly package: string;
  readonly part: SyntaxPackage;
  /** Names that the file gives to interfaces and worlds of other packages. */
  readonly aliases: ReadonlyMap<string, SyntaxPath>;
}

export interface WitPackages {
  /** Package -> name -> what it is. */
  readonly packages: ReadonlyMap<string, ReadonlyMap<string, Found>>;
  /** The package of the first document that names one; worlds are chosen from it. */
  readonly main: string;
}

export function collectPackages(documents: readonly WitDocument[]): WitPackages {
  if (documents.length > WIT_LIMITS.documents)
    throw new WasmError('WASM_LIMIT', 'there are more files than are read', {
      offset: 0,
      details: { limit: 'witDocuments' },
    });
  const read = documents.map(readDocument);
  const main = mainPackage(read);
  const packages = new Map<string, Map<string, Found>>();
  for (const parts of read) {
    for (const part of parts) addPart(packages, part, part.package ?? main);
  }
  return { packages, main };
}

function mainPackage(documents: readonly SyntaxPackage[][]): string {
  const name = documents.map(([own]) => own?.package).find((own) => own !== undefined);
  if (name !== undefined) return name;
  const message = 'the file does not begin with the package it belongs to: package namespace:name;';
  throw (
    documents[0]?.[0]?.scanner.error('WIT_SYNTAX', 0, message) ?? new WasmError('WIT_SYNTAX', message, { offset: 0 })
  );
}

function addPart(packages: Map<string, Map<string, Found>>, part: SyntaxPackage, name: string): void {
  const aliases = new Map<string, SyntaxPath>();
  for (const alias of part.aliases) {
    if (aliases.has(alias.name)) throw twice(part, alias);
    aliases.set(alias.name, alias.path);
  }
  const place: Place = { package: name, part, aliases };
  const found = packages.get(name) ?? new Map<string, Found>();
  packages.set(name, found);
  const add = (item: Found): void => {
    const { name: own, at } = item.syntax;
    if (found.has(own)) throw twice(part, { name: own, at });
    found.set(own, item);
  };
  for (const syntax of part.interfaces) add({ kind: 'interface', full: fullName(name, syntax.name), syntax, place });
  for (const syntax of part.worlds) add({ kind: 'world', full: fullName(name, syntax.name), syntax, place });
}

/** `a:b@1.0.0` and `c` as `a:b/c@1.0.0`. */
function fullName(packageName: string, name: string): string {
  const [from = '', version] = packageName.split('@');
  return version === undefined ? `${from}/${name}` : `${from}/${name}@${version}`;
}

export function twice({ scanner }: SyntaxPackage, { name, at }: Named): Error {
  return scanner.error('WIT_NAME_TWICE', at, `${name} is defined twice`, { name });
}

export function unknown({ scanner }: SyntaxPackage, { name, at }: Named, what: string): Error {
  return scanner.error('WIT_NAME_UNKNOWN', at, `there is no ${what} ${name}`, { name });
}

/** What a path leads to; an alias of the file counts before the package's own names. */
export function follow<Kind extends Found['kind']>(
  all: WitPackages,
  { package: own, part, aliases }: Place,
  path: SyntaxPath,
  kind: Kind,
): Found & { readonly kind: Kind } {
  const target = (path.package === undefined ? aliases.get(path.name) : undefined) ?? path;
  const from = target.package === undefined ? own : packageOf(target);
  const found = all.packages.get(from)?.get(target.name);
  if (found === undefined) throw unknown(part, { name: fullName(from, target.name), at: path.at }, kind);
  if (found.kind !== kind)
    throw part.scanner.error('WIT_KIND', path.at, `${found.full} is a ${found.kind}, not a ${kind}`, {
      name: found.full,
    });
  return found as Found & { readonly kind: Kind };
}

function packageOf({ package: from = '', version }: SyntaxPath): string {
  return version === undefined ? from : `${from}@${version}`;
}
