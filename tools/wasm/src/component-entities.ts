/**
 * What the index spaces of a component hold, as read: types that refer to each other, functions, instances and
 * components with where they come from. A type knows its depth when it is made, so that whoever walks it afterwards
 * may recurse; nothing here names a type, names come from what is imported and exported (component-world.ts).
 */
import type { ByteReader } from './byte-reader.ts';
import type { Budget } from './limits.ts';

/** The compound types of the component model; a resource is opaque. */
export type ValueForm =
  | 'primitive'
  | 'record'
  | 'variant'
  | 'list'
  | 'fixed-list'
  | 'tuple'
  | 'flags'
  | 'enum'
  | 'option'
  | 'result'
  | 'own'
  | 'borrow'
  | 'stream'
  | 'future'
  | 'map'
  | 'resource';

/** A primitive by its name in WIT, or an entry of a type index space. */
export type ValueType = string | TypeRef;

/** A field, case, label, element or parameter; a list has one part without a name, a result always the parts ok and err. */
export interface TypePart {
  readonly name?: string;
  readonly type?: ValueType;
}

export interface ValueDef {
  readonly form: ValueForm;
  readonly parts: readonly TypePart[];
  /** Of a list of fixed length. */
  readonly length?: number;
}

interface FunctionDef {
  readonly form: 'function';
  readonly parts: readonly TypePart[];
  readonly result?: ValueType;
  readonly async: boolean;
}

interface InstanceDef {
  readonly form: 'instance';
  readonly exports: ReadonlyMap<string, Entity>;
}

interface ComponentDef {
  readonly form: 'component';
  readonly component: Component;
}

export type TypeDef = ValueDef | FunctionDef | InstanceDef | ComponentDef;

/** An entry of a type index space: a definition, or another name for an entry. */
export interface TypeRef {
  readonly def?: TypeDef;
  readonly target?: TypeRef;
  /** An exported type of an instance that comes from an import. */
  readonly member?: { readonly instance: Instance; readonly name: string };
  /** The import that provides it. */
  readonly imported?: string;
  /** Whether an import of its component decides what it is. */
  readonly open: boolean;
  readonly depth: number;
}

/** An import and the way from there through instances: `wasi:cli/stdout@0.2.0`, `get-stdout`. */
export interface Origin {
  readonly parent?: Origin;
  readonly name: string;
}

export interface FunctionEntity {
  readonly sort: 'function';
  readonly type: TypeRef;
  readonly origin?: Origin;
}

export interface Instance {
  /** Made of a type: its members are derived, each with its own origin. */
  readonly typed: boolean;
  readonly exports: ReadonlyMap<string, Entity>;
  readonly origin?: Origin;
  readonly members: Map<string, Entity>;
}

export interface Component {
  readonly imports: ReadonlyMap<string, Entity>;
  readonly exports: ReadonlyMap<string, Entity>;
  /** Functions of its imports that a core module in it is given; unknown for code that is itself imported. */
  readonly lowered: ReadonlyMap<string, Origin> | undefined;
  readonly origin?: Origin;
}

export type Entity =
  | FunctionEntity
  | { readonly sort: 'type'; readonly type: TypeRef }
  | { readonly sort: 'instance'; readonly instance: Instance }
  | { readonly sort: 'component'; readonly component: Component }
  | { readonly sort: 'module'; readonly exports: ReadonlyMap<string, CoreSort> | undefined }
  | { readonly sort: 'value' };
export type EntitySort = Entity['sort'];

/** What core instances export. */
export type CoreSort = 'function' | 'table' | 'memory' | 'global' | 'tag';

/** Adds a definition to be referred to; refuses nesting that nothing needs. */
export function defineType(def: TypeDef, reader: ByteReader, { limits }: Budget): TypeRef {
  const refs = refsOf(def);
  const depth = 1 + deepestOf(refs);
  if (depth > limits.componentTypeDepth) throw reader.limit('componentTypeDepth', depth, limits);
  return { def, open: refs.some(({ open }) => open), depth };
}

/** Another entry that means the same type. */
export function aliasType(target: TypeRef, reader: ByteReader, { limits }: Budget): TypeRef {
  const depth = target.depth + 1;
  if (depth > limits.componentTypeDepth) throw reader.limit('componentTypeDepth', depth, limits);
  return { target, open: target.open, depth };
}

/** The definition behind all names. */
export function resolveType(ref: TypeRef): TypeDef | undefined {
  let at: TypeRef | undefined = ref;
  while (at !== undefined && at.def === undefined) at = at.target;
  return at?.def;
}

function refsOf(def: TypeDef): TypeRef[] {
  const refs: TypeRef[] = [];
  const add = (type: ValueType | undefined): void => {
    if (type !== undefined && typeof type !== 'string') refs.push(type);
  };
  if (def.form === 'instance') addEntities(def.exports, refs);
  else if (def.form === 'component') {
    addEntities(def.component.imports, refs);
    addEntities(def.component.exports, refs);
  } else {
    for (const { type } of def.parts) add(type);
    if (def.form === 'function') add(def.result);
  }
  return refs;
}

function addEntities(entities: ReadonlyMap<string, Entity>, refs: TypeRef[]): void {
  for (const entity of entities.values()) {
    if (entity.sort === 'type' || entity.sort === 'function') refs.push(entity.type);
    // An instance or component in a type is bounded by the depth of scopes; what it is made of is counted here.
    else if (entity.sort === 'instance') refs.push(shapeOf(entity.instance.exports));
    else if (entity.sort === 'component') {
      refs.push(shapeOf(entity.component.imports), shapeOf(entity.component.exports));
    }
  }
}

const SHAPES = new WeakMap<ReadonlyMap<string, Entity>, TypeRef>();

/** Depth and openness of a set of entities, as a type has them. */
function shapeOf(entities: ReadonlyMap<string, Entity>): TypeRef {
  const known = SHAPES.get(entities);
  if (known !== undefined) return known;
  const refs: TypeRef[] = [];
  addEntities(entities, refs);
  const shape = { open: refs.some(({ open }) => open), depth: 1 + deepestOf(refs) };
  SHAPES.set(entities, shape);
  return shape;
}

function deepestOf(refs: readonly TypeRef[]): number {
  return refs.reduce((deepest, { depth }) => Math.max(deepest, depth), 0);
}

export function makeInstance(exports: ReadonlyMap<string, Entity>, origin?: Origin): Instance {
  return { typed: false, exports, members: new Map(), ...(origin !== undefined && { origin }) };
}

/** An instance made in the file; refuses instances in instances in instances. */
export function checkedInstance(
  exports: ReadonlyMap<string, Entity>,
  reader: ByteReader,
  { limits }: Budget,
): Instance {
  const { depth } = shapeOf(exports);
  if (depth > limits.componentTypeDepth) throw reader.limit('componentTypeDepth', depth, limits);
  return makeInstance(exports);
}

/** An instance of which only the type is known, e.g. an import. */
export function typedInstance(exports: ReadonlyMap<string, Entity>, origin?: Origin): Instance {
  return { ...makeInstance(exports, origin), typed: true };
}

/** An export of an instance; the same object each time, since names are bound to it. */
export function memberOf(instance: Instance, name: string): Entity | undefined {
  const entity = instance.exports.get(name);
  if (entity === undefined || !instance.typed) return entity;
  const known = instance.members.get(name);
  if (known !== undefined) return known;
  const member = deriveMember(instance, name, entity);
  instance.members.set(name, member);
  return member;
}

function deriveMember(instance: Instance, name: string, entity: Entity): Entity {
  const { origin: parent } = instance;
  const origin = parent === undefined ? undefined : { parent, name };
  if (entity.sort === 'type') {
    const { type: target } = entity;
    return {
      sort: 'type',
      type: { target, member: { instance, name }, open: target.open || parent !== undefined, depth: target.depth + 1 },
    };
  }
  if (origin === undefined) return entity;
  if (entity.sort === 'function') return { ...entity, origin };
  if (entity.sort === 'instance') return { sort: 'instance', instance: typedInstance(entity.instance.exports, origin) };
  if (entity.sort === 'component') return { sort: 'component', component: { ...entity.component, origin } };
  return entity;
}

/** One text for one origin; U+0000 cannot stand in a valid name, and a forged one only merges what counts as used. */
export function originKey(origin: Origin): string {
  return originPath(origin).join('\0');
}

/** From the import on. */
export function originPath(origin: Origin): string[] {
  const names: string[] = [];
  for (let at: Origin | undefined = origin; at !== undefined; at = at.parent) names.push(at.name);
  return names.reverse();
}
