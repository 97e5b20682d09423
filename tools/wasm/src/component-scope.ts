/**
 * One scope of a component with its index spaces: a component, a component type or an instance type. Every index is
 * checked here, with the offset where it stands; outer aliases count scopes outwards.
 */
import type { ByteReader } from './byte-reader.ts';
import {
  type Component,
  type CoreSort,
  type Entity,
  type EntitySort,
  type FunctionEntity,
  type Instance,
  type Origin,
  originKey,
  resolveType,
  type TypeDef,
  type TypeRef,
} from './component-entities.ts';
import type { Budget } from './limits.ts';

/** The core index spaces of which only the count matters. */
export type CountedSort = CoreSort | 'value';
export type CoreType = 'function' | 'module';
export type ModuleExports = ReadonlyMap<string, CoreSort> | undefined;

export interface Scope {
  readonly parent: Scope | undefined;
  readonly types: TypeRef[];
  readonly functions: FunctionEntity[];
  readonly instances: Instance[];
  readonly components: Component[];
  readonly modules: ModuleExports[];
  readonly coreTypes: { readonly form: CoreType; readonly exports?: ReadonlyMap<string, CoreSort> }[];
  readonly coreInstances: ModuleExports[];
  readonly counts: Record<CountedSort, number>;
  readonly imports: Map<string, Entity>;
  readonly exports: Map<string, Entity>;
  readonly lowered: Map<string, Origin>;
}

export function openScope(parent?: Scope): Scope {
  return {
    parent,
    types: [],
    functions: [],
    instances: [],
    components: [],
    modules: [],
    coreTypes: [],
    coreInstances: [],
    counts: { function: 0, table: 0, memory: 0, global: 0, tag: 0, value: 0 },
    imports: new Map(),
    exports: new Map(),
    lowered: new Map(),
  };
}

/** Appends to the index space of the entity's sort. */
export function addEntity(scope: Scope, entity: Entity): void {
  if (entity.sort === 'function') scope.functions.push(entity);
  else if (entity.sort === 'type') scope.types.push(entity.type);
  else if (entity.sort === 'instance') scope.instances.push(entity.instance);
  else if (entity.sort === 'component') scope.components.push(entity.component);
  else if (entity.sort === 'module') scope.modules.push(entity.exports);
  else scope.counts.value += 1;
}

/** Sort -> the entity at an index that was checked. */
const ENTITIES: Readonly<Record<EntitySort, (scope: Scope, reader: ByteReader) => Entity>> = {
  function: (scope, reader) => item(scope.functions, reader, 'function'),
  type: (scope, reader) => ({ sort: 'type', type: item(scope.types, reader, 'type') }),
  instance: (scope, reader) => ({ sort: 'instance', instance: item(scope.instances, reader, 'instance') }),
  component: (scope, reader) => ({ sort: 'component', component: item(scope.components, reader, 'component') }),
  module: (scope, reader) => ({ sort: 'module', exports: item(scope.modules, reader, 'module') }),
  value(scope, reader) {
    readCounted(scope, reader, 'value');
    return { sort: 'value' };
  },
};

/** Reads the index of an entity of this sort. */
export function readEntity(scope: Scope, reader: ByteReader, sort: EntitySort): Entity {
  return ENTITIES[sort](scope, reader);
}

export function readTypeRef(scope: Scope, reader: ByteReader): TypeRef {
  return item(scope.types, reader, 'type');
}

type DefOf<Form> = Extract<TypeDef, { readonly form: Form }>;

/** Reads the index of a type that must be a function, an instance and so on. */
export function readTypeOf<Form extends TypeDef['form']>(
  scope: Scope,
  reader: ByteReader,
  form: Form,
): { readonly ref: TypeRef; readonly def: DefOf<Form> } {
  const start = reader.offset;
  const ref = readTypeRef(scope, reader);
  const def = resolveType(ref);
  if (def?.form !== form) throw wrongForm(reader, { expected: form, actual: def?.form ?? 'resource' }, start);
  return { ref, def: def as DefOf<Form> };
}

/** Reads the index of a resource type. */
export function readResourceRef(scope: Scope, reader: ByteReader): TypeRef {
  const start = reader.offset;
  const ref = readTypeRef(scope, reader);
  const form = resolveType(ref)?.form;
  if (form !== 'resource') throw wrongForm(reader, { expected: 'resource', actual: form ?? 'type' }, start);
  return ref;
}

const NOT_VALUES: readonly TypeDef['form'][] = ['function', 'instance', 'component', 'resource'];

/** Reads the index of a type that values can have. */
export function readValueTypeRef(scope: Scope, index: number, reader: ByteReader, start: number): TypeRef {
  const ref = scope.types[index];
  if (ref === undefined) throw outOfRange(reader, { space: 'type', index, count: scope.types.length }, start);
  const form = resolveType(ref)?.form ?? 'resource';
  if (NOT_VALUES.includes(form)) throw wrongForm(reader, { expected: 'value type', actual: form }, start);
  return ref;
}

export function readInstance(scope: Scope, reader: ByteReader): Instance {
  return item(scope.instances, reader, 'instance');
}

export function readComponentIndex(scope: Scope, reader: ByteReader): Component {
  return item(scope.components, reader, 'component');
}

export function readModuleIndex(scope: Scope, reader: ByteReader): ModuleExports {
  return item(scope.modules, reader, 'module');
}

export function readCoreInstance(scope: Scope, reader: ByteReader): ModuleExports {
  return item(scope.coreInstances, reader, 'core instance');
}

export function readCoreType(scope: Scope, reader: ByteReader, form: CoreType): Scope['coreTypes'][number] {
  const start = reader.offset;
  const found = item(scope.coreTypes, reader, 'core type');
  if (found.form !== form) throw wrongForm(reader, { expected: form, actual: found.form }, start);
  return found;
}

/** Reads an index of a space that is only counted. */
export function readCounted(scope: Scope, reader: ByteReader, sort: CountedSort): number {
  const start = reader.offset;
  const index = reader.u32();
  const count = scope.counts[sort];
  if (index < count) return index;
  throw outOfRange(reader, { space: sort === 'value' ? sort : `core ${sort}`, index, count }, start);
}

/** The scope `count` further out. */
export function readOuterScope(scope: Scope, reader: ByteReader): Scope {
  const start = reader.offset;
  const count = reader.u32();
  let outer: Scope | undefined = scope;
  for (let left = count; left > 0 && outer !== undefined; left--) outer = outer.parent;
  if (outer !== undefined) return outer;
  throw outOfRange(reader, { space: 'scope', index: count }, start);
}

/** Counts a definition; all scopes of a file together have a limit. */
export function spendItem(reader: ByteReader, budget: Budget, amount = 1): void {
  reader.spend('componentItems', amount, budget);
}

/** Notes that core code can call an imported function. */
export function noteLowered(scope: Scope, origin: Origin | undefined): void {
  if (origin !== undefined) scope.lowered.set(originKey(origin), origin);
}

/** What a finished component is to others. */
export function closeScope({ imports, exports, lowered }: Scope): Component {
  return { imports, exports, lowered };
}

export function wrongForm(
  reader: ByteReader,
  details: { readonly expected: string; readonly actual: string },
  offset: number,
): Error {
  return reader.error('WASM_TYPE_MISMATCH', `a ${details.expected} is needed here`, details, offset);
}

export function missing(reader: ByteReader, what: string, name: string, offset: number): Error {
  return reader.error('WASM_INDEX_OUT_OF_RANGE', `the ${what} has nothing of this name`, { space: what, name }, offset);
}

function item<Item>(space: readonly Item[], reader: ByteReader, name: string): Item {
  const start = reader.offset;
  const index = reader.u32();
  if (index < space.length) return space[index] as Item;
  throw outOfRange(reader, { space: name, index, count: space.length }, start);
}

function outOfRange(reader: ByteReader, details: Readonly<Record<string, unknown>>, offset: number): Error {
  return reader.error(
    'WASM_INDEX_OUT_OF_RANGE',
    `${details['space']} ${details['index']} is not defined`,
    details,
    offset,
  );
}
