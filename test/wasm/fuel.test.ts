// Fuel from the written rule of wasmtime, and beside a second, plain implementation. The comparison with wasmtime
// itself is in test/interop/fuel.
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FUEL_REASONS, FUEL_SCHEDULES, type FuelSchedule, meterFuel, WasmError } from '@plugmark/wasm';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runMetered } from '../interop/fuel/metered-run.ts';
import { PLUGIN_RUNS } from '../interop/fuel/plugin-runs.ts';
import { NAIVE_EXPORT, naiveFuel } from '../testkit/naive-fuel.ts';
import { program, programBytes } from '../testkit/random-program.ts';
import {
  type Bytes,
  component,
  type FunctionOptions,
  functionType,
  section,
  vector,
  WasmBuilder,
} from '../testkit/wasm-builder.ts';

const PACKAGES = fileURLToPath(new URL('../../node_modules/', import.meta.url));
const PLENTY = 1_000_000_000_000;
const CLASSIC: FuelSchedule = 'wasmtime/classic';
const BY_UNIT: FuelSchedule = 'wasmtime/46';

/** A module with one exported function `run`. */
const one = (body: Bytes, options: FunctionOptions = {}): Uint8Array<ArrayBuffer> =>
  new WasmBuilder()
    .memory({ min: 1, max: 1 })
    .table({ min: 4 })
    .function({ ...options, body, export: 'run' })
    .build();

function consumed(
  bytes: Uint8Array,
  schedule: FuelSchedule,
  budget: number = PLENTY,
  args: readonly number[] = [],
): unknown {
  const [outcome] = runMetered(bytes, [{ call: 'run', args, budget }], { schedule }).outcomes;
  return outcome?.trap === null ? outcome.fuel : [outcome?.fuel, outcome?.trap];
}

const I32 = ['i32'] as const;
const FIB = new WasmBuilder()
  .function({
    parameters: I32,
    results: I32,
    body: [
      0x20, 0, 0x41, 2, 0x48, 0x04, 0x7f, 0x20, 0, 0x05, 0x20, 0, 0x41, 1, 0x6b, 0x10, 0, 0x20, 0, 0x41, 2, 0x6b, 0x10,
      0, 0x6a, 0x0b,
    ],
    export: 'run',
  })
  .build();
/** Counts its parameter down to 0: 5 units a turn, and the 1 of the entry. */
const COUNT_DOWN: Bytes = [0x03, 0x40, 0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b];
const counting = (after: Bytes): Uint8Array<ArrayBuffer> => one([...COUNT_DOWN, ...after], { parameters: I32 });
/** Pushes 0, 0 and the parameter, then a bulk instruction. */
const bulk = (...instruction: Bytes): Uint8Array<ArrayBuffer> =>
  one([0x41, 0, 0x41, 0, 0x20, 0, ...instruction], { parameters: I32 });

/** At `n` equal to `at`: one less, then to the first label if that leaves 0, else to the second. */
const jumpAt = (at: number, ...labels: readonly [number, number]): Bytes => [
  ...[0x02, 0x40, 0x20, 0, 0x41, at, 0x47, 0x0d, 0],
  ...[0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0e, 1, ...labels, 0x0b],
];
/**
 * Three loops that begin at one place, so that their labels expect the same until one of them is made to expect
 * nothing, which makes the next table disagree, and so on until no label may expect anything.
 */
const DISAGREEING = one(
  [
    ...[0x02, 0x40, 0x20, 0, 0x41, 50, 0x46, 0x0d, 0, 0x20, 0, 0x1a],
    ...[0x03, 0x40, 0x03, 0x40, 0x03, 0x40, ...jumpAt(7, 4, 1), ...jumpAt(5, 1, 2), ...jumpAt(3, 2, 3)],
    ...[0x20, 0, 0x45, 0x0d, 3, 0x20, 0, 0x41, 1, 0x6b, 0x21, 0, 0x0c, 0, 0x0b, 0x0b, 0x0b, 0x0b],
  ],
  { parameters: I32 },
);

describe('by hand from the rule', () => {
  test('fib(32) takes 70 491 546', () => {
    expect(consumed(FIB, CLASSIC, PLENTY, [32])).toBe(70_491_546);
  });

  test('an empty function takes 1: a budget of 1 is too small and 2 leaves 1', () => {
    expect(consumed(one([]), CLASSIC)).toBe(1);
    expect(consumed(one([]), CLASSIC, 1)).toEqual([1, 'outOfFuel']);
    expect(consumed(one([]), CLASSIC, 2)).toBe(1);
  });

  test('nop, drop, block, loop, return, else and end are free', () => {
    expect(consumed(one([0x01, 0x02, 0x40, 0x0b, 0x03, 0x40, 0x0b, 0x0f]), CLASSIC)).toBe(1);
    expect(consumed(one([0x41, 1, 0x1a]), CLASSIC)).toBe(2);
    expect(consumed(one([0x41, 1, 0x04, 0x40, 0x05, 0x0b]), CLASSIC)).toBe(3);
  });

  test('code that cannot run is free', () => {
    expect(consumed(one([0x0f, 0x41, 1, 0x41, 1, 0x6a, 0x1a]), CLASSIC)).toBe(1);
    expect(consumed(one([0x02, 0x40, 0x0c, 0, 0x41, 1, 0x1a, 0x0b]), CLASSIC)).toBe(2);
  });

  test('a loop is stopped at the first header at which nothing is left', () => {
    expect(consumed(counting([]), CLASSIC, PLENTY, [3])).toBe(16);
    // 1 at entry, 11 before the third turn, 16 at the end, where nobody checks.
    expect(consumed(counting([]), CLASSIC, 12, [3])).toBe(12);
    expect(consumed(counting([]), CLASSIC, 11, [3])).toEqual([11, 'outOfFuel']);
  });

  test('a trap reports only what was saved', () => {
    const divideByZero: Bytes = [0x41, 1, 0x41, 0, 0x6d, 0x1a];
    expect(consumed(counting(divideByZero), CLASSIC, PLENTY, [100_000])).toEqual([0, 'trap']);
    expect(consumed(one([0x41, 1, 0x1a, 0x00]), CLASSIC)).toEqual([2, 'trap']);
    const load: Bytes = [0x28, 2, 0xfd, 0xff, 0x03, 0x1a];
    expect(consumed(one([0x41, 0, ...load]), CLASSIC)).toEqual([3, 'trap']);
    expect(consumed(one([0x41, 0x7c, 0x28, 2, 0, 0x1a]), CLASSIC)).toEqual([0, 'trap']);
  });

  test('out-of-bounds fill leaves the fuel untouched in both schedules', () => {
    const fill = bulk(0xfc, 0x0b, 0);
    for (const schedule of [CLASSIC, BY_UNIT]) expect(consumed(fill, schedule, PLENTY, [65_537])).toEqual([0, 'trap']);
  });

  test('bulk instructions cost 1, or 1 more a byte or element', () => {
    const cases: [Uint8Array, number][] = [
      [bulk(0xfc, 0x0b, 0), 1000],
      [bulk(0xfc, 0x0a, 0, 0), 1000],
      [bulk(0xfc, 0x0e, 0, 0), 3],
    ];
    for (const [bytes, count] of cases) {
      expect(consumed(bytes, CLASSIC, PLENTY, [count])).toBe(5);
      expect(consumed(bytes, BY_UNIT, PLENTY, [count])).toBe(5 + count);
      expect(consumed(bytes, BY_UNIT, 5 + count, [count])).toEqual([5 + count, 'outOfFuel']);
    }
  });

  test('a copy of a constant number of up to 128 bytes is not checked, a longer one is', () => {
    const copy = (...length: Bytes): Uint8Array => one([0x41, 0, 0x41, 0, 0x41, ...length, 0xfc, 0x0a, 0, 0]);
    expect(consumed(copy(0x80, 0x01), BY_UNIT, 20)).toBe(20);
    expect(consumed(copy(0x81, 0x01), BY_UNIT, 20)).toEqual([20, 'outOfFuel']);
  });

  test('fuel used up, any other trap and the end are told apart', () => {
    const { bytes, exports: names } = meterFuel(one([0x00]), { schedule: CLASSIC });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    expect(() => (exports['run'] as () => void)()).toThrow(WebAssembly.RuntimeError);
    expect((exports[names.exhausted] as WebAssembly.Global).value).toBe(0);
    expect((exports[names.fuel] as WebAssembly.Global<'i64'>).value).toBe(2n ** 63n - 2n);
  });

  test('a start function is bounded by the fuel there is at first', () => {
    const bytes = new WasmBuilder()
      .function({ body: [0x03, 0x40, 0x0c, 0, 0x0b] })
      .start(0)
      .build();
    const metered = meterFuel(bytes, { schedule: CLASSIC, initialFuel: 1000n });
    expect(() => new WebAssembly.Instance(new WebAssembly.Module(metered.bytes))).toThrow(WebAssembly.RuntimeError);
  });
});

describe('what cannot be compared says so', () => {
  const throwing = new WasmBuilder()
    .tag([])
    .function({ body: [0x1f, 0x40, 1, 2, 0, 0x0b] })
    .build();
  const legacy = new WasmBuilder().function({ body: [0x06, 0x40, 0x19, 0x0b] }).build();
  const reference = new WasmBuilder().function({ body: [0xd0, 0, 0x14, 0], export: 'run' }).build();
  const array = new WasmBuilder().section(0, [0]).build();

  test.each([
    [throwing, ['exceptions']],
    [legacy, ['legacy-exceptions']],
    [reference, ['call-ref']],
    [array, []],
  ])('%#', (bytes, reasons) => {
    const { comparable } = meterFuel(bytes, { schedule: CLASSIC });
    expect(comparable).toEqual({ exact: reasons.length === 0, reasons });
    for (const reason of comparable.reasons) expect(FUEL_REASONS).toHaveProperty(reason);
  });

  test('tables that grow, under the schedule by unit only', () => {
    const grow = one([0xd0, 0x70, 0x41, 1, 0xfc, 0x0f, 0, 0x1a]);
    expect(meterFuel(grow, { schedule: CLASSIC }).comparable.exact).toBe(true);
    expect(meterFuel(grow, { schedule: BY_UNIT }).comparable).toEqual({ exact: false, reasons: ['table-grow'] });
  });
});

describe('the module as written', () => {
  test('names that are taken are avoided', () => {
    const bytes = new WasmBuilder()
      .memory({ min: 0 }, { export: 'plugmark_fuel' })
      .function({ export: 'plugmark_fuel_2' })
      .build();
    const { exports, bytes: metered } = meterFuel(bytes, { schedule: CLASSIC });
    expect(exports).toEqual({ fuel: 'plugmark_fuel_3', exhausted: 'plugmark_fuel_exhausted' });
    expect(WebAssembly.validate(metered)).toBe(true);
  });

  test('imports, exports and names stay; what holds code offsets goes', () => {
    const bytes = new WasmBuilder()
      .importFunction('env', 'log')
      .function({ body: [0x10, 0], export: 'run' })
      .moduleName('kept')
      .custom('.debug_line', [1, 2, 3])
      .custom('producers', [0])
      .build();
    const module = new WebAssembly.Module(meterFuel(bytes, { schedule: CLASSIC }).bytes as Uint8Array<ArrayBuffer>);
    expect(WebAssembly.Module.imports(module)).toEqual([{ module: 'env', name: 'log', kind: 'function' }]);
    expect(WebAssembly.Module.exports(module).map(({ name }) => name)).toEqual([
      'run',
      'plugmark_fuel',
      'plugmark_fuel_exhausted',
    ]);
    const kept = ['name', '.debug_line', 'producers'].map(
      (name) => WebAssembly.Module.customSections(module, name).length,
    );
    expect(kept).toEqual([1, 0, 1]);
  });

  test('an empty module and a branch out of a function with several results', () => {
    expect(WebAssembly.validate(meterFuel(new WasmBuilder().build(), { schedule: CLASSIC }).bytes)).toBe(true);
    const two = one([0x41, 1, 0x42, 2, 0x41, 1, 0x0d, 0], { results: ['i32', 'i64'] });
    expect(WebAssembly.validate(meterFuel(two, { schedule: CLASSIC }).bytes)).toBe(true);
    expect(consumed(two, CLASSIC)).toBe(5);
  });

  test('a component and a malformed body are refused with a code', () => {
    const codeOf = (bytes: Uint8Array): unknown => {
      try {
        return meterFuel(bytes, { schedule: CLASSIC }).bytes.length;
      } catch (error) {
        return error instanceof WasmError ? error.code : error;
      }
    };
    expect(codeOf(component())).toBe('WASM_UNSUPPORTED_VERSION');
    // The global it would set is the one the meter adds.
    expect(codeOf(one([0x42, 0, 0x24, 0]))).toBe('WASM_INDEX_OUT_OF_RANGE');
    expect(codeOf(one([0x10, 1]))).toBe('WASM_INDEX_OUT_OF_RANGE');
    expect(codeOf(Uint8Array.from([...one([]), ...section(1, vector([functionType([], [])]))]))).toBe(
      'WASM_SECTION_DUPLICATE',
    );
  });

  test.each(globSync('**/*.wasm', { cwd: PACKAGES }).sort())('%s is valid in every form', (file) => {
    const bytes = new Uint8Array(readFileSync(`${PACKAGES}${file}`));
    for (const schedule of Object.keys(FUEL_SCHEDULES) as FuelSchedule[]) {
      const canonicalizeNaNs = schedule === BY_UNIT;
      expect(WebAssembly.validate(meterFuel(bytes, { schedule, canonicalizeNaNs }).bytes)).toBe(true);
    }
  });
});

test('canonical NaNs do not change the fuel, and have one pattern', () => {
  // f32.min of a NaN with a payload and 1, as bits.
  const body: Bytes = [0x43, 0x05, 0, 0xa0, 0xff, 0x43, 0, 0, 0x80, 0x3f, 0x96, 0xbc];
  const bytes = one(body, { results: I32 });
  const run = (canonicalizeNaNs: boolean): unknown =>
    runMetered(bytes, [{ call: 'run', args: [], budget: 99 }], { schedule: CLASSIC, canonicalizeNaNs }).outcomes[0];
  expect(run(true)).toEqual({ fuel: 5, trap: null, results: [0x7fc0_0000] });
  expect(run(false)).toMatchObject({ fuel: 5 });
});

describe('totals beside one unit an instruction', () => {
  test('random structured programs', () => {
    let compared = 0;
    fc.assert(
      fc.property(program, fc.nat(9), (each, argument) => {
        const bytes = programBytes(each);
        const step = { call: 'run', args: [argument], budget: 5_000 };
        const [ours] = runMetered(bytes, [step], { schedule: CLASSIC }).outcomes;
        if (ours?.trap !== null || ours.fuel >= step.budget) return;
        const { exports } = new WebAssembly.Instance(new WebAssembly.Module(naiveFuel(bytes)));
        (exports['run'] as (value: number) => void)(argument);
        expect((exports[NAIVE_EXPORT] as WebAssembly.Global<'i64'>).value).toBe(BigInt(ours.fuel));
        compared += 1;
      }),
      { numRuns: 1_500, seed: 7 },
    );
    expect(compared).toBeGreaterThan(300);
  });

  test('tables of labels that expect different things, one more with every attempt to make them agree', () => {
    const counted = (bytes: Uint8Array<ArrayBuffer>, argument: number): number => {
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(naiveFuel(bytes)));
      (exports['run'] as (value: number) => void)(argument);
      return Number((exports[NAIVE_EXPORT] as WebAssembly.Global<'i64'>).value);
    };
    for (let argument = 0; argument < 12; argument++) {
      const total = counted(DISAGREEING, argument);
      expect(consumed(DISAGREEING, CLASSIC, PLENTY, [argument])).toBe(total);
      expect(consumed(DISAGREEING, CLASSIC, total + 1, [argument])).toBe(total);
    }
  });

  test.each(PLUGIN_RUNS)('$name', ({ path, steps }) => {
    const bytes = new Uint8Array(readFileSync(path));
    const { outcomes } = runMetered(bytes, steps, { schedule: CLASSIC });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(naiveFuel(bytes)));
    const counter = exports[NAIVE_EXPORT] as WebAssembly.Global<'i64'>;
    let last = 0;
    const naive = steps.map((step) => {
      if ('write' in step) {
        const memory = new Uint8Array((exports['memory'] as WebAssembly.Memory).buffer);
        memory.set(Buffer.from(step.write, 'hex'), last);
        return undefined;
      }
      counter.value = 0n;
      last = (exports[step.call] as (...args: readonly number[]) => number)(...step.args) ?? 0;
      return Number(counter.value);
    });
    expect(outcomes.map((outcome) => outcome?.fuel)).toEqual(naive);
    expect(outcomes.every((outcome) => outcome === null || outcome.trap === null)).toBe(true);
  });
});
