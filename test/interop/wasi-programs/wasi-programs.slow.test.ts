// Programs of ordinary compilers in the sandbox: their libraries are strangers that know WASI well. Compiled here, where the
// compilers are (Debian: clang, wasi-libc, libstd-rust-dev-wasm32).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DETERMINISM_CONFIGURATIONS, runVectors } from '@plugmark/sandbox';
import type { Vector, VectorRun } from '@plugmark/schemas';
import { afterAll, describe, expect, test } from 'vitest';
import { SMALL_LIMITS, sandboxHost, vectorOf } from '../../sandbox/sandbox-host.ts';

const scratch = mkdtempSync(join(tmpdir(), 'plugmark-wasi-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const source = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const COMPILERS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  c: [
    ['clang-14', '--target=wasm32-wasi', '-O1'],
    ['clang', '--target=wasm32-wasi', '-O1'],
  ],
  rs: [['/usr/bin/rustc', '--target', 'wasm32-wasi', '-O', '-C', 'strip=symbols']],
};

function compiled(language: string): Uint8Array | undefined {
  const out = join(scratch, `${language}.wasm`);
  for (const [command = '', ...args] of COMPILERS[language] ?? []) {
    const { status } = spawnSync(command, [...args, source(`program.${language}`), '-o', out]);
    if (status === 0) return readFileSync(out);
  }
  return undefined;
}

const profile = sandboxHost({
  abi: 'wasi-command',
  limits: { ...SMALL_LIMITS, fuel: 500_000_000, startMilliseconds: 5_000, callMilliseconds: 5_000 },
});
const files: Vector['files'] = [
  { path: 'notes.txt', content: { text: 'hello' } },
  { path: 'sub/deep.txt', content: { text: 'down' } },
];

async function run(
  artifact: Uint8Array,
  input: { args?: string[]; stdin?: string },
  grants: readonly string[],
): Promise<VectorRun> {
  const calls: Vector['calls'] = [{ entry: '_start', input: { json: input } }];
  const vector = vectorOf([], { calls, grants: [...grants], files });
  const { runs } = await runVectors(
    { artifact, profile, vectors: [vector] },
    { configurations: DETERMINISM_CONFIGURATIONS },
  );
  const figures = runs.map(({ fuel, memorySha256, outputSha256, ending }) => [
    fuel,
    memorySha256,
    outputSha256,
    ending,
  ]);
  // Two compilers of the engine agree on all of it.
  expect(figures[2]).toEqual(figures[0]);
  return runs[0] as VectorRun;
}

describe('C with wasi-libc', () => {
  const program = compiled('c');
  test.skipIf(program === undefined)('with the folder', async () => {
    const { calls } = await run(program as Uint8Array, { args: ['a'], stdin: 'one\n' }, ['filesystem', 'clock']);
    const stdout =
      'in one\narg a\nfile hello\nentry .\nentry ..\nentry notes.txt\nentry sub\nwritten\nenv no\ntime 946684800\n';
    expect(calls[0]?.output).toEqual({ exit: 7, stdout, stderr: 'bye\n' });
  });

  test.skipIf(program === undefined)('without it', async () => {
    const { calls } = await run(program as Uint8Array, {}, ['clock']);
    expect(calls[0]?.output).toMatchObject({ exit: 7, stdout: 'no file\nno writing\nenv no\ntime 946684800\n' });
  });
});

describe('Rust', () => {
  const program = compiled('rs');
  test.skipIf(program === undefined)('input, hash map, files, arguments', async () => {
    const { calls } = await run(program as Uint8Array, { args: ['x'], stdin: 'b a b' }, ['filesystem', 'random']);
    expect(calls[0]?.output).toMatchObject({ exit: 0, stdout: '[("a", 1), ("b", 2)]\ndeep down\n["x"]\n' });
  });

  test.skipIf(program === undefined)('a panic', async () => {
    const { ending, trap, printed } = await run(program as Uint8Array, { stdin: 'panic' }, ['filesystem', 'random']);
    expect([ending, trap]).toEqual(['trap', 'unreachable']);
    expect(printed).toContain('as asked');
  });
});
