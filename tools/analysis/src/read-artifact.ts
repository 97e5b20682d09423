import type { ArtifactKind, HostProfile, Release } from '@plugmark/schemas';
import { DEFAULT_LIMITS, readWasm, WasmError, type WasmFacts } from '@plugmark/wasm';
import { type ProcessPackage, readProcessPackage } from './process-package.ts';
import { looksLikeZip } from './zip/read-zip.ts';

/** What became of the bytes: WebAssembly, a reason why they are none, or a zip, whose problems are its own. */
export type ReadArtifact =
  | { readonly facts: WasmFacts }
  | { readonly error: WasmError }
  | { readonly process: ProcessPackage };

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
    return { facts: readWasm(bytes, DEFAULT_LIMITS) };
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
