// What the fuzzer starts from: the reader's and the analysis' vectors, our honest plugins, random programs, and small files
// of a folder that was named. Sorted, so that an index means the same file everywhere.
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { program, programBytes } from '../testkit/random-program.ts';

const TEST = fileURLToPath(new URL('..', import.meta.url));
// Files that the reader must refuse are left out: each is a change away from an honest one, and most changes lead nowhere.

/** Larger ones take longer and find nothing more. */
const MAX_BYTES = 40_000;
const PROGRAMS = 60;

export function seedFiles(folder: string | undefined): Uint8Array<ArrayBuffer>[] {
  const ours = ['vectors/wasm/*/input.wasm', 'vectors/analysis/*/input.wasm', 'honest/*/*/plugin.wasm'];
  return [
    ...filesOf(TEST, ours),
    ...(folder === undefined ? [] : filesOf(folder, ['**/*.wasm'])),
    ...fc.sample(program, { numRuns: PROGRAMS, seed: 1 }).map(programBytes),
  ];
}

function filesOf(folder: string, patterns: readonly string[]): Uint8Array<ArrayBuffer>[] {
  const names = patterns
    .flatMap((pattern) => globSync(pattern, { cwd: folder }).sort())
    .filter((name) => !name.includes('_fail') || name.startsWith('vectors/analysis'));
  const paths = names.map((name) => join(folder, name));
  return paths
    .filter((path) => statSync(path).size > 8 && statSync(path).size <= MAX_BYTES)
    .map((path) => new Uint8Array(readFileSync(path)));
}
