// Reads the file under review by what its bytes are. A report names every import up to three times, so a file whose facts would fill
// the memory, or a string, is refused with a limit of its own although the reader could read it.

import type { ArtifactKind, HostProfile, Policy, Release } from '@plugmark/schemas';
import {
  type CodeFacts,
  DEFAULT_LIMITS,
  type FeatureUse,
  inspectWasm,
  type ModuleFacts,
  type ReaderLimits,
  WasmError,
  type WasmFacts,
} from '@plugmark/wasm';
import { nestedModules } from './facts.ts';
import { type ProcessPackage, readProcessPackage } from './process-package.ts';
import { type DataScan, scanData } from './scan/scan-data.ts';
import { looksLikeZip } from './zip/read-zip.ts';

/** A core module with what its code holds: the file itself, or the one with this index among those inside a component. */
export interface Core {
  readonly facts: ModuleFacts;
  readonly code: CodeFacts;
  readonly index?: number;
}

/** A file that could be read, with every instruction. */
export interface ReadWasm {
  readonly facts: WasmFacts;
  readonly features: readonly FeatureUse[];
  readonly cores: readonly Core[];
  readonly data: DataScan;
}

/** What became of the bytes: WebAssembly, a reason why they are none, or a zip, whose problems are its own. */
export type ReadArtifact = ReadWasm | { readonly error: WasmError } | { readonly process: ProcessPackage };

/** The largest of the acceptance corpus has 75,111 exports; a thousand imports are many. */
const MAX_EXTERNS = 200_000;
/** Names of all imports and exports together: the same file has 5 MB. */
const MAX_NAME_CHARACTERS = 16 * 1024 * 1024;
/** A file over the registry's limit is refused anyway; one that is not far over it is read to say what it can do. */
const READ_UP_TO = { times: 4, atLeast: 16 * 1024 * 1024 };

interface Expected {
  readonly release: Release | undefined;
  readonly profile: HostProfile | undefined;
  readonly policy: Policy;
}

/** By what the bytes are; what is neither is read as what was expected, so that the right thing is said of it. */
export async function readArtifact(bytes: Uint8Array, { release, profile, policy }: Expected): Promise<ReadArtifact> {
  const expected = release?.artifact.kind ?? profile?.artifact;
  if (looksLikeZip(bytes) || (expected === 'process' && !looksLikeWasm(bytes)))
    return { process: await readProcessPackage(bytes) };
  try {
    return readWasmArtifact(bytes, readerLimits(policy.limits.artifactBytes));
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

/** Whether the file was left unread for its size, which says nothing about what is in it. */
export function isTooLargeToRead({ code, details }: WasmError): boolean {
  return code === 'WASM_LIMIT' && details['limit'] === 'fileBytes';
}

const looksLikeWasm = (bytes: Uint8Array): boolean => [0x00, 0x61, 0x73, 0x6d].every((byte, i) => bytes[i] === byte);

function readerLimits(artifactBytes: number): ReaderLimits {
  const fileBytes = Math.max(artifactBytes * READ_UP_TO.times, READ_UP_TO.atLeast);
  return {
    ...DEFAULT_LIMITS,
    fileBytes: Math.min(DEFAULT_LIMITS.fileBytes, fileBytes),
    imports: MAX_EXTERNS,
    exports: MAX_EXTERNS,
  };
}

/** Every instruction and the data. Throws WasmError. */
function readWasmArtifact(bytes: Uint8Array, limits: ReaderLimits): ReadWasm {
  const { facts, features, code } = inspectWasm(bytes, limits);
  requireFewNames(facts);
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

function requireFewNames(facts: WasmFacts): void {
  const characters = nameCharacters(facts);
  if (characters <= MAX_NAME_CHARACTERS) return;
  throw new WasmError('WASM_LIMIT', `the names of imports and exports have ${characters} characters together`, {
    offset: 0,
    details: { limit: 'nameCharacters', value: characters, maximum: MAX_NAME_CHARACTERS },
  });
}

function nameCharacters(facts: WasmFacts): number {
  const modules = facts.kind === 'component' ? nestedModules(facts) : [facts];
  const cores = modules.flatMap((module) => [
    ...module.imports.map(({ module: from, name }) => from.length + name.length),
    ...module.exports.map(({ name }) => name.length),
  ]);
  const own = facts.kind === 'component' ? [...facts.imports, ...facts.exports].map(({ name }) => name.length) : [];
  return [...cores, ...own].reduce((sum, length) => sum + length, 0);
}
