// Fuel beside the real wasmtime, through its Python package. PLUGMARK_WASMTIME_PYTHONS names interpreters that have it
// (separated by `:`); without it python3 is tried. Where there is none the suite says so and is skipped.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FuelSchedule } from '@plugmark/wasm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import wabt from 'wabt';
import { KERNELS, type Step } from './kernels.ts';
import { type Outcome, runMetered } from './metered-run.ts';
import { PLUGIN_RUNS } from './plugin-runs.ts';
import { randomKernels } from './random-kernels.ts';

interface Case {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly steps: readonly Step[];
}
type Answer = (Outcome | null)[] | { refused: string };

const SCRIPT = fileURLToPath(new URL('run_fuel.py', import.meta.url));
const interpreters = (process.env['PLUGMARK_WASMTIME_PYTHONS'] ?? 'python3').split(':');
const versions = interpreters.flatMap((python) => {
  const asked = 'import importlib.metadata; print(importlib.metadata.version("wasmtime"))';
  const { status, stdout } = spawnSync(python, ['-c', asked], { encoding: 'utf8' });
  if (status === 0) return [{ python, version: stdout.trim() }];
  process.stderr.write(`fuel interop skipped for ${python}: no interpreter with the package wasmtime\n`);
  return [];
});
const major = (version: string): number => Number.parseInt(version, 10);
const scheduleOf = (version: string): FuelSchedule => (major(version) <= 45 ? 'wasmtime/classic' : 'wasmtime/46');
/** From 48 on the rule is another one; its numbers are shown and nothing is expected of them. */
const LAST_COVERED = 47;
/** Before 33 an access that no size of the memory allows was found while running, so that nothing was saved. */
const FIRST_WITH_STATIC_TRAPS = 33;

const folder = mkdtempSync(join(tmpdir(), 'plugmark-fuel-'));
const cases: Case[] = [];

beforeAll(async () => {
  const { parseWat } = await wabt();
  const features = {
    tail_call: true,
    bulk_memory: true,
    reference_types: true,
    multi_value: true,
    simd: true,
    sat_float_to_int: true,
  };
  for (const [name, { wat, steps }] of Object.entries(KERNELS)) {
    const module = parseWat(name, wat, features);
    cases.push({ name, bytes: new Uint8Array(module.toBinary({}).buffer), steps });
    module.destroy();
  }
  cases.push(
    ...PLUGIN_RUNS.map(({ name, path, steps }) => ({ name, bytes: new Uint8Array(readFileSync(path)), steps })),
  );
  cases.push(...randomKernels(300));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function runWasmtime(python: string): { version: string; cases: Answer[] } {
  const request = cases.map(({ bytes, steps }, index) => {
    const file = join(folder, `${index}.wasm`);
    writeFileSync(file, bytes);
    return { file, steps };
  });
  const input = JSON.stringify({ cases: request });
  const { status, stdout, stderr } = spawnSync(python, [SCRIPT], { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new TypeError(`run_fuel.py failed: ${stderr}`);
  return JSON.parse(stdout) as { version: string; cases: Answer[] };
}

/** What is compared of a call: numbers as unsigned, since Python and JavaScript show the sign bit differently. */
const comparable = (outcome: Outcome | null): unknown =>
  outcome === null ? null : { fuel: outcome.fuel, trap: outcome.trap };

describe.skipIf(versions.length === 0)('fuel beside wasmtime', () => {
  test.for(versions)('$version', ({ python, version }) => {
    const schedule = scheduleOf(version);
    const answers = runWasmtime(python).cases;
    const different: string[] = [];
    let [modules, calls, refused, unequal] = [0, 0, 0, 0];
    cases.forEach(({ name, bytes, steps }, index) => {
      const theirs = answers[index];
      if (theirs === undefined || 'refused' in theirs) {
        refused += 1;
        process.stderr.write(`wasmtime ${version} refuses ${name}: ${theirs?.refused}\n`);
        return;
      }
      const { exact, outcomes } = runMetered(bytes, steps, { schedule });
      modules += 1;
      calls += steps.filter((step) => 'call' in step).length;
      outcomes.forEach((outcome, at) => {
        const [a, b] = [JSON.stringify(comparable(outcome)), JSON.stringify(comparable(theirs[at] ?? null))];
        if (a === b) return;
        unequal += 1;
        const excused = !exact || (major(version) < FIRST_WITH_STATIC_TRAPS && outcome?.trap === 'trap');
        if (!excused) different.push(`${name} ${JSON.stringify(steps[at]).slice(0, 80)}: ours ${a}, wasmtime ${b}`);
      });
    });
    process.stderr.write(
      `wasmtime ${version} (${schedule}): ${modules} modules, ${calls} calls, ${calls - unequal} equal to the unit, ${different.length} others unexpected, ${refused} modules refused\n`,
    );
    if (major(version) <= LAST_COVERED) expect(different).toEqual([]);
    expect(modules).toBeGreaterThanOrEqual(30);
  });
});
