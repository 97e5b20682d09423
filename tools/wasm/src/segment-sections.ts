/**
 * Code and segments: the element, dataCount, code and data sections (core spec 5.5.12 - 5.5.15).
 * Bodies and data are located, never decoded or copied here.
 */
import type { ByteReader } from './byte-reader.ts';
import { skipConstExpr } from './const-expr.ts';
import type { CoreModule, SectionReader } from './core-module.ts';
import type { Budget } from './limits.ts';
import { readIndex } from './read-index.ts';
import { readReferenceType } from './value-type.ts';

interface ElementForm {
  /** What stands where: an offset expression (active segments), a table index before it, then the type. */
  readonly active: boolean;
  readonly table: boolean;
  readonly type: 'none' | 'kind' | 'reference';
  readonly entries: 'functions' | 'expressions';
}

/** Element segments by their flags (core spec 5.5.12). */
const ELEMENT_FORMS: readonly ElementForm[] = [
  { active: true, table: false, type: 'none', entries: 'functions' },
  { active: false, table: false, type: 'kind', entries: 'functions' },
  { active: true, table: true, type: 'kind', entries: 'functions' },
  { active: false, table: false, type: 'kind', entries: 'functions' },
  { active: true, table: false, type: 'none', entries: 'expressions' },
  { active: false, table: false, type: 'reference', entries: 'expressions' },
  { active: true, table: true, type: 'reference', entries: 'expressions' },
  { active: false, table: false, type: 'reference', entries: 'expressions' },
];

/** Data segments by their flags (core spec 5.5.14). */
const DATA_FORMS: readonly { readonly active: boolean; readonly memory: boolean }[] = [
  { active: true, memory: false },
  { active: false, memory: false },
  { active: true, memory: true },
];

const FUNCTION_KIND = 0x00;
const END = 0x0b;

export const readElementSection: SectionReader = (reader, module, budget) => {
  const count = reader.count('elementSegments', budget.limits, 2);
  for (let left = count; left > 0; left--) readElementSegment(reader, module, budget);
  module.elementSegments = count;
};

export const readDataCountSection: SectionReader = (reader, module, { limits }) => {
  const start = reader.offset;
  reader.use('bulk-memory', start);
  const count = reader.u32();
  if (count > limits.dataSegments) throw reader.limit('dataSegments', count, limits, start);
  module.declaredDataSegments = count;
};

export const readCodeSection: SectionReader = (reader, module, { limits }) => {
  const start = reader.offset;
  module.codeSize = reader.remaining;
  const count = reader.count('functions', limits, 2);
  const declared = module.functionTypes.length - module.importedFunctionCount;
  if (count !== declared) {
    throw reader.error(
      'WASM_COUNT_MISMATCH',
      `${count} bodies for ${declared} functions`,
      { declared, found: count },
      start,
    );
  }
  module.bodies = new Uint32Array(count * 2);
  for (let index = 0; index < count; index++) readBody(reader, module.bodies, index, { limits });
};

export const readDataSection: SectionReader = (reader, module, { limits }) => {
  const start = reader.offset;
  const count = reader.count('dataSegments', limits, 2);
  const declared = module.declaredDataSegments ?? count;
  if (count !== declared) {
    throw reader.error(
      'WASM_COUNT_MISMATCH',
      `${count} data segments, ${declared} declared`,
      { declared, found: count },
      start,
    );
  }
  for (let left = count; left > 0; left--) {
    const { active, memory } = readForm(reader, DATA_FORMS, 'data');
    if (active) readPlace(reader, module, { space: 'memory', explicit: memory }, { limits });
    const size = reader.u32();
    module.dataSegments.push({ offset: reader.skip(size), size, passive: !active });
  }
};

function readElementSegment(reader: ByteReader, module: CoreModule, { limits }: Budget): void {
  const form = readForm(reader, ELEMENT_FORMS, 'element');
  if (form.active) readPlace(reader, module, { space: 'table', explicit: form.table }, { limits });
  if (form.type === 'kind') readElementKind(reader);
  if (form.type === 'reference') readReferenceType(reader, module.types.count);
  const left = reader.count('elementEntries', limits);
  if (form.entries === 'functions') {
    for (let entry = 0; entry < left; entry++) readIndex(reader, 'function', module.functionTypes.length);
  } else {
    for (let entry = 0; entry < left; entry++) skipConstExpr(reader, module, limits);
  }
}

/** Where an active segment goes: the index of its table or memory if given, and the offset expression. */
function readPlace(
  reader: ByteReader,
  module: CoreModule,
  { space, explicit }: { readonly space: 'table' | 'memory'; readonly explicit: boolean },
  { limits }: Pick<Budget, 'limits'>,
): void {
  const count = module.texts[space].length;
  if (explicit) readIndex(reader, space, count);
  else if (count === 0) {
    throw reader.error('WASM_INDEX_OUT_OF_RANGE', `${space} 0 is not defined`, { space, index: 0, count });
  }
  skipConstExpr(reader, module, limits);
}

function readBody(reader: ByteReader, bodies: Uint32Array, index: number, { limits }: Pick<Budget, 'limits'>): void {
  const start = reader.offset;
  const size = reader.u32();
  if (size > limits.functionBytes) throw reader.limit('functionBytes', size, limits, start);
  const offset = reader.skip(size);
  // The smallest body is an empty list of locals and `end`, and every body closes with `end` (core spec 5.4.9, 5.5.13).
  if (size < 2 || reader.bytes[offset + size - 1] !== END) {
    throw reader.error('WASM_SECTION_SIZE', 'a function body does not end where its size says', { size }, start);
  }
  bodies[index * 2] = offset;
  bodies[index * 2 + 1] = size;
}

function readForm<Form>(reader: ByteReader, forms: readonly Form[], what: string): Form {
  const start = reader.offset;
  const flags = reader.u32();
  const form = forms[flags];
  if (flags > 0) reader.use('bulk-memory', start);
  if (form === undefined)
    throw reader.error('WASM_MALFORMED', 'these flags have no meaning here', { what, byte: flags }, start);
  return form;
}

function readElementKind(reader: ByteReader): void {
  const start = reader.offset;
  const byte = reader.u8();
  if (byte !== FUNCTION_KIND)
    throw reader.error('WASM_MALFORMED', 'an element kind is 0', { what: 'elementKind', byte }, start);
}
