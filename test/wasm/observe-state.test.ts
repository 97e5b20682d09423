// What metering adds for a host that wants to see everything: state under names of its own, the start function as a call, growth that
// failed. None of it may cost fuel or change what the module does.
import { meterFuel } from '@plugmark/wasm';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { assemble } from '../analysis/assemble.ts';
import { program, programBytes } from '../testkit/random-program.ts';

const SCHEDULE = { schedule: 'wasmtime/classic' } as const;
type Exports = Record<string, WebAssembly.ExportValue>;

function instantiate(wat: string): { readonly exports: Exports; readonly metered: ReturnType<typeof meterFuel> } {
  const metered = meterFuel(assemble(wat), { ...SCHEDULE, observeState: true });
  return { metered, exports: new WebAssembly.Instance(new WebAssembly.Module(metered.bytes)).exports as Exports };
}

const call = (exports: Exports, name: string, ...values: number[]): unknown =>
  (exports[name] as (...values: number[]) => unknown)(...values);
const numberIn = (exports: Exports, name: string): unknown => (exports[name] as WebAssembly.Global).value;

test('every memory and every mutable number has a name, whatever the module calls its own', () => {
  const { exports, metered } = instantiate(`(module
    (memory 2) (export "plugmark_memory_0" (memory 0))
    (global (mut i32) (i32.const 7)) (global i32 (i32.const 8)) (global (mut f64) (f64.const 2.5))
    (global (mut funcref) (ref.null func)))`);
  const { memories = [], globals = [] } = metered.state ?? {};
  expect(memories).toEqual(['plugmark_memory_0_2']);
  expect((exports[memories[0] ?? ''] as WebAssembly.Memory).buffer.byteLength).toBe(131_072);
  expect(globals.map((name) => numberIn(exports, name))).toEqual([7, 2.5]);
});

test('the start function waits for the host', () => {
  const { exports, metered } = instantiate(`(module
    (global $g (mut i32) (i32.const 1)) (func $s (global.set $g (i32.const 2))) (start $s)
    (func (export "run") (result i32) (global.get $g)))`);
  expect(call(exports, 'run')).toBe(1);
  call(exports, metered.state?.start ?? '');
  expect(call(exports, 'run')).toBe(2);
  expect(meterFuel(assemble('(module)'), { ...SCHEDULE, observeState: true }).state?.start).toBeUndefined();
});

test('growth that fails is noted, growth that does not is not, and the answer stays what it was', () => {
  const { exports, metered } = instantiate(
    '(module (memory 1 3) (func (export "run") (param i32) (result i32) (memory.grow (local.get 0))))',
  );
  const failed = metered.state?.growthFailed ?? '';
  expect([call(exports, 'run', 1), numberIn(exports, failed)]).toEqual([1, 0]);
  expect([call(exports, 'run', 2), numberIn(exports, failed)]).toEqual([-1, 1]);
  expect([call(exports, 'run', 1), numberIn(exports, failed)]).toEqual([2, 1]);
});

test('random programs: results, traps and fuel are those of plain metering', () => {
  fc.assert(
    fc.property(program, fc.integer(), (made, argument) => {
      const bytes = programBytes(made);
      const [plain, observed] = [false, true].map((observeState) => {
        const metered = meterFuel(bytes, { ...SCHEDULE, observeState, initialFuel: 20_000n });
        const exports = new WebAssembly.Instance(new WebAssembly.Module(metered.bytes)).exports as Exports;
        let outcome: unknown;
        try {
          outcome = call(exports, 'run', argument);
        } catch (error) {
          outcome = error instanceof WebAssembly.RuntimeError ? 'trap' : error;
        }
        return [outcome, numberIn(exports, metered.exports.fuel), numberIn(exports, metered.exports.exhausted)];
      });
      expect(observed).toEqual(plain);
    }),
    { numRuns: 150 },
  );
});
