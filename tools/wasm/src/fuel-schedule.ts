/**
 * The published rules of fuel, by name: the versions of wasmtime whose Cranelift compiler counts so. wasmtime's tests
 * of fuel are the same files in all versions of one schedule. Before version 33 a trap on an access that the memory's
 * declared maximum rules out left the counter alone; everything else holds for all versions of a schedule.
 */

export const FUEL_SCHEDULES = {
  /** Every instruction costs what its fuel class says, whatever it does. */
  'wasmtime/classic': { versions: '0.23 to 45', bulk: 'flat' },
  /** Memory and table instructions also cost one unit a byte or element. */
  'wasmtime/46': { versions: '46 and 47', bulk: 'perUnit' },
} as const;

export type FuelSchedule = keyof typeof FUEL_SCHEDULES;

/** Why totals may differ from wasmtime's: code -> sentence. Codes are public API. */
export const FUEL_REASONS = {
  'call-ref': 'wasmtime forgets what a function costs that is called through call_ref; this meter counts it',
  exceptions: 'after a caught exception wasmtime counts on from a stale value',
  'legacy-exceptions': 'wasmtime does not run the older form of exceptions',
  'array-bulk': 'the schedule counts array instructions by bytes or elements depending on the element type',
  'table-grow': 'the schedule forgets what a function had pending when a table cannot grow; this meter counts it',
  'table-elements': 'the schedule counts instructions on tables of other than funcref and externref by bytes',
} as const;

export type FuelReason = keyof typeof FUEL_REASONS;
