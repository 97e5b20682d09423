// Whether the bits of a NaN can become visible. WebAssembly leaves them open (core spec 4.3.3, nondeterminism of fN operations),
// engines differ, and one engine differs between its tiers. No flow of values is followed: where the code can make a NaN and can look
// at the bits of a float, they may meet. Conservative by that, so that "cannot" holds.

import type { ModuleFacts, WasmFacts } from '@plugmark/wasm';
import type { Core } from './read-artifact.ts';

export interface NanEscape {
  /** Instructions that can make a NaN, and floats that come from outside. */
  readonly producing: number;
  /** How bits can leave; empty when they cannot. */
  readonly ways: readonly string[];
}

const FLOAT = /\bf(?:32|64)\b|\bv128\b/;

export function nanEscape(facts: WasmFacts, cores: readonly Core[]): NanEscape {
  const sum = (count: (core: Core) => number): number => cores.reduce((total, core) => total + count(core), 0);
  const outside = facts.kind === 'core' ? floatsIn(facts) : floatsOfWorld(facts.world);
  const producing = sum(({ code }) => code.groups.nanProducing) + outside;
  if (producing === 0) return { producing, ways: [] };
  const ways = [
    { way: 'stores and reinterpretations', is: sum(({ code }) => code.groups.floatBitsRead) > 0 },
    {
      way: 'instructions on vectors of integers',
      is: cores.some(({ code }) => readsVectors(Object.keys(code.opcodes))),
    },
    { way: 'results and arguments of calls to and from the host', is: facts.kind === 'core' && floatsOut(facts) },
  ];
  return { producing, ways: ways.filter(({ is }) => is).map(({ way }) => way) };
}

/** A vector has one type, whatever its lanes are meant to be; making one, or replacing a lane, looks at no bits. */
function readsVectors(opcodes: readonly string[]): boolean {
  return opcodes.some(
    (name) => /^(?:i8x16|i16x8|i32x4|i64x2|v128)\./.test(name) && !/\.(?:const|splat|replace_lane|load\w*)$/.test(name),
  );
}

/** `(f64) -> (i32)` in its two halves; what is not a function, as both. */
function halves(type: string): { readonly parameters: string; readonly results: string } {
  const arrow = type.lastIndexOf(' -> ');
  return arrow < 0
    ? { parameters: type, results: type }
    : { parameters: type.slice(0, arrow), results: type.slice(arrow) };
}

function floatsIn({ imports, exports }: ModuleFacts): number {
  const given = imports.filter(({ kind, type }) => FLOAT.test(kind === 'function' ? halves(type).results : type));
  const passed = exports.filter(({ kind, type }) => FLOAT.test(kind === 'function' ? halves(type).parameters : type));
  return given.length + passed.length;
}

function floatsOut({ imports, exports }: ModuleFacts): boolean {
  return (
    imports.some(({ kind, type }) => FLOAT.test(kind === 'function' ? halves(type).parameters : type)) ||
    exports.some(({ kind, type }) => FLOAT.test(kind === 'function' ? halves(type).results : type))
  );
}

/** The canonical ABI may give a NaN other bits on its way in (Component Model, Canonical ABI: NaN canonicalization). */
function floatsOfWorld(world: unknown): number {
  return world === undefined || /"f(?:32|64)"/.test(JSON.stringify(world)) ? 1 : 0;
}
