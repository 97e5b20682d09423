// Properties: whatever the bytes, the reader refuses with a WasmError inside the file or gives facts that the engine
// does not contradict, and the same ones again.
import { readFileSync } from 'node:fs';
import { readWasm, WASM_ERROR_CODES, WasmError } from '@plugmark/wasm';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { WasmBuilder } from '../testkit/wasm-builder.ts';
import { expectEngineAgrees } from './engine.ts';
import { READER_CASES } from './reader-cases.ts';

const HONEST = Object.values(READER_CASES)
  .filter(({ code, bytes }) => code === undefined && bytes.length > 8)
  .map(({ bytes }) => bytes);

const RICH = new WasmBuilder()
  .importFunction('wasi_snapshot_preview1', 'fd_write', ['i32', 'i32', 'i32', 'i32'], ['i32'])
  .importMemory('env', 'memory', { min: 1, max: 4 })
  .function({ parameters: ['i32'], results: ['i32'], body: [0x20, 0], export: 'run' })
  .function({ export: 'init' })
  .table({ min: 2 }, { export: 'table' })
  .global('i32', [0x41, 5, 0x0b], { export: 'base' })
  .elements(0, [1, 2])
  .data(8, [1, 2, 3])
  .producers({ language: [['C', '17']] })
  .moduleName('rich')
  .build();

const module = fc.constantFrom(RICH, ...HONEST);

/** Reads, and checks everything that must hold for any bytes. Returns whether the file was read. */
function readAny(bytes: Uint8Array<ArrayBuffer>): boolean {
  try {
    const facts = readWasm(bytes);
    expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
    expect(readWasm(bytes)).toEqual(facts);
    if (facts.kind === 'core' && WebAssembly.validate(bytes)) expectEngineAgrees(bytes);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(WasmError);
    const { code, offset, details } = error as WasmError;
    expect(Object.keys(WASM_ERROR_CODES)).toContain(code);
    expect(Number.isInteger(offset) && offset >= 0 && offset <= bytes.length).toBe(true);
    expect(JSON.parse(JSON.stringify(details))).toEqual(details);
    return false;
  }
}

test('arbitrary bytes after a preamble', () => {
  const preamble = fc.constantFrom([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], [0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0], []);
  fc.assert(
    fc.property(preamble, fc.uint8Array({ maxLength: 64 }), (start, rest) => {
      readAny(Uint8Array.from([...start, ...rest]));
    }),
    { numRuns: 2_000 },
  );
});

test('an honest module with bytes changed', () => {
  const change = fc.record({ at: fc.nat(), byte: fc.nat(255) });
  fc.assert(
    fc.property(module, fc.array(change, { minLength: 1, maxLength: 4 }), (honest, changes) => {
      const bytes = honest.slice();
      for (const { at, byte } of changes) bytes[at % bytes.length] = byte;
      readAny(bytes);
    }),
    { numRuns: 5_000 },
  );
});

test('an honest module with a part cut out or put in twice', () => {
  fc.assert(
    fc.property(module, fc.nat(), fc.nat(16), fc.boolean(), (honest, at, length, twice) => {
      const start = at % honest.length;
      const end = twice ? start : start + length;
      readAny(Uint8Array.from([...honest.subarray(0, twice ? start + length : start), ...honest.subarray(end)]));
    }),
    { numRuns: 3_000 },
  );
});

test('every truncation of an honest file ends between sections or is refused', () => {
  for (const honest of [RICH, ...HONEST]) {
    for (let length = 0; length < honest.length; length++) readAny(honest.slice(0, length));
  }
});

test('every single-bit flip of a module is refused or read as the engine reads it', () => {
  let refused = 0;
  for (let bit = 0; bit < RICH.length * 8; bit++) {
    const bytes = RICH.slice();
    bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
    if (!readAny(bytes)) refused += 1;
  }
  expect(refused).toBeGreaterThan(RICH.length);
});

test('a real plugin with bytes changed', () => {
  const plugin = new Uint8Array(readFileSync(new URL('../../node_modules/@dprint/toml/plugin.wasm', import.meta.url)));
  // The first kilobytes hold types, imports and exports; further in, most changes meet instructions or data.
  const at = fc.oneof(fc.nat(4_096), fc.nat(plugin.length - 1));
  fc.assert(
    fc.property(at, fc.nat(255), (position, byte) => {
      const bytes = plugin.slice();
      bytes[position] = byte;
      readAny(bytes);
    }),
    { numRuns: 100 },
  );
});
