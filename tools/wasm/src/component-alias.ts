/**
 * Aliases (component model, Binary.md, "Alias Definitions"): an export of an instance, an export of a core instance,
 * or a type, module or component of a scope outside. Each adds one entry to the index space of its sort.
 */
import type { ByteReader } from './byte-reader.ts';
import { type CoreSort, type EntitySort, memberOf } from './component-entities.ts';
import { malformed } from './component-extern.ts';
import {
  addEntity,
  missing,
  readCoreInstance,
  readEntity,
  readInstance,
  readOuterScope,
  type Scope,
  spendItem,
  wrongForm,
} from './component-scope.ts';
import type { Budget } from './limits.ts';
import { readIndex } from './read-index.ts';

const CORE_SORTS: Readonly<Record<number, CoreSort | 'type' | 'module' | 'instance'>> = {
  0x00: 'function',
  0x01: 'table',
  0x02: 'memory',
  0x03: 'global',
  0x04: 'tag',
  0x10: 'type',
  0x11: 'module',
  0x12: 'instance',
};
const SORTS: readonly (EntitySort | 'core')[] = ['core', 'function', 'value', 'type', 'component', 'instance'];

type AliasSort = { readonly core: CoreSort | 'type' | 'module' | 'instance' } | { readonly sort: EntitySort };

/** What may be taken from a scope outside; functions and instances would be captured state. */
const OUTER_SORTS: readonly EntitySort[] = ['type', 'component'];
const OUTER_CORE_SORTS: readonly string[] = ['type', 'module'];

/** Reads one alias; `declared` refuses what a type cannot hold. */
export function readAlias(
  reader: ByteReader,
  scope: Scope,
  { budget, declared }: { readonly budget: Budget; readonly declared: boolean },
): void {
  spendItem(reader, budget);
  const start = reader.offset;
  const sort = readAliasSort(reader);
  const at = reader.offset;
  const target = reader.u8();
  const reads = TARGETS[target];
  if (reads === undefined) throw malformed(reader, 'alias', target, at);
  if (declared && !allowedInType(sort, target)) throw malformed(reader, 'alias in a type', target, start);
  reads(reader, scope, { sort, budget, start });
}

interface AliasContext {
  readonly sort: AliasSort;
  readonly budget: Budget;
  readonly start: number;
}

/** Targets by their byte: an instance's export, a core instance's export, a scope outside. */
const TARGETS: readonly ((reader: ByteReader, scope: Scope, context: AliasContext) => void)[] = [
  function fromInstance(reader, scope, { sort, budget, start }) {
    const at = reader.offset;
    const instance = readInstance(scope, reader);
    const name = reader.name(budget.limits);
    const entity = memberOf(instance, name);
    if (entity === undefined) throw missing(reader, 'instance', name, at);
    const wanted = 'core' in sort ? sort.core : sort.sort;
    if (entity.sort !== wanted) throw wrongForm(reader, { expected: wanted, actual: entity.sort }, start);
    addEntity(scope, entity);
  },
  function fromCoreInstance(reader, scope, { sort, budget, start }) {
    const at = reader.offset;
    const exports = readCoreInstance(scope, reader);
    const name = reader.name(budget.limits);
    const found = exports?.get(name);
    if (exports !== undefined && found === undefined) throw missing(reader, 'core instance', name, at);
    const wanted = 'core' in sort ? sort.core : sort.sort;
    if (found !== undefined && found !== wanted) throw wrongForm(reader, { expected: wanted, actual: found }, start);
    if (!isCounted(wanted)) throw malformed(reader, 'core alias', 0, start);
    scope.counts[wanted] += 1;
  },
  function fromOutside(reader, scope, { sort, start }) {
    const outer = readOuterScope(scope, reader);
    if ('sort' in sort && OUTER_SORTS.includes(sort.sort))
      return addEntity(scope, readEntity(outer, reader, sort.sort));
    if (!('core' in sort) || !OUTER_CORE_SORTS.includes(sort.core)) throw malformed(reader, 'outer alias', 2, start);
    if (sort.core === 'module') return addEntity(scope, readEntity(outer, reader, 'module'));
    const type = outer.coreTypes[readIndex(reader, 'core type', outer.coreTypes.length)];
    if (type !== undefined) scope.coreTypes.push(type);
  },
];

const FROM_INSTANCE = 0;
const FROM_OUTSIDE = 2;

/** In a type only types and instances have indices (component model, Binary.md, "alias declarators"). */
function allowedInType(sort: AliasSort, target: number): boolean {
  if ('core' in sort) return target === FROM_OUTSIDE && sort.core === 'type';
  if (target === FROM_OUTSIDE) return sort.sort === 'type';
  return target === FROM_INSTANCE && (sort.sort === 'type' || sort.sort === 'instance');
}

function isCounted(sort: string): sort is CoreSort {
  return sort === 'function' || sort === 'table' || sort === 'memory' || sort === 'global' || sort === 'tag';
}

/** A sort as aliases have it: any core sort after byte 0. */
export function readAliasSort(reader: ByteReader): AliasSort {
  const start = reader.offset;
  const byte = reader.u8();
  const sort = SORTS[byte];
  if (sort === undefined) throw malformed(reader, 'sort', byte, start);
  return sort === 'core' ? { core: readCoreSort(reader) } : { sort };
}

export function readCoreSort(reader: ByteReader): CoreSort | 'type' | 'module' | 'instance' {
  const start = reader.offset;
  const byte = reader.u8();
  const core = CORE_SORTS[byte];
  if (core === undefined) throw malformed(reader, 'core sort', byte, start);
  return core;
}
