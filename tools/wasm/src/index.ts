export { WASM_ERROR_CODES, WasmError, type WasmErrorCode, type WasmErrorOptions } from './error.ts';
export type {
  ComponentExtern,
  ComponentFacts,
  ComponentSort,
  CoreExport,
  CoreImport,
  CustomSectionFacts,
  DataSegmentFacts,
  ExternKind,
  GlobalFacts,
  MemoryFacts,
  ModuleFacts,
  NestedComponent,
  NestedModule,
  ProducerFacts,
  SectionFacts,
  TableFacts,
  TagFacts,
  WasmFacts,
} from './facts.ts';
export { DEFAULT_LIMITS, READER_LIMITS, type ReaderLimits } from './limits.ts';
export { readWasm } from './read-wasm.ts';
