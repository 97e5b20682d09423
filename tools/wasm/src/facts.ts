/**
 * What the reader says about a file: plain JSON data, the same for the same bytes in every runtime.
 * All offsets and sizes are in bytes, offsets from the start of the file given to the reader, also in nested modules.
 */
import type { WitWorld } from './wit.ts';

/** What can be imported or exported, in the words of the JavaScript API. */
export type ExternKind = 'function' | 'table' | 'memory' | 'global' | 'tag';

/** One import of a core module. `type` is as in {@link CoreExport}; `offset` is that of the import's entry. */
export interface CoreImport {
  readonly module: string;
  readonly name: string;
  readonly kind: ExternKind;
  readonly type: string;
  readonly offset: number;
}

/**
 * One export of a core module; `index` counts in the index space of its kind, imports first.
 * `type` is text: `(i32, i32) -> (i32)` for functions and tags, `i32` or `i32 mut` for globals, `1 16 shared` (pages)
 * for memories and `1 10 funcref` (elements) for tables, the last two with `i64` first when addressed with 64 bits.
 */
export interface CoreExport {
  readonly name: string;
  readonly kind: ExternKind;
  readonly index: number;
  readonly type: string;
}

/** Bounds are in pages of `pageSize` bytes; a bound above 2^53-1 is given as 2^53-1. */
export interface MemoryFacts {
  readonly imported: boolean;
  readonly minPages: number;
  readonly maxPages?: number;
  readonly shared: boolean;
  readonly memory64: boolean;
  readonly pageSize: number;
}

/** Bounds are in elements; a bound above 2^53-1 is given as 2^53-1. */
export interface TableFacts {
  readonly imported: boolean;
  readonly element: string;
  readonly min: number;
  readonly max?: number;
  readonly table64: boolean;
}

export interface GlobalFacts {
  readonly imported: boolean;
  readonly type: string;
  readonly mutable: boolean;
}

/** `type` is that of a function with the tag's parameters: `(i32) -> ()`. */
export interface TagFacts {
  readonly imported: boolean;
  readonly type: string;
}

/** A section that is not a custom section; `offset` and `size` are those of its content. */
export interface SectionFacts {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

/** `offset` and `size` are those of the content after the name. */
export interface CustomSectionFacts {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

/** The bytes of a data segment; a passive one is copied by an instruction, the others at instantiation. */
export interface DataSegmentFacts {
  readonly offset: number;
  readonly size: number;
  readonly passive: boolean;
}

/** One field of the producers section, such as `language` or `processed-by`. */
export interface ProducerFacts {
  readonly field: string;
  readonly values: readonly { readonly name: string; readonly version: string }[];
}

/**
 * A core module. `functionCount` counts the functions it defines, without the imported ones; `codeSize` is the size
 * of the code section's content. What custom sections say (`producers`, `targetFeatures`, `moduleName`) is only a
 * claim of the file, and is left out where it cannot be decoded, as engines ignore it too.
 */
export interface ModuleFacts {
  readonly kind: 'core';
  readonly size: number;
  readonly sections: readonly SectionFacts[];
  readonly typeCount: number;
  readonly imports: readonly CoreImport[];
  readonly exports: readonly CoreExport[];
  readonly memories: readonly MemoryFacts[];
  readonly tables: readonly TableFacts[];
  readonly globals: readonly GlobalFacts[];
  readonly tags: readonly TagFacts[];
  readonly functionCount: number;
  readonly importedFunctionCount: number;
  /** Index of the function that runs at instantiation. */
  readonly start?: number;
  readonly elementSegments: number;
  readonly dataSegments: readonly DataSegmentFacts[];
  readonly codeSize: number;
  readonly customSections: readonly CustomSectionFacts[];
  readonly producers: readonly ProducerFacts[];
  /** As in the file, with the prefix: `+simd128`. */
  readonly targetFeatures: readonly string[];
  readonly moduleName?: string;
  /** Whether a `dylink.0` or `dylink` section is present: the module expects to share memory and table. */
  readonly dynamicLinking: boolean;
}

/** What a component can import or export. */
export type ComponentSort = 'module' | 'function' | 'value' | 'type' | 'component' | 'instance';

/**
 * An import or export of a component, such as `wasi:cli/environment@0.2.0` with kind `instance`.
 * With `implements`, `name` is free and the interface is the one given there; `versionSuffix` belongs to the end of
 * the interface's version (`a:b/c@1` and `.2.3`).
 */
export interface ComponentExtern {
  readonly name: string;
  readonly kind: ComponentSort;
  readonly implements?: string;
  readonly versionSuffix?: string;
  readonly externalId?: string;
  /** Of an imported instance of the outermost component: its functions in the order of the file. */
  readonly functions?: readonly ComponentFunction[];
  /** Of an imported instance of the outermost component: the first thing in it that is neither function, type nor value. */
  readonly nested?: 'module' | 'component' | 'instance';
  /** Of an imported function of the outermost component: as in {@link ComponentFunction}. */
  readonly lowered?: boolean;
}

/**
 * A function that a component imports. `lowered` says that core code in it can call the function; the others are only
 * declared. Code that is itself imported is taken to call all it is given.
 */
export interface ComponentFunction {
  readonly name: string;
  /** As WIT: `func(path: string) -> result<descriptor, error-code>`; absent where WIT has no words for the type. */
  readonly type?: string;
  readonly lowered: boolean;
}

/** Why a component has no world: the import or export named `name` is one, or has a type, that WIT cannot say. */
export interface WorldProblem {
  readonly problem: 'module' | 'component' | 'value' | 'instance' | 'type' | 'anonymous-resource';
  readonly name: string;
}

/** A module inside a component; `offset` is that of its magic number. */
export interface NestedModule extends ModuleFacts {
  readonly offset: number;
}

/** A component inside a component; `offset` is that of its magic number. */
export interface NestedComponent extends ComponentFacts {
  readonly offset: number;
}

/**
 * A component; `modules` and `components` are in file order, direct children only. The outermost one has either
 * `world`, its imports and exports as WIT has them, or `worldProblem`.
 */
export interface ComponentFacts {
  readonly kind: 'component';
  readonly size: number;
  readonly imports: readonly ComponentExtern[];
  readonly exports: readonly ComponentExtern[];
  readonly modules: readonly NestedModule[];
  readonly components: readonly NestedComponent[];
  readonly customSections: readonly CustomSectionFacts[];
  readonly producers: readonly ProducerFacts[];
  readonly world?: WitWorld;
  readonly worldProblem?: WorldProblem;
}

export type WasmFacts = ModuleFacts | ComponentFacts;
