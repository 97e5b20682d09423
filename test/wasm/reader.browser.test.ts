// The same vectors in a real browser: the package must not need anything a page does not have.
import { readWasm, WasmError } from '@plugmark/wasm';
import { expect, test } from 'vitest';
import { READER_CASES } from './reader-cases.ts';

function codeOf(bytes: Uint8Array): string | undefined {
  try {
    readWasm(bytes);
    return undefined;
  } catch (error) {
    if (error instanceof WasmError) return error.code;
    throw error;
  }
}

test.each(Object.entries(READER_CASES))('%s', (_name, { bytes, code }) => {
  expect(codeOf(bytes)).toBe(code);
});
