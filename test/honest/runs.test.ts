// Honest plugins run in the sandbox and answer what their sources say. AssemblyScript asks its host for a seed, the time and a console
// by functions of its own, which these hosts provide; so the ways those end are here too.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Vector, VectorRun } from '@plugmark/schemas';
import { expect, test } from 'vitest';
import { assemble } from '../analysis/assemble.ts';
import { outputsOf, runInSandbox } from '../testkit/run-in-sandbox.ts';
import { HONEST } from './build.ts';
import { HONEST_CALLS } from './calls.ts';

async function runFolder(folder: string, vector: Vector): Promise<VectorRun> {
  const { runs } = await runInSandbox(readFileSync(join(HONEST, folder, 'plugin.wasm')), [vector]);
  return runs[0] as VectorRun;
}

test.each(HONEST_CALLS)('$folder', async ({ folder, vector, outputs, printed = '' }) => {
  const run = await runFolder(folder, vector);
  expect([run.ending, run.detail]).toEqual(['ok', undefined]);
  expect(outputsOf(run)).toEqual(outputs);
  expect(run.printed).toBe(printed);
});

const execute = (velocity: object, change: Partial<Vector> = {}): Vector => ({
  schemaVersion: 1,
  name: 'v',
  title: 'v',
  host: 'conductor',
  calls: [{ entry: 'init' }, { entry: 'execute', input: { json: velocity as Record<string, number> } }],
  grants: [],
  ...change,
});

const HUMANISE = 'assemblyscript/humanise';

test('AssemblyScript: the time stands, random numbers come from the seed of the vector, console and trace are kept', async () => {
  const run = (seed: number): Promise<VectorRun> => runFolder(HUMANISE, execute({ velocity: 64 }, { seed }));
  const [first, again, other] = [await run(1), await run(1), await run(4)];
  const velocity = (of: VectorRun): number => (outputsOf(of)[1] as { result: { velocity: number } }).result.velocity;
  expect(first.ending).toBe('ok');
  expect(Math.abs(velocity(first) - 64)).toBeLessThanOrEqual(4);
  expect(first.printed).toBe(`log: ready at 1000\ntrace: moved 64, ${velocity(first)}\n`);
  expect([again.outputSha256, again.memorySha256]).toEqual([first.outputSha256, first.memorySha256]);
  // The hash has the state of the generator in it, so that a rounded answer does not decide.
  expect(other.memorySha256).not.toBe(first.memorySha256);
  const quiet = await runFolder(HUMANISE, execute({}));
  expect(outputsOf(quiet)[1]).toEqual({ status: 1, result: null });
  expect(quiet.printed).toContain('error: no velocity\n');
});

test('AssemblyScript: a failed check is a trap of its own kind, with the text and the place', async () => {
  const run = await runFolder('assemblyscript/transpose', execute({ note: 200 }));
  expect([run.ending, run.trap]).toEqual(['trap', 'abort']);
  expect(run.printed).toMatch(/^abort: a note is a number from 0 to 127 at index\.ts:\d+:\d+\n$/);
});

/** A module of the host that calls one function of the console with an address. */
const consoleCall = (memory: string, address: number): Uint8Array =>
  assemble(`(module
    (import "env" "console.log" (func $log (param i32)))
    ${memory}
    (func (export "alloc") (param i32) (result i32) (i32.const 64))
    (func (export "init") (call $log (i32.const ${address})))
    (func (export "execute") (param i32 i32) (result i32) (i32.const 0)))`);

test.each([
  ['no address', '(memory (export "memory") 1)', 0],
  ['a size that would lie before the memory', '(memory (export "memory") 1)', 2],
  ['an address outside', '(memory (export "memory") 1)', 65_536],
  ['an address beyond half of all', '(memory (export "memory") 1)', -4],
  ['no memory', '', 100],
])('a hostile text of a console: %s is an empty line', async (_, memory, address) => {
  const { runs } = await runInSandbox(consoleCall(memory, address), [execute({}, { calls: [{ entry: 'init' }] })]);
  expect([runs[0]?.ending, runs[0]?.printed]).toEqual(['ok', 'log: \n']);
});

test('a console text longer than the host takes is refused, not cut', async () => {
  const sized = (bytes: string): string => `(memory (export "memory") 64) (data (i32.const 4) "${bytes}")`;
  const [short, long] = await Promise.all(
    ['\\04\\00\\00\\00', '\\ff\\ff\\ff\\7f'].map((bytes) =>
      runInSandbox(consoleCall(sized(bytes), 8), [execute({}, { calls: [{ entry: 'init' }] })]),
    ),
  );
  expect(short?.runs[0]?.printed).toBe('log: \0\0\n');
  expect(long?.runs[0]?.ending).toBe('outputLimit');
});
