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
  const digest = await sha256(bytes);
  if (!looksLikeZip(bytes)) return { ...artifactFacts(readWasm(bytes, DEFAULT_LIMITS)), sha256: digest };
  const found = await readProcessPackage(bytes);
  const facts = processFacts(found);
  if (facts !== undefined) return { ...facts, sha256: digest };
  throw new ZipError(found.problems[0] ?? { code: 'ZIP_NO_END', offset: bytes.length });
}
