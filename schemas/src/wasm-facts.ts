// What the reader found in the bytes, as a report carries it. The shapes are `@plugmark/wasm`'s; a test holds the two equal.

import * as z from 'zod/mini';
import { Count, Sha256 } from './primitives.ts';

const Name = z.string().check(z.maxLength(100_000));
const ExternKind = z.enum(['function', 'table', 'memory', 'global', 'tag']);
export const Producers = z.array(
  z.strictObject({ field: Name, values: z.array(z.strictObject({ name: Name, version: Name })) }),
);

/** An import of a core module; `type` as text, e.g. `(i32, i32) -> (i32)`. */
export const ImportFact = z.strictObject({ module: Name, name: Name, kind: ExternKind, type: Name });
export type ImportFact = z.output<typeof ImportFact>;

export const ExportFact = z.strictObject({ name: Name, kind: ExternKind, type: Name });
export type ExportFact = z.output<typeof ExportFact>;

/** Sizes in pages of `pageSize` bytes. */
export const MemoryFact = z.strictObject({
  imported: z.boolean(),
  minPages: Count,
  maxPages: z.optional(Count),
  shared: z.boolean(),
  memory64: z.boolean(),
  pageSize: Count,
});

export const TableFact = z.strictObject({
  imported: z.boolean(),
  element: Name,
  min: Count,
  max: z.optional(Count),
  table64: z.boolean(),
});

export const CustomSectionFact = z.strictObject({ name: Name, offset: Count, size: Count });

const CoreShape = {
  kind: z.literal('core'),
  size: Count,
  imports: z.array(ImportFact),
  exports: z.array(ExportFact),
  memories: z.array(MemoryFact),
  tables: z.array(TableFact),
  functions: Count,
  start: z.optional(Count),
  codeSize: Count,
  dataSegments: Count,
  elementSegments: Count,
  customSections: z.array(CustomSectionFact),
  producers: Producers,
  features: z.array(Name),
  moduleName: z.optional(Name),
  dynamicLinking: z.boolean(),
};

export const CoreFacts = z.strictObject(CoreShape);
export type CoreFacts = z.output<typeof CoreFacts>;

const ComponentItem = z.strictObject({ name: Name, kind: Name });

/** `lowered`: of an instance or function, the functions that core code in the component can call; none are declared only. */
const ComponentImportFact = z.strictObject({ name: Name, kind: Name, lowered: z.optional(z.array(Name)) });

/** A component's outer layer and the core modules inside it, each with its offset in the file. */
export const ComponentFacts = z.strictObject({
  kind: z.literal('component'),
  size: Count,
  imports: z.array(ComponentImportFact),
  exports: z.array(ComponentItem),
  modules: z.array(z.strictObject({ ...CoreShape, offset: Count })),
  components: Count,
  customSections: z.array(CustomSectionFact),
  producers: Producers,
  /** The world as a WIT document; absent where WIT has no words for it, or too many. */
  wit: z.optional(z.string().check(z.maxLength(1_000_000))),
});
export type ComponentFacts = z.output<typeof ComponentFacts>;

/** A zip run as a process: nothing is known of its behaviour. */
export const ProcessFacts = z.strictObject({
  kind: z.literal('process'),
  size: Count,
  /** Absent where plugin.json does not say it rightly. */
  entryPoint: z.optional(Name),
  files: z.array(z.strictObject({ path: Name, size: Count, sha256: Sha256 })),
});

export type ProcessFacts = z.output<typeof ProcessFacts>;

export const ArtifactFacts = z.discriminatedUnion('kind', [CoreFacts, ComponentFacts, ProcessFacts]);
export type ArtifactFacts = z.output<typeof ArtifactFacts>;

/** Output of `plugmark inspect --json`. */
export const Inspection = z.discriminatedUnion('kind', [
  z.strictObject({ ...CoreShape, sha256: Sha256 }),
  z.extend(ComponentFacts, { sha256: Sha256 }),
  z.extend(ProcessFacts, { sha256: Sha256 }),
]);
export type Inspection = z.output<typeof Inspection>;
