import type { Check } from '../check.ts';
import { artifactDigest, artifactKind, artifactSize, requiredExports, target, wasmValid } from './artifact.ts';
import { capabilitiesBounded, capabilitiesDeclared, capabilitiesWidened, importsKnown } from './capabilities.ts';
import { publisherSignature, releaseFiles } from './release.ts';
import { memoryBounds, tableBounds } from './resources.ts';
import { runLimits, sameResults, vectorOutputs } from './runs.ts';
import { hostWorld } from './world.ts';

/** Every static check in the order it is shown. Policy names which of them are required. */
export const CHECKS = {
  'artifact-digest': { title: 'Bytes are those the release names', run: artifactDigest },
  'wasm-valid': { title: 'Well-formed, valid WebAssembly', run: wasmValid },
  'artifact-kind': { title: 'Kind fits the host', run: artifactKind },
  target: { title: 'Host and API version exist', run: target },
  exports: { title: 'Exports the host calls', run: requiredExports },
  world: { title: 'Fits the host’s world', run: hostWorld },
  'imports-known': { title: 'Every import is known', run: importsKnown },
  'capabilities-declared': { title: 'Capabilities are declared', run: capabilitiesDeclared },
  'capabilities-bounded': { title: 'Imports bound what it can reach', run: capabilitiesBounded },
  'capabilities-widened': { title: 'No more than the last release', run: capabilitiesWidened },
  size: { title: 'File size', run: artifactSize },
  memory: { title: 'Memory', run: memoryBounds },
  tables: { title: 'Tables', run: tableBounds },
  'release-files': { title: 'README and vectors match', run: releaseFiles },
  vectors: { title: 'Vectors give what they promise', run: vectorOutputs },
  'run-limits': { title: 'Vectors stay within the limits', run: runLimits },
  determinism: { title: 'Same input, same result', run: sameResults },
  'publisher-signature': { title: 'Signed by its publisher', run: publisherSignature },
} as const satisfies Record<string, { readonly title: string; readonly run: Check }>;

export type CheckName = keyof typeof CHECKS;
