/**
 * A core module as read, with what later passes need and facts leave out: types, the type of every function and
 * where the bodies are. The section readers fill it in file order.
 */
import type { ByteReader } from './byte-reader.ts';
import type { CustomClaims } from './custom.ts';
import type {
  CoreExport,
  CoreImport,
  CustomSectionFacts,
  DataSegmentFacts,
  ExternKind,
  GlobalFacts,
  MemoryFacts,
  ModuleFacts,
  SectionFacts,
  TableFacts,
  TagFacts,
} from './facts.ts';
import { FeatureUses } from './features.ts';
import type { Budget } from './limits.ts';
import type { SectionName } from './sections.ts';
import { TypeTable } from './type-table.ts';

export interface CoreModule {
  /** The file, and where in it the module lies. */
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly size: number;
  readonly types: TypeTable;
  /** Type index of every function, imports first. */
  readonly functionTypes: number[];
  importedFunctionCount: number;
  /** Offset and size of each body, without the size prefix; two entries per defined function. */
  bodies: Uint32Array;
  codeSize: number;
  readonly sections: SectionFacts[];
  readonly imports: CoreImport[];
  readonly exports: CoreExport[];
  readonly memories: MemoryFacts[];
  readonly tables: TableFacts[];
  readonly globals: GlobalFacts[];
  readonly tags: TagFacts[];
  /** Type text of each memory, table, global and tag by index, as exports show it. */
  readonly texts: Readonly<Record<Exclude<ExternKind, 'function'>, string[]>>;
  start: number | undefined;
  elementSegments: number;
  declaredDataSegments: number | undefined;
  readonly dataSegments: DataSegmentFacts[];
  readonly customSections: CustomSectionFacts[];
  claims: CustomClaims;
  /** What sections and types use; instructions are added when they are read. */
  readonly features: FeatureUses;
}

/** Reads the content of one section into the module. */
export type SectionReader = (reader: ByteReader, module: CoreModule, budget: Budget) => void;
export type SectionReaders = Readonly<Record<SectionName, SectionReader>>;

export function newCoreModule(bytes: Uint8Array, offset: number, size: number): CoreModule {
  return {
    bytes,
    offset,
    size,
    types: new TypeTable(bytes),
    functionTypes: [],
    importedFunctionCount: 0,
    bodies: new Uint32Array(0),
    codeSize: 0,
    sections: [],
    imports: [],
    exports: [],
    memories: [],
    tables: [],
    globals: [],
    tags: [],
    texts: { memory: [], table: [], global: [], tag: [] },
    start: undefined,
    elementSegments: 0,
    declaredDataSegments: undefined,
    dataSegments: [],
    customSections: [],
    claims: {},
    features: new FeatureUses(),
  };
}

/** How many there are so far of one kind, imports included. */
export function externCount(module: CoreModule, kind: ExternKind): number {
  return kind === 'function' ? module.functionTypes.length : module.texts[kind].length;
}

/** The type text of one of them. */
export function externText(module: CoreModule, kind: ExternKind, index: number): string {
  if (kind === 'function') return module.types.functionType(module.functionTypes[index] ?? 0).text;
  return module.texts[kind][index] ?? '';
}

export function moduleFacts(module: CoreModule): ModuleFacts {
  const { claims } = module;
  return {
    kind: 'core',
    size: module.size,
    sections: module.sections,
    typeCount: module.types.count,
    imports: module.imports,
    exports: module.exports,
    memories: module.memories,
    tables: module.tables,
    globals: module.globals,
    tags: module.tags,
    functionCount: module.functionTypes.length - module.importedFunctionCount,
    importedFunctionCount: module.importedFunctionCount,
    ...(module.start !== undefined && { start: module.start }),
    elementSegments: module.elementSegments,
    dataSegments: module.dataSegments,
    codeSize: module.codeSize,
    customSections: module.customSections,
    producers: claims.producers ?? [],
    targetFeatures: claims.targetFeatures ?? [],
    ...(claims.moduleName !== undefined && { moduleName: claims.moduleName }),
    dynamicLinking: claims.dynamicLinking ?? false,
  };
}
