import type { Check } from '../check.ts';
import { artifactDigest, artifactKind, artifactSize, requiredExports, target } from './artifact.ts';
import { capabilitiesBounded, capabilitiesDeclared, capabilitiesWidened, importsKnown } from './capabilities.ts';
import { codePatterns } from './code.ts';
import { embedded, strings } from './data.ts';
import { hostFeatures, sameAnswersCode, sameAnswersHost } from './determinism.ts';
import { authorLimits, presentation, ranges } from './manifest.ts';
import { names, wasiNames } from './names.ts';
import { nameForm, nameFree, versionAbove } from './plugin-name.ts';
import { processBounded, processManifest, sourceReadable, zipSafe } from './process.ts';
import { publisherSignature, releaseFiles } from './release.ts';
import { memoryBounds, tableBounds } from './resources.ts';
import { runLimits, sameAnswersRuns, vectorOutputs } from './runs.ts';
import { customSections } from './sections.ts';
import { structure } from './structure.ts';
import { wasmValid } from './validity.ts';
import { hostWorld } from './world.ts';

interface ListedCheck {
  readonly title: string;
  readonly of?: 'wasm' | 'process';
  readonly run: Check;
}

/**
 * Every static check in the order it is shown. Policy names which of them are required. `of`: asked of that kind of artifact only, and
 * not listed for the other.
 */
export const CHECKS = {
  'artifact-digest': { title: 'Bytes are those the release names', run: artifactDigest },
  'wasm-valid': { title: 'Well-formed, valid WebAssembly', of: 'wasm', run: wasmValid },
  'zip-safe': { title: 'A zip that unpacks safely', of: 'process', run: zipSafe },
  'artifact-kind': { title: 'Kind fits the host', run: artifactKind },
  target: { title: 'Host and API version exist', run: target },
  'host-features': { title: 'The host’s engine has its features', of: 'wasm', run: hostFeatures },
  exports: { title: 'Exports the host calls', of: 'wasm', run: requiredExports },
  world: { title: 'Fits the host’s world', of: 'wasm', run: hostWorld },
  'imports-known': { title: 'Every import is known', of: 'wasm', run: importsKnown },
  'process-manifest': { title: 'plugin.json fits files and release', of: 'process', run: processManifest },
  'source-readable': { title: 'Every file can be read', of: 'process', run: sourceReadable },
  'capabilities-declared': { title: 'Capabilities are declared', run: capabilitiesDeclared },
  'capabilities-bounded': { title: 'Imports bound what it can reach', of: 'wasm', run: capabilitiesBounded },
  'process-bounded': { title: 'Something bounds what it can reach', of: 'process', run: processBounded },
  'capabilities-widened': { title: 'No more than the last release', run: capabilitiesWidened },
  size: { title: 'File size', run: artifactSize },
  memory: { title: 'Memory', of: 'wasm', run: memoryBounds },
  tables: { title: 'Tables', of: 'wasm', run: tableBounds },
  'author-limits': { title: 'The release’s own limits', of: 'wasm', run: authorLimits },
  names: { title: 'Names that can be read', of: 'wasm', run: names },
  'wasi-names': { title: 'What is called WASI is WASI', of: 'wasm', run: wasiNames },
  strings: { title: 'Texts in the data', of: 'wasm', run: strings },
  embedded: { title: 'Files in the data', of: 'wasm', run: embedded },
  'custom-sections': { title: 'Custom sections', of: 'wasm', run: customSections },
  'code-patterns': { title: 'What the code is made of', of: 'wasm', run: codePatterns },
  structure: { title: 'Start, tables, memory', of: 'wasm', run: structure },
  'same-answers-code': { title: 'Same answers: the code', of: 'wasm', run: sameAnswersCode },
  'same-answers-host': { title: 'Same answers: the host', of: 'wasm', run: sameAnswersHost },
  'name-form': { title: 'A name for every system', run: nameForm },
  'name-free': { title: 'A name that is free', run: nameFree },
  'version-above': { title: 'Version above the last one', run: versionAbove },
  ranges: { title: 'Ranges of versions', run: ranges },
  presentation: { title: 'README, licence, source', run: presentation },
  'release-files': { title: 'README and vectors match', run: releaseFiles },
  vectors: { title: 'Vectors give what they promise', of: 'wasm', run: vectorOutputs },
  'run-limits': { title: 'Vectors stay within the limits', of: 'wasm', run: runLimits },
  'same-answers-runs': { title: 'Same answers: the runs', of: 'wasm', run: sameAnswersRuns },
  'publisher-signature': { title: 'Signed by its publisher', run: publisherSignature },
} as const satisfies Record<string, ListedCheck>;

export type CheckName = keyof typeof CHECKS;

/** What is asked of bytes that were read as a zip, or as WebAssembly. Absent is not passed: whoever needs a check looks for it. */
export function checksOf(kind: 'wasm' | 'process'): readonly (readonly [CheckName, Check])[] {
  const all = Object.entries(CHECKS) as [CheckName, ListedCheck][];
  return all.filter(([, { of }]) => of === undefined || of === kind).map(([name, { run }]) => [name, run]);
}
