/**
 * Custom sections: name, place, and what the conventional ones claim (tool-conventions repository: ProducersSection,
 * Linking, DynamicLinking; core spec 7.4 for the name section).
 * A malformed content is left out and never refused, as engines ignore it (core spec 5.5.3); a malformed name is.
 */
import type { ByteReader } from './byte-reader.ts';
import { WasmError } from './error.ts';
import type { CustomSectionFacts, ProducerFacts } from './facts.ts';
import type { Budget, ReaderLimits } from './limits.ts';

/** What custom sections say about the file; nothing proves it. */
export interface CustomClaims {
  readonly producers?: readonly ProducerFacts[];
  readonly targetFeatures?: readonly string[];
  readonly moduleName?: string;
  readonly dynamicLinking?: boolean;
}

/** Where a module or component collects its custom sections. */
export interface CustomCollector {
  readonly customSections: CustomSectionFacts[];
  claims: CustomClaims;
}

type ClaimReader = (content: ByteReader, limits: ReaderLimits) => CustomClaims;

/** Section name -> reader of its content. */
const CLAIM_READERS: ReadonlyMap<string, ClaimReader> = new Map<string, ClaimReader>([
  ['producers', readProducers],
  ['target_features', readTargetFeatures],
  ['name', readModuleName],
  ['dylink.0', () => ({ dynamicLinking: true })],
  ['dylink', () => ({ dynamicLinking: true })],
]);

/** The prefixes of a target feature: used, disallowed, required (an older form). */
const FEATURE_PREFIXES: readonly string[] = ['+', '-', '='];
const MODULE_NAME = 0;

/** Reads a custom section whose content is all of `content`. Of several claims of one kind the first counts. */
export function readCustomSection(content: ByteReader, into: CustomCollector, budget: Budget): void {
  content.spend('customSections', 1, budget);
  const name = content.name(budget.limits);
  into.customSections.push({ name, offset: content.offset, size: content.remaining });
  const readClaims = CLAIM_READERS.get(name);
  if (readClaims !== undefined) into.claims = { ...orNone(() => readClaims(content, budget.limits)), ...into.claims };
}

function orNone(read: () => CustomClaims): CustomClaims {
  try {
    return read();
  } catch (error) {
    if (error instanceof WasmError) return {};
    throw error;
  }
}

function readProducers(content: ByteReader, limits: ReaderLimits): CustomClaims {
  const value = (): { name: string; version: string } => ({
    name: content.name(limits),
    version: content.name(limits),
  });
  const field = (): ProducerFacts => ({ field: content.name(limits), values: readList(content, limits, value) });
  return { producers: readList(content, limits, field) };
}

function readTargetFeatures(content: ByteReader, limits: ReaderLimits): CustomClaims {
  const feature = (): string => {
    const prefix = String.fromCharCode(content.u8());
    if (!FEATURE_PREFIXES.includes(prefix))
      throw content.error('WASM_MALFORMED', 'no feature has this prefix', { prefix });
    return prefix + content.name(limits);
  };
  return { targetFeatures: readList(content, limits, feature) };
}

function readModuleName(content: ByteReader, limits: ReaderLimits): CustomClaims {
  while (content.remaining > 0) {
    const id = content.u8();
    const subsection = content.range(content.u32());
    if (id === MODULE_NAME) return { moduleName: subsection.name(limits) };
  }
  return {};
}

function readList<Item>(content: ByteReader, limits: ReaderLimits, item: () => Item): Item[] {
  return Array.from({ length: content.count('claimEntries', limits, 2) }, item);
}
