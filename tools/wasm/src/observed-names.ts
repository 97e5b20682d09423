/**
 * Names of what metering exports so that a host can see it: all memories and mutable numbers, whether a memory could not
 * grow, and the start function.
 */
import type { CoreModule } from './core-module.ts';

const GROWTH_NAME = 'plugmark_growth_failed';
/** Types whose value JavaScript can read from an exported global. */
const NUMBER_GLOBAL = /^(i32|i64|f32|f64) mut$/;

/** Name of each export that is added, with the index of what it exports. */
export interface StateNames {
  readonly growthFailed: string;
  readonly start: { readonly name: string; readonly index: number } | undefined;
  readonly memories: ReadonlyMap<string, number>;
  readonly globals: ReadonlyMap<string, number>;
}

export function stateNames({ memories, texts, start }: CoreModule, free: (name: string) => string): StateNames {
  const named = (kind: string, indices: readonly number[]): ReadonlyMap<string, number> =>
    new Map(indices.map((index) => [free(`plugmark_${kind}_${index}`), index]));
  const numbers = texts.global.flatMap((text, index) => (NUMBER_GLOBAL.test(text) ? [index] : []));
  return {
    growthFailed: free(GROWTH_NAME),
    start: start === undefined ? undefined : { name: free('plugmark_start'), index: start },
    memories: named('memory', [...memories.keys()]),
    globals: named('global', numbers),
  };
}

/** Names that no export of the module has, nor one given out before. */
export function freeNames({ exports }: CoreModule): (name: string) => string {
  const taken = new Set(exports.map(({ name }) => name));
  return (name) => {
    let candidate = name;
    for (let number = 2; taken.has(candidate); number++) candidate = `${name}_${number}`;
    taken.add(candidate);
    return candidate;
  };
}
