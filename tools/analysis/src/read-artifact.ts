import type { ArtifactKind, HostProfile, Release } from '@plugmark/schemas';
import { inspectWasm, WasmError, type WasmFacts } from '@plugmark/wasm';
import type { Core, ReadWasm } from './check.ts';
import { nestedModules } from './facts.ts';
import { type ProcessPackage, readProcessPackage } from './process-package.ts';
import { scanData } from './scan/scan-data.ts';
import { looksLikeZip } from './zip/read-zip.ts';

/** What became of the bytes: WebAssembly, a reason why they are none, or a zip, whose problems are its own. */
export type ReadArtifact = ReadWasm | { readonly error: WasmError } | { readonly process: ProcessPackage };

interface Expected {
  readonly release: Release | undefined;
  readonly profile: HostProfile | undefined;
}

/** By what the bytes are; what is neither is read as what was expected, so that the right thing is said of it. */
export async function readArtifact(bytes: Uint8Array, { release, profile }: Expected): Promise<ReadArtifact> {
  const expected = release?.artifact.kind ?? profile?.artifact;
  if (looksLikeZip(bytes) || (expected === 'process' && !looksLikeWasm(bytes)))
    return { process: await readProcessPackage(bytes) };
  try {
    return readWasmArtifact(bytes);
  } catch (error) {
    if (error instanceof WasmError) return { error };
    throw error;
  }
}

/** The kind, where the bytes could be read. */
export function kindOf(read: ReadArtifact): ArtifactKind | undefined {
  if ('facts' in read) return read.facts.kind;
  return 'process' in read && read.process.problems.length === 0 ? 'process' : undefined;
}

const looksLikeWasm = (bytes: Uint8Array): boolean => [0x00, 0x61, 0x73, 0x6d].every((byte, i) => bytes[i] === byte);

/** Every instruction and the data. Throws WasmError. */
function readWasmArtifact(bytes: Uint8Array): ReadWasm {
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
