import type { ComponentFacts, CustomSectionFacts, WasmFacts } from '@plugmark/wasm';
import { type Check, type Evidence, findingsOf, type RawFinding, UNREADABLE } from '../check.ts';
import { printable } from '../printable.ts';

/** Custom sections are those of known tools and no burden. */
export const customSections: Check = ({ module, bytes }) => {
  if (!('facts' in module)) return UNREADABLE;
  const sections = sectionsOf(module.facts);
  return findingsOf([
    ...unknownSections(sections),
    ...heavySections(sections, module.facts.size),
    ...debugSections(sections),
    ...sourceMap(sections, bytes),
  ]);
};

function sectionsOf(facts: WasmFacts): CustomSectionFacts[] {
  return facts.kind === 'core' ? [...facts.customSections] : componentSections(facts);
}

/** Depth is bounded by the reader's limits. */
function componentSections({ customSections: own, modules, components }: ComponentFacts): CustomSectionFacts[] {
  return [...own, ...modules.flatMap((module) => module.customSections), ...components.flatMap(componentSections)];
}

const DEBUG =
  /^(?:\.debug_|name$|component-name$|external_debug_info$|linking$|reloc\.|\.llvm|build_id$|sourceMappingURL$)/;

/** Sections of the tool conventions, of linkers and of the binding generators of several languages. */
const KNOWN =
  /^(?:producers|target_features|dylink(?:\.0)?|metadata\.code\..+|component-type.*|\.dep-v0|go:?\.?build.*|__wasm_bindgen_unstable|core|package-docs|wasm-pack|polyfill)$/;

/** Less than this carries nothing worth hiding. */
const UNKNOWN_BYTES = 1024;
const HEAVY_SHARE = 0.1;
const LISTED = 8;

function unknownSections(sections: readonly CustomSectionFacts[]): RawFinding[] {
  const unknown = sections.filter(({ name, size }) => size > UNKNOWN_BYTES && !KNOWN.test(name) && !DEBUG.test(name));
  const [first] = unknown;
  if (first === undefined) return [];
  const found = unknown.slice(0, LISTED).map(({ name }) => printable(name, 80));
  const facts = { found, count: unknown.length, bytes: bytesIn(unknown) };
  return [{ ruleId: 'sections.unknown', facts, location: placeOf(first) }];
}

function heavySections(sections: readonly CustomSectionFacts[], size: number): RawFinding[] {
  const bytes = bytesIn(sections.filter(({ name }) => !DEBUG.test(name)));
  if (bytes <= UNKNOWN_BYTES || bytes <= size * HEAVY_SHARE) return [];
  return [{ ruleId: 'sections.heavy', facts: { bytes, size } }];
}

function debugSections(sections: readonly CustomSectionFacts[]): RawFinding[] {
  const debug = sections.filter(({ name }) => name.startsWith('.debug_') || name === 'external_debug_info');
  const [first] = debug;
  return first === undefined
    ? []
    : [{ ruleId: 'sections.debug', facts: { bytes: bytesIn(debug) }, location: placeOf(first) }];
}

function sourceMap(sections: readonly CustomSectionFacts[], bytes: Evidence['bytes']): RawFinding[] {
  const maps = sections.filter(({ name }) => name === 'sourceMappingURL');
  const [first] = maps;
  if (first === undefined) return [];
  const found = maps.slice(0, LISTED).map(({ offset, size }) => urlIn(bytes.subarray(offset, offset + size)));
  return [{ ruleId: 'sections.source-map', facts: { found, count: maps.length }, location: placeOf(first) }];
}

/** A length and a text (tool conventions, Web Source Map); the length is not needed to show what follows it. */
function urlIn(content: Uint8Array): string {
  const start = content.findIndex((byte) => byte < 0x80) + 1;
  return printable(new TextDecoder().decode(content.subarray(start, start + 400)), 150);
}

const bytesIn = (sections: readonly CustomSectionFacts[]): number => sections.reduce((sum, { size }) => sum + size, 0);

function placeOf({ offset, size, name }: CustomSectionFacts): NonNullable<RawFinding['location']> {
  return { offset, length: size, section: printable(name, 100) || 'custom' };
}
