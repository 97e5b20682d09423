/**
 * A world from WIT text, in the form in which the binary reader gives it: everything it imports and exports, with the
 * interfaces that others take types from. An exported interface takes them from an exported one where there is one,
 * and from an imported one otherwise (component model, WIT.md, "WIT Worlds").
 */

import { WasmError } from './error.ts';
import type { WitFunction, WitInterface, WitItems, WitNamedType, WitWorld } from './wit.ts';
import { type ResolvedInterface, readFunctions, WitInterfaces } from './wit-interface.ts';
import { collectPackages, type FoundInterface, type FoundWorld, follow, type Place, twice } from './wit-packages.ts';
import { WIT_LIMITS, type WitDocument } from './wit-scanner.ts';
import type { Named, SyntaxExtern, SyntaxTypeItem } from './wit-syntax.ts';
import { WitTypes } from './wit-types.ts';

/** One direction of a world while it is put together. */
interface Side {
  readonly interfaces: Map<string, WitInterface>;
  readonly functions: Map<string, WitFunction>;
}
interface Draft {
  readonly imports: Side;
  readonly exports: Side;
  readonly types: Map<string, WitNamedType>;
  /** Exported interfaces, whose types other exports take from them. */
  readonly exported: Set<string>;
  /** Of all worlds together: what may still be written into one. */
  readonly budget: { left: number };
}

/** The world of that name, or the only one of the first document's package. Throws WasmError. */
export function parseWit(documents: readonly WitDocument[], options: { readonly world?: string } = {}): WitWorld {
  const packages = collectPackages(documents);
  const interfaces = new WitInterfaces(packages);
  const found = chooseWorld(packages.packages.get(packages.main) ?? new Map(), options.world);
  const draft = new Worlds(interfaces).resolve(found);
  const { imports, exports, types } = draft;
  return {
    name: found.full,
    imports: { ...items(imports), ...(types.size > 0 && { types: [...types.values()] }) },
    exports: items(exports),
  };
}

const items = ({ interfaces, functions }: Side): WitItems => ({
  interfaces: [...interfaces.values()],
  functions: [...functions.values()],
});

function chooseWorld(names: ReadonlyMap<string, FoundInterface | FoundWorld>, wanted: string | undefined): FoundWorld {
  const worlds = [...names.values()].filter((found) => found.kind === 'world');
  const [first, second] = worlds.filter(
    ({ full, syntax }) => wanted === undefined || wanted === full || wanted === syntax.name,
  );
  if (first !== undefined && second === undefined) return first;
  const listed = worlds.map(({ syntax }) => syntax.name);
  const there = listed.length === 0 ? 'there is no world in it' : `its worlds are ${listed.slice(0, 20).join(', ')}`;
  throw new WasmError(
    'WIT_NAME_UNKNOWN',
    wanted === undefined ? `which world is meant? ${there}` : `there is no world ${wanted}; ${there}`,
    {
      offset: 0,
      details: { worlds: listed },
    },
  );
}

class Worlds {
  readonly #interfaces: WitInterfaces;
  readonly #done = new Map<string, Draft | 'visiting'>();
  readonly #budget: Draft['budget'] = { left: WIT_LIMITS.items };

  constructor(interfaces: WitInterfaces) {
    this.#interfaces = interfaces;
  }

  resolve(found: FoundWorld, depth = 0): Draft {
    const known = this.#done.get(found.full);
    const { part } = found.place;
    if (known === 'visiting')
      throw part.scanner.error('WIT_CYCLE', found.syntax.at, `${found.full} includes itself`, { name: found.full });
    if (known !== undefined) return known;
    if (depth > WIT_LIMITS.depth)
      throw part.scanner.error('WASM_LIMIT', found.syntax.at, 'worlds include each other in a chain that is too long', {
        limit: 'witDepth',
      });
    this.#done.set(found.full, 'visiting');
    const draft = newDraft(this.#budget);
    const types = this.#types(draft, found);
    this.#exported(draft, found);
    for (const item of found.syntax.items) {
      if (item.kind === 'import' || item.kind === 'export')
        this.#extern(draft, found.place, { types, direction: item.kind, extern: item.extern });
    }
    for (const item of found.syntax.items) {
      if (item.kind !== 'include') continue;
      const included = this.resolve(follow(this.#interfaces.packages, found.place, item.path, 'world'), depth + 1);
      include(draft, included, { place: found.place, ...item });
    }
    this.#done.set(found.full, draft);
    return draft;
  }

  #types(draft: Draft, { place, syntax }: FoundWorld): WitTypes {
    const { used, needs } = this.#interfaces.uses(place, syntax.items);
    for (const need of needs) this.#import(draft, need);
    const defined = syntax.items.filter((item): item is SyntaxTypeItem => item.kind === 'type');
    const types = new WitTypes(place.part, used, defined);
    for (const named of types.named) draft.types.set(named.name, named);
    const members = defined.flatMap(({ name, definition }) =>
      definition.form === 'resource' ? definition.functions.map((member) => ({ syntax: member, resource: name })) : [],
    );
    for (const read of readFunctions(types, members)) draft.imports.functions.set(read.name, read);
    return types;
  }

  /** Known before anything is resolved, since an export may stand after one that takes types from it. */
  #exported(draft: Draft, { place, syntax }: FoundWorld): void {
    for (const item of syntax.items) {
      if (item.kind !== 'export' || item.extern.form !== 'path') continue;
      draft.exported.add(follow(this.#interfaces.packages, place, item.extern.path, 'interface').full);
    }
  }

  #extern(
    draft: Draft,
    place: Place,
    item: { types: WitTypes; direction: 'import' | 'export'; extern: SyntaxExtern },
  ): void {
    const { types, direction, extern } = item;
    const side = direction === 'import' ? draft.imports : draft.exports;
    if (extern.form === 'function') {
      expectFree(draft, side, place, extern.function);
      side.functions.set(extern.function.name, types.function(extern.function));
      return;
    }
    if (extern.form === 'path') {
      const found = follow(this.#interfaces.packages, place, extern.path, 'interface');
      if (direction === 'import') this.#import(draft, found);
      else this.#export(draft, found);
      return;
    }
    const named = extern.form === 'interface' ? extern.body : extern;
    expectFree(draft, side, place, named);
    const resolved = this.#named(place, extern);
    this.#needs(draft, direction, resolved);
    put(draft, place, side.interfaces, resolved.interface);
  }

  #named(place: Place, extern: Extract<SyntaxExtern, { form: 'named' | 'interface' }>): ResolvedInterface {
    if (extern.form === 'interface') return this.#interfaces.body(extern.body.name, place, extern.body.items);
    const found = follow(this.#interfaces.packages, place, extern.path, 'interface');
    const resolved = this.#interfaces.resolve(found);
    return { ...resolved, interface: { ...resolved.interface, name: extern.name, implements: found.full } };
  }

  #needs(draft: Draft, direction: 'import' | 'export', { needs }: ResolvedInterface): void {
    for (const need of needs) {
      if (direction === 'export' && draft.exported.has(need.full)) this.#export(draft, need);
      else this.#import(draft, need);
    }
  }

  #import(draft: Draft, found: FoundInterface): void {
    if (draft.imports.interfaces.has(found.full)) return;
    const resolved = this.#interfaces.resolve(found);
    this.#needs(draft, 'import', resolved);
    put(draft, found.place, draft.imports.interfaces, resolved.interface);
  }

  #export(draft: Draft, found: FoundInterface): void {
    if (draft.exports.interfaces.has(found.full)) return;
    const resolved = this.#interfaces.resolve(found);
    this.#needs(draft, 'export', resolved);
    put(draft, found.place, draft.exports.interfaces, resolved.interface);
  }
}

const newDraft = (budget: Draft['budget']): Draft => ({
  budget,
  imports: { interfaces: new Map(), functions: new Map() },
  exports: { interfaces: new Map(), functions: new Map() },
  types: new Map(),
  exported: new Set(),
});

/** One interface can stand in a world under many names, and worlds can include worlds: small as text, huge written out. */
function spend({ budget }: Draft, { part }: Place, items: number): void {
  budget.left -= items;
  if (budget.left < 0)
    throw part.scanner.error('WASM_LIMIT', 0, 'the world is too large when it is written out', { limit: 'witItems' });
}

function put(draft: Draft, place: Place, interfaces: Map<string, WitInterface>, found: WitInterface): void {
  spend(draft, place, 1 + found.types.length + found.functions.length);
  interfaces.set(found.name, found);
}

function expectFree({ types }: Draft, { interfaces, functions }: Side, { part }: Place, named: Named): void {
  if (interfaces.has(named.name) || functions.has(named.name) || types.has(named.name)) throw twice(part, named);
}

interface Inclusion {
  readonly place: Place;
  readonly path: Named;
  readonly renames: readonly (Named & { readonly as: string })[];
}

/** Interfaces that both have are one; a plain name must be new, or be renamed. */
function include(draft: Draft, included: Draft, { place, path, renames }: Inclusion): void {
  for (const { name, at } of renames) {
    if (!hasPlainName(included, name))
      throw place.part.scanner.error('WIT_NAME_UNKNOWN', at, `the world that is included has no plain name ${name}`, {
        name,
      });
  }
  const others = new Map(renames.map(({ name, as }) => [name, as]));
  const renamed = (name: string): string => others.get(name) ?? name;
  for (const direction of ['imports', 'exports'] as const) {
    const [to, from] = [draft[direction], included[direction]];
    for (const found of from.interfaces.values()) {
      const name = renamed(found.name);
      if (to.interfaces.has(name) && found.name.includes('/')) continue;
      expectFree(draft, to, place, { name, at: path.at });
      put(draft, place, to.interfaces, { ...found, name });
    }
    for (const found of from.functions.values()) {
      const name = renamed(found.name);
      expectFree(draft, to, place, { name, at: path.at });
      spend(draft, place, 1);
      to.functions.set(name, { ...found, name });
    }
  }
  for (const [name, named] of included.types) {
    if (draft.types.has(name)) throw twice(place.part, { name, at: path.at });
    spend(draft, place, 1);
    draft.types.set(name, named);
  }
  for (const name of included.exported) draft.exported.add(name);
}

function hasPlainName({ imports, exports }: Draft, name: string): boolean {
  return [imports, exports].some((side) => side.functions.has(name) || side.interfaces.has(name));
}
