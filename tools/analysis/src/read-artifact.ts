import { inspectWasm, type WasmFacts } from '@plugmark/wasm';
import type { Core, ReadArtifact } from './check.ts';
import { nestedModules } from './facts.ts';
import { scanData } from './scan/scan-data.ts';

/** Reads a file with every instruction and its data. Throws WasmError. */
export function readArtifact(bytes: Uint8Array): ReadArtifact {
  const { facts, features, code } = inspectWasm(bytes);
  const byOffset = new Map(code.map((found) => [found.offset, found]));
  const cores = coreModules(facts).flatMap(({ offset, ...core }): Core[] => {
    const found = byOffset.get(offset);
    return found === undefined ? [] : [{ ...core, code: found }];
  });
  const data = scanData(
    bytes,
    cores.map(({ facts: { dataSegments }, index }) => ({
      segments: dataSegments,
      ...(index === undefined ? {} : { module: index }),
    })),
  );
  return { facts, features, cores, data };
}

function coreModules(facts: WasmFacts): readonly (Omit<Core, 'code'> & { readonly offset: number })[] {
  if (facts.kind === 'core') return [{ facts, offset: 0 }];
  return nestedModules(facts).map((module, index) => ({ facts: module, index, offset: module.offset }));
}
