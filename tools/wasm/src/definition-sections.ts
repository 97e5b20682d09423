/**
 * What a module defines besides code: the type, function, table, memory, tag and global sections
 * (core spec 5.5.4, 5.5.6 - 5.5.9, 5.5.17).
 */
import { readMemoryType, readTableType } from './bounds.ts';
import type { ByteReader } from './byte-reader.ts';
import { skipConstExpr } from './const-expr.ts';
import type { CoreModule, SectionReader } from './core-module.ts';
import type { Budget } from './limits.ts';
import { readMutability } from './type-table.ts';
import { isNullable, readValueType } from './value-type.ts';

/** The bytes before a table type that has an initialiser (core spec 5.5.7). */
const TABLE_WITH_INITIALISER: readonly number[] = [0x40, 0x00];

export const readTypeSection: SectionReader = (reader, module, { limits }) => module.types.readSection(reader, limits);

export const readFunctionSection: SectionReader = (reader, module, { limits }) => {
  for (let left = reader.count('functions', limits); left > 0; left--) {
    module.functionTypes.push(module.types.readIndex(reader, 'function'));
  }
};

export const readTableSection: SectionReader = (reader, module, { limits }) => {
  for (let left = reader.count('tables', limits, 3); left > 0; left--) {
    const start = reader.offset;
    const initialised = reader.bytes[start] === TABLE_WITH_INITIALISER[0];
    if (initialised) readInitialiserMark(reader);
    if (module.tables.length > 0) reader.use('reference-types', start);
    const { facts, text } = readTableType(reader, module.types.count);
    if (initialised) skipConstExpr(reader, module, limits);
    else if (!isNullable(facts.element)) {
      throw reader.error(
        'WASM_TYPE_MISMATCH',
        'a table of this type needs an initialiser',
        { element: facts.element },
        start,
      );
    }
    module.tables.push({ imported: false, ...facts });
    module.texts.table.push(text);
  }
};

export const readMemorySection: SectionReader = (reader, module, { limits }) => {
  for (let left = reader.count('memories', limits, 2); left > 0; left--) {
    if (module.memories.length > 0) reader.use('multi-memory', reader.offset);
    const { facts, text } = readMemoryType(reader);
    module.memories.push({ imported: false, ...facts });
    module.texts.memory.push(text);
  }
};

export const readTagSection: SectionReader = (reader, module, budget) => {
  for (let left = reader.count('tags', budget.limits, 2); left > 0; left--) {
    addTagType(reader, module, { imported: false, budget });
  }
};

export const readGlobalSection: SectionReader = (reader, module, { limits }) => {
  for (let left = reader.count('globals', limits, 3); left > 0; left--) {
    // A global is visible only to initialisers after its own, so the expression is read between type and addition.
    const type = readGlobalType(reader, module);
    skipConstExpr(reader, module, limits);
    addGlobal(module, type, { imported: false });
  }
};

interface GlobalType {
  readonly type: string;
  readonly mutable: boolean;
}

export function addGlobalType(
  reader: ByteReader,
  module: CoreModule,
  { imported }: { readonly imported: boolean },
): void {
  addGlobal(module, readGlobalType(reader, module), { imported });
}

/** Reads a tag type; a tag has no results (core spec 3.2.10). */
export function addTagType(
  reader: ByteReader,
  module: CoreModule,
  { imported, budget }: { readonly imported: boolean; readonly budget: Budget },
): void {
  const start = reader.offset;
  const attribute = reader.u8();
  if (attribute !== 0)
    throw reader.error('WASM_MALFORMED', 'a tag starts with 0', { what: 'tag', byte: attribute }, start);
  const index = module.types.readIndex(reader, 'function');
  const { results, text } = module.types.functionType(index);
  if (results.length > 0) throw reader.error('WASM_TYPE_MISMATCH', 'the type of a tag has results', { index }, start);
  reader.spend('typeTextCharacters', text.length, budget);
  module.tags.push({ imported, type: text });
  module.texts.tag.push(text);
}

function readGlobalType(reader: ByteReader, module: CoreModule): GlobalType {
  return { type: readValueType(reader, module.types.count), mutable: readMutability(reader) };
}

function addGlobal(
  module: CoreModule,
  { type, mutable }: GlobalType,
  { imported }: { readonly imported: boolean },
): void {
  module.globals.push({ imported, type, mutable });
  module.texts.global.push(mutable ? `${type} mut` : type);
}

function readInitialiserMark(reader: ByteReader): void {
  reader.use('typed-function-references', reader.offset);
  for (const expected of TABLE_WITH_INITIALISER) {
    const start = reader.offset;
    const byte = reader.u8();
    if (byte !== expected)
      throw reader.error('WASM_MALFORMED', 'no table starts with these bytes', { what: 'table', byte }, start);
  }
}
