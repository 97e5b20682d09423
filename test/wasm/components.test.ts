// Components that the reference tools build, against the names those tools print as WIT.
import {
  componentEmbed,
  componentNew,
  componentWit,
  metadataShow,
  parse,
} from '@bytecodealliance/jco-transpile/wasm-tools';
import { type ComponentFacts, readWasm } from '@plugmark/wasm';
import { describe, expect, test } from 'vitest';

/** WIT -> component: a dummy core module that fits the world, wrapped. */
async function componentOf(witSource: string, world: string): Promise<Uint8Array> {
  return componentNew(await componentEmbed({ witSource, world, dummy: true }));
}

/** The tools return views of their own memory; the reader gets what a file would hold. */
function readComponent(bytes: Uint8Array): ComponentFacts {
  const facts = readWasm(bytes.slice());
  if (facts.kind !== 'component') throw new TypeError('a component was expected');
  return facts;
}

/** The names of `import X;`, `import X: ...` and the same for exports in the root world of the printed WIT. */
function namesInWit(wit: string, direction: 'import' | 'export'): string[] {
  const line = new RegExp(`^ {2}${direction} (?<interface>[^ ;]+?)(?:;|: )`, 'gm');
  return [...wit.matchAll(line)].map((match) => match.groups?.['interface'] ?? '').sort();
}

const WORLDS: Readonly<Record<string, string>> = {
  empty: 'package local:demo; world it {}',
  functions: `package local:demo;
    world it { import ping: func() -> u32; export analyze-graph: func(graph: list<u8>) -> result<string, string>; }`,
  interfaces: `package local:demo@1.2.0;
    interface host { log: func(text: string); record point { x: f64, y: f64 } move: func(by: point) -> point; }
    interface lint { variant level { low, high(u8) } check: func(source: string) -> list<level>; }
    world it { import host; import local-only: interface { now: func() -> u64; } export lint; export run: func(); }`,
  resources: `package local:demo@0.1.0;
    interface store { resource bucket { constructor(name: string); get: func(key: string) -> option<string>; } }
    world it { import store; export store; }`,
  wasi: `package local:demo;
    world it { import wasi:cli/environment@0.2.0; export wasi:cli/run@0.2.0; }
    package wasi:cli@0.2.0 {
      interface environment { get-environment: func() -> list<tuple<string, string>>; }
      interface run { run: func() -> result; }
    }`,
};

describe.each(Object.entries(WORLDS))('a component of the world %s', (name, wit) => {
  test('has the imports and exports of its WIT, and modules where the tools find them', async () => {
    const bytes = await componentOf(wit, 'it');
    const facts = readComponent(bytes);
    const printed = await componentWit(bytes);
    expect(facts.imports.map((extern) => extern.name).sort()).toEqual(namesInWit(printed, 'import'));
    expect(facts.exports.map((extern) => extern.name).sort()).toEqual(namesInWit(printed, 'export'));
    expect(facts.imports.length + facts.exports.length > 0).toBe(name !== 'empty');
    await expectSameParts(bytes, facts);
  });
});

/** Modules and components by place and size, as the tools list them, the root first. */
async function expectSameParts(bytes: Uint8Array, facts: ComponentFacts): Promise<void> {
  const listed = (await metadataShow(bytes)).map(({ metaType, range: [start, end] }) => [
    metaType.tag,
    start,
    end - start,
  ]);
  const parts = (component: ComponentFacts): [string, number, number][] => [
    ...component.modules.map(({ offset, size }): [string, number, number] => ['module', offset, size]),
    ...component.components.flatMap((inner): [string, number, number][] => [
      ['component', inner.offset, inner.size],
      ...parts(inner),
    ]),
  ];
  const byOffset = (all: unknown[][]): unknown[][] => all.toSorted((a, b) => Number(a[1]) - Number(b[1]));
  expect(byOffset([['component', 0, facts.size], ...parts(facts)])).toEqual(byOffset(listed));
}

test('producers and names of a component and of the module in it', async () => {
  const wit = WORLDS['functions'] ?? '';
  const facts = readComponent(await componentOf(wit, 'it'));
  expect(facts.producers.flatMap(({ values }) => values.map((extern) => extern.name))).toContain('wit-component');
  expect(facts.modules[0]?.imports.map(({ module, name, type }) => [module, name, type])).toContainEqual([
    expect.any(String),
    'ping',
    '() -> (i32)',
  ]);
});

const TEXTS: Readonly<
  Record<string, { wat: string; imports: unknown[]; exports: unknown[]; modules: number; components: number }>
> = {
  'every sort': {
    wat: `(component
      (type $f (func))
      (import "run" (func (type $f)))
      (import "res" (type (sub resource)))
      (import "mod" (core module (export "x" (func))))
      (import "inst" (instance (export "y" (func))))
      (import "comp" (component))
      (export "run-again" (func 0))
      (export "inst-again" (instance 0) (instance (export "y" (func)))))`,
    imports: [
      { name: 'run', kind: 'function', lowered: false },
      { name: 'res', kind: 'type' },
      { name: 'mod', kind: 'module' },
      { name: 'inst', kind: 'instance', functions: [{ name: 'y', lowered: false }] },
      { name: 'comp', kind: 'component' },
    ],
    exports: [
      { name: 'run-again', kind: 'function' },
      { name: 'inst-again', kind: 'instance' },
    ],
    modules: 0,
    components: 0,
  },
  'parts inside': {
    wat: '(component (core module (func (export "f"))) (component (core module) (component)) (core module))',
    imports: [],
    exports: [],
    modules: 2,
    components: 1,
  },
  'names with options': {
    wat: `(component
      (import "clock" (implements "wasi:clocks/wall-clock") (instance))
      (import "a:b/c@1" (versionsuffix ".2.3") (instance)))`,
    imports: [
      { name: 'clock', kind: 'instance', implements: 'wasi:clocks/wall-clock', functions: [] },
      { name: 'a:b/c@1', kind: 'instance', versionSuffix: '.2.3', functions: [] },
    ],
    exports: [],
    modules: 0,
    components: 0,
  },
};

test.each(Object.entries(TEXTS))('a component written as text: %s', async (_name, { wat, ...expected }) => {
  const bytes = await parse(wat);
  const facts = readComponent(bytes);
  const { imports, exports, modules, components } = facts;
  expect({ imports, exports, modules: modules.length, components: components.length }).toEqual(expected);
  await expectSameParts(bytes, facts);
});
