import type { Inspection } from '@plugmark/schemas';
import { DEFAULT_LIMITS, readWasm } from '@plugmark/wasm';
import { sha256 } from './digest.ts';
import { artifactFacts } from './facts.ts';
import { processFacts, readProcessPackage } from './process-package.ts';
import { looksLikeZip } from './zip/read-zip.ts';
import { ZipError } from './zip/zip-problem.ts';

/**
 * What the bytes are, without any judgement: kind, size, digest, imports, exports, memories, files and so on. Throws WasmError, and
 * ZipError for the first thing that is wrong with a zip.
 */
export async function inspectArtifact(bytes: Uint8Array): Promise<Inspection> {
  // Engines hash on another thread, so this goes on while the module is read here.
  const digest = sha256(bytes);
  if (!looksLikeZip(bytes)) return { ...artifactFacts(readWasm(bytes, DEFAULT_LIMITS)), sha256: await digest };
  const found = await readProcessPackage(bytes);
  const facts = processFacts(found);
  if (facts !== undefined) return { ...facts, sha256: await digest };
  throw new ZipError(found.problems[0] ?? { code: 'ZIP_NO_END', offset: bytes.length });
}
