/**
 * A component (component model, Binary.md): its sections in order, each adding to the index spaces of its scope, the
 * core modules and components inside. Nesting is walked with a list, never by recursion; indices and sorts are
 * checked, subtyping and the canonical ABI's signatures are not.
 */
import type { ByteReader } from './byte-reader.ts';
import { readAlias } from './component-alias.ts';
import { readCanonical } from './component-canon.ts';
import { readCoreTypeDefinition } from './component-core-types.ts';
import { readType } from './component-declarations.ts';
import type { CoreSort } from './component-entities.ts';
import { readComponentExport, readComponentImport } from './component-exports.ts';
import { importedFunctions } from './component-functions.ts';
import { readCoreInstanceDefinition, readInstanceDefinition } from './component-instances.ts';
import { closeScope, openScope, readCounted, readEntity, type Scope, spendItem } from './component-scope.ts';
import { readValueType } from './component-types.ts';
import { worldOf } from './component-world.ts';
import { type CoreModule, moduleFacts } from './core-module.ts';
import { type CustomClaims, type CustomCollector, readCustomSection } from './custom.ts';
import type {
  ComponentExtern,
  ComponentFacts,
  CustomSectionFacts,
  NestedComponent,
  NestedModule,
  ProducerFacts,
} from './facts.ts';
import type { Budget, ReaderLimits } from './limits.ts';
import { readModule } from './module.ts';
import { readPreamble } from './preamble.ts';
import { COMPONENT_SECTIONS, expectEnd, readSectionHeader, type SectionHeader } from './sections.ts';

/** Facts while their component is being read; `producers` is set when it ends. */
interface GrowingFacts {
  readonly kind: 'component';
  readonly size: number;
  readonly imports: ComponentExtern[];
  readonly exports: ComponentExtern[];
  readonly modules: NestedModule[];
  readonly components: NestedComponent[];
  readonly customSections: CustomSectionFacts[];
  producers: readonly ProducerFacts[];
}

/** Called for every core module, when its sections are read. */
export type OnModule = (module: CoreModule) => void;

/** A component whose end is not reached yet. */
interface OpenComponent extends CustomCollector {
  readonly reader: ByteReader;
  readonly facts: GrowingFacts;
  readonly scope: Scope;
  readonly onModule: OnModule;
  claims: CustomClaims;
}

/** Reads a section into `component`; what it returns is a component inside, to be read next. */
type SectionReader = (content: ByteReader, component: OpenComponent, budget: Budget) => OpenComponent | undefined;
type ItemReader = (content: ByteReader, scope: Scope, budget: Budget) => void;

/** Section id -> reader. */
const SECTION_READERS: Readonly<Record<number, SectionReader>> = {
  0: (content, component, budget) => void readCustomSection(content, component, budget),
  1: (content, component, budget) => void readNestedModule(content, component, budget),
  2: vectorOf('componentItems', 2, readCoreInstanceDefinition),
  3: vectorOf('componentItems', 2, readCoreTypeDefinition),
  4: openNestedComponent,
  5: vectorOf('componentItems', 2, readInstanceDefinition),
  6: vectorOf('componentItems', 4, (content, scope, budget) => readAlias(content, scope, { budget, declared: false })),
  7: vectorOf('componentItems', 1, (content, scope, budget) => readType(content, { scope, budget, depth: 0 })),
  8: vectorOf('componentItems', 1, readCanonical),
  9(content, { scope }, budget) {
    readStart(content, scope, budget);
    expectEnd(content);
    return undefined;
  },
  10(content, { facts, scope }, budget) {
    readVector(content, { limits: budget.limits, limit: 'imports', itemBytes: SMALLEST_EXTERN }, () =>
      facts.imports.push(readComponentImport(content, scope, budget)),
    );
    return undefined;
  },
  11(content, { facts, scope }, budget) {
    readVector(content, { limits: budget.limits, limit: 'exports', itemBytes: SMALLEST_EXTERN }, () =>
      facts.exports.push(readComponentExport(content, scope, budget)),
    );
    return undefined;
  },
  12: vectorOf('componentItems', 2, readValue),
};

// An empty name with its form and length, a sort and an index or type.
const SMALLEST_EXTERN = 4;

/** Reads the component that fills the rest of `reader`, from its magic number on. */
export function readComponent(reader: ByteReader, budget: Budget, onModule: OnModule = () => {}): ComponentFacts {
  const root = openComponent(reader, newFacts(reader.remaining), { onModule, scope: openScope() });
  const open = [root];
  for (let current = open.at(-1); current !== undefined; current = open.at(-1)) {
    if (current.reader.remaining === 0) {
      open.pop();
      closeComponent(current, open.at(-1));
      continue;
    }
    const header = readSectionHeader(current.reader);
    const nested = readSection(header, current, budget);
    if (nested !== undefined) open.push(nested);
    if (open.length > budget.limits.componentDepth) {
      throw header.content.limit('componentDepth', open.length, budget.limits, header.start);
    }
  }
  return outermostFacts(root, budget);
}

/** What only the outermost component is asked: its world, and which of its imports are used. */
function outermostFacts({ facts, scope, reader }: OpenComponent, budget: Budget): ComponentFacts {
  const result = worldOf(scope, facts, { reader, budget });
  const world = 'world' in result ? result.world : undefined;
  const imports = importedFunctions(facts.imports, scope, { world, reader, budget });
  return { ...facts, imports, ...('world' in result ? { world: result.world } : { worldProblem: result.problem }) };
}

function readSection(
  { id, start, content }: SectionHeader,
  component: OpenComponent,
  budget: Budget,
): OpenComponent | undefined {
  const read = COMPONENT_SECTIONS[id] === undefined ? undefined : SECTION_READERS[id];
  if (read === undefined) {
    throw content.error('WASM_SECTION_UNKNOWN', `no component section has id ${id}`, { id }, start);
  }
  return read(content, component, budget);
}

function readNestedModule(content: ByteReader, { facts, scope, onModule }: OpenComponent, budget: Budget): void {
  content.spend('nestedModules', 1, budget);
  const module = readModule(content, budget);
  onModule(module);
  facts.modules.push({ ...moduleFacts(module), offset: module.offset });
  scope.modules.push(new Map(module.exports.map(({ name, kind }): [string, CoreSort] => [name, kind])));
}

function openNestedComponent(content: ByteReader, outer: OpenComponent, budget: Budget): OpenComponent {
  content.spend('nestedComponents', 1, budget);
  const nested = { ...newFacts(content.remaining), offset: content.offset };
  outer.facts.components.push(nested);
  return openComponent(content, nested, { onModule: outer.onModule, scope: openScope(outer.scope) });
}

function openComponent(
  reader: ByteReader,
  facts: GrowingFacts,
  { onModule, scope }: Pick<OpenComponent, 'onModule' | 'scope'>,
): OpenComponent {
  readPreamble(reader, 'component');
  return { reader, facts, scope, customSections: facts.customSections, claims: {}, onModule };
}

function closeComponent({ facts, claims, scope }: OpenComponent, outer: OpenComponent | undefined): void {
  facts.producers = claims.producers ?? [];
  outer?.scope.components.push(closeScope(scope));
}

/** `func args results`: calls a function when the component is instantiated; its results become values. */
function readStart(content: ByteReader, scope: Scope, budget: Budget): void {
  readEntity(scope, content, 'function');
  for (let left = content.count('parameters', budget.limits); left > 0; left--) readCounted(scope, content, 'value');
  const results = content.u32();
  spendItem(content, budget, results);
  scope.counts.value += results;
}

function readValue(content: ByteReader, scope: Scope, budget: Budget): void {
  spendItem(content, budget);
  readValueType(content, scope);
  content.skip(content.u32());
  scope.counts.value += 1;
}

function vectorOf(limit: keyof ReaderLimits, itemBytes: number, item: ItemReader): SectionReader {
  return (content, { scope }, budget) => {
    readVector(content, { limits: budget.limits, limit, itemBytes }, () => item(content, scope, budget));
    return undefined;
  };
}

interface VectorRules {
  readonly limits: ReaderLimits;
  readonly limit: keyof ReaderLimits;
  readonly itemBytes: number;
}

function readVector(content: ByteReader, { limits, limit, itemBytes }: VectorRules, item: () => void): void {
  for (let left = content.count(limit, limits, itemBytes); left > 0; left--) item();
  expectEnd(content);
}

function newFacts(size: number): GrowingFacts {
  return {
    kind: 'component',
    size,
    imports: [],
    exports: [],
    modules: [],
    components: [],
    customSections: [],
    producers: [],
  };
}
