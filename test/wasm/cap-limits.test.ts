// A host's bounds written into a module: growth ends there whatever the engine's own flags, and nothing else of the module changes.
import { capLimits, meterFuel, readWasm } from '@plugmark/wasm';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assemble } from '../analysis/assemble.ts';
import { program, programBytes } from '../testkit/random-program.ts';

const CAPS = { memoryBytes: 4 * 65_536 + 1, tableElements: 5 };
const capped = (wat: string): Uint8Array<ArrayBuffer> => capLimits(assemble(wat), CAPS);

function boundsOf(wat: string): unknown {
  const facts = readWasm(capped(wat));
  if (facts.kind !== 'core') throw new TypeError('no core module');
  return [
    ...facts.memories.map(({ minPages, maxPages }) => [minPages, maxPages]),
    ...facts.tables.map(({ min, max }) => [min, max]),
  ];
}

describe('maxima', () => {
  test.each([
    ['none becomes the bound', '(memory 1)', [[1, 4]]],
    ['a larger one becomes the bound', '(memory 1 60000)', [[1, 4]]],
    ['a smaller one stays', '(memory 1 3)', [[1, 3]]],
    ['the bound itself stays', '(memory 4 4)', [[4, 4]]],
    ['a memory that starts above the bound stays, with its maximum or without', '(memory 9)', [[9, undefined]]],
    ['and so does its maximum', '(memory 9 20)', [[9, 20]]],
    ['a shared memory', '(memory 1 100 shared)', [[1, 4]]],
    ['a memory of 64 bits', '(memory i64 1 0x1000000000)', [[1, 4]]],
    ['a table', '(table 2 funcref)', [[2, 5]]],
    ['a table of another type', '(table 2 1000 externref)', [[2, 5]]],
    [
      'each of several',
      '(memory 0) (table 1 2 funcref) (table 1 funcref) (table 6 funcref)',
      [
        [0, 4],
        [1, 2],
        [1, 5],
        [6, undefined],
      ],
    ],
  ])('%s', (_, fields, expected) => {
    expect(boundsOf(`(module ${fields})`)).toEqual(expected);
  });

  test('a table with an initialiser and a typed reference keeps both', () => {
    // (type (func)) (func) (table 1 (ref 0) (ref.func 0)) (elem declare func 0), which wabt cannot write.
    const bytes = Uint8Array.from([
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0],
      ...[4, 10, 1, 0x40, 0, 0x64, 0, 0, 1, 0xd2, 0, 0x0b],
      ...[7, 5, 1, 1, 0x66, 0, 0, 10, 4, 1, 2, 0, 0x0b],
    ]);
    const facts = readWasm(capLimits(bytes, CAPS));
    expect(facts).toMatchObject({ tables: [{ min: 1, max: 5, element: '(ref 0)' }] });
  });

  test('a bound below one page is a bound of none', () => {
    const facts = readWasm(capLimits(assemble('(module (memory 0))'), { memoryBytes: 100, tableElements: 0 }));
    expect(facts).toMatchObject({ memories: [{ minPages: 0, maxPages: 0 }] });
  });
});

test('growth ends at the bound, in an engine that knows nothing of it', () => {
  const bytes = capped(`(module (memory 1) (table 1 funcref)
    (func (export "memory") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "table") (param i32) (result i32) (table.grow (ref.null func) (local.get 0))))`);
  const { memory, table } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as Record<
    string,
    (by: number) => number
  >;
  expect([memory?.(4), memory?.(3), memory?.(1)]).toEqual([-1, 1, -1]);
  expect([table?.(5), table?.(4), table?.(1)]).toEqual([-1, 1, -1]);
});

test('random programs, metered: everything but the two sections is the same', () => {
  fc.assert(
    fc.property(program, (made) => {
      const bytes = meterFuel(programBytes(made), { schedule: 'wasmtime/classic', observeState: true }).bytes;
      const bounded = capLimits(bytes, { memoryBytes: 2 ** 32, tableElements: 10_000_000 });
      expect(WebAssembly.validate(bounded)).toBe(true);
      const [before, after] = [readWasm(bytes), readWasm(bounded)].map((facts) => ({
        ...facts,
        memories: [],
        tables: [],
        sections: [],
        exports: facts.kind === 'core' ? facts.exports.map(({ name, kind }) => [name, kind]) : [],
      }));
      expect(JSON.stringify(after).replace(/"sizeBytes":\d+|"offset":\d+|"size":\d+/g, '')).toBe(
        JSON.stringify(before).replace(/"sizeBytes":\d+|"offset":\d+|"size":\d+/g, ''),
      );
      // Doing it again changes nothing.
      expect(capLimits(bounded, { memoryBytes: 2 ** 32, tableElements: 10_000_000 })).toEqual(bounded);
    }),
    { numRuns: 100 },
  );
});
