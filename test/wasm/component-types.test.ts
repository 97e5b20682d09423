// Types of components against the reference tools: what we print, they read back to the same component, byte for byte;
// what we say is imported and exported, they say too. And hostile types, which must end in a typed refusal.
import { componentEmbed, componentNew, componentWit, parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import { parse as parseSchema, WitWorld } from '@plugmark/schemas';
import { type ComponentFacts, printWit, readWasm, WasmError } from '@plugmark/wasm';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Bytes, component, name, section, vector } from '../testkit/wasm-builder.ts';
import { WORLDS } from './component-worlds.ts';

async function componentOf(witSource: string, world: string): Promise<Uint8Array<ArrayBuffer>> {
  const core = await componentEmbed({ witSource, world, dummy: true, features: { tag: 'all' } });
  return Uint8Array.from(await componentNew(core));
}

function read(bytes: Uint8Array): ComponentFacts {
  const facts = readWasm(bytes);
  if (facts.kind !== 'component') throw new TypeError('a component was expected');
  return facts;
}

function witOf({ world }: ComponentFacts): string {
  const text = world && printWit(world);
  if (text === undefined) throw new TypeError('a world was expected');
  return text;
}

/** The lines of the root world: imports, exports, types used and defined, without what is inside braces. */
function rootLines(wit: string): string[] {
  const start = wit.indexOf('world root {');
  const lines = wit.slice(start, wit.indexOf('\n}', start)).split('\n');
  return lines.filter((line) => /^ {2}[a-z]/.test(line)).sort();
}

describe.each(Object.entries(WORLDS))('the world: %s', (_name, wit) => {
  test('is printed so that the tools build the same component of it', async () => {
    const bytes = await componentOf(wit, 'it');
    const printed = witOf(read(bytes));
    expect(await componentOf(printed, 'root')).toEqual(bytes);
    expect(rootLines(printed)).toEqual(rootLines(await componentWit(bytes)));
  });

  test('is data of the schema, and every function that the dummy imports is lowered', async () => {
    const { world, imports, exports } = read(await componentOf(wit, 'it'));
    expect(parseSchema(WitWorld, JSON.parse(JSON.stringify(world)), 'world')).toEqual(world);
    const names = imports.filter(({ kind }) => kind === 'instance').map((extern) => extern.name);
    expect(world?.imports.interfaces.map((found) => found.name)).toEqual(names);
    expect(exports.length).toBe((world?.exports.interfaces.length ?? 0) + (world?.exports.functions.length ?? 0));
    const functions = imports.flatMap((extern) => extern.functions ?? []);
    expect(functions.filter(({ lowered, type }) => !lowered || type === undefined)).toEqual([]);
  });
});

test('what is declared and what is called', async () => {
  const facts = read(
    await parse(`(component
      (import "local:demo/host" (instance $host (export "called" (func)) (export "declared" (func))))
      (import "alone" (func $alone))
      (import "unused" (func))
      (alias export $host "called" (func $called))
      (component $inner
        (import "f" (func $f))
        (core func (canon lower (func $f))))
      (instance (instantiate $inner (with "f" (func $called))))
      (core func (canon lower (func $alone))))`),
  );
  expect(facts.imports).toEqual([
    {
      name: 'local:demo/host',
      kind: 'instance',
      functions: [
        { name: 'called', type: 'func()', lowered: true },
        { name: 'declared', type: 'func()', lowered: false },
      ],
    },
    { name: 'alone', kind: 'function', lowered: true },
    { name: 'unused', kind: 'function', lowered: false },
  ]);
});

test('a function that travels through instances, exports and ascriptions is still the imported one', async () => {
  const facts = read(
    await parse(`(component
      (import "local:demo/host" (instance $host (export "f" (func)) (export "g" (func))))
      (component $pass
        (import "in" (instance $in (export "f" (func)) (export "g" (func))))
        (export "out" (instance $in) (instance (export "f" (func)))))
      (instance $passed (instantiate $pass (with "in" (instance $host))))
      (alias export $passed "out" (instance $out))
      (instance $bag (export "renamed" (func $out "f")))
      (component $user
        (import "bag" (instance $bag (export "renamed" (func))))
        (core func (canon lower (func $bag "renamed"))))
      (instance (instantiate $user (with "bag" (instance $bag)))))`),
  );
  const lowered = facts.imports[0]?.functions?.map((func) => [func.name, func.lowered]);
  expect(lowered).toEqual([
    ['f', true],
    ['g', false],
  ]);
});

test('what WIT has no words for gives no world and says why', async () => {
  const problemOf = async (wat: string): Promise<unknown> => read(await parse(wat)).worldProblem;
  expect(await problemOf('(component (import "m" (core module)))')).toEqual({ problem: 'module', name: 'm' });
  expect(await problemOf('(component (import "c" (component)))')).toEqual({ problem: 'component', name: 'c' });
  const nested = '(component (import "a:b/c" (instance (export "i" (instance)))))';
  expect(await problemOf(nested)).toEqual({ problem: 'instance', name: 'a:b/c' });
});

test('a name that would be read as more text is never printed', () => {
  const hostile = 'a:b/c;\n  import wasi:io/error';
  const bytes = component(section(7, vector([[0x42, 0]])), section(10, vector([[0, ...name(hostile), 5, 0]])));
  const { world } = read(bytes);
  expect(world?.imports.interfaces.map((found) => found.name)).toEqual([hostile]);
  expect(world && printWit(world)).toBeUndefined();
});

const codeOf = (bytes: Uint8Array): unknown => {
  try {
    return readWasm(bytes).kind;
  } catch (error) {
    return error instanceof WasmError ? [error.code, error.details['limit']] : error;
  }
};

const lists = (text: string, count: number, item: Bytes): Bytes => [
  0x42,
  ...vector([[1, ...item], ...twice(text, count)]),
];
const twice = (text: string, count: number): Bytes[] =>
  Array.from({ length: count }, (_, level): Bytes[] => [
    [1, 0x6f, 2, level * 2, level * 2],
    [4, 0, ...name(`${text}${level}`), 1 + 2, 0, level * 2 + 1],
  ]).flat();

test('types that are small in the file and huge when written out are refused', () => {
  // Thirty tuples of two of the one before, without names: 2^30 parts.
  const doubling = Array.from(
    { length: 30 },
    (_, level): Bytes => [0x6f, 2, ...(level === 0 ? [0x79, 0x79] : [level - 1, level - 1])],
  );
  const func: Bytes = [0x40, 1, ...name('a'), 29, 1, 0];
  const file = component(section(7, vector([...doubling, func])), section(10, vector([[0, ...name('f'), 1, 30]])));
  expect(file.length).toBeLessThan(300);
  expect(codeOf(file)).toEqual(['WASM_LIMIT', 'componentItems']);
  // With names each is written once.
  expect(
    codeOf(component(section(7, vector([lists('t', 30, [0x79])])), section(10, vector([[0, ...name('a:b/c'), 5, 0]])))),
  ).toBe('component');
});

test('components that instantiate each other many times are refused', () => {
  // Component n instantiates component n - 1 twice, and each hands on all instances of the other.
  const inner = component(
    section(7, vector([[0x42, 0]])),
    section(10, vector([[0, ...name('i'), 5, 0]])),
    section(
      11,
      vector([
        [0, ...name('a'), 5, 0, 0],
        [0, ...name('b'), 5, 0, 0],
      ]),
    ),
  );
  const levels = Array.from({ length: 60 }, (_, level): Bytes => [0, 0, 1, ...name('i'), 5, level]);
  const file = component(section(4, [...inner]), section(5, [1, 1, 0]), section(5, vector(levels)));
  expect(codeOf(file)).toEqual('component');
  const chain = Array.from(
    { length: 200 },
    (_, level): Bytes => [1, 2, 0, ...name('a'), 5, ...index(level), 0, ...name('b'), 5, ...index(level)],
  );
  expect(codeOf(component(section(5, [1, 1, 0]), section(5, vector(chain))))).toEqual([
    'WASM_LIMIT',
    'componentTypeDepth',
  ]);
});

test('many imports of one large type are refused before they are written out', () => {
  const functions = Array.from({ length: 2_000 }, (_, at): Bytes => [4, 0, ...name(`f${at}`), 1, 0]);
  const type: Bytes = [0x42, ...vector([[1, 0x40, 0, 1, 0], ...functions])];
  const imports = Array.from({ length: 20_000 }, (_, at): Bytes => [0, ...name(`a:b/c${at}`), 5, 0]);
  const file = component(section(7, vector([type])), section(10, vector(imports)));
  expect(file.length).toBeLessThan(400_000);
  expect(codeOf(file)).toEqual(['WASM_LIMIT', 'componentItems']);
});

const index = (value: number): Bytes => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, value >> 7]);

test('a component with bytes changed is refused with a code or read', async () => {
  const honest = [
    await componentOf(WORLDS['every definition'] ?? '', 'it'),
    await componentOf(WORLDS['exported resources'] ?? '', 'it'),
  ];
  let refused = 0;
  const change = fc.record({ at: fc.nat(), byte: fc.nat(255) });
  fc.assert(
    fc.property(fc.constantFrom(...honest), fc.array(change, { minLength: 1, maxLength: 3 }), (file, changes) => {
      const bytes = file.slice();
      for (const { at, byte } of changes) bytes[at % bytes.length] = byte;
      const outcome = codeOf(bytes);
      if (Array.isArray(outcome)) refused += 1;
      else expect(['component', 'core']).toContain(outcome);
    }),
    { numRuns: 3_000 },
  );
  expect(refused).toBeGreaterThan(300);
});
