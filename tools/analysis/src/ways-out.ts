// Ways by which functions that are not in the import section can reach the plugin, so that its imports do not bound what it can do.
//
// A function gets in as a value of a reference type, as an entry of a table, or as code. Values come with imported functions,
// globals and tags, with the arguments of an export that the host calls, and with a global that the host sets. Entries of a table
// come with an imported table, or with an exported one that the host fills. What the host does with exports is in its profile: it
// touches those that the profile names and no others. Code comes with dynamic linking and with modules and components that a
// component imports.
//
// No ways out: an exported memory (numbers, no functions; an index into the plugin's own table reaches what is in that table), a
// passive element segment and a table's initial value (they hold functions of the module and imported globals, which are seen here),
// an externref that was turned into an anyref (a function is under neither, so it cannot be called), an exnref (what it carries
// comes out by a tag, and tags are seen here), and references inside of structs and arrays (the type that carries them in is a
// reference type itself).

import type { HostProfile, UnboundedCause } from '@plugmark/schemas';
import type { ComponentExtern, ModuleFacts, WasmFacts } from '@plugmark/wasm';
import { importText } from './import-text.ts';
import { printable } from './printable.ts';
import { componentImport, coreImport, distinct, type SeenImport } from './seen-import.ts';

export interface WayOut {
  readonly cause: UnboundedCause;
  readonly detail: string;
}

/** Every way out, less those the host closes itself. */
export function waysOut(facts: WasmFacts, dispatchers: readonly SeenImport[], profile: HostProfile): readonly WayOut[] {
  const closed = new Set<UnboundedCause>(profile.bounds.map(({ cause }) => cause));
  const dispatching = dispatchers.map(
    (item): WayOut => ({ cause: 'dispatcher', detail: `${shown(item)} calls functions named at run time` }),
  );
  const others =
    facts.kind === 'core' ? [...coreImports(facts), ...coreExports(facts, profile)] : componentImports(facts.imports);
  return [...dispatching, ...others].filter(({ cause }) => !closed.has(cause));
}

function coreImports({ imports, dynamicLinking }: ModuleFacts): WayOut[] {
  const found: WayOut[] = [];
  for (const item of distinct(imports.map(coreImport))) {
    const { kind, type = '' } = item;
    if (kind === 'table') found.push({ cause: 'imported-table', detail: `table ${shown(item)} may hold any function` });
    else if (REFERENCE.test(type))
      found.push({
        cause: 'reference-argument',
        detail: `${kind} ${shown(item)} passes references: ${printable(type, 100)}`,
      });
  }
  if (dynamicLinking) found.push({ cause: 'dynamic-linking', detail: 'a dylink section asks for other modules' });
  return found;
}

/** What the host may put in through the exports that it touches. */
function coreExports({ exports }: ModuleFacts, profile: HostProfile): WayOut[] {
  const touched = new Set(profile.exports.map(({ kind, name }) => `${kind} ${name}`));
  return exports
    .filter(({ kind, name }) => touched.has(`${kind} ${name}`))
    .flatMap(({ kind, name, type }): WayOut[] => {
      const what = `${kind} ${printable(name, 100)}`;
      if (kind === 'table')
        return [{ cause: 'imported-table', detail: `${what} is exported, and the host may fill it` }];
      if (!REFERENCE.test(kind === 'function' ? parametersOf(type) : type)) return [];
      if (kind === 'global' && !type.endsWith(' mut')) return [];
      return [
        { cause: 'reference-argument', detail: `the host passes references to ${what}: ${printable(type, 100)}` },
      ];
    });
}

/** A function that gives a reference away gets nothing for it. */
const parametersOf = (type: string): string => type.slice(0, type.lastIndexOf(' -> '));

function componentImports(imports: readonly ComponentExtern[]): WayOut[] {
  return imports.flatMap((item): WayOut[] => {
    const what = `${item.kind} ${shown(componentImport(item))}`;
    if (item.kind === 'module' || item.kind === 'component')
      return [{ cause: 'dynamic-linking', detail: `${what} is code from elsewhere` }];
    // A profile speaks of the functions of an interface; what is inside of an instance in it has no meaning there.
    return item.nested === undefined
      ? []
      : [{ cause: 'dynamic-linking', detail: `${what} holds another ${item.nested}` }];
  });
}

/** Every reference type of the reader's text form: `funcref`, `i31ref`, `(ref 3)`, `(ref null 3)`. */
const REFERENCE = /ref\b/;

// The detail is a line of a document; a hostile name is not.
const shown = (item: SeenImport): string => printable(importText(item), 150);
