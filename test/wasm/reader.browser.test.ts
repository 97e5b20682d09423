// The same vectors in a real browser: the package must not need anything a page does not have.
import { inspectWasm, readWasm, WasmError } from '@plugmark/wasm';
import { expect, test } from 'vitest';
import { READER_CASES, type ReaderCase } from './reader-cases.ts';

function codeOf({ bytes, instructions = false }: ReaderCase): string | undefined {
  try {
    (instructions ? inspectWasm : readWasm)(bytes);
    return undefined;
  } catch (error) {
    if (error instanceof WasmError) return error.code;
    throw error;
  }
}

test.each(Object.entries(READER_CASES))('%s', (_name, reader) => {
  expect(codeOf(reader)).toBe(reader.code);
});
