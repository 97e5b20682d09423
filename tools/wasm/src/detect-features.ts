import type { CodeCounts } from './code-counts.ts';
import type { CoreModule } from './core-module.ts';
import type { FeatureUse } from './features.ts';
import { OPCODES, opcodeNamed } from './opcodes.ts';

const THROW: number = opcodeNamed('throw');

/** The proposals a module uses, from its sections, types and the instructions counted in `counts`. */
export function detectFeatures(module: CoreModule, counts: CodeCounts): FeatureUse[] {
  const { features } = module;
  OPCODES.forEach((instruction, index) => {
    if (instruction?.feature === undefined || counts.opcodes[index] === 0) return;
    features.add(instruction.feature, counts.first[index] as number);
  });
  // Tags and throw belong to both forms of exceptions; alone they ask for the one that became standard.
  if (!features.has('legacy-exceptions')) {
    const tags = module.sections.find(({ name }) => name === 'tag');
    if (tags !== undefined) features.add('exceptions', tags.offset);
    if (counts.opcodes[THROW] !== 0) features.add('exceptions', counts.first[THROW] as number);
    const imported = module.imports.find(({ kind }) => kind === 'tag');
    if (imported !== undefined) features.add('exceptions', imported.offset);
  }
  return features.list();
}
