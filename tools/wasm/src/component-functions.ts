/**
 * The imports of a component with the functions behind them: their types as text, and which of them core code in the
 * component can really call. Toolchains declare more than they use.
 */
import type { ByteReader } from './byte-reader.ts';
import { memberOf, originKey } from './component-entities.ts';
import type { Scope } from './component-scope.ts';
import type { ComponentExtern, ComponentFunction } from './facts.ts';
import type { Budget } from './limits.ts';
import type { WitWorld } from './wit.ts';
import { functionText } from './wit-text.ts';

/** The imports, each instance with its functions, each function with whether it is used. */
export function importedFunctions(
  externs: readonly ComponentExtern[],
  scope: Scope,
  {
    world,
    reader,
    budget,
  }: { readonly world: WitWorld | undefined; readonly reader: ByteReader; readonly budget: Budget },
): ComponentExtern[] {
  const interfaces = new Map(world?.imports.interfaces.map((found) => [found.name, found]));
  return externs.map((extern): ComponentExtern => {
    const entity = scope.imports.get(extern.name);
    if (entity?.sort === 'function') return { ...extern, lowered: scope.lowered.has(originKey({ name: extern.name })) };
    if (entity?.sort !== 'instance') return extern;
    const types = new Map(
      interfaces
        .get(extern.name + (extern.versionSuffix ?? ''))
        ?.functions.map((func) => [func.name, functionText(func)]),
    );
    const functions: ComponentFunction[] = [];
    let nested: ComponentExtern['nested'];
    for (const [name, { sort }] of entity.instance.exports) {
      if (sort === 'module' || sort === 'component' || sort === 'instance') nested ??= sort;
      const member = memberOf(entity.instance, name);
      if (member?.sort !== 'function' || member.origin === undefined) continue;
      const type = types.get(name);
      reader.spend('typeTextCharacters', type?.length ?? 0, budget);
      functions.push({
        name,
        ...(type !== undefined && { type }),
        lowered: scope.lowered.has(originKey(member.origin)),
      });
    }
    return { ...extern, functions, ...(nested !== undefined && { nested }) };
  });
}
