/**
 * One import or export of a component (component model, Binary.md, "Import and Export Definitions"): its name and
 * sort. Types are stepped over; index spaces are not kept at this layer, so their indices are not checked.
 */
import type { ByteReader } from './byte-reader.ts';
import type { WasmErrorCode } from './error.ts';
import type { ComponentExtern, ComponentSort } from './facts.ts';
import type { ReaderLimits } from './limits.ts';

/** The sorts by their byte; `core module` is byte 0 followed by 0x11. */
const SORTS: readonly ComponentSort[] = ['module', 'function', 'value', 'type', 'component', 'instance'];
const CORE_MODULE = 0x11;

/** How a name may be introduced: plain, plain in an older form, or with options behind it. */
const NAME_FORMS: readonly ('plain' | 'options')[] = ['plain', 'plain', 'options'];

/** Options of a name by their byte. `implements` matters most: the name alone does not say which interface it is. */
const NAME_OPTIONS: readonly NameOption[] = ['implements', 'versionSuffix', 'externalId'];
type NameOption = Exclude<keyof ComponentExtern, 'name' | 'kind'>;
type NamedExtern = Omit<ComponentExtern, 'kind'>;

/** The types after a sort: step over one by its sort. */
const TYPES: Readonly<Record<ComponentSort, (reader: ByteReader) => void>> = {
  module: (reader) => reader.u32(),
  function: (reader) => reader.u32(),
  // A bound: equal to value i, or of a type given in place.
  value: (reader) => readBound(reader, [() => reader.u32(), () => reader.s33()]),
  // A bound: equal to type i, or a fresh resource.
  type: (reader) => readBound(reader, [() => reader.u32(), () => undefined]),
  component: (reader) => reader.u32(),
  instance: (reader) => reader.u32(),
};

const NO_TYPE = 0x00;
const WITH_TYPE = 0x01;

/** Reads one import; `seen` holds the names of the imports before it and gains this one. */
export function readComponentImport(reader: ByteReader, seen: Set<string>, limits: ReaderLimits): ComponentExtern {
  const { name, ...options } = readNewName(reader, seen, { limits, code: 'WASM_DUPLICATE_IMPORT' });
  return { name, kind: readExternType(reader), ...options };
}

/** Reads one export; `seen` holds the names of the exports before it and gains this one. */
export function readComponentExport(reader: ByteReader, seen: Set<string>, limits: ReaderLimits): ComponentExtern {
  const { name, ...options } = readNewName(reader, seen, { limits, code: 'WASM_DUPLICATE_EXPORT' });
  const kind = readSort(reader);
  reader.u32();
  const start = reader.offset;
  const ascribed = reader.u8();
  if (ascribed === WITH_TYPE) readExternType(reader);
  else if (ascribed !== NO_TYPE) throw malformed(reader, 'ascription', ascribed, start);
  return { name, kind, ...options };
}

function readNewName(
  reader: ByteReader,
  seen: Set<string>,
  { limits, code }: { readonly limits: ReaderLimits; readonly code: WasmErrorCode },
): NamedExtern {
  const start = reader.offset;
  const byte = reader.u8();
  const form = NAME_FORMS[byte];
  if (form === undefined) throw malformed(reader, 'name', byte, start);
  const name = reader.name(limits);
  // Names of one direction are unique (component model, Explainer.md, "Import and Export Definitions").
  if (seen.has(name)) throw reader.error(code, 'a name occurs twice', { name }, start);
  seen.add(name);
  return form === 'plain' ? { name } : { name, ...readNameOptions(reader, limits) };
}

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

function readExternType(reader: ByteReader): ComponentSort {
  const sort = readSort(reader);
  TYPES[sort](reader);
  return sort;
}

function readSort(reader: ByteReader): ComponentSort {
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

function readBound(reader: ByteReader, forms: readonly (() => unknown)[]): void {
  const start = reader.offset;
  const byte = reader.u8();
  const form = forms[byte];
  if (form === undefined) throw malformed(reader, 'bound', byte, start);
  form();
}

function malformed(reader: ByteReader, what: string, byte: number, offset: number): Error {
  return reader.error('WASM_MALFORMED', `a ${what} has no such byte`, { what, byte }, offset);
}
