/**
 * The world of a component: its imports and exports as WIT has them, types named by the interface that exports them.
 * A component may hold what WIT has no words for; then there is no world, and the problem says why.
 */
import type { ByteReader } from './byte-reader.ts';
import {
  type Entity,
  type Instance,
  memberOf,
  type TypePart,
  type TypeRef,
  type ValueDef,
  type ValueForm,
  type ValueType,
} from './component-entities.ts';
import { type Scope, spendItem } from './component-scope.ts';
import type { ComponentExtern, WorldProblem } from './facts.ts';
import type { Budget } from './limits.ts';
import {
  WIT_PRIMITIVES,
  type WitFunction,
  type WitInterface,
  type WitItems,
  type WitNamedType,
  type WitType,
  type WitWorld,
} from './wit.ts';

/** The name that tools give the world of a component, which keeps none. */
const ROOT_WORLD = 'root:component/root';

/** Thrown and caught in this file only. */
class NotWit {
  readonly problem: WorldProblem['problem'];
  constructor(problem: WorldProblem['problem']) {
    this.problem = problem;
  }
}

interface Naming {
  /** Types of the interface or world that is being written. */
  readonly local: ReadonlyMap<TypeRef, string>;
  readonly elsewhere: ReadonlyMap<TypeRef, string>;
  readonly reader: ByteReader;
  readonly budget: Budget;
}

export type WorldResult = { readonly world: WitWorld } | { readonly problem: WorldProblem };

/** The world of a finished component; `externs` are its imports and exports with their options. */
export function worldOf(
  scope: Scope,
  externs: { readonly imports: readonly ComponentExtern[]; readonly exports: readonly ComponentExtern[] },
  { reader, budget }: { readonly reader: ByteReader; readonly budget: Budget },
): WorldResult {
  const elsewhere = new Map<TypeRef, string>();
  const name = (externs: readonly ComponentExtern[], entities: ReadonlyMap<string, Entity>): void => {
    for (const extern of externs) {
      const entity = entities.get(extern.name);
      if (entity?.sort !== 'instance') continue;
      // A million imports may share one type with a million functions; from here on each is written out.
      spendItem(reader, budget, entity.instance.exports.size);
      nameTypes(elsewhere, fullName(extern), entity.instance);
    }
  };
  name(externs.imports, scope.imports);
  name(externs.exports, scope.exports);
  const naming: Naming = { local: worldTypes(scope), elsewhere, reader, budget };
  const imports = itemsOf(externs.imports, scope.imports, naming);
  if ('problem' in imports) return imports;
  const exports = itemsOf(externs.exports, scope.exports, naming);
  return 'problem' in exports ? exports : { world: { name: ROOT_WORLD, imports, exports } };
}

/** Types that the world itself names, which its functions use without a qualifier. */
function worldTypes({ imports }: Scope): Map<TypeRef, string> {
  const names = new Map<TypeRef, string>();
  for (const [name, entity] of imports) if (entity.sort === 'type') names.set(entity.type, localName(name));
  return names;
}

/** Names the types of an interface, as the component and as the interface's own type refer to them; the first name stays. */
function nameTypes(names: Map<TypeRef, string>, interfaceName: string, instance: Instance): void {
  const add = (type: TypeRef, name: string): void => {
    if (!names.has(type)) names.set(type, `${interfaceName}.${name}`);
  };
  for (const [name, exported] of instance.exports) {
    const member = memberOf(instance, name);
    if (member?.sort === 'type') add(member.type, name);
    if (exported.sort === 'type') add(exported.type, name);
  }
}

function itemsOf(
  externs: readonly ComponentExtern[],
  entities: ReadonlyMap<string, Entity>,
  naming: Naming,
): WitItems | { readonly problem: WorldProblem } {
  const items = { interfaces: [] as WitInterface[], functions: [] as WitFunction[], types: [] as WitNamedType[] };
  for (const extern of externs) {
    const entity = entities.get(extern.name);
    try {
      if (entity !== undefined) addItem(items, extern, { entity, naming });
    } catch (error) {
      if (error instanceof NotWit) return { problem: { problem: error.problem, name: extern.name } };
      throw error;
    }
  }
  const { interfaces, functions, types } = items;
  return { interfaces, functions, ...(types.length > 0 && { types }) };
}

function addItem(
  items: { readonly interfaces: WitInterface[]; readonly functions: WitFunction[]; readonly types: WitNamedType[] },
  extern: ComponentExtern,
  { entity, naming }: { readonly entity: Entity; readonly naming: Naming },
): void {
  const { implements: named } = extern;
  const name = fullName(extern);
  if (entity.sort === 'function') items.functions.push(functionOf(name, entity.type, naming));
  else if (entity.sort === 'type') items.types.push({ name, type: namedType(entity.type, naming) });
  else if (entity.sort === 'instance') {
    const { types, functions } = interfaceOf(entity.instance, naming);
    items.interfaces.push({ name, ...(named !== undefined && { implements: named }), types, functions });
  } else throw new NotWit(entity.sort);
}

/** Types and functions of an instance, in the order of the binary. */
function interfaceOf({ exports }: Instance, naming: Naming): Pick<WitInterface, 'types' | 'functions'> {
  const local = new Map<TypeRef, string>();
  for (const [name, entity] of exports) {
    if (entity.sort === 'type' && !local.has(entity.type)) local.set(entity.type, localName(name));
  }
  const inside: Naming = { ...naming, local };
  const types: WitNamedType[] = [];
  const functions: WitFunction[] = [];
  for (const [name, entity] of exports) {
    if (entity.sort === 'type') types.push({ name, type: namedType(entity.type, inside) });
    else if (entity.sort === 'function') functions.push(functionOf(name, entity.type, inside));
    else throw new NotWit(entity.sort);
  }
  return { types, functions };
}

/** One function with the names of its world; undefined where WIT has no words for it. */
function functionOf(name: string, type: TypeRef, naming: Naming): WitFunction {
  let at: TypeRef | undefined = type;
  while (at?.def === undefined && at?.target !== undefined) at = at.target;
  if (at?.def?.form !== 'function') throw new NotWit('type');
  const { parts, result, async } = at.def;
  const params = parts.map((part) => ({ name: part.name ?? '', type: valueTypeOf(part.type, naming) }));
  return {
    name,
    params,
    ...(result !== undefined && { result: valueTypeOf(result, naming) }),
    ...(async && { async: true as const }),
  };
}

/** What a named type is: another name, or a definition. */
function namedType(ref: TypeRef, naming: Naming): WitType {
  if (ref.def !== undefined) return definitionOf(ref, naming);
  if (ref.target === undefined) throw new NotWit('type');
  return refOf(ref.target, { ...naming, defines: true });
}

function valueTypeOf(type: ValueType | undefined, naming: Naming): WitType {
  if (type === undefined) throw new NotWit('type');
  return typeof type === 'string' ? type : refOf(type, naming);
}

/** The nearest name on the way to the definition, else the definition in place. */
function refOf(ref: TypeRef, naming: Naming & { readonly defines?: boolean }): WitType {
  for (let at: TypeRef | undefined = ref; at !== undefined; at = at.target) {
    const name = naming.local.get(at) ?? naming.elsewhere.get(at);
    if (name !== undefined) return name;
    if (at.def === undefined) continue;
    // A resource is nothing but its name.
    if (at.def.form === 'resource' && naming.defines !== true) throw new NotWit('anonymous-resource');
    return definitionOf(at, naming);
  }
  throw new NotWit('type');
}

type Written = (parts: readonly TypePart[], naming: Naming, def: ValueDef) => WitType;

const label = ({ name = '' }: TypePart): string => name;
const element = (parts: readonly TypePart[], naming: Naming): WitType => valueTypeOf(parts[0]?.type, naming);
const handle = (parts: readonly TypePart[], naming: Naming): string => {
  const name = element(parts, naming);
  if (typeof name !== 'string') throw new NotWit('anonymous-resource');
  return name;
};
const optional = (part: TypePart | undefined, naming: Naming): { readonly of?: WitType } =>
  part?.type === undefined ? {} : { of: valueTypeOf(part.type, naming) };

/** Form -> the data for it. */
const DEFINITIONS: Readonly<Record<ValueForm, Written>> = {
  primitive: element,
  record: (parts, naming) => ({
    record: parts.map((part) => ({ name: label(part), type: valueTypeOf(part.type, naming) })),
  }),
  variant: (parts, naming) => ({
    variant: parts.map((part) => ({
      name: label(part),
      ...(part.type !== undefined && { type: valueTypeOf(part.type, naming) }),
    })),
  }),
  list: (parts, naming) => ({ list: element(parts, naming) }),
  'fixed-list': (parts, naming, { length = 0 }) => ({ list: element(parts, naming), length }),
  tuple: (parts, naming) => ({ tuple: parts.map(({ type }) => valueTypeOf(type, naming)) }),
  flags: (parts) => ({ flags: parts.map(label) }),
  enum: (parts) => ({ enum: parts.map(label) }),
  option: (parts, naming) => ({ option: element(parts, naming) }),
  result: ([ok, err], naming) => ({
    result: {
      ...(ok?.type !== undefined && { ok: valueTypeOf(ok.type, naming) }),
      ...(err?.type !== undefined && { err: valueTypeOf(err.type, naming) }),
    },
  }),
  own: (parts, naming) => ({ own: handle(parts, naming) }),
  borrow: (parts, naming) => ({ borrow: handle(parts, naming) }),
  stream: ([part], naming) => ({ stream: optional(part, naming) }),
  future: ([part], naming) => ({ future: optional(part, naming) }),
  map: ([key, value], naming) => ({
    map: { key: valueTypeOf(key?.type, naming), value: valueTypeOf(value?.type, naming) },
  }),
  resource: () => ({ resource: true }),
};

function definitionOf({ def }: TypeRef, naming: Naming): WitType {
  if (def === undefined || def.form === 'function' || def.form === 'instance' || def.form === 'component') {
    throw new NotWit('type');
  }
  const { local, elsewhere, reader, budget } = naming;
  spendItem(reader, budget, 1 + def.parts.length);
  return DEFINITIONS[def.form](def.parts, { local, elsewhere, reader, budget }, def);
}

/** The end of a version may stand apart from the name it belongs to. */
const fullName = ({ name, versionSuffix = '' }: ComponentExtern): string => name + versionSuffix;

const localName = (name: string): string => (WIT_PRIMITIVES.includes(name) ? `%${name}` : name);
