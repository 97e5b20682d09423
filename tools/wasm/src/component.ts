/**
 * The outer layer of a component (component model, Binary.md): imports and exports by name and sort, the core
 * modules and components inside, custom sections. Sections that only wire these together (types, instances, aliases,
 * canonical functions) are stepped over by their size. Nesting is walked with a list, never by recursion.
 */
import type { ByteReader } from './byte-reader.ts';
import { readComponentExport, readComponentImport } from './component-extern.ts';
import { moduleFacts } from './core-module.ts';
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

/** A component whose end is not reached yet. */
interface OpenComponent extends CustomCollector {
  readonly reader: ByteReader;
  readonly facts: GrowingFacts;
  readonly importNames: Set<string>;
  readonly exportNames: Set<string>;
  claims: CustomClaims;
}

// An empty name with its form and length, a sort and an index or type.
const SMALLEST_EXTERN = 4;

/** Reads a section into `component`; what it returns is a component inside, to be read next. */
type SectionReader = (content: ByteReader, component: OpenComponent, budget: Budget) => OpenComponent | undefined;

/** Section id -> reader; the other sections of COMPONENT_SECTIONS are stepped over. */
const SECTION_READERS: Readonly<Record<number, SectionReader>> = {
  0: (content, component, budget) => void readCustomSection(content, component, budget),
  1: (content, component, budget) => void readNestedModule(content, component, budget),
  4: openNestedComponent,
  10(content, { facts, importNames }, { limits }) {
    readVector(content, limits, 'imports', () => facts.imports.push(readComponentImport(content, importNames, limits)));
    return undefined;
  },
  11(content, { facts, exportNames }, { limits }) {
    readVector(content, limits, 'exports', () => facts.exports.push(readComponentExport(content, exportNames, limits)));
    return undefined;
  },
};

/** Reads the component that fills the rest of `reader`, from its magic number on. */
export function readComponent(reader: ByteReader, budget: Budget): ComponentFacts {
  const root = openComponent(reader, newFacts(reader.remaining));
  const open = [root];
  for (let current = open.at(-1); current !== undefined; current = open.at(-1)) {
    if (current.reader.remaining === 0) {
      current.facts.producers = current.claims.producers ?? [];
      open.pop();
      continue;
    }
    const header = readSectionHeader(current.reader);
    const nested = readSection(header, current, budget);
    if (nested !== undefined) open.push(nested);
    if (open.length > budget.limits.componentDepth) {
      throw header.content.limit('componentDepth', open.length, budget.limits, header.start);
    }
  }
  return root.facts;
}

function readSection(
  { id, start, content }: SectionHeader,
  component: OpenComponent,
  budget: Budget,
): OpenComponent | undefined {
  if (COMPONENT_SECTIONS[id] === undefined) {
    throw content.error('WASM_SECTION_UNKNOWN', `no component section has id ${id}`, { id }, start);
  }
  return SECTION_READERS[id]?.(content, component, budget);
}

function readNestedModule(content: ByteReader, { facts }: OpenComponent, budget: Budget): void {
  content.spend('nestedModules', 1, budget);
  const module = readModule(content, budget);
  facts.modules.push({ ...moduleFacts(module), offset: module.offset });
}

function openNestedComponent(content: ByteReader, { facts }: OpenComponent, budget: Budget): OpenComponent {
  content.spend('nestedComponents', 1, budget);
  const nested = { ...newFacts(content.remaining), offset: content.offset };
  facts.components.push(nested);
  return openComponent(content, nested);
}

function openComponent(reader: ByteReader, facts: GrowingFacts): OpenComponent {
  readPreamble(reader, 'component');
  const { customSections } = facts;
  return { reader, facts, customSections, claims: {}, importNames: new Set(), exportNames: new Set() };
}

function readVector(content: ByteReader, limits: ReaderLimits, limit: 'imports' | 'exports', item: () => void): void {
  for (let left = content.count(limit, limits, SMALLEST_EXTERN); left > 0; left--) item();
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
