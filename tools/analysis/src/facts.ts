import type { ArtifactFacts, ComponentFacts, CoreFacts } from '@plugmark/schemas';
import type { ComponentFacts as ReadComponent, ModuleFacts, NestedModule, WasmFacts } from '@plugmark/wasm';

/** The reader's facts in the shape reports carry: offsets and indices that no reader of a report needs are left out. */
export function artifactFacts(facts: WasmFacts): ArtifactFacts {
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
    imports: facts.imports.map(({ name, kind }) => ({ name, kind })),
    exports: facts.exports.map(({ name, kind }) => ({ name, kind })),
    modules: nestedModules(facts).map((module) => ({ ...coreFacts(module), offset: module.offset })),
    components: facts.components.length,
    customSections: facts.customSections.map(({ name, offset, size }) => ({ name, offset, size })),
    producers: facts.producers.map(({ field, values }) => ({ field, values: values.map((value) => ({ ...value })) })),
  };
}

/** The core modules of a component and of the components inside it, outermost first. Depth is bounded by the reader's limits. */
export function nestedModules({ modules, components }: ReadComponent): readonly NestedModule[] {
  return [...modules, ...components.flatMap(nestedModules)];
}
