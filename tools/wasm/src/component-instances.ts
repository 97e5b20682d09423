/**
 * Instances (component model, Binary.md, "Instance Definitions"): modules and components put together. Instantiating a
 * component replaces its imports by the arguments in everything it exports, and shows which of our own imports its
 * core code is given. Types of arguments are not compared with what the component asks for.
 */
import type { ByteReader } from './byte-reader.ts';
import { readAliasSort, readCoreSort } from './component-alias.ts';
import { type CoreSort, checkedInstance, type Entity, type EntitySort } from './component-entities.ts';
import { malformed, readNewName } from './component-extern.ts';
import {
  readComponentIndex,
  readCoreInstance,
  readCounted,
  readEntity,
  readModuleIndex,
  type Scope,
  spendItem,
  wrongForm,
} from './component-scope.ts';
import { instantiate } from './component-substitution.ts';
import type { Budget } from './limits.ts';

const INSTANTIATE = 0x00;
const FROM_EXPORTS = 0x01;
const CORE_INSTANCE_SORT = 0x12;

/** Reads one core instance. */
export function readCoreInstanceDefinition(reader: ByteReader, scope: Scope, budget: Budget): void {
  spendItem(reader, budget);
  const start = reader.offset;
  const byte = reader.u8();
  if (byte === INSTANTIATE) readCoreInstantiation(reader, scope, budget);
  else if (byte === FROM_EXPORTS) scope.coreInstances.push(readCoreExports(reader, scope, budget));
  else throw malformed(reader, 'core instance', byte, start);
}

function readCoreInstantiation(reader: ByteReader, scope: Scope, budget: Budget): void {
  const { limits } = budget;
  const exports = readModuleIndex(scope, reader);
  for (let left = reader.count('instanceArguments', limits, 3); left > 0; left--) {
    spendItem(reader, budget);
    reader.name(limits);
    const start = reader.offset;
    const sort = reader.u8();
    if (sort !== CORE_INSTANCE_SORT) throw malformed(reader, 'core argument', sort, start);
    readCoreInstance(scope, reader);
  }
  scope.coreInstances.push(exports);
}

function readCoreExports(reader: ByteReader, scope: Scope, budget: Budget): ReadonlyMap<string, CoreSort> {
  const exports = new Map<string, CoreSort>();
  for (let left = reader.count('instanceArguments', budget.limits, 3); left > 0; left--) {
    spendItem(reader, budget);
    const name = reader.name(budget.limits);
    const start = reader.offset;
    const sort = readCoreSort(reader);
    if (sort === 'type' || sort === 'module' || sort === 'instance') throw malformed(reader, 'core export', 0, start);
    readCounted(scope, reader, sort);
    if (exports.has(name)) throw reader.error('WASM_DUPLICATE_EXPORT', 'a name occurs twice', { name }, start);
    exports.set(name, sort);
  }
  return exports;
}

/** Reads one instance of a component, or one made of exports. */
export function readInstanceDefinition(reader: ByteReader, scope: Scope, budget: Budget): void {
  spendItem(reader, budget);
  const start = reader.offset;
  const byte = reader.u8();
  if (byte === FROM_EXPORTS) scope.instances.push(checkedInstance(readExports(reader, scope, budget), reader, budget));
  else if (byte !== INSTANTIATE) throw malformed(reader, 'instance', byte, start);
  else {
    const component = readComponentIndex(scope, reader);
    const given = readArguments(reader, scope, budget);
    checkArguments(reader, component.imports, { given, start });
    scope.instances.push(instantiate(component, given, { reader, scope, budget }));
  }
}

function readArguments(reader: ByteReader, scope: Scope, budget: Budget): Map<string, Entity> {
  const given = new Map<string, Entity>();
  for (let left = reader.count('instanceArguments', budget.limits, 3); left > 0; left--) {
    spendItem(reader, budget);
    const start = reader.offset;
    const name = reader.name(budget.limits);
    if (given.has(name)) throw malformed(reader, 'repeated argument', 0, start);
    given.set(name, readAnyEntity(reader, scope));
  }
  return given;
}

function checkArguments(
  reader: ByteReader,
  imports: ReadonlyMap<string, Entity>,
  { given, start }: { readonly given: ReadonlyMap<string, Entity>; readonly start: number },
): void {
  for (const [name, { sort }] of imports) {
    const actual = given.get(name)?.sort ?? 'nothing';
    if (actual !== sort) throw wrongForm(reader, { expected: sort, actual }, start);
  }
}

function readExports(reader: ByteReader, scope: Scope, budget: Budget): ReadonlyMap<string, Entity> {
  const { limits } = budget;
  const exports = new Map<string, Entity>();
  for (let left = reader.count('instanceArguments', limits, 4); left > 0; left--) {
    spendItem(reader, budget);
    const { name } = readNewName(reader, exports, { limits, code: 'WASM_DUPLICATE_EXPORT' });
    exports.set(name, readAnyEntity(reader, scope));
  }
  return exports;
}

/** A sort and an index of it; of the core sorts only modules are entities of a component. */
function readAnyEntity(reader: ByteReader, scope: Scope): Entity {
  const start = reader.offset;
  const sort = readAliasSort(reader);
  if ('core' in sort && sort.core !== 'module') throw malformed(reader, 'core sort', 0, start);
  const wanted: EntitySort = 'core' in sort ? 'module' : sort.sort;
  return readEntity(scope, reader, wanted);
}
