/**
 * Reads a core module: the order of its sections, each section by its reader, and what must agree between sections.
 * It refuses what the format refuses, at the level of sections; instructions and operand types are not looked at.
 */
import type { ByteReader } from './byte-reader.ts';
import { type CoreModule, newCoreModule, type SectionReaders } from './core-module.ts';
import { readCustomSection } from './custom.ts';
import {
  readFunctionSection,
  readGlobalSection,
  readMemorySection,
  readTableSection,
  readTagSection,
  readTypeSection,
} from './definition-sections.ts';
import { readExportSection, readImportSection, readStartSection } from './extern-sections.ts';
import type { Budget } from './limits.ts';
import { readPreamble } from './preamble.ts';
import {
  CUSTOM_SECTION,
  expectEnd,
  readSectionHeader,
  SECTIONS,
  type SectionHeader,
  UNSUPPORTED_SECTIONS,
} from './sections.ts';
import { readCodeSection, readDataCountSection, readDataSection, readElementSection } from './segment-sections.ts';

const SECTION_READERS: SectionReaders = {
  type: readTypeSection,
  import: readImportSection,
  function: readFunctionSection,
  table: readTableSection,
  memory: readMemorySection,
  tag: readTagSection,
  global: readGlobalSection,
  export: readExportSection,
  start: readStartSection,
  element: readElementSection,
  dataCount: readDataCountSection,
  code: readCodeSection,
  data: readDataSection,
};

/** Reads the module that fills the rest of `reader`, from its magic number on. */
export function readModule(reader: ByteReader, budget: Budget): CoreModule {
  const module = newCoreModule(reader.bytes, reader.offset, reader.remaining);
  reader.uses = module.features;
  readPreamble(reader, 'core');
  let lastOrder = 0;
  while (reader.remaining > 0) {
    const header = readSectionHeader(reader);
    if (header.id === CUSTOM_SECTION) readCustomSection(header.content, module, budget);
    else lastOrder = readKnownSection(header, module, { lastOrder, budget });
  }
  checkAgreement(reader, module);
  return module;
}

function readKnownSection(
  { id, start, content }: SectionHeader,
  module: CoreModule,
  { lastOrder, budget }: { readonly lastOrder: number; readonly budget: Budget },
): number {
  const section = SECTIONS[id];
  if (section === undefined) throw unknownSection(content, id, start);
  const { name, order } = section;
  if (order <= lastOrder) {
    const seen = module.sections.some((other) => other.name === name);
    const code = seen ? 'WASM_SECTION_DUPLICATE' : 'WASM_SECTION_ORDER';
    throw content.error(
      code,
      `the ${name} section ${seen ? 'occurs twice' : 'is out of order'}`,
      { section: name },
      start,
    );
  }
  module.sections.push({ name, offset: content.offset, size: content.remaining });
  SECTION_READERS[name](content, module, budget);
  expectEnd(content);
  return order;
}

/** A section that is absent counts as empty, so the counts are compared again at the end. */
function checkAgreement(reader: ByteReader, module: CoreModule): void {
  const declared = module.functionTypes.length - module.importedFunctionCount;
  const bodies = module.bodies.length / 2;
  if (bodies !== declared) {
    throw reader.error('WASM_COUNT_MISMATCH', `${bodies} bodies for ${declared} functions`, {
      declared,
      found: bodies,
    });
  }
  const { declaredDataSegments = 0, dataSegments } = module;
  if (declaredDataSegments > dataSegments.length) {
    const details = { declared: declaredDataSegments, found: dataSegments.length };
    throw reader.error('WASM_COUNT_MISMATCH', 'data segments are declared but there is no data section', details);
  }
}

function unknownSection(content: ByteReader, id: number, start: number): Error {
  const feature = UNSUPPORTED_SECTIONS[id];
  if (feature === undefined) return content.error('WASM_SECTION_UNKNOWN', `no section has id ${id}`, { id }, start);
  return content.error('WASM_UNSUPPORTED_FEATURE', `a section of the proposal ${feature}`, { feature, id }, start);
}
