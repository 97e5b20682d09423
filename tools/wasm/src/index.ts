export { capLimits, type LimitCaps } from './cap-limits.ts';
export type { MixingFunction } from './code-counts.ts';
export type { CodeFacts, InstructionGroup } from './code-facts.ts';
export { WASM_ERROR_CODES, WasmError, type WasmErrorCode, type WasmErrorOptions } from './error.ts';
export type {
  ComponentExtern,
  ComponentFacts,
  ComponentFunction,
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
  WorldProblem,
} from './facts.ts';
export { FEATURE_IDS, FEATURES, type FeatureId, type FeatureUse } from './features.ts';
export { FUEL_REASONS, FUEL_SCHEDULES, type FuelReason, type FuelSchedule } from './fuel-schedule.ts';
export { type InspectedWasm, inspectWasm } from './inspect-wasm.ts';
export { DEFAULT_LIMITS, READER_LIMITS, type ReaderLimits } from './limits.ts';
export { type MeteredModule, type MeterOptions, meterFuel } from './meter-fuel.ts';
export { readWasm } from './read-wasm.ts';
export {
  splitTypeName,
  WIT_PRIMITIVES,
  type WitFunction,
  type WitInterface,
  type WitItems,
  type WitNamedType,
  type WitType,
  type WitWorld,
} from './wit.ts';
export { type InterfaceName, parseInterfaceName } from './wit-names.ts';
export { printWit } from './wit-print.ts';
export { WIT_LIMITS, type WitDocument } from './wit-scanner.ts';
export { functionText, typeText } from './wit-text.ts';
export { parseWit } from './wit-world.ts';
