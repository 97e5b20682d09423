/**
 * How much the reader accepts. Each number says where it comes from, so that nobody has to guess whether it may be
 * changed. A count is also compared with the bytes that are left before anything is allocated for it.
 * Never raise a number that comes from the JavaScript API: engines refuse such a module anyway.
 */

/** The reader's limits with the origin of each number. "JS API" is the section "Implementation-defined Limits". */
export const READER_LIMITS = {
  fileBytes: { value: 1_073_741_824, origin: 'JS API: size of a module, 1 GiB' },
  types: { value: 1_000_000, origin: 'JS API: types of a module, and types of one recursion group' },
  functions: { value: 1_000_000, origin: 'JS API: functions defined in a module' },
  imports: { value: 1_000_000, origin: 'JS API: imports of a module; wasmparser: imports of a component' },
  exports: { value: 1_000_000, origin: 'JS API: exports of a module; wasmparser: exports of a component' },
  globals: { value: 1_000_000, origin: 'JS API: globals of a module' },
  tags: { value: 1_000_000, origin: 'JS API: tags of a module' },
  tables: { value: 100_000, origin: 'JS API: tables of a module' },
  memories: { value: 100, origin: 'JS API: memories of a module' },
  elementSegments: { value: 10_000_000, origin: 'V8: kV8MaxWasmTableInitEntries bounds segments and their entries' },
  elementEntries: { value: 10_000_000, origin: 'JS API: table entries given in any table initialisation' },
  dataSegments: { value: 100_000, origin: 'JS API: data segments of a module' },
  functionBytes: { value: 7_654_321, origin: 'JS API: size of a function body' },
  locals: { value: 50_000, origin: 'JS API: locals of a function, parameters included' },
  branchTargets: { value: 65_520, origin: 'V8: kV8MaxWasmFunctionBrTableSize, the targets of one br_table' },
  parameters: { value: 1_000, origin: 'JS API: parameters of a function' },
  results: { value: 1_000, origin: 'JS API: results of a function' },
  structFields: { value: 10_000, origin: 'JS API: fields of a struct' },
  arrayOperands: { value: 10_000, origin: 'JS API: operands of array.new_fixed' },
  subtypingDepth: { value: 63, origin: 'JS API: length of a chain of supertypes' },
  nameBytes: { value: 100_000, origin: 'V8: kV8MaxWasmStringSize; wasmparser has the same number' },
  nestedModules: { value: 1_000, origin: 'wasmparser: MAX_WASM_MODULES, here counted over the whole file' },
  nestedComponents: { value: 1_000, origin: 'wasmparser: MAX_WASM_COMPONENTS, here counted over the whole file' },
  componentDepth: { value: 100, origin: 'ours: facts are nested as deep, and JSON readers recurse' },
  componentItems: {
    value: 200_000,
    origin:
      'ours: definitions, declarations and copies of types in all components of the file; real ones have thousands',
  },
  componentFields: {
    value: 10_000,
    origin: 'wasmparser: MAX_WASM_RECORD_FIELDS, VARIANT_CASES, TUPLE_TYPES, ENUM_CASES',
  },
  componentTypeDepth: { value: 100, origin: 'wasmparser: MAX_WASM_COMPONENT_TYPE_DEPTH; readers of types recurse' },
  instanceArguments: {
    value: 100_000,
    origin: 'wasmparser: MAX_WASM_INSTANTIATION_ARGS and MAX_WASM_INSTANTIATION_EXPORTS',
  },
  canonicalOptions: { value: 10, origin: 'wasmparser: MAX_WASM_CANONICAL_OPTIONS' },
  customSections: { value: 100_000, origin: 'ours: three bytes each in the file, two objects each in the facts' },
  claimEntries: { value: 10_000, origin: 'ours: producers and target features of real toolchains are a few dozen' },
  typeTextCharacters: {
    value: 67_108_864,
    origin: 'ours: a long type named by a million exports is small in the file but gigabytes as JSON',
  },
} as const;

/** The limits as plain numbers; give a changed copy of {@link DEFAULT_LIMITS} to be stricter. */
export type ReaderLimits = { readonly [Name in keyof typeof READER_LIMITS]: number };

export const DEFAULT_LIMITS: ReaderLimits = Object.fromEntries(
  Object.entries(READER_LIMITS).map(([name, { value }]) => [name, value]),
) as ReaderLimits;

/** The limits together with what the whole file has used of them so far, nested modules included. */
export interface Budget {
  readonly limits: ReaderLimits;
  readonly used: {
    nestedModules: number;
    nestedComponents: number;
    componentItems: number;
    customSections: number;
    typeTextCharacters: number;
  };
}

export function newBudget(limits: ReaderLimits): Budget {
  return {
    limits,
    used: { nestedModules: 0, nestedComponents: 0, componentItems: 0, customSections: 0, typeTextCharacters: 0 },
  };
}
