// A component whose core was compiled from C, wrapped by the reference tools for Parseltongue's world, and for worlds that differ
// from it in one thing: the check by name, version and structure against what other people's tools build.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { satisfiesWorld } from '@plugmark/analysis';
import { HostProfile, parseJson } from '@plugmark/schemas';
import { type ComponentFacts, readWasm } from '@plugmark/wasm';
import { satisfies } from 'semver';
import { beforeAll, expect, test } from 'vitest';
import { HONEST } from './build.ts';
import { REPOSITORY } from './verdicts.ts';
import { parseltongueWit, wrapComponent } from './wrap-component.ts';

const BYTES = new Uint8Array(readFileSync(join(HONEST, 'c/graph-size/plugin.wasm')));
const WIT = parseltongueWit();
let profile: HostProfile;

beforeAll(() => {
  const file = join(REPOSITORY, 'registry/hosts/parseltongue.json');
  profile = parseJson(HostProfile, new Uint8Array(readFileSync(file)), 'parseltongue');
});

function facts(bytes: Uint8Array): ComponentFacts {
  const read = readWasm(bytes);
  if (read.kind !== 'component') throw new TypeError('a component was expected');
  return read;
}

/** The core module inside, as it was compiled. */
function core(): Uint8Array {
  const [module] = facts(BYTES).modules;
  if (module === undefined) throw new TypeError('there is no core module');
  return BYTES.slice(module.offset, module.offset + module.size);
}

function mismatches(bytes: Uint8Array): string[] {
  const { world } = facts(bytes);
  if (world === undefined || profile.world === undefined) throw new TypeError('a world was expected');
  return satisfiesWorld(world, profile.world.decoded, satisfies).map(({ ruleId }) => ruleId);
}

/** Names are as long in every version, so they can be changed in the bytes. */
function inVersion(version: string): Uint8Array {
  return new Uint8Array(
    Buffer.from(Buffer.from(core()).toString('latin1').replaceAll('@0.1.0', `@${version}`), 'latin1'),
  );
}

test('what was built for the world fits it, and is what the tools build from its core', async () => {
  expect(mismatches(BYTES)).toEqual([]);
  expect(Buffer.compare(await wrapComponent(core()), BYTES)).toBe(0);
});

const MISSES: readonly (readonly [string, (wit: string) => string, readonly string[]])[] = [
  ['a field of a record is missing', (wit) => wit.replace('    id: string,\n', ''), ['component.export-type']],
  ['a field has another name', (wit) => wit.replace('confidence: f32', 'trust: f32'), ['component.export-type']],
  ['a field is wider', (wit) => wit.replace('confidence: f32', 'confidence: f64'), ['component.export-type']],
  [
    'a field is optional',
    (wit) => wit.replace('node-type: string', 'node-type: option<string>'),
    ['component.export-type'],
  ],
  [
    'a case of an imported enum has another name',
    (wit) => wit.replace('debug, info', 'trace, info'),
    ['component.import-type'],
  ],
  ['cases are in another order', (wit) => wit.replace('debug, info', 'info, debug'), ['component.import-type']],
  ['a case is added', (wit) => wit.replace('warning, error', 'warning, error, fatal'), ['component.import-type']],
  ['a parameter has another name', (wit) => wit.replace('message: string', 'text: string'), ['component.import-type']],
  ['documentation is left out', (wit) => wit.replaceAll(/ *\/\/\/.*\n/g, ''), []],
];

test.each(MISSES)('%s', async (_, change, expected) => {
  const wit = change(WIT);
  expect(wit).not.toBe(WIT);
  expect(mismatches(await wrapComponent(core(), wit))).toEqual(expected);
});

test.each([
  ['0.1.1', []],
  ['0.2.0', ['component.export-missing']],
  ['1.0.0', ['component.export-missing']],
])('built for version %s', async (version, expected) => {
  const bytes = await wrapComponent(inVersion(version), WIT.replaceAll('@0.1.0', `@${version}`));
  expect(mismatches(bytes)).toEqual(expected);
});
