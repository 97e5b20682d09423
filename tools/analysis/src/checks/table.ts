import type { Check } from '../check.ts';
import { artifactDigest, artifactKind, artifactSize, requiredExports, target } from './artifact.ts';
import { capabilitiesBounded, capabilitiesDeclared, capabilitiesWidened, importsKnown } from './capabilities.ts';
import { codePatterns } from './code.ts';
import { embedded, strings } from './data.ts';
import { hostFeatures, sameAnswersCode, sameAnswersHost } from './determinism.ts';
import { authorLimits, presentation, ranges } from './manifest.ts';
import { names, wasiNames } from './names.ts';
import { nameForm, nameFree, versionAbove } from './plugin-name.ts';
import { publisherSignature, releaseFiles } from './release.ts';
import { memoryBounds, tableBounds } from './resources.ts';
import { runLimits, sameAnswersRuns, vectorOutputs } from './runs.ts';
import { customSections } from './sections.ts';
import { structure } from './structure.ts';
import { wasmValid } from './validity.ts';
import { hostWorld } from './world.ts';

/** Every static check in the order it is shown. Policy names which of them are required. */
export const CHECKS = {
  'artifact-digest': { title: 'Bytes are those the release names', run: artifactDigest },
  'wasm-valid': { title: 'Well-formed, valid WebAssembly', run: wasmValid },
  'artifact-kind': { title: 'Kind fits the host', run: artifactKind },
  target: { title: 'Host and API version exist', run: target },
  'host-features': { title: 'The host’s engine has its features', run: hostFeatures },
  exports: { title: 'Exports the host calls', run: requiredExports },
  world: { title: 'Fits the host’s world', run: hostWorld },
  'imports-known': { title: 'Every import is known', run: importsKnown },
  'capabilities-declared': { title: 'Capabilities are declared', run: capabilitiesDeclared },
  'capabilities-bounded': { title: 'Imports bound what it can reach', run: capabilitiesBounded },
  'capabilities-widened': { title: 'No more than the last release', run: capabilitiesWidened },
  size: { title: 'File size', run: artifactSize },
  memory: { title: 'Memory', run: memoryBounds },
  tables: { title: 'Tables', run: tableBounds },
  'author-limits': { title: 'The release’s own limits', run: authorLimits },
  names: { title: 'Names that can be read', run: names },
  'wasi-names': { title: 'What is called WASI is WASI', run: wasiNames },
  strings: { title: 'Texts in the data', run: strings },
  embedded: { title: 'Files in the data', run: embedded },
  'custom-sections': { title: 'Custom sections', run: customSections },
  'code-patterns': { title: 'What the code is made of', run: codePatterns },
  structure: { title: 'Start, tables, memory', run: structure },
  'same-answers-code': { title: 'Same answers: the code', run: sameAnswersCode },
  'same-answers-host': { title: 'Same answers: the host', run: sameAnswersHost },
  'name-form': { title: 'A name for every system', run: nameForm },
  'name-free': { title: 'A name that is free', run: nameFree },
  'version-above': { title: 'Version above the last one', run: versionAbove },
  ranges: { title: 'Ranges of versions', run: ranges },
  presentation: { title: 'README, licence, source', run: presentation },
  'release-files': { title: 'README and vectors match', run: releaseFiles },
  vectors: { title: 'Vectors give what they promise', run: vectorOutputs },
  'run-limits': { title: 'Vectors stay within the limits', run: runLimits },
  'same-answers-runs': { title: 'Same answers: the runs', run: sameAnswersRuns },
  'publisher-signature': { title: 'Signed by its publisher', run: publisherSignature },
} as const satisfies Record<string, { readonly title: string; readonly run: Check }>;

export type CheckName = keyof typeof CHECKS;
