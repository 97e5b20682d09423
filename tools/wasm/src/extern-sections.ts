/**
 * What a module shares with its host: the import, export and start sections (core spec 5.5.5, 5.5.10, 5.5.11).
 */
import { readMemoryType, readTableType } from './bounds.ts';
import type { ByteReader } from './byte-reader.ts';
import { type CoreModule, externCount, externText, type SectionReader } from './core-module.ts';
import { addGlobalType, addTagType } from './definition-sections.ts';
import type { ExternKind } from './facts.ts';
import type { Budget } from './limits.ts';
import { readIndex } from './read-index.ts';

/** The kinds by their byte. */
const EXTERN_KINDS: readonly ExternKind[] = ['function', 'table', 'memory', 'global', 'tag'];

/** Kind bytes of proposals we do not read. */
const UNSUPPORTED_KINDS: Readonly<Record<number, string>> = {
  0x20: 'custom-descriptors',
  0x7e: 'compact-import-section',
  0x7f: 'compact-import-section',
};

/** Reads the type after an import's kind and appends it to that kind's index space. */
const IMPORT_TYPES: Readonly<Record<ExternKind, (reader: ByteReader, module: CoreModule, budget: Budget) => void>> = {
  function(reader, module) {
    module.functionTypes.push(module.types.readIndex(reader, 'function'));
    module.importedFunctionCount++;
  },
  table(reader, module) {
    if (module.tables.length > 0) reader.use('reference-types', reader.offset);
    const { facts, text } = readTableType(reader, module.types.count);
    module.tables.push({ imported: true, ...facts });
    module.texts.table.push(text);
  },
  memory(reader, module) {
    if (module.memories.length > 0) reader.use('multi-memory', reader.offset);
    const { facts, text } = readMemoryType(reader);
    module.memories.push({ imported: true, ...facts });
    module.texts.memory.push(text);
  },
  global(reader, module) {
    const { offset } = reader;
    addGlobalType(reader, module, { imported: true });
    if (module.globals.at(-1)?.mutable) reader.use('mutable-globals', offset);
  },
  tag: (reader, module, budget) => addTagType(reader, module, { imported: true, budget }),
};

// Two empty names, a kind and a type of one byte.
const SMALLEST_IMPORT = 4;
// An empty name, a kind and an index.
const SMALLEST_EXPORT = 3;

export const readImportSection: SectionReader = (reader, module, budget) => {
  const { limits } = budget;
  for (let left = reader.count('imports', limits, SMALLEST_IMPORT); left > 0; left--) {
    const offset = reader.offset;
    const [from, name] = [reader.name(limits), reader.name(limits)];
    const kind = readKind(reader);
    const index = externCount(module, kind);
    IMPORT_TYPES[kind](reader, module, budget);
    const type = externText(module, kind, index);
    reader.spend('typeTextCharacters', type.length, budget);
    module.imports.push({ module: from, name, kind, type, offset });
  }
};

export const readExportSection: SectionReader = (reader, module, budget) => {
  const names = new Set<string>();
  for (let left = reader.count('exports', budget.limits, SMALLEST_EXPORT); left > 0; left--) {
    const start = reader.offset;
    const name = reader.name(budget.limits);
    if (names.has(name)) throw reader.error('WASM_DUPLICATE_EXPORT', 'two exports have the same name', { name }, start);
    names.add(name);
    const kind = readKind(reader);
    const index = readIndex(reader, kind, externCount(module, kind));
    if (kind === 'global' && module.globals[index]?.mutable) reader.use('mutable-globals', start);
    const type = externText(module, kind, index);
    reader.spend('typeTextCharacters', type.length, budget);
    module.exports.push({ name, kind, index, type });
  }
};

export const readStartSection: SectionReader = (reader, module) => {
  const offset = reader.offset;
  const index = readIndex(reader, 'function', module.functionTypes.length);
  const { parameters, results } = module.types.functionType(module.functionTypes[index] ?? 0);
  if (parameters.length + results.length > 0) {
    throw reader.error('WASM_TYPE_MISMATCH', 'the start function has parameters or results', { index }, offset);
  }
  module.start = index;
};

function readKind(reader: ByteReader): ExternKind {
  const start = reader.offset;
  const byte = reader.u8();
  const kind = EXTERN_KINDS[byte];
  if (kind !== undefined) return kind;
  const feature = UNSUPPORTED_KINDS[byte];
  if (feature === undefined)
    throw reader.error('WASM_MALFORMED', 'no kind has this byte', { what: 'kind', byte }, start);
  throw reader.error('WASM_UNSUPPORTED_FEATURE', `an entry of the proposal ${feature}`, { feature, byte }, start);
}
