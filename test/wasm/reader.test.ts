// Every vector of the reader, against its checked-in bytes and expectation, and against the running engine.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inspectWasm, readWasm, WASM_ERROR_CODES, WasmError } from '@plugmark/wasm';
import { describe, expect, test } from 'vitest';
import { expectEngineAgrees } from './engine.ts';
import { READER_CASES, type ReaderCase } from './reader-cases.ts';

const VECTORS = new URL('../vectors/wasm/', import.meta.url);
const BLESS = process.env['BLESS'] === '1';
const CASES = Object.entries(READER_CASES);

/** What a reader in any language is expected to say. */
function outcome({
  bytes,
  instructions = false,
}: ReaderCase): { facts: unknown } | { code: string; offset: number; details: unknown } {
  try {
    return instructions ? { facts: inspectWasm(bytes) } : { facts: readWasm(bytes) };
  } catch (error) {
    if (!(error instanceof WasmError)) throw error;
    return { code: error.code, offset: error.offset, details: error.details };
  }
}

function bless(name: string, reader: ReaderCase): void {
  const { says, bytes } = reader;
  const directory = new URL(`${name}/`, VECTORS);
  mkdirSync(directory, { recursive: true });
  writeFileSync(new URL('README.md', directory), `${says}\n`);
  writeFileSync(new URL('input.wasm', directory), bytes);
  writeFileSync(new URL('expect.json', directory), `${JSON.stringify(outcome(reader), null, 1)}\n`);
}

describe('vectors', () => {
  test.each(CASES)('%s', (name, reader) => {
    if (BLESS) bless(name, reader);
    const file = (path: string): Buffer => readFileSync(new URL(`${name}/${path}`, VECTORS));
    const found = outcome(reader);
    expect('code' in found ? found.code : undefined).toBe(reader.code);
    expect(name.endsWith('_fail')).toBe(reader.code !== undefined);
    expect(new Uint8Array(file('input.wasm'))).toEqual(reader.bytes);
    expect(JSON.parse(JSON.stringify(found))).toEqual(JSON.parse(file('expect.json').toString()));
    expect(file('README.md').toString()).toBe(`${reader.says}\n`);
  });

  test.each(CASES.filter(([name]) => !name.includes('component')))('the engine agrees: %s', (_name, reader) => {
    const accepted = reader.code === undefined;
    expect(WebAssembly.validate(reader.bytes)).toBe(reader.engineDiffers === undefined ? accepted : !accepted);
    if (accepted && reader.engineDiffers === undefined) expectEngineAgrees(reader.bytes);
  });

  test('the directories are exactly the cases', () => {
    expect(readdirSync(fileURLToPath(VECTORS)).sort()).toEqual(Object.keys(READER_CASES).sort());
  });

  test('every error code has a failing vector', () => {
    const covered = new Set(CASES.map(([, { code }]) => code).filter((code) => code !== undefined));
    // Those of WIT text have theirs in test/vectors/wit.
    const ofBytes = Object.keys(WASM_ERROR_CODES).filter((code) => !code.startsWith('WIT_'));
    expect([...covered].sort()).toEqual(ofBytes.sort());
  });
});
