// The opcode table, and the three readers made from it: the fast loop, the careful decoder and the one that only skips.
import { readFileSync } from 'node:fs';
import { FEATURE_IDS, type FeatureId, inspectWasm, meterFuel, WasmError } from '@plugmark/wasm';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteReader } from '../../tools/wasm/src/byte-reader.ts';
import { readImmediates, readOpcode } from '../../tools/wasm/src/immediates.ts';
import { DEFAULT_LIMITS, newBudget } from '../../tools/wasm/src/limits.ts';
import { readModule } from '../../tools/wasm/src/module.ts';
import { type Immediate, OPCODES } from '../../tools/wasm/src/opcodes.ts';
import { afterImmediates, afterOpcode, opcodeAt } from '../../tools/wasm/src/skip-instruction.ts';
import {
  type Bytes,
  coreModule,
  functionType,
  name,
  section,
  u32,
  vector,
  WasmBuilder,
} from '../testkit/wasm-builder.ts';

/** An encoding of each immediate that is right in the module below. */
const EXAMPLES: Readonly<Record<Immediate, Bytes>> = {
  blockType: [0x40],
  label: [0],
  labels: [2, 0, 0, 0],
  catches: [2, 0, 0, 0, 2, 0],
  function: [0],
  functionType: [0],
  structType: [1],
  arrayType: [2],
  field: [0],
  table: [0],
  memory: [0],
  memarg: [0, 0x80, 0x01],
  local: [0],
  global: [0],
  tag: [0],
  data: [0],
  element: [0],
  heapType: [0x70],
  castFlags: [3],
  valueTypes: [1, 0x7f],
  operands: [2],
  s32: [0x80, 0x7f],
  s64: [0x80, 0x80, 0x01],
  f32: [1, 2, 3, 4],
  f64: [1, 2, 3, 4, 5, 6, 7, 8],
  v128: [...Array(16).keys()],
  lane: [1],
  shuffle: [...Array(16).keys()],
  zero: [0],
};
const PREFIXES: readonly (readonly [number, number])[] = [
  [0x500, 0xfe],
  [0x300, 0xfd],
  [0x200, 0xfc],
  [0x100, 0xfb],
];

function encode(index: number): Bytes {
  const prefix = PREFIXES.find(([base]) => index >= base);
  const opcode = prefix === undefined ? [index] : [prefix[1], ...u32(index - prefix[0])];
  return [...opcode, ...(OPCODES[index]?.immediates ?? []).flatMap((immediate) => [...EXAMPLES[immediate]])];
}

/** A module with one of everything, and a function with this body. */
function withBody(body: Bytes): Uint8Array<ArrayBuffer> {
  const code = [1, 1, 0x7f, ...body, 0x0b];
  return coreModule(
    section(1, vector([functionType([], []), [0x5f, 1, 0x7f, 1], [0x5e, 0x7f, 1]])),
    section(3, vector([[0]])),
    section(4, vector([[0x70, 0, 1]])),
    section(5, vector([[0, 1]])),
    section(13, vector([[0, 0]])),
    section(6, vector([[0x7f, 1, 0x41, 0, 0x0b]])),
    section(9, vector([[1, 0, 0]])),
    section(12, [1]),
    section(10, [1, ...u32(code.length), ...code]),
    section(11, vector([[1, 1, 0]])),
  );
}

const DEFINED = OPCODES.flatMap((instruction, index) => (instruction === undefined ? [] : [{ index, ...instruction }]));
const NESTING: Readonly<Record<string, readonly [Bytes, Bytes]>> = {
  else: [[0x04, 0x40], [0x0b]],
  catch: [[0x06, 0x40], [0x0b]],
  catch_all: [[0x06, 0x40], [0x0b]],
  delegate: [[0x06, 0x40], []],
  end: [[0x02, 0x40], []],
};

describe('every instruction', () => {
  test('there are as many as the proposals define', () => {
    const count = (from: number, to: number): number =>
      DEFINED.filter(({ index }) => index >= from && index < to).length;
    expect([
      count(0, 0x100),
      count(0x100, 0x200),
      count(0x200, 0x300),
      count(0x300, 0x500),
      count(0x500, 0x600),
    ]).toEqual([199, 31, 22, 256, 67]);
  });

  test.each(DEFINED)('$name ($index)', ({ index, name: called, flow }) => {
    const [before, after] = NESTING[called] ?? [[], flow === 'open' || flow === 'loop' || flow === 'if' ? [0x0b] : []];
    const encoded = encode(index);
    const bytes = withBody([...before, ...encoded, ...after]);
    const { code } = inspectWasm(bytes);
    expect(code[0]?.opcodes[called]).toBeGreaterThan(0);
    const whole = { start: 0, end: bytes.length, overrun: 'WASM_TRUNCATED' } as const;
    const module = readModule(new ByteReader(bytes, whole), newBudget(DEFAULT_LIMITS));
    const start = (module.bodies[0] as number) + 3 + before.length;
    const reader = new ByteReader(bytes, { ...whole, start });
    expect(readOpcode(reader)).toBe(index);
    readImmediates(reader, index, { module, limits: DEFAULT_LIMITS, locals: 1, labels: 1 });
    expect(reader.offset - start).toBe(encoded.length);
    expect(opcodeAt(bytes, start)).toBe(index);
    expect(afterImmediates(bytes, index, afterOpcode(bytes, start))).toBe(start + encoded.length);
  });
});

const one = (body: Bytes): Uint8Array<ArrayBuffer> => new WasmBuilder().function({ body }).build();
const memory = (...type: Bytes): Uint8Array<ArrayBuffer> => coreModule(section(5, vector([type])));

/** A module of each feature, and what else it uses. */
const FEATURE_EXAMPLES: Readonly<Record<FeatureId, readonly [Uint8Array<ArrayBuffer>, ...FeatureId[]]>> = {
  'mutable-globals': [new WasmBuilder().importGlobal('m', 'g', 'i32', { mutable: true }).build()],
  'sign-extension': [one([0x41, 0, 0xc0, 0x1a])],
  'saturating-float-to-int': [one([0x43, 0, 0, 0, 0, 0xfc, 0, 0x1a])],
  'multi-value': [coreModule(section(1, vector([functionType([], ['i32', 'i32'])])))],
  'bulk-memory': [new WasmBuilder().passiveData([1]).build()],
  'reference-types': [new WasmBuilder().table({ min: 0 }, { element: 'externref' }).build()],
  simd: [one([0x41, 0, 0xfd, 0x11, 0x1a])],
  threads: [memory(3, 1, 1)],
  'tail-call': [one([0x12, 0])],
  'extended-const': [new WasmBuilder().global('i32', [0x41, 1, 0x41, 1, 0x6a, 0x0b]).build()],
  'multi-memory': [new WasmBuilder().memory({ min: 0 }).memory({ min: 0 }).build()],
  memory64: [memory(4, 0)],
  'legacy-exceptions': [
    new WasmBuilder()
      .tag([])
      .function({ body: [0x06, 0x40, 0x08, 0, 0x19, 0x0b] })
      .build(),
  ],
  exceptions: [new WasmBuilder().tag([]).build()],
  'typed-function-references': [one([0xd0, 0x70, 0xd4, 0x1a]), 'reference-types'],
  gc: [coreModule(section(1, vector([[0x5f, 0]])))],
  'relaxed-simd': [one([...[0x41, 0, 0xfd, 0x11], ...[0x41, 0, 0xfd, 0x11], 0xfd, 0x80, 2, 0x1a]), 'simd'],
  'custom-page-sizes': [memory(8, 0, 0)],
  'wide-arithmetic': [one([0x42, 0, 0x42, 0, 0xfc, 0x15, 0x1a, 0x1a])],
  // Its types and instructions are refused, with the feature named.
  'stack-switching': [one([0xe0, 0])],
};

describe('features', () => {
  test.each(FEATURE_IDS)('%s', (feature) => {
    const [bytes, ...others] = FEATURE_EXAMPLES[feature];
    if (feature === 'stack-switching') {
      expect(() => inspectWasm(bytes)).toThrow(
        expect.objectContaining({ details: expect.objectContaining({ feature }) }),
      );
      return;
    }
    const { features } = inspectWasm(bytes);
    expect(features.map((use) => use.feature).sort()).toEqual([feature, ...others].sort());
    for (const { offset } of features) expect(offset > 0 && offset < bytes.length).toBe(true);
  });

  test('a module as compilers wrote it in 2017 uses none', () => {
    const bytes = new WasmBuilder()
      .memory({ min: 1 })
      .table({ min: 1 })
      .global('i32', [0x41, 0, 0x0b], { mutable: true })
      .function({ body: [0x41, 0, 0x28, 2, 0, 0x1a], export: 'run' })
      .elements(0, [0])
      .data(0, [1])
      .custom('target_features', [...vector([[0x2b, ...name('simd128')]])])
      .build();
    expect(inspectWasm(bytes).features).toEqual([]);
  });
});

const TOML = new Uint8Array(readFileSync(new URL('../../node_modules/@dprint/toml/plugin.wasm', import.meta.url)));

test('a real plugin with changed code: what the engine accepts is read, and metered to what the engine accepts', () => {
  const facts = inspectWasm(TOML).facts;
  const code = facts.kind === 'core' ? facts.sections.find((each) => each.name === 'code') : undefined;
  const at = fc.integer({ min: code?.offset ?? 0, max: (code?.offset ?? 0) + (code?.size ?? 1) - 1 });
  let accepted = 0;
  let refused = 0;
  fc.assert(
    fc.property(at, fc.nat(255), (position, byte) => {
      const bytes = TOML.slice();
      bytes[position] = byte;
      const valid = WebAssembly.validate(bytes);
      try {
        const metered = meterFuel(bytes, { schedule: 'wasmtime/46' });
        if (valid) expect(WebAssembly.validate(metered.bytes)).toBe(true);
        accepted += Number(valid);
      } catch (error) {
        expect(error).toBeInstanceOf(WasmError);
        expect(valid).toBe(false);
        refused += 1;
      }
    }),
    { numRuns: 150, seed: 11 },
  );
  expect(Math.min(accepted, refused)).toBeGreaterThan(5);
});

test('the summary of a module with known code', () => {
  const { code } = inspectWasm(
    new WasmBuilder()
      .memory({ min: 1 })
      .function({
        body: [1, 1, 1, 0x02, 0x40, 0x03, 0x40, 0x0b, 0x0b, 0x41, 1, 0x40, 0, 0x1a, 0x41, 0, 0x0e, 1, 0, 0, 0, 0],
      })
      .function({ body: [...new Array<Bytes>(150).fill([0x41, 1, 0x41, 1, 0x73, 0x1a]).flat()] })
      .build(),
  );
  expect(code).toHaveLength(1);
  expect(code[0]).toMatchObject({
    offset: 0,
    functions: 2,
    deepestNesting: 2,
    longestNopRun: 3,
    longestUnreachableRun: 2,
    largestBranchTable: 1,
    groups: { memoryGrow: 1, nops: 3, mixing: 150, atomics: 0 },
    mixingFunctions: [],
  });
  expect(code[0]?.instructions).toBe(15 + 601);
});
