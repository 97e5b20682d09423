// The world check: its vectors are what their sources build, the registry's profile is decoded rightly, and the comparison is a
// preorder: what fits fits itself, and one change in a type is one finding.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { componentEmbed, componentNew, parse as parseText } from '@bytecodealliance/jco-transpile/wasm-tools';
import { mapImports, satisfiesWorld } from '@plugmark/analysis';
import { HostProfile, parseJson, type WitWorld } from '@plugmark/schemas';
import { type ComponentFacts, printWit, readWasm } from '@plugmark/wasm';
import { satisfies } from 'semver';
import { describe, expect, test } from 'vitest';
import { WORLDS } from '../wasm/component-worlds.ts';
import { HOST_WIT, WORLD_CASES, type WorldCase } from './world-cases.ts';

const VECTORS = new URL('../vectors/analysis/', import.meta.url);
const BLESS = process.env['BLESS'] === '1';

async function componentOf(witSource: string, world: string): Promise<Uint8Array<ArrayBuffer>> {
  const core = await componentEmbed({ witSource, world, dummy: true, features: { tag: 'all' } });
  return Uint8Array.from(await componentNew(core));
}

function read(bytes: Uint8Array): ComponentFacts {
  const facts = readWasm(bytes);
  if (facts.kind !== 'component') throw new TypeError('a component was expected');
  return facts;
}

async function worldOf(wit: string, name = 'it'): Promise<NonNullable<ComponentFacts['world']>> {
  const { world } = read(await componentOf(wit, name));
  if (world === undefined) throw new TypeError('a world was expected');
  return world;
}

const asHost = (world: unknown): WitWorld => structuredClone(world) as WitWorld;

async function filesOf({
  says,
  source,
  profile,
  withoutWorld,
}: WorldCase): Promise<Record<string, Uint8Array | string>> {
  const world = { wit: HOST_WIT, decoded: await worldOf(HOST_WIT) };
  const submission = {
    release: {},
    profile: 'component',
    profileWith: { ...profile, ...(withoutWorld ? {} : { world }) },
  };
  const built = 'wit' in source ? await componentOf(source.wit, 'it') : Uint8Array.from(await parseText(source.text));
  return {
    'README.md': `${says}\n`,
    'submission.json': `${JSON.stringify(submission, null, 1)}\n`,
    'input.wasm': built,
    ...('wit' in source ? { 'input.wit': source.wit } : { 'input.txt': source.text }),
  };
}

test.each(Object.entries(WORLD_CASES))('the vector %s is what its source builds', async (name, found) => {
  const directory = new URL(`${name}/`, VECTORS);
  if (BLESS) mkdirSync(directory, { recursive: true });
  for (const [file, wanted] of Object.entries(await filesOf(found))) {
    if (BLESS) writeFileSync(new URL(file, directory), wanted);
    const actual = readFileSync(new URL(file, directory));
    expect(typeof wanted === 'string' ? actual.toString() : new Uint8Array(actual)).toEqual(wanted);
  }
});

describe.each(Object.entries(WORLDS))('a component of the world %s', (_name, wit) => {
  test('fits that world, also as it is read back from our text', async () => {
    const world = await worldOf(wit);
    expect(satisfiesWorld(world, asHost(world), satisfies)).toEqual([]);
    const again = await worldOf(printWit(world) ?? '', 'root');
    expect(satisfiesWorld(again, asHost(world), satisfies)).toEqual([]);
    expect(satisfiesWorld(world, asHost(again), satisfies)).toEqual([]);
  });
});

test('every other type of a parameter is a difference', async () => {
  const types = [
    'u8',
    'u16',
    'string',
    'list<u8>',
    'list<list<u8>>',
    'option<u8>',
    'result',
    'result<u8>',
    'result<_, u8>',
    'result<u8, u8>',
    'tuple<u8>',
    'tuple<u8, u8>',
    'r',
    's',
    'borrow<r>',
    'e',
    'f',
    'c',
    'v',
    'w',
    'stream<u8>',
    'future<u8>',
    'future',
    'list<u8, 4>',
    'list<u8, 5>',
    'map<string, u8>',
    'map<string, u16>',
    'error-context',
  ];
  const wit = (type: string): string =>
    `package local:demo@1.0.0; interface a { resource r; resource s; enum e { x, y } flags f { x, y } record c { x: u8, y: u8 } variant v { x, y } variant w { x, y(u8) } f0: func(p: ${type}); } world it { import a; }`;
  const worlds = await Promise.all(types.map((type) => worldOf(wit(type))));
  for (const [one, actual] of worlds.entries()) {
    for (const [other, expected] of worlds.entries()) {
      // Types that no function uses are pruned, so an unused resource that only one of them names is no finding here.
      const found = satisfiesWorld(actual, asHost(expected), satisfies).filter(({ facts }) => facts['name'] === 'f0');
      expect([types[one], types[other], found.map(({ ruleId }) => ruleId)]).toEqual([
        types[one],
        types[other],
        one === other ? [] : ['component.import-type'],
      ]);
    }
  }
});

describe('parseltongue', () => {
  const file = new URL('../../registry/hosts/parseltongue.json', import.meta.url);
  const profile = parseJson(HostProfile, new Uint8Array(readFileSync(file)), 'parseltongue');

  test('its decoded world is that of its WIT', async () => {
    const built = await worldOf(profile.world?.wit ?? '', 'plugin');
    const { imports, exports } = profile.world?.decoded ?? {};
    expect({ imports, exports }).toEqual({ imports: built.imports, exports: built.exports });
  });

  const map = async (wat: string): Promise<string[]> => [
    ...mapImports(read(await parseText(wat)), profile, satisfies).derived.keys(),
  ];
  const withFiles = (called: string): string => `(component
    (import "wasi:filesystem/types@0.2.3" (instance $types
      (export "descriptor" (type $descriptor (sub resource)))
      (export "[method]descriptor.get-type" (func (param "self" (borrow $descriptor))))
      (export "[method]descriptor.open-at" (func (param "self" (borrow $descriptor))))))
    (alias export $types "[method]descriptor.${called}" (func $called))
    (core func (canon lower (func $called))))`;

  test('what toolchains import for standard output is no access to files', async () => {
    expect(await map(withFiles('get-type'))).toEqual([]);
    expect(await map(withFiles('open-at'))).toEqual(['filesystem']);
  });
});
