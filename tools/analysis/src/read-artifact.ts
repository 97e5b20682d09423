// Reads the file under review. A report names every import up to three times, so a file whose facts would fill the memory, or a
// string, is refused with a limit of its own although the reader could read it.
import type { Policy } from '@plugmark/schemas';
import { DEFAULT_LIMITS, type ReaderLimits, readWasm, WasmError, type WasmFacts } from '@plugmark/wasm';
import { nestedModules } from './facts.ts';

export type ReadArtifact = { readonly facts: WasmFacts } | { readonly error: WasmError };

/** The largest of the acceptance corpus has 75,111 exports; a thousand imports are many. */
const MAX_EXTERNS = 200_000;
/** Names of all imports and exports together: the same file has 5 MB. */
const MAX_NAME_CHARACTERS = 16 * 1024 * 1024;
/** A file over the registry's limit is refused anyway; one that is not far over it is read to say what it can do. */
const READ_UP_TO = { times: 4, atLeast: 16 * 1024 * 1024 };

export function readArtifact(bytes: Uint8Array, { limits }: Policy): ReadArtifact {
  try {
    const facts = readWasm(bytes, readerLimits(limits.artifactBytes));
    const characters = nameCharacters(facts);
    return characters > MAX_NAME_CHARACTERS ? { error: tooManyNames(characters) } : { facts };
  } catch (error) {
    if (error instanceof WasmError) return { error };
    throw error;
  }
}

/** Whether the file was left unread for its size, which says nothing about what is in it. */
export function isTooLargeToRead({ code, details }: WasmError): boolean {
  return code === 'WASM_LIMIT' && details['limit'] === 'fileBytes';
}

function readerLimits(artifactBytes: number): ReaderLimits {
  const fileBytes = Math.max(artifactBytes * READ_UP_TO.times, READ_UP_TO.atLeast);
  return {
    ...DEFAULT_LIMITS,
    fileBytes: Math.min(DEFAULT_LIMITS.fileBytes, fileBytes),
    imports: MAX_EXTERNS,
    exports: MAX_EXTERNS,
  };
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

function tooManyNames(characters: number): WasmError {
  return new WasmError('WASM_LIMIT', `the names of imports and exports have ${characters} characters together`, {
    offset: 0,
    details: { limit: 'nameCharacters', value: characters, maximum: MAX_NAME_CHARACTERS },
  });
}
