// Each limit refuses what is one above it and admits what is just at it.
import { DEFAULT_LIMITS, inspectWasm, type ReaderLimits, readWasm, WasmError } from '@plugmark/wasm';
import { describe, expect, test } from 'vitest';
import {
  type Bytes,
  component,
  constant,
  coreModule,
  functionType,
  name,
  section,
  vector,
  WasmBuilder,
} from '../testkit/wasm-builder.ts';

type LimitName = keyof ReaderLimits;

const repeat = (count: number, item: Bytes): Bytes => vector(new Array<Bytes>(count).fill(item));
const EMPTY = functionType([], []);
const builder = (count: number, add: (into: WasmBuilder, index: number) => void): Uint8Array => {
  const into = new WasmBuilder();
  for (let index = 0; index < count; index++) add(into, index);
  return into.build();
};
function nested(depth: number): Bytes {
  return depth === 0 ? [...component()] : [...component(section(4, nested(depth - 1)))];
}

/** A function of a module inside, lifted with as many options as asked. */
function canonicalWith(count: number): Uint8Array {
  const module = new WasmBuilder().function({ export: 'f' }).memory({ min: 0 }, { export: 'm' }).build();
  const options: Bytes[] = [[0], [3, 0], [4, 0], [5, 0], [6], [7, 0]].slice(0, count);
  return component(
    section(1, [...module]),
    section(2, vector([[0, 0, 0]])),
    section(
      6,
      vector([
        [0, 0, 1, 0, ...name('f')],
        [0, 2, 1, 0, ...name('m')],
      ]),
    ),
    section(7, vector([[0x40, 0, 1, 0]])),
    section(8, vector([[0, 0, 0, ...vector(options), 0]])),
  );
}

/** A file that uses exactly `count` of a limit. */
const USES: Readonly<Record<LimitName, (count: number) => Uint8Array>> = {
  fileBytes: (count) => coreModule(section(0, [0, ...new Array<number>(count - 11).fill(0)])),
  types: (count) => coreModule(section(1, [1, 0x4e, ...repeat(count, EMPTY)])),
  functions: (count) => builder(count, (into) => into.function()),
  imports: (count) => builder(count, (into) => into.importFunction('m', 'f')),
  exports: (count) => builder(count, (into, index) => into.memory({ min: 0 }, { export: `${index}` })),
  globals: (count) => builder(count, (into) => into.global('i32', constant(0))),
  tags: (count) => builder(count, (into) => into.tag([])),
  tables: (count) => builder(count, (into) => into.table({ min: 0 })),
  memories: (count) => builder(count, (into) => into.memory({ min: 0 })),
  elementSegments: (count) => coreModule(section(9, repeat(count, [1, 0, 0]))),
  elementEntries: (count) => coreModule(section(9, [1, 5, 0x70, ...repeat(count, [0xd0, 0x70, 0x0b])])),
  dataSegments: (count) => builder(count, (into) => into.passiveData([1])),
  functionBytes: (count) => builder(1, (into) => into.function({ body: new Array<number>(count - 2).fill(1) })),
  locals: (count) => builder(1, (into) => into.rawFunction({ declared: [1, count, 0x7f] })),
  branchTargets: (count) =>
    builder(1, (into) => into.function({ body: [0x41, 0, 0x0e, count, ...new Array<number>(count + 1).fill(0)] })),
  parameters: (count) => coreModule(section(1, [1, 0x60, ...repeat(count, [0x7f]), 0])),
  results: (count) => coreModule(section(1, [1, 0x60, 0, ...repeat(count, [0x7f])])),
  structFields: (count) => coreModule(section(1, [1, 0x5f, ...repeat(count, [0x7f, 0])])),
  arrayOperands: (count) =>
    coreModule(
      section(1, vector([[0x5e, 0x7f, 0]])),
      section(6, [1, 0x64, 0, 0, ...new Array<Bytes>(count).fill([0x41, 0]).flat(), 0xfb, 8, 0, count, 0x0b]),
    ),
  subtypingDepth: (count) =>
    coreModule(
      section(1, vector(Array.from({ length: count + 1 }, (_, at) => [0x50, ...(at ? [1, at - 1] : [0]), 0x5f, 0]))),
    ),
  nameBytes: (count) => coreModule(section(0, name('x'.repeat(count)))),
  nestedModules: (count) => component(...new Array<Bytes>(count).fill(section(1, [...coreModule()]))),
  nestedComponents: (count) => component(...new Array<Bytes>(count).fill(section(4, [...component()]))),
  componentItems: (count) => component(section(7, repeat(count, [0x40, 0, 1, 0]))),
  componentFields: (count) => component(section(7, [1, 0x6f, ...repeat(count, [0x79])])),
  componentTypeDepth: (count) =>
    component(section(7, vector(Array.from({ length: count }, (_, at) => [0x70, at === 0 ? 0x79 : at - 1])))),
  instanceArguments: (count) =>
    component(
      section(4, [...component()]),
      section(5, [1, 1, ...vector(Array.from({ length: count }, (_, at) => [0, ...name(`${at}`), 4, 0]))]),
    ),
  canonicalOptions: (count) => canonicalWith(count),
  componentDepth: (count) => Uint8Array.from(nested(count - 1)),
  customSections: (count) => component(...new Array<Bytes>(count).fill(section(0, [0]))),
  claimEntries: (count) => builder(1, (into) => into.targetFeatures(new Array<string>(count).fill('+x'))),
  // `() -> ()` has eight characters.
  typeTextCharacters: (count) => builder(count / 8, (into) => into.importFunction('m', 'f')),
};

/** Small numbers that each file can be built for. */
const MAXIMUM: Partial<Record<LimitName, number>> = { fileBytes: 20, typeTextCharacters: 32, functionBytes: 12 };
const STEP: Partial<Record<LimitName, number>> = { typeTextCharacters: 8 };
const CASES = Object.entries(USES) as [LimitName, (count: number) => Uint8Array][];

function codeOf(bytes: Uint8Array, limits: ReaderLimits): unknown {
  try {
    inspectWasm(bytes, limits);
    return 'read';
  } catch (error) {
    return error instanceof WasmError ? [error.code, error.details['limit']] : error;
  }
}

describe.each(CASES)('%s', (limit, use) => {
  const maximum = MAXIMUM[limit] ?? 5;
  const limits = { ...DEFAULT_LIMITS, [limit]: maximum };
  // A claim of a custom section is dropped, not refused.
  const refused = limit === 'claimEntries' ? 'read' : ['WASM_LIMIT', limit];

  test('admits what is at the limit', () => {
    expect(codeOf(use(maximum), limits)).toBe('read');
  });

  test('refuses what is above it', () => {
    expect(codeOf(use(maximum + (STEP[limit] ?? 1)), limits)).toEqual(refused);
  });
});

test('too many claims are dropped', () => {
  const features = (count: number): unknown => {
    const facts = readWasm(USES.claimEntries(count), { ...DEFAULT_LIMITS, claimEntries: 5 });
    return facts.kind === 'core' && facts.targetFeatures.length;
  };
  expect([features(5), features(6)]).toEqual([5, 0]);
});

test('a declared vector of any length is refused before anything is allocated for it', () => {
  const huge = [0xff, 0xff, 0xff, 0xff, 0x0f];
  for (const id of [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 13]) {
    expect(codeOf(coreModule(section(id, huge)), DEFAULT_LIMITS)).toEqual(['WASM_SECTION_SIZE', undefined]);
  }
  for (const id of [10, 11]) {
    expect(codeOf(component(section(id, huge)), DEFAULT_LIMITS)).toEqual(['WASM_SECTION_SIZE', undefined]);
  }
  expect(codeOf(coreModule(section(12, huge)), DEFAULT_LIMITS)).toEqual(['WASM_LIMIT', 'dataSegments']);
});

test.each(['imports', 'exports', 'tags'])('a long type named by many %s is refused before it fills memory', (where) => {
  const parameters = new Array<'i32'>(1_000).fill('i32');
  const many = builder(20_000, (into, index) => {
    if (where === 'imports') into.importFunction('m', 'f', parameters);
    if (where === 'exports') (index === 0 ? into.function({ parameters }) : into).export(`${index}`, 'function', 0);
    if (where === 'tags') into.tag(parameters);
  });
  expect(many.length).toBeLessThan(500_000);
  expect(codeOf(many, DEFAULT_LIMITS)).toEqual(['WASM_LIMIT', 'typeTextCharacters']);
});

test('ten million locals cost nothing where bodies are not read', () => {
  const locals: Bytes = [1, 0x80, 0xad, 0xe2, 0x04, 0x7f, 0x0b];
  const module = coreModule(
    section(1, vector([EMPTY])),
    section(3, vector([[0]])),
    section(10, vector([[locals.length, ...locals]])),
  );
  expect(readWasm(module)).toMatchObject({ functionCount: 1 });
});
