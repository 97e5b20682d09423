import type { CodeCounts } from './code-counts.ts';
import type { CoreModule } from './core-module.ts';
import { FUEL_SCHEDULES, type FuelReason, type FuelSchedule } from './fuel-schedule.ts';
import { OPCODES } from './opcodes.ts';

/** Reason -> the instructions that are one. */
const INSTRUCTIONS: Readonly<Partial<Record<FuelReason, RegExp>>> = {
  'call-ref': /^call_ref$/,
  exceptions: /^try_table$/,
  'legacy-exceptions': /^(try|catch|catch_all|delegate|rethrow)$/,
};

/** Those that are one only where bulk instructions cost by the unit. */
const PER_UNIT_INSTRUCTIONS: Readonly<Partial<Record<FuelReason, RegExp>>> = {
  'table-grow': /^table\.grow$/,
  'array-bulk': /^array\.(new|new_default|new_data|new_elem|fill|copy|init_data|init_elem)$/,
};

/** wasmtime has its own loops over tables of these. */
const COUNTED_ELEMENTS: readonly string[] = ['funcref', 'externref'];
const TABLE_BULK = /^table\.(copy|fill|init|grow)$/;

/** Why a module's totals may differ from wasmtime's under a schedule. */
export function fuelReasons(module: CoreModule, counts: CodeCounts, schedule: FuelSchedule): FuelReason[] {
  const perUnit = FUEL_SCHEDULES[schedule].bulk === 'perUnit';
  const uses = (pattern: RegExp): boolean =>
    OPCODES.some((instruction, index) => (counts.opcodes[index] ?? 0) > 0 && pattern.test(instruction?.name ?? ''));
  const table = { ...INSTRUCTIONS, ...(perUnit && PER_UNIT_INSTRUCTIONS) };
  const reasons = (Object.keys(table) as FuelReason[]).filter((reason) => uses(table[reason] as RegExp));
  const otherTables = module.tables.some(({ element }) => !COUNTED_ELEMENTS.includes(element));
  return perUnit && otherTables && uses(TABLE_BULK) ? [...reasons, 'table-elements'] : reasons;
}
