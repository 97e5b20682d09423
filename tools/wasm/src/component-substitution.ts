/**
 * What an instance of a component exports: the component's exports with its imports replaced by the arguments. Types
 * that depend on no import are shared; the rest is copied and counted, since components can be instantiated often.
 * Recursion is bounded by the depth every type was given when it was made.
 */
import type { ByteReader } from './byte-reader.ts';
import {
  aliasType,
  type Component,
  checkedInstance,
  defineType,
  type Entity,
  type Instance,
  makeInstance,
  memberOf,
  type Origin,
  originPath,
  type TypeDef,
  type TypePart,
  type TypeRef,
  type ValueType,
} from './component-entities.ts';
import { noteLowered, type Scope, spendItem } from './component-scope.ts';
import type { Budget } from './limits.ts';

type Arguments = ReadonlyMap<string, Entity>;

interface Substitution {
  readonly given: Arguments;
  readonly reader: ByteReader;
  readonly budget: Budget;
  readonly types: Map<TypeRef, TypeRef>;
  readonly instances: Map<Instance, Instance>;
}

interface Place {
  readonly reader: ByteReader;
  readonly scope: Scope;
  readonly budget: Budget;
}

/** An instance of `component`; its core code's use of our imports is noted in `scope`. */
export function instantiate(component: Component, given: Arguments, { reader, scope, budget }: Place): Instance {
  const { lowered } = component;
  // Code that is not here may use all it is given.
  if (lowered === undefined) for (const entity of given.values()) noteAll(entity, scope, { reader, budget });
  else {
    for (const origin of lowered.values()) {
      spendItem(reader, budget);
      const found = follow(origin, given);
      if (found?.sort === 'function') noteLowered(scope, found.origin);
    }
  }
  const substitution: Substitution = { given, reader, budget, types: new Map(), instances: new Map() };
  return checkedInstance(substituteAll(component.exports, substitution), reader, budget);
}

/** Every function that can be reached from an entity counts as used. */
function noteAll(entity: Entity, scope: Scope, place: Pick<Place, 'reader' | 'budget'>): void {
  spendItem(place.reader, place.budget);
  if (entity.sort === 'function') noteLowered(scope, entity.origin);
  else if (entity.sort === 'instance') {
    for (const name of entity.instance.exports.keys()) {
      const member = memberOf(entity.instance, name);
      if (member !== undefined) noteAll(member, scope, place);
    }
  }
}

/** What the arguments hold where an import and a way through its instances lead. */
function follow(origin: Origin, given: Arguments): Entity | undefined {
  const [first = '', ...rest] = originPath(origin);
  let found = given.get(first);
  for (const name of rest) {
    if (found?.sort !== 'instance') return undefined;
    found = memberOf(found.instance, name);
  }
  return found;
}

function substituteAll(entities: ReadonlyMap<string, Entity>, substitution: Substitution): Map<string, Entity> {
  const { reader, budget } = substitution;
  const replaced = new Map<string, Entity>();
  for (const [name, entity] of entities) {
    spendItem(reader, budget);
    replaced.set(name, substituteEntity(entity, substitution));
  }
  return replaced;
}

function substituteEntity(entity: Entity, substitution: Substitution): Entity {
  if (entity.sort === 'type') return { sort: 'type', type: substituteType(entity.type, substitution) };
  if (entity.sort === 'function') {
    const type = substituteType(entity.type, substitution);
    const found = entity.origin === undefined ? undefined : follow(entity.origin, substitution.given);
    const origin = found?.sort === 'function' ? found.origin : undefined;
    return { sort: 'function', type, ...(origin !== undefined && { origin }) };
  }
  if (entity.sort === 'instance') {
    return { sort: 'instance', instance: substituteInstance(entity.instance, substitution) };
  }
  if (entity.sort === 'component' && entity.component.origin !== undefined) {
    return follow(entity.component.origin, substitution.given) ?? entity;
  }
  return entity;
}

function substituteInstance(instance: Instance, substitution: Substitution): Instance {
  const { instances, given } = substitution;
  const known = instances.get(instance);
  if (known !== undefined) return known;
  const found = instance.origin === undefined ? undefined : follow(instance.origin, given);
  const replaced =
    found?.sort === 'instance' ? found.instance : makeInstance(substituteAll(instance.exports, substitution));
  instances.set(instance, replaced);
  return replaced;
}

function substituteType(ref: TypeRef, substitution: Substitution): TypeRef {
  if (!ref.open) return ref;
  const known = substitution.types.get(ref);
  if (known !== undefined) return known;
  spendItem(substitution.reader, substitution.budget);
  const replaced = replaceType(ref, substitution);
  substitution.types.set(ref, replaced);
  return replaced;
}

function replaceType(ref: TypeRef, substitution: Substitution): TypeRef {
  if (ref.imported !== undefined) {
    const found = substitution.given.get(ref.imported);
    if (found?.sort === 'type') return found.type;
  }
  if (ref.member !== undefined) {
    const { instance, name } = ref.member;
    const found = memberOf(substituteInstance(instance, substitution), name);
    if (found?.sort === 'type') return found.type;
  }
  // Depth is counted anew: an argument may be deeper than the import it stands for.
  const { reader, budget } = substitution;
  if (ref.target !== undefined) return aliasType(substituteType(ref.target, substitution), reader, budget);
  return ref.def === undefined ? ref : defineType(substituteDef(ref.def, substitution), reader, budget);
}

function substituteDef(def: TypeDef, substitution: Substitution): TypeDef {
  const value = (type: ValueType): ValueType => (typeof type === 'string' ? type : substituteType(type, substitution));
  if (def.form === 'instance') return { ...def, exports: substituteAll(def.exports, substitution) };
  if (def.form === 'component') return def;
  spendItem(substitution.reader, substitution.budget, def.parts.length);
  const parts = def.parts.map(
    ({ name, type }): TypePart => ({
      ...(name !== undefined && { name }),
      ...(type !== undefined && { type: value(type) }),
    }),
  );
  if (def.form === 'function') return { ...def, parts, ...(def.result !== undefined && { result: value(def.result) }) };
  return { ...def, parts };
}
