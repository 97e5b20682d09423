import type { Inspection } from '@plugmark/schemas';
import { DEFAULT_LIMITS, readWasm } from '@plugmark/wasm';
import { sha256 } from './digest.ts';
import { artifactFacts } from './facts.ts';

/** What the bytes are, without any judgement: kind, size, digest, imports, exports, memories and so on. Throws WasmError. */
export async function inspectArtifact(bytes: Uint8Array): Promise<Inspection> {
  const digest = sha256(bytes);
  return { ...artifactFacts(readWasm(bytes, DEFAULT_LIMITS)), sha256: await digest };
}
