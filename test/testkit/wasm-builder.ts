// A small fluent builder of WebAssembly binaries for tests. It encodes what it is told and checks nothing, so that a
// test can also build what no toolchain would. Sections come out in the order of the format; `section` adds a raw one.

/** Bytes, as a test writes them. */
export type Bytes = readonly number[];

const VALUE_TYPES = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b, funcref: 0x70, externref: 0x6f };
export type ValueTypeName = keyof typeof VALUE_TYPES;
export type ExternKindName = 'function' | 'table' | 'memory' | 'global' | 'tag';

const KINDS: Readonly<Record<ExternKindName, number>> = { function: 0, table: 1, memory: 2, global: 3, tag: 4 };
const ORDER: Bytes = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];

export interface Limits {
  readonly min: number;
  readonly max?: number;
  readonly shared?: boolean;
}

export interface FunctionOptions {
  readonly parameters?: readonly ValueTypeName[];
  readonly results?: readonly ValueTypeName[];
  /** Instructions without the final `end`; by default none. */
  readonly body?: Bytes;
  readonly export?: string;
}

/** Unsigned LEB128. */
export function u32(value: number): Bytes {
  return value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...u32(Math.floor(value / 0x80))];
}

/** Signed LEB128. */
function s32(value: number): Bytes {
  return value >= -0x40 && value < 0x40 ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...s32(value >> 7)];
}

export function name(text: string): Bytes {
  const bytes = [...new TextEncoder().encode(text)];
  return [...u32(bytes.length), ...bytes];
}

export function vector(items: readonly Bytes[]): Bytes {
  return [...u32(items.length), ...items.flat()];
}

export function section(id: number, content: Bytes): Bytes {
  return [id, ...u32(content.length), ...content];
}

export function functionType(parameters: readonly ValueTypeName[], results: readonly ValueTypeName[]): Bytes {
  const types = (names: readonly ValueTypeName[]): Bytes => vector(names.map((type) => [VALUE_TYPES[type]]));
  return [0x60, ...types(parameters), ...types(results)];
}

/** `i32.const value; end` */
export function constant(value: number): Bytes {
  return [0x41, ...s32(value), 0x0b];
}

/** The preamble of a core module and raw sections. */
export function coreModule(...sections: readonly Bytes[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, ...sections.flat()]);
}

/** The preamble of a component and raw sections. */
export function component(...sections: readonly Bytes[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00, ...sections.flat()]);
}

function limits({ min, max, shared = false }: Limits): Bytes {
  return [(max === undefined ? 0 : 1) | (shared ? 2 : 0), ...u32(min), ...(max === undefined ? [] : u32(max))];
}

export class WasmBuilder {
  readonly #items = new Map<number, Bytes[]>();
  readonly #raw: Bytes[] = [];
  readonly #types: string[] = [];
  readonly #counts: Record<ExternKindName, number> = { function: 0, table: 0, memory: 0, global: 0, tag: 0 };
  #start: number | undefined;

  importFunction(
    module: string,
    field: string,
    parameters: readonly ValueTypeName[] = [],
    results: readonly ValueTypeName[] = [],
  ): this {
    return this.#import(module, field, 'function', u32(this.#type(parameters, results)));
  }

  importMemory(module: string, field: string, bounds: Limits): this {
    return this.#import(module, field, 'memory', limits(bounds));
  }

  importTable(module: string, field: string, bounds: Limits, element: ValueTypeName = 'funcref'): this {
    return this.#import(module, field, 'table', [VALUE_TYPES[element], ...limits(bounds)]);
  }

  importGlobal(module: string, field: string, type: ValueTypeName, { mutable = false } = {}): this {
    return this.#import(module, field, 'global', [VALUE_TYPES[type], Number(mutable)]);
  }

  importTag(module: string, field: string, parameters: readonly ValueTypeName[]): this {
    return this.#import(module, field, 'tag', [0, ...u32(this.#type(parameters, []))]);
  }

  function(options: FunctionOptions = {}): this {
    return this.rawFunction({ ...options, declared: [0] });
  }

  /** A function with declarations of locals, encoded. */
  rawFunction(options: FunctionOptions & { readonly declared: Bytes }): this {
    const { parameters = [], results = [], body = [], declared, export: exported } = options;
    this.#add(3, u32(this.#type(parameters, results)));
    const code = [...declared, ...body, 0x0b];
    this.#add(10, [...u32(code.length), ...code]);
    return this.#define('function', exported);
  }

  table(
    bounds: Limits,
    { element = 'funcref', export: exported }: { element?: ValueTypeName; export?: string } = {},
  ): this {
    this.#add(4, [VALUE_TYPES[element], ...limits(bounds)]);
    return this.#define('table', exported);
  }

  memory(bounds: Limits, { export: exported }: { export?: string } = {}): this {
    this.#add(5, limits(bounds));
    return this.#define('memory', exported);
  }

  tag(parameters: readonly ValueTypeName[], { export: exported }: { export?: string } = {}): this {
    this.#add(13, [0, ...u32(this.#type(parameters, []))]);
    return this.#define('tag', exported);
  }

  /** `initialiser` includes its `end`. */
  global(
    type: ValueTypeName,
    initialiser: Bytes,
    { mutable = false, export: exported }: { mutable?: boolean; export?: string } = {},
  ): this {
    this.#add(6, [VALUE_TYPES[type], Number(mutable), ...initialiser]);
    return this.#define('global', exported);
  }

  export(field: string, kind: ExternKindName, index: number): this {
    return this.#add(7, [...name(field), KINDS[kind], ...u32(index)]);
  }

  start(index: number): this {
    this.#start = index;
    return this;
  }

  /** An active element segment of table 0. */
  elements(offset: number, functions: readonly number[]): this {
    return this.#add(9, [0, ...constant(offset), ...vector(functions.map(u32))]);
  }

  /** An active data segment of memory 0. */
  data(offset: number, bytes: Bytes): this {
    return this.#add(11, [0, ...constant(offset), ...u32(bytes.length), ...bytes]);
  }

  passiveData(bytes: Bytes): this {
    return this.#add(11, [1, ...u32(bytes.length), ...bytes]);
  }

  /** A raw section after all others. */
  section(id: number, content: Bytes): this {
    this.#raw.push(section(id, content));
    return this;
  }

  custom(field: string, content: Bytes = []): this {
    return this.section(0, [...name(field), ...content]);
  }

  producers(fields: Readonly<Record<string, readonly (readonly [string, string])[]>>): this {
    const values = (pairs: readonly (readonly [string, string])[]): Bytes =>
      vector(pairs.map((pair) => pair.flatMap(name)));
    return this.custom(
      'producers',
      vector(Object.entries(fields).map(([field, pairs]) => [...name(field), ...values(pairs)])),
    );
  }

  targetFeatures(features: readonly string[]): this {
    const encode = (feature: string): Bytes => [feature.charCodeAt(0), ...name(feature.slice(1))];
    return this.custom('target_features', vector(features.map(encode)));
  }

  moduleName(text: string): this {
    return this.custom('name', section(0, name(text)));
  }

  build(): Uint8Array<ArrayBuffer> {
    const sections = ORDER.flatMap((id) => {
      const items = this.#items.get(id);
      if (id === 8) return this.#start === undefined ? [] : [section(8, u32(this.#start))];
      return items === undefined ? [] : [section(id, vector(items))];
    });
    return coreModule(...sections, ...this.#raw);
  }

  #type(parameters: readonly ValueTypeName[], results: readonly ValueTypeName[]): number {
    const type = functionType(parameters, results);
    const key = type.join();
    const known = this.#types.indexOf(key);
    if (known >= 0) return known;
    this.#add(1, type);
    return this.#types.push(key) - 1;
  }

  #import(module: string, field: string, kind: ExternKindName, type: Bytes): this {
    this.#counts[kind] += 1;
    return this.#add(2, [...name(module), ...name(field), KINDS[kind], ...type]);
  }

  #define(kind: ExternKindName, exported: string | undefined): this {
    const index = this.#counts[kind]++;
    return exported === undefined ? this : this.export(exported, kind, index);
  }

  #add(id: number, item: Bytes): this {
    const items = this.#items.get(id) ?? [];
    items.push(item);
    this.#items.set(id, items);
    return this;
  }
}
