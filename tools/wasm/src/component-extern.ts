/**
 * Names and types at the boundary of a component or of a type (component model, Binary.md, "Import and Export
 * Definitions"): what an import declares, what an export ascribes, and the sorts both share.
 */
import type { ByteReader } from './byte-reader.ts';
import {
  aliasType,
  type Entity,
  type EntitySort,
  type Origin,
  type TypeRef,
  typedInstance,
} from './component-entities.ts';
import { readCoreType, readCounted, readTypeOf, readTypeRef, type Scope } from './component-scope.ts';
import { readValueType } from './component-types.ts';
import type { WasmErrorCode } from './error.ts';
import type { ComponentExtern, ComponentSort } from './facts.ts';
import type { Budget, ReaderLimits } from './limits.ts';

/** The sorts by their byte; `core module` is byte 0 followed by 0x11. */
const SORTS: readonly ComponentSort[] = ['module', 'function', 'value', 'type', 'component', 'instance'];
const CORE_MODULE = 0x11;

/** How a name may be introduced: plain, plain in an older form, or with options behind it. */
const NAME_FORMS: readonly ('plain' | 'options')[] = ['plain', 'plain', 'options'];

/** Options of a name by their byte. `implements` matters most: the name alone does not say which interface it is. */
const NAME_OPTIONS: readonly NameOption[] = ['implements', 'versionSuffix', 'externalId'];
type NameOption = 'implements' | 'versionSuffix' | 'externalId';
export type NamedExtern = Pick<ComponentExtern, 'name' | NameOption>;

const NO_TYPE = 0x00;
const WITH_TYPE = 0x01;

/** What an extern's type is given for: an import has an origin and is what its component does not decide. */
export interface ExternContext {
  readonly scope: Scope;
  readonly budget: Budget;
  readonly imported?: string;
}

/** Reads a name that must not be in `seen` yet, with its options. */
export function readNewName(
  reader: ByteReader,
  seen: ReadonlyMap<string, unknown>,
  { limits, code }: { readonly limits: ReaderLimits; readonly code: WasmErrorCode },
): NamedExtern {
  const start = reader.offset;
  const byte = reader.u8();
  const form = NAME_FORMS[byte];
  if (form === undefined) throw malformed(reader, 'name', byte, start);
  const name = reader.name(limits);
  // Names of one direction are unique (component model, Explainer.md, "Import and Export Definitions").
  if (seen.has(name)) throw reader.error(code, 'a name occurs twice', { name }, start);
  return form === 'plain' ? { name } : { name, ...readNameOptions(reader, limits) };
}

/** Reads the sort and type of an import or of a declared export and makes what it introduces. */
export function readExternType(reader: ByteReader, context: ExternContext): Entity {
  const sort = readSort(reader);
  return EXTERN_TYPES[sort](reader, context);
}

/** Reads the optional type after an export; it must be of the same sort. */
export function readAscription(reader: ByteReader, sort: EntitySort, context: ExternContext): Entity | undefined {
  const start = reader.offset;
  const ascribed = reader.u8();
  if (ascribed === NO_TYPE) return undefined;
  if (ascribed !== WITH_TYPE) throw malformed(reader, 'ascription', ascribed, start);
  const entity = readExternType(reader, context);
  if (entity.sort === sort) return entity;
  const details = { expected: sort, actual: entity.sort };
  throw reader.error('WASM_TYPE_MISMATCH', `an export of a ${sort} is given another type`, details, start);
}

/** The sorts that cross a component's boundary. */
export function readSort(reader: ByteReader): ComponentSort {
  const start = reader.offset;
  const byte = reader.u8();
  const sort = SORTS[byte];
  if (sort === undefined) throw malformed(reader, 'sort', byte, start);
  if (sort === 'module') {
    // Of the core sorts only modules cross a component's boundary.
    const core = reader.u8();
    if (core !== CORE_MODULE) throw malformed(reader, 'core sort', core, start + 1);
  }
  return sort;
}

export function malformed(reader: ByteReader, what: string, byte: number, offset: number): Error {
  return reader.error('WASM_MALFORMED', `a ${what} has no such byte`, { what, byte }, offset);
}

const originOf = (imported: string | undefined): { readonly origin?: Origin } =>
  imported === undefined ? {} : { origin: { name: imported } };

/** Sort -> reader of the type after it. */
const EXTERN_TYPES: Readonly<Record<ComponentSort, (reader: ByteReader, context: ExternContext) => Entity>> = {
  module: (reader, { scope }) => ({ sort: 'module', exports: readCoreType(scope, reader, 'module').exports }),
  function(reader, { scope, imported }) {
    return { sort: 'function', type: readTypeOf(scope, reader, 'function').ref, ...originOf(imported) };
  },
  value(reader, { scope }) {
    const value = (): unknown => readCounted(scope, reader, 'value');
    readBound(reader, [value, () => readValueType(reader, scope)]);
    return { sort: 'value' };
  },
  type(reader, { scope, budget, imported }) {
    const equal = (): TypeRef => aliasType(readTypeRef(scope, reader), reader, budget);
    const resource = (): TypeRef => ({ def: { form: 'resource', parts: [] }, open: false, depth: 1 });
    const type = readBound(reader, [equal, resource]);
    return { sort: 'type', type: imported === undefined ? type : { ...type, imported, open: true } };
  },
  component(reader, { scope, imported }) {
    const { component } = readTypeOf(scope, reader, 'component').def;
    return { sort: 'component', component: { ...component, lowered: undefined, ...originOf(imported) } };
  },
  instance(reader, { scope, imported }) {
    const { exports } = readTypeOf(scope, reader, 'instance').def;
    return { sort: 'instance', instance: typedInstance(exports, originOf(imported).origin) };
  },
};

function readNameOptions(reader: ByteReader, limits: ReaderLimits): Partial<Record<NameOption, string>> {
  const options: Partial<Record<NameOption, string>> = {};
  for (let left = reader.u32(); left > 0; left--) {
    const start = reader.offset;
    const byte = reader.u8();
    const option = NAME_OPTIONS[byte];
    if (option === undefined) {
      const details = { feature: 'component-name-options', byte };
      throw reader.error('WASM_UNSUPPORTED_FEATURE', 'a name with an option that is not known', details, start);
    }
    if (options[option] !== undefined) throw malformed(reader, 'repeated option', byte, start);
    options[option] = reader.name(limits);
  }
  return options;
}

function readBound<Found>(reader: ByteReader, forms: readonly (() => Found)[]): Found {
  const start = reader.offset;
  const byte = reader.u8();
  const form = forms[byte];
  if (form === undefined) throw malformed(reader, 'bound', byte, start);
  return form();
}
