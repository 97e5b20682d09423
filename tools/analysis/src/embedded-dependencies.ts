// Lists of dependencies that toolchains leave in a file: cargo-auditable's `.dep-v0` section and Go's module information. They
// are claims of the file; what is malformed is said to be so and never guessed at.

import { DEFAULT_LIMITS, type ModuleFacts, readWasm, type WasmFacts } from '@plugmark/wasm';
import { cargoDependencies } from './embedded-cargo.ts';
import { goDependencies } from './embedded-go.ts';
import type { EmbeddedList } from './embedded-list.ts';
import { nestedModules } from './facts.ts';

/** All lists in a file, in the order of its modules. Throws WasmError when the file cannot be read. */
export async function embeddedDependencies(bytes: Uint8Array): Promise<EmbeddedList[]> {
  const facts = readWasm(bytes, DEFAULT_LIMITS);
  const lists: EmbeddedList[] = [];
  for (const module of withSections(facts)) {
    for (const { name, offset, size } of module.customSections)
      if (name === '.dep-v0') lists.push(await cargoDependencies(bytes.subarray(offset, offset + size), offset));
    lists.push(...goDependencies(bytes, module.dataSegments));
  }
  return lists.slice(0, MAX_LISTS);
}

/** A component rarely holds more than a few modules with a list each. */
const MAX_LISTS = 100;

type WithSections = Pick<ModuleFacts, 'customSections' | 'dataSegments'>;

function withSections(facts: WasmFacts): readonly WithSections[] {
  if (facts.kind === 'core') return [facts];
  return [{ customSections: facts.customSections, dataSegments: [] }, ...nestedModules(facts)];
}
