// WIT text against the reference tools: a world read from text is the world read from the component those tools build of the
// same text; printed again it builds the same bytes. And hostile text, which must end in a code, a line and a column.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { componentEmbed, componentNew } from '@bytecodealliance/jco-transpile/wasm-tools';
import { satisfiesWorld } from '@plugmark/analysis';
import { parse, WitWorld as WitWorldSchema } from '@plugmark/schemas';
import {
  parseWit,
  printWit,
  readWasm,
  WASM_ERROR_CODES,
  WasmError,
  WIT_LIMITS,
  type WitDocument,
  type WitInterface,
  type WitItems,
  type WitWorld,
} from '@plugmark/wasm';
import * as fc from 'fast-check';
import { satisfies } from 'semver';
import { describe, expect, test } from 'vitest';
import { WORLDS } from './component-worlds.ts';
import { MORE_WORLDS, WIT_CASES, type WitCase } from './wit-cases.ts';

const ALL = { ...WORLDS, ...MORE_WORLDS };
const read = (text: string, world?: string): WitWorld =>
  parseWit([{ name: 'it.wit', text }], world === undefined ? {} : { world });

async function componentOf(witSource: string, world: string): Promise<Uint8Array<ArrayBuffer>> {
  const core = await componentEmbed({ witSource, world, dummy: true, features: { tag: 'all' } });
  return Uint8Array.from(await componentNew(core));
}

function worldOf(bytes: Uint8Array): WitWorld {
  const facts = readWasm(bytes);
  if (facts.kind !== 'component' || facts.world === undefined) throw new TypeError('a world was expected');
  return facts.world;
}

const byName = (one: { name: string }, other: { name: string }): number => (one.name < other.name ? -1 : 1);

/** What a component keeps of an imported interface: types that its functions and other interfaces need. */
function needed(found: WitInterface, others: readonly WitInterface[]): WitInterface {
  const texts = others.flatMap(({ types }) => types.map(({ type }) => JSON.stringify(type)));
  const keep = new Set<string>();
  const visit = (type: unknown): void => {
    const names = JSON.stringify(type).match(/"[^"]+"/g) ?? [];
    for (const named of found.types) {
      if (!keep.has(named.name) && names.some((name) => [`"${named.name}"`, `"%${named.name}"`].includes(name))) {
        keep.add(named.name);
        visit(named.type);
      }
    }
  };
  for (const { params, result, name } of found.functions) {
    visit([...params.map(({ type }) => type), result ?? null, /^\[\w+\]([^.]+)/.exec(name)?.[1] ?? '']);
  }
  for (const named of found.types) {
    if (texts.some((text) => text === JSON.stringify(`${found.implements ?? found.name}.${named.name}`)))
      visit(named.name);
  }
  return { ...found, types: found.types.filter(({ name }) => keep.has(name)) };
}

function comparable(items: WitItems, prune: boolean): unknown {
  const interfaces = items.interfaces.map((found) => (prune ? needed(found, items.interfaces) : found));
  const sorted = interfaces.map((found) => ({
    ...found,
    types: [...found.types].sort(byName),
    functions: [...found.functions].sort(byName),
  }));
  return { ...items, interfaces: sorted.sort(byName), functions: [...items.functions].sort(byName) };
}

describe.each(Object.entries(ALL))('the world: %s', (_name, text) => {
  test('printed again, the tools build the same bytes of it', async () => {
    const printed = printWit(read(text, 'it'));
    expect(printed).toBeDefined();
    expect(await componentOf(printed ?? '', 'it')).toEqual(await componentOf(text, 'it'));
  });

  test('it is what the component says, and data of the schema', async () => {
    const world = read(text, 'it');
    expect(parse(WitWorldSchema, JSON.parse(JSON.stringify(world)), 'world')).toEqual(world);
    const component = worldOf(await componentOf(text, 'it'));
    expect(satisfiesWorld(component, parse(WitWorldSchema, world, 'world'), satisfies)).toEqual([]);
    expect(comparable(component.exports, false)).toEqual(comparable(world.exports, false));
    expect(comparable({ ...component.imports, types: [] }, true)).toEqual(
      comparable({ ...world.imports, types: [] }, true),
    );
  });

  test('printing and reading is the identity', () => {
    const world = read(text, 'it');
    const printed = printWit(world) ?? '';
    expect(printWit(read(printed))).toBe(printed);
  });
});

const VECTORS = new URL('../vectors/wit/', import.meta.url);

interface Refusal {
  readonly code: string;
  readonly offset: number;
  readonly details: unknown;
}

function refusal(documents: readonly WitDocument[], world?: string): Refusal | undefined {
  try {
    parseWit(documents, world === undefined ? {} : { world });
    return undefined;
  } catch (error) {
    if (!(error instanceof WasmError)) throw error;
    return { code: error.code, offset: error.offset, details: error.details };
  }
}

function outcome({ text, world }: WitCase): unknown {
  return refusal([{ name: 'input.wit', text }], world);
}

function bless(name: string, input: WitCase): void {
  const directory = new URL(`${name}/`, VECTORS);
  mkdirSync(directory, { recursive: true });
  writeFileSync(new URL('README.md', directory), `${input.says}\n`);
  writeFileSync(new URL('input.wit', directory), input.text);
  const expected = { ...(input.world !== undefined && { world: input.world }), expect: outcome(input) };
  writeFileSync(new URL('expect.json', directory), `${JSON.stringify(expected, null, 1)}\n`);
}

describe('what is refused', () => {
  test.each(Object.entries(WIT_CASES))('%s', (name, input) => {
    if (process.env['BLESS'] === '1') bless(name, input);
    const file = (path: string): string => readFileSync(new URL(`${name}/${path}`, VECTORS)).toString();
    expect(outcome(input)).toMatchObject({ code: input.code });
    expect(file('input.wit')).toBe(input.text);
    expect(file('README.md')).toBe(`${input.says}\n`);
    expect(JSON.parse(file('expect.json'))).toEqual({
      ...(input.world !== undefined && { world: input.world }),
      expect: outcome(input),
    });
  });

  test('the directories are exactly the cases, and every WIT code has one', () => {
    expect(readdirSync(VECTORS).sort()).toEqual(Object.keys(WIT_CASES).sort());
    const codes = new Set<string>(Object.values(WIT_CASES).map(({ code }) => code));
    expect(Object.keys(WASM_ERROR_CODES).filter((code) => code.startsWith('WIT_') && !codes.has(code))).toEqual([]);
  });

  // What they refuse and we read, or the other way round, is said here with its reason.
  const DIFFERENT: Readonly<Record<string, string>> = {
    'world-missing_fail': 'they are asked for a world by name',
    'worlds-several_fail': 'they are asked for a world by name',
    'chain-of-types_fail': 'their limits are higher',
    'chain-of-interfaces_fail': 'their limits are higher',
    'chain-of-worlds_fail': 'their limits are higher',
    'nested-types_fail': 'their limits are higher',
    'field-twice_fail': 'they find it when the component is validated',
    invisible_fail: 'they look for fewer characters',
  };
  test.each(Object.entries(WIT_CASES).filter(([name]) => !(name in DIFFERENT)))(
    'the reference tools refuse it too: %s',
    async (_name, { text, world = 'it' }) => {
      await expect(componentEmbed({ witSource: text, world, dummy: true, features: { tag: 'all' } })).rejects.toThrow();
    },
  );
});

describe('hostile text', () => {
  test('line and column are those an editor shows, and the offset counts bytes', () => {
    const text = '// \u{1d11e} \u00e9\npackage a:b;\r\n  world it { import x; }';
    expect(refusal([{ name: 'a.wit', text }])).toEqual({
      code: 'WIT_NAME_UNKNOWN',
      offset: new TextEncoder().encode(text.slice(0, text.indexOf('x;'))).length,
      details: { file: 'a.wit', line: 3, column: 21, name: 'a:b/x' },
    });
  });

  test('files of a package belong together, whatever their order; one without a package belongs to the first', () => {
    const one = { name: 'a.wit', text: 'package a:b@1.0.0; interface i { use j.{t}; f: func(t: t); }' };
    const two = { name: 'b.wit', text: 'interface j { type t = u8; }' };
    const three = { name: 'c.wit', text: 'package a:b@1.0.0; world it { import i; }' };
    const world = parseWit([one, two, three]);
    expect(world.imports.interfaces.map(({ name }) => name)).toEqual(['a:b/j@1.0.0', 'a:b/i@1.0.0']);
    expect(parseWit([two, three, one])).toEqual(world);
    expect(refusal([one, two, three, three])?.code).toBe('WIT_NAME_TWICE');
  });

  test.each([
    ['a long comment', `package a:b; /*${'/**/'.repeat(200_000)}*/ world it { }`, undefined],
    ['comments that only begin', `package a:b; ${'/*'.repeat(500_000)}`, 'WIT_SYNTAX'],
    ['a name of a million letters', `package a:b; world ${'a'.repeat(1_000_000)} { }`, undefined],
    ['words without end', `package a:b; world it { import ${'a-'.repeat(500_000)}: func(); }`, 'WIT_SYNTAX'],
    ['more text than is read', ' '.repeat(WIT_LIMITS.characters + 1), 'WASM_LIMIT'],
    [
      'more names than are counted',
      `package a:b; interface i { enum e { ${'a,'.repeat(WIT_LIMITS.items)} } }`,
      'WASM_LIMIT',
    ],
    ['gates', `package a:b; ${'@since(version = 1.0.0) '.repeat(40_000)} world it { }`, undefined],
    ['open brackets', `package a:b; world it { import f: func(a: ${'option<'.repeat(250_000)}`, 'WASM_LIMIT'],
    [
      'a wide world',
      `package a:b; ${Array.from({ length: 5_000 }, (_, n) => `interface i${n} { ${n === 0 ? 'type t = u8;' : 'use i0.{t};'} }`).join(' ')} world it { ${Array.from({ length: 5_000 }, (_, n) => `import i${n};`).join(' ')} }`,
      undefined,
    ],
    [
      'one large interface under many names',
      `package a:b; interface i { ${Array.from({ length: 2_000 }, (_, n) => `g${n}: func();`).join(' ')} } world it { ${Array.from({ length: 10_000 }, (_, n) => `import n${n}: i;`).join(' ')} }`,
      'WASM_LIMIT',
    ],
    [
      'a large world included along a chain',
      `package a:b; world w0 { ${Array.from({ length: 20_000 }, (_, n) => `import g${n}: func();`).join(' ')} } ${Array.from({ length: 90 }, (_, n) => `world w${n + 1} { include w${n}; }`).join(' ')} world it { include w90; }`,
      'WASM_LIMIT',
    ],
    [
      'as many names for other packages as uses of them',
      `package a:b; ${Array.from({ length: 20_000 }, (_, n) => `use c:d/e as x${n};`).join(' ')} world it { ${Array.from({ length: 20_000 }, (_, n) => `import x${n};`).join(' ')} } package c:d { interface e { } }`,
      undefined,
    ],
    [
      'worlds that include two of the one before',
      `package a:b; world w0 { } ${Array.from({ length: 60 }, (_, n) => `world w${n + 1} { include w${n}; include w${n}; }`).join(' ')} world it { include w60; }`,
      undefined,
    ],
  ])('%s ends at once', (_name, text, code) => {
    expect(refusal([{ name: 'a.wit', text }], text.includes('world it') ? 'it' : undefined)?.code).toBe(code);
  });

  test('any change of honest text is read or refused with a code, never anything else', () => {
    const honest = Object.values(ALL);
    const pieces = fc.constantFrom(
      '{',
      '}',
      '(',
      ')',
      '<',
      '>',
      ';',
      ':',
      ',',
      '.',
      '@',
      '/',
      '->',
      '=',
      '%',
      '*/',
      '/*',
      '//',
      '_',
      'use',
      'type t = t;',
      'record',
      'it',
      'own<',
      '0',
      '\u202e',
      '\0',
      '\ud800',
    );
    let refused = 0;
    fc.assert(
      fc.property(fc.constantFrom(...honest), fc.nat(), fc.nat(40), pieces, (text, at, length, piece) => {
        const start = at % text.length;
        const changed = text.slice(0, start) + piece + text.slice(start + (length % 5));
        const found = refusal([{ name: 'a.wit', text: changed }], 'it');
        if (found !== undefined) refused += 1;
        expect(found === undefined || found.code in WASM_ERROR_CODES).toBe(true);
        if (found !== undefined) expect(found.offset).toBeLessThanOrEqual(new TextEncoder().encode(changed).length);
      }),
      { numRuns: 3_000 },
    );
    expect(refused).toBeGreaterThan(300);
  });
});
