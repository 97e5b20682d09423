// The capability map by itself: reference types in every form the reader prints, and what consent is bound to.
import { capabilityHash, capabilitySet, mapImports } from '@plugmark/analysis';
import type { DeclaredCapability } from '@plugmark/schemas';
import { readWasm } from '@plugmark/wasm';
import fc from 'fast-check';
import { satisfies } from 'semver';
import { describe, expect, test } from 'vitest';
import { CORE_HOST } from '../testkit/host-profile.ts';
import { coreModule, name, section, u32, WasmBuilder } from '../testkit/wasm-builder.ts';

const ANY_TYPE = {
  ...CORE_HOST,
  imports: CORE_HOST.imports.map(({ type: _, ...rule }) => rule),
};

/** Encodings of every reference type of the core specification; type 0 is `() -> ()`. */
const REFERENCES: Readonly<Record<string, readonly number[]>> = {
  nullexnref: [0x74],
  nullfuncref: [0x73],
  nullexternref: [0x72],
  nullref: [0x71],
  funcref: [0x70],
  externref: [0x6f],
  anyref: [0x6e],
  eqref: [0x6d],
  i31ref: [0x6c],
  structref: [0x6b],
  arrayref: [0x6a],
  exnref: [0x69],
  '(ref 0)': [0x64, 0x00],
  '(ref null 0)': [0x63, 0x00],
  '(ref func)': [0x64, 0x70],
  '(ref extern)': [0x64, 0x6f],
  '(ref i31)': [0x64, 0x6c],
};
const NUMBERS: Readonly<Record<string, readonly number[]>> = {
  i32: [0x7f],
  i64: [0x7e],
  f32: [0x7d],
  f64: [0x7c],
  v128: [0x7b],
};

type Import = (type: readonly number[]) => Uint8Array;
const PLACES: Readonly<Record<string, Import>> = {
  parameter: (type) => withImport([0x60, 2, 0x7f, ...type, 0], 'bench', 'keep', [0, 1]),
  result: (type) => withImport([0x60, 0, 1, ...type], 'bench', 'keep', [0, 1]),
  global: (type) => withImport([0x60, 0, 0], 'env', 'held', [3, ...type, 0]),
  'mutable global': (type) => withImport([0x60, 0, 0], 'env', 'held', [3, ...type, 1]),
};

function withImport(
  type: readonly number[],
  module: string,
  field: string,
  description: readonly number[],
): Uint8Array {
  const types = section(1, [2, 0x60, 0, 0, ...type]);
  return coreModule(types, section(2, [...u32(1), ...name(module), ...name(field), ...description]));
}

const causes = (bytes: Uint8Array): string[] =>
  mapImports(readWasm(bytes), ANY_TYPE, satisfies).unbounded.map(({ cause }) => cause);

describe.each(Object.entries(PLACES))('a reference as %s', (_place, build) => {
  test.each(Object.entries(REFERENCES))('%s', (text, encoding) => {
    const facts = readWasm(build(encoding));
    expect(JSON.stringify(facts)).toContain(text);
    expect(causes(build(encoding))).toEqual(['reference-argument']);
  });

  test.each(Object.entries(NUMBERS))('%s is none', (_text, encoding) => {
    expect(causes(build(encoding))).toEqual([]);
  });
});

test.each(['funcref', 'externref'] as const)('a table of %s from outside', (element) => {
  expect(
    causes(new WasmBuilder().importTable('env', '__indirect_function_table', { min: 1 }, element).build()),
  ).toEqual(['imported-table']);
});

test('one cause restored leaves the others', () => {
  const bytes = new WasmBuilder()
    .importTable('env', '__indirect_function_table', { min: 1 })
    .importFunction('bench', 'keep', ['externref'])
    .importFunction('bench', 'call', ['i32', 'i32'], ['i32'])
    .build();
  const bounds = [{ cause: 'imported-table' as const, restoredBy: 'it' }];
  const open = mapImports(readWasm(bytes), { ...CORE_HOST, bounds }, satisfies).unbounded.map(({ cause }) => cause);
  expect(open).toEqual(['dispatcher', 'reference-argument']);
});

describe('what consent is bound to', () => {
  const map = mapImports(
    readWasm(new WasmBuilder().importFunction('bench', 'read', ['i32', 'i32'], ['i32']).build()),
    CORE_HOST,
    satisfies,
  );
  const hash = (declared: readonly DeclaredCapability[] | undefined, host = 'bench'): Promise<string> =>
    capabilityHash(capabilitySet(map, host, declared));
  const words = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 1, maxLength: 4 });
  const declared = fc.uniqueArray(
    fc.record(
      {
        id: fc.constantFrom('network', 'filesystem', 'read:samples', 'ui'),
        params: fc.dictionary(fc.constantFrom('hosts', 'paths'), words),
        reason: fc.constantFrom('a', 'b', 'c'),
      },
      { requiredKeys: ['id', 'reason'] },
    ),
    { selector: ({ id }) => id, maxLength: 4 },
  ) as fc.Arbitrary<DeclaredCapability[]>;

  test('not on order, reasons, or a repetition', async () => {
    await fc.assert(
      fc.asyncProperty(declared, fc.infiniteStream(fc.nat()), async (list, numbers) => {
        const shuffled = list
          .map((item) => ({ item, at: numbers.next().value as number }))
          .sort((a, b) => a.at - b.at)
          .map(({ item: { id, params } }) => ({
            id,
            reason: 'another',
            ...(params === undefined
              ? {}
              : {
                  params: Object.fromEntries(
                    Object.entries(params)
                      .reverse()
                      .map(([key, values]) => [key, [...values].reverse()]),
                  ),
                }),
          }));
        expect(await hash(shuffled)).toBe(await hash(list));
        expect(await hash([...list, ...shuffled])).toBe(await hash(list));
      }),
      { numRuns: 60 },
    );
  });

  test('on ids, parameters, host and bounds', async () => {
    const network = (...hosts: string[]): DeclaredCapability[] => [{ id: 'network', params: { hosts }, reason: 'r' }];
    const set = capabilitySet(map, 'bench', []);
    const hashes = [
      await hash([]),
      await hash([], 'other'),
      await hash([{ id: 'network', reason: 'r' }]),
      await hash(network('a.example')),
      await hash(network('b.example')),
      await hash(network('a.example', 'b.example')),
      await hash([{ id: 'network', params: { paths: ['a.example'] }, reason: 'r' }]),
      await hash([{ id: 'ui', reason: 'r' }]),
      await capabilityHash({ ...set, unbounded: true }),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  test('a capability the code shows is part of it, declared or not', async () => {
    expect(capabilitySet(map, 'bench', undefined).capabilities).toEqual([{ id: 'read:samples' }]);
    expect(await hash([{ id: 'read:samples', params: {}, reason: 'r' }])).toBe(await hash(undefined));
  });

  test('two declarations of one capability allow what either allows', () => {
    const of = (...lists: Record<string, string[]>[]): unknown =>
      capabilitySet(
        map,
        'bench',
        lists.map((params) => ({ id: 'network', params, reason: 'r' })),
      ).capabilities[0];
    expect(of({ hosts: ['b'] }, { hosts: ['a'] })).toEqual({ id: 'network', params: { hosts: ['a', 'b'] } });
    expect(of({ hosts: ['b'] }, {})).toEqual({ id: 'network' });
    expect(of({}, { hosts: ['b'] })).toEqual({ id: 'network' });
  });
});
