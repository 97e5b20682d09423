// The same steps as run_fuel.py, with the metered module in this engine.
import { type FuelSchedule, meterFuel } from '@plugmark/wasm';
import type { Step } from './kernels.ts';

/** What a call consumed and how it ended; null for a step that is no call. */
export interface Outcome {
  readonly fuel: number;
  readonly trap: 'outOfFuel' | 'trap' | null;
  readonly results: readonly number[];
}

/** Runs a module without imports other than functions. */
export function runMetered(
  bytes: Uint8Array,
  steps: readonly Step[],
  { schedule, canonicalizeNaNs = false }: { readonly schedule: FuelSchedule; readonly canonicalizeNaNs?: boolean },
): { readonly exact: boolean; readonly outcomes: readonly (Outcome | null)[] } {
  const metered = meterFuel(bytes, { schedule, canonicalizeNaNs });
  const module = new WebAssembly.Module(metered.bytes);
  const imports: Record<string, Record<string, () => number>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] = { ...imports[from], [name]: () => 0 };
  }
  const { exports } = new WebAssembly.Instance(module, imports);
  const fuel = exports[metered.exports.fuel] as WebAssembly.Global<'i64'>;
  const exhausted = exports[metered.exports.exhausted] as WebAssembly.Global<'i32'>;
  let last = 0;
  const outcomes = steps.map((step): Outcome | null => {
    if ('write' in step) {
      const at = step.at === 'result' ? last >>> 0 : step.at;
      new Uint8Array((exports['memory'] as WebAssembly.Memory).buffer).set(Buffer.from(step.write, 'hex'), at);
      return null;
    }
    fuel.value = BigInt(step.budget);
    exhausted.value = 0;
    let trap: Outcome['trap'] = null;
    let results: number[] = [];
    try {
      const value: unknown = (exports[step.call] as (...args: readonly number[]) => unknown)(...step.args);
      results = (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(Number);
      last = results[0] ?? 0;
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      trap = exhausted.value === 1 ? 'outOfFuel' : 'trap';
    }
    return { fuel: step.budget - Math.max(0, Number(fuel.value)), trap, results };
  });
  return { exact: metered.comparable.exact, outcomes };
}
