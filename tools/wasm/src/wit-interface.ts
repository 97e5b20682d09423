/** An interface with everything looked up, and which other interfaces it takes types from. */
import type { WitInterface } from './wit.ts';
import { type FoundInterface, follow, type Place, twice, unknown, type WitPackages } from './wit-packages.ts';
import { WIT_LIMITS } from './wit-scanner.ts';
import type { InterfaceItem, SyntaxFunction, SyntaxUse, WorldItem } from './wit-syntax.ts';
import { type UsedType, WitTypes } from './wit-types.ts';

export interface ResolvedInterface {
  readonly interface: WitInterface;
  readonly types: WitTypes;
  /** Interfaces whose types it uses, in order. */
  readonly needs: readonly FoundInterface[];
}

/** Interfaces are looked up once each, so that many that use one another stay cheap. */
export class WitInterfaces {
  readonly packages: WitPackages;
  readonly #done = new Map<string, ResolvedInterface | 'visiting'>();
  #depth = 0;

  constructor(packages: WitPackages) {
    this.packages = packages;
  }

  resolve(found: FoundInterface): ResolvedInterface {
    const known = this.#done.get(found.full);
    const { part } = found.place;
    if (known === 'visiting')
      throw part.scanner.error('WIT_CYCLE', found.syntax.at, `${found.full} takes types from itself`, {
        name: found.full,
      });
    if (known !== undefined) return known;
    this.#done.set(found.full, 'visiting');
    this.#depth += 1;
    if (this.#depth > WIT_LIMITS.depth)
      throw part.scanner.error('WASM_LIMIT', found.syntax.at, 'interfaces use each other in a chain that is too long', {
        limit: 'witDepth',
      });
    const resolved = this.body(found.full, found.place, found.syntax.items);
    this.#depth -= 1;
    this.#done.set(found.full, resolved);
    return resolved;
  }

  /** The items of an interface, which may also stand in a world without a name of its own. */
  body(name: string, place: Place, items: readonly InterfaceItem[]): ResolvedInterface {
    const { used, needs } = this.uses(place, items);
    const types = new WitTypes(
      place.part,
      used,
      items.filter((item) => item.kind === 'type'),
    );
    const functions = items.flatMap((item) => {
      if (item.kind === 'function') return [{ syntax: item.function }];
      if (item.kind !== 'type' || item.definition.form !== 'resource') return [];
      return item.definition.functions.map((syntax) => ({ syntax, resource: item.name }));
    });
    return {
      interface: { name, types: types.named, functions: readFunctions(types, functions) },
      types,
      needs,
    };
  }

  /** The types that `use` brings in, and from where. */
  uses(place: Place, items: readonly (InterfaceItem | WorldItem)[]): { used: UsedType[]; needs: FoundInterface[] } {
    const used: UsedType[] = [];
    const needs = new Map<string, FoundInterface>();
    for (const item of items) {
      if (item.kind !== 'use') continue;
      const found = follow(this.packages, place, item.path, 'interface');
      needs.set(found.full, found);
      used.push(...this.#usedTypes(found, place, item));
    }
    return { used, needs: [...needs.values()] };
  }

  #usedTypes(found: FoundInterface, { part }: Place, { names }: SyntaxUse): UsedType[] {
    const { types } = this.resolve(found);
    return names.map(({ name, at, as }) => {
      if (!types.has(name)) throw unknown(part, { name: `${found.full}.${name}`, at }, 'type');
      return { name: as, at, reference: `${found.full}.${name}`, resource: types.isResource(name) };
    });
  }
}

/** Functions with their binary names, each once; a free function may not have the name of a type. */
export function readFunctions(
  types: WitTypes,
  functions: readonly { readonly syntax: SyntaxFunction; readonly resource?: string }[],
): WitInterface['functions'] {
  const names = new Set<string>();
  return functions.map(({ syntax, resource }) => {
    const read = types.function(syntax, resource);
    if (names.has(read.name) || (resource === undefined && types.has(syntax.name))) throw twice(types.part, syntax);
    names.add(read.name);
    return read;
  });
}
