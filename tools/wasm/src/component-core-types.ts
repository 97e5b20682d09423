/**
 * The core types a component names (component model, Binary.md): functions and modules. Types of the GC proposal are
 * refused by name; toolchains write none here.
 */
import { readMemoryType, readTableType } from './bounds.ts';
import type { ByteReader } from './byte-reader.ts';
import type { CoreSort } from './component-entities.ts';
import { malformed } from './component-extern.ts';
import { type Scope, spendItem } from './component-scope.ts';
import type { Budget } from './limits.ts';
import { readIndex } from './read-index.ts';
import { readMutability } from './type-table.ts';
import { readValueType } from './value-type.ts';

const FUNCTION = 0x60;
const MODULE = 0x50;
/** Bytes that start a type of the GC proposal; 0x00 stands before a subtype that others may extend. */
const GC_TYPES: readonly number[] = [0x00, 0x4e, 0x4f, 0x50, 0x5e, 0x5f];

const CORE_SORTS: readonly CoreSort[] = ['function', 'table', 'memory', 'global', 'tag'];
const TYPE_SORT = 0x10;
const OUTER = 0x01;

/** Reads one core type into the scope's index space. */
export function readCoreTypeDefinition(reader: ByteReader, scope: Scope, budget: Budget): void {
  spendItem(reader, budget);
  const start = reader.offset;
  const byte = reader.u8();
  if (byte === MODULE) scope.coreTypes.push({ form: 'module', exports: readModuleType(reader, scope, budget) });
  else {
    readFunctionType(reader, byte, { start, budget, types: scope.coreTypes.length });
    scope.coreTypes.push({ form: 'function' });
  }
}

function readFunctionType(
  reader: ByteReader,
  byte: number,
  { start, budget, types }: { readonly start: number; readonly budget: Budget; readonly types: number },
): void {
  if (GC_TYPES.includes(byte)) {
    const details = { feature: 'component-core-gc-types', byte };
    throw reader.error('WASM_UNSUPPORTED_FEATURE', 'a core type of the GC proposal', details, start);
  }
  if (byte !== FUNCTION) throw malformed(reader, 'core type', byte, start);
  for (const limit of ['parameters', 'results'] as const) {
    for (let left = reader.count(limit, budget.limits); left > 0; left--) readValueType(reader, types);
  }
}

/** What a module type's own types are: only functions, and functions of the scopes around. */
interface ModuleScope {
  readonly scope: Scope;
  readonly budget: Budget;
  types: number;
  readonly imports: Set<string>;
  readonly exports: Map<string, CoreSort>;
}

type Declaration = (reader: ByteReader, module: ModuleScope) => void;

/** Declarations of a module type by their byte. */
const DECLARATIONS: readonly Declaration[] = [
  function readImport(reader, module) {
    const { limits } = module.budget;
    const [from, name] = [reader.name(limits), reader.name(limits)];
    module.imports.add(`${from}\0${name}`);
    readCoreExtern(reader, module);
  },
  function readType(reader, module) {
    const start = reader.offset;
    readFunctionType(reader, reader.u8(), { start, budget: module.budget, types: module.types });
    module.types += 1;
  },
  readAlias,
  function readExport(reader, module) {
    const start = reader.offset;
    const name = reader.name(module.budget.limits);
    if (module.exports.has(name)) throw reader.error('WASM_DUPLICATE_EXPORT', 'a name occurs twice', { name }, start);
    module.exports.set(name, readCoreExtern(reader, module));
  },
];

function readModuleType(reader: ByteReader, scope: Scope, budget: Budget): ReadonlyMap<string, CoreSort> {
  const module: ModuleScope = { scope, budget, types: 0, imports: new Set(), exports: new Map() };
  for (let left = reader.count('componentItems', budget.limits, 2); left > 0; left--) {
    spendItem(reader, budget);
    const start = reader.offset;
    const byte = reader.u8();
    const declaration = DECLARATIONS[byte];
    if (declaration === undefined) throw malformed(reader, 'declaration', byte, start);
    declaration(reader, module);
  }
  return module.exports;
}

/** `0x10 0x01 count index`: a core type of a scope outside. Count 0 is the module type itself. */
function readAlias(reader: ByteReader, module: ModuleScope): void {
  for (const expected of [TYPE_SORT, OUTER]) {
    const start = reader.offset;
    const byte = reader.u8();
    if (byte !== expected) throw malformed(reader, 'core alias', byte, start);
  }
  const start = reader.offset;
  const count = reader.u32();
  if (count === 0) readIndex(reader, 'core type', module.types);
  else {
    // The scope around the module type is the first one outwards.
    let outer: Scope | undefined = module.scope;
    for (let left = count - 1; left > 0 && outer !== undefined; left--) outer = outer.parent;
    if (outer === undefined) {
      const details = { space: 'scope', index: count };
      throw reader.error('WASM_INDEX_OUT_OF_RANGE', `scope ${count} is not defined`, details, start);
    }
    const at = reader.offset;
    const index = readIndex(reader, 'core type', outer.coreTypes.length);
    if (outer.coreTypes[index]?.form !== 'function') {
      const details = { expected: 'function', actual: 'module' };
      throw reader.error('WASM_TYPE_MISMATCH', 'a module type cannot stand in a module type', details, at);
    }
  }
  module.types += 1;
}

function readCoreExtern(reader: ByteReader, module: ModuleScope): CoreSort {
  const start = reader.offset;
  const byte = reader.u8();
  const sort = CORE_SORTS[byte];
  if (sort === undefined) throw malformed(reader, 'core sort', byte, start);
  EXTERN_TYPES[sort](reader, module);
  return sort;
}

const EXTERN_TYPES: Readonly<Record<CoreSort, Declaration>> = {
  function: (reader, { types }) => void readIndex(reader, 'type', types),
  table: (reader) => void readTableType(reader, 0),
  memory: (reader) => void readMemoryType(reader),
  global(reader) {
    readValueType(reader, 0);
    readMutability(reader);
  },
  tag(reader, { types }) {
    const start = reader.offset;
    const attribute = reader.u8();
    if (attribute !== 0) throw malformed(reader, 'tag', attribute, start);
    readIndex(reader, 'type', types);
  },
};
