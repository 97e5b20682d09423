/**
 * The sections of both layers of the format and how a section's header is read.
 * Core sections may occur once and in this order (core spec 5.5.16); component sections in any order and number.
 */
import type { ByteReader } from './byte-reader.ts';

export type SectionName =
  | 'type'
  | 'import'
  | 'function'
  | 'table'
  | 'memory'
  | 'tag'
  | 'global'
  | 'export'
  | 'start'
  | 'element'
  | 'dataCount'
  | 'code'
  | 'data';

export const CUSTOM_SECTION = 0;

/** Section id -> name and place in the order; the ids of later additions are out of order on purpose. */
export const SECTIONS: Readonly<Record<number, { readonly name: SectionName; readonly order: number }>> = {
  1: { name: 'type', order: 1 },
  2: { name: 'import', order: 2 },
  3: { name: 'function', order: 3 },
  4: { name: 'table', order: 4 },
  5: { name: 'memory', order: 5 },
  13: { name: 'tag', order: 6 },
  6: { name: 'global', order: 7 },
  7: { name: 'export', order: 8 },
  8: { name: 'start', order: 9 },
  9: { name: 'element', order: 10 },
  12: { name: 'dataCount', order: 11 },
  10: { name: 'code', order: 12 },
  11: { name: 'data', order: 13 },
};

/** Core sections of proposals we do not read. */
export const UNSUPPORTED_SECTIONS: Readonly<Record<number, string>> = { 14: 'stringref' };

/** Component section id -> name (component model, Binary.md). */
export const COMPONENT_SECTIONS: Readonly<Record<number, string>> = {
  0: 'custom',
  1: 'core module',
  2: 'core instance',
  3: 'core type',
  4: 'component',
  5: 'instance',
  6: 'alias',
  7: 'type',
  8: 'canon',
  9: 'start',
  10: 'import',
  11: 'export',
  12: 'value',
};

export interface SectionHeader {
  readonly id: number;
  /** Where the id stands. */
  readonly start: number;
  readonly content: ByteReader;
}

/** Reads a section's id and size and steps over its content. */
export function readSectionHeader(reader: ByteReader): SectionHeader {
  const start = reader.offset;
  const id = reader.u8();
  return { id, start, content: reader.range(reader.u32()) };
}

/** Refuses a section whose content ends before its declared size. */
export function expectEnd(content: ByteReader): void {
  const { remaining } = content;
  if (remaining === 0) return;
  throw content.error('WASM_SECTION_SIZE', `${remaining} bytes are left at the end of the section`, { remaining });
}
