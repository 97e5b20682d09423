/**
 * Imports and exports of a component: what each adds to the index spaces. An export is an entity of its own, so that
 * types after it are named by it; the type it is given decides what others see.
 */
import type { ByteReader } from './byte-reader.ts';
import { aliasType, type Entity, memberOf, typedInstance } from './component-entities.ts';
import { readAscription, readExternType, readNewName, readSort } from './component-extern.ts';
import { addEntity, missing, readEntity, type Scope, spendItem } from './component-scope.ts';
import type { ComponentExtern } from './facts.ts';
import type { Budget } from './limits.ts';

export function readComponentImport(reader: ByteReader, scope: Scope, budget: Budget): ComponentExtern {
  spendItem(reader, budget);
  const code = 'WASM_DUPLICATE_IMPORT';
  const { name, ...options } = readNewName(reader, scope.imports, { limits: budget.limits, code });
  const entity = readExternType(reader, { scope, budget, imported: name });
  scope.imports.set(name, entity);
  addEntity(scope, entity);
  return { name, kind: entity.sort, ...options };
}

export function readComponentExport(reader: ByteReader, scope: Scope, budget: Budget): ComponentExtern {
  spendItem(reader, budget);
  const code = 'WASM_DUPLICATE_EXPORT';
  const { name, ...options } = readNewName(reader, scope.exports, { limits: budget.limits, code });
  const kind = readSort(reader);
  const actual = readEntity(scope, reader, kind);
  const ascribed = readAscription(reader, kind, { scope, budget });
  const entity = newEntity(ascribed === undefined ? actual : ascribe(actual, ascribed, reader), reader, budget);
  scope.exports.set(name, entity);
  addEntity(scope, entity);
  return { name, kind, ...options };
}

function newEntity(entity: Entity, reader: ByteReader, budget: Budget): Entity {
  return entity.sort === 'type' ? { sort: 'type', type: aliasType(entity.type, reader, budget) } : entity;
}

/** What an export is seen as, with the origin it really has: lowering it elsewhere is still lowering our import. */
function ascribe(actual: Entity, ascribed: Entity, reader: ByteReader): Entity {
  if (actual.sort === 'function' && ascribed.sort === 'function') {
    return { ...ascribed, ...(actual.origin !== undefined && { origin: actual.origin }) };
  }
  // A resource that is only said to be one stays the resource it is.
  if (actual.sort === 'type' && ascribed.sort === 'type') return ascribed.type.def === undefined ? ascribed : actual;
  if (actual.sort !== 'instance' || ascribed.sort !== 'instance') return actual;
  const exports = new Map<string, Entity>();
  for (const [name, entity] of ascribed.instance.exports) {
    const member = memberOf(actual.instance, name);
    if (member === undefined) throw missing(reader, 'instance', name, reader.offset);
    exports.set(name, entity.sort === 'type' ? entity : ascribe(member, entity, reader));
  }
  const { origin } = actual.instance;
  return { sort: 'instance', instance: { ...typedInstance(exports, origin), typed: false } };
}
