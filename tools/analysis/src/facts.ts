import type { ComponentFacts, CoreFacts } from '@plugmark/schemas';
import {
  type ComponentExtern,
  type ModuleFacts,
  type NestedModule,
  printWit,
  type ComponentFacts as ReadComponent,
  type WasmFacts,
} from '@plugmark/wasm';

/** The reader's facts in the shape reports carry: offsets and indices that no reader of a report needs are left out. */
export function artifactFacts(facts: WasmFacts): CoreFacts | ComponentFacts {
  return facts.kind === 'core' ? coreFacts(facts) : componentFacts(facts);
}

function coreFacts(facts: ModuleFacts): CoreFacts {
  return {
    kind: 'core',
    size: facts.size,
    imports: facts.imports.map(({ module, name, kind, type }) => ({ module, name, kind, type })),
    exports: facts.exports.map(({ name, kind, type }) => ({ name, kind, type })),
    memories: facts.memories.map((memory) => ({ ...memory })),
    tables: facts.tables.map((table) => ({ ...table })),
    functions: facts.functionCount,
    ...(facts.start === undefined ? {} : { start: facts.start }),
    codeSize: facts.codeSize,
    dataSegments: facts.dataSegments.length,
    elementSegments: facts.elementSegments,
    customSections: facts.customSections.map(({ name, offset, size }) => ({ name, offset, size })),
    producers: facts.producers.map(({ field, values }) => ({ field, values: values.map((value) => ({ ...value })) })),
    features: [...facts.targetFeatures],
    ...(facts.moduleName === undefined ? {} : { moduleName: facts.moduleName }),
    dynamicLinking: facts.dynamicLinking,
  };
}

function componentFacts(facts: ReadComponent): ComponentFacts {
  return {
    kind: 'component',
    size: facts.size,
    imports: facts.imports.map((extern) => ({ name: extern.name, kind: extern.kind, ...lowered(extern) })),
    exports: facts.exports.map(({ name, kind }) => ({ name, kind })),
    modules: nestedModules(facts).map((module) => ({ ...coreFacts(module), offset: module.offset })),
    components: facts.components.length,
    customSections: facts.customSections.map(({ name, offset, size }) => ({ name, offset, size })),
    producers: facts.producers.map(({ field, values }) => ({ field, values: values.map((value) => ({ ...value })) })),
    ...wit(facts),
  };
}

function lowered(extern: ComponentExtern): { lowered?: string[] } {
  const names = loweredFunctions(extern);
  return names === undefined ? {} : { lowered: [...names] };
}

/** The functions behind an import that code in the component can call; undefined for what has no functions. */
export function loweredFunctions({ name, functions, lowered: called }: ComponentExtern): readonly string[] | undefined {
  if (called !== undefined) return called ? [name] : [];
  return functions?.filter((found) => found.lowered).map((found) => found.name);
}

/** As much as the schema of reports takes. */
const WIT_CHARACTERS = 1_000_000;

function wit({ world }: ReadComponent): { wit?: string } {
  const text = world && printWit(world);
  return text === undefined || text.length > WIT_CHARACTERS ? {} : { wit: text };
}

/** The core modules of a component and of the components inside it, outermost first. Depth is bounded by the reader's limits. */
export function nestedModules({ modules, components }: ReadComponent): readonly NestedModule[] {
  return [...modules, ...components.flatMap(nestedModules)];
}
