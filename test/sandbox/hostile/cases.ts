// What a hostile plugin may try, in text form, and how it must end. Each is one module and one defect.
import type { RunEnding } from '@plugmark/schemas';

export interface HostileCase {
  readonly name: string;
  readonly wat: string;
  /** Calls by entry and arguments; by default one of `run`. */
  readonly calls?: readonly (readonly [string, ...(number | string)[]])[];
  readonly grants?: readonly string[];
  readonly ending: RunEnding;
  readonly trap?: string;
  /** Fuel of the last call; only where it is the point. */
  readonly fuel?: number;
}

const WASI = 'wasi_snapshot_preview1';
const FD_WRITE = `(import "${WASI}" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))`;
const run = (body: string, rest = ''): string => `(module ${rest} (func (export "run") (result i32) ${body}))`;
const FOREVER = '(loop $l (br $l)) (i32.const 0)';
const PAGE = 65_536;

export const HOSTILE_CASES: readonly HostileCase[] = [
  { name: 'endless loop in a call', wat: run(FOREVER), ending: 'outOfFuel', fuel: 5_000_000 },
  {
    name: 'endless loop in the start function',
    wat: `(module (func $s (loop $l (br $l))) (start $s) (func (export "run")))`,
    ending: 'outOfFuel',
  },
  {
    name: 'endless loop in _initialize',
    wat: `(module (func (export "_initialize") (loop $l (br $l))) (func (export "run")))`,
    ending: 'outOfFuel',
  },
  {
    name: 'endless loop that costs next to nothing: large fills',
    wat: run(
      `(loop $l (memory.fill (i32.const 0) (i32.const 1) (i32.const 4194304)) (br $l)) (i32.const 0)`,
      '(memory 64)',
    ),
    ending: 'timeout',
  },
  {
    name: 'memory bomb, a page at a time',
    ending: 'outOfMemory',
    wat: run(`(loop $l (br_if $l (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) unreachable`, '(memory 1)'),
  },
  {
    name: 'memory bomb, all at once',
    ending: 'outOfMemory',
    wat: run(
      `(if (i32.eq (memory.grow (i32.const 30000)) (i32.const -1)) (then unreachable)) (i32.const 0)`,
      '(memory 1)',
    ),
  },
  {
    name: 'more memory than the host has, from the start',
    wat: run('(i32.const 0)', '(memory 1000)'),
    ending: 'outOfMemory',
  },
  {
    name: 'a memory that is refused is no end by itself',
    wat: run(`(memory.grow (i32.const 30000))`, '(memory 1)'),
    ending: 'ok',
  },
  {
    name: 'table bomb',
    ending: 'ok',
    wat: run(`(table.grow (ref.null func) (i32.const 100000))`, '(table 1 funcref)'),
  },
  {
    name: 'larger table than the host has, from the start',
    wat: run('(i32.const 0)', '(table 2000 funcref)'),
    ending: 'linkError',
  },
  {
    name: 'data bomb: a segment beyond the memory',
    wat: run('(i32.const 0)', `(memory 1) (data (i32.const ${PAGE - 1}) "ab")`),
    ending: 'trap',
    trap: 'memory-access',
  },
  {
    name: 'deep recursion',
    wat: `(module (func $f (export "run") (result i32) (i32.add (call $f) (i32.const 1))))`,
    ending: 'trap',
    trap: 'stack-overflow',
  },
  { name: 'unreachable', wat: run('unreachable'), ending: 'trap', trap: 'unreachable' },
  {
    name: 'address outside the memory',
    wat: run('(i32.load (i32.const -4))', '(memory 1)'),
    ending: 'trap',
    trap: 'memory-access',
  },
  {
    name: 'division by zero',
    wat: run('(i32.div_s (i32.const 1) (i32.const 0))'),
    ending: 'trap',
    trap: 'divide-by-zero',
  },
  {
    name: 'quotient too large',
    wat: run('(i32.div_s (i32.const 0x80000000) (i32.const -1))'),
    ending: 'trap',
    trap: 'integer-overflow',
  },
  {
    name: 'number that is no integer',
    wat: run('(i32.trunc_f32_s (f32.const nan))'),
    ending: 'trap',
    trap: 'integer-overflow',
  },
  {
    name: 'call through an empty place',
    ending: 'trap',
    trap: 'indirect-call',
    wat: run('(call_indirect (result i32) (i32.const 0))', '(table 1 funcref)'),
  },
  {
    name: 'call outside the table',
    ending: 'trap',
    trap: 'table-access',
    wat: run('(call_indirect (result i32) (i32.const 7))', '(table 1 funcref)'),
  },
  {
    name: 'flooding output',
    wat: run(
      `(loop $l (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))) (br $l)) (i32.const 0)`,
      `${FD_WRITE} (memory (export "memory") 1) (data (i32.const 0) "\\10\\00\\00\\00\\00\\10\\00\\00")`,
    ),
    ending: 'outputLimit',
  },
  {
    name: 'host calls without end',
    wat: run(
      `(loop $l (drop (call $yield)) (br $l)) (i32.const 0)`,
      `(import "${WASI}" "sched_yield" (func $yield (result i32)))`,
    ),
    ending: 'hostCallLimit',
  },
  {
    name: 'host calls without end that catch what should end them',
    wat: run(
      `(loop $l (try (do (drop (call $yield))) (catch_all)) (br $l)) (i32.const 0)`,
      `(import "${WASI}" "sched_yield" (func $yield (result i32)))`,
    ),
    ending: 'hostCallLimit',
  },
  {
    name: 'leaving through proc_exit',
    wat: run(`(call $exit (i32.const 0)) (i32.const 0)`, `(import "${WASI}" "proc_exit" (func $exit (param i32)))`),
    ending: 'trap',
    trap: 'exit',
  },
  {
    name: 'an import the host does not know',
    wat: run('(i32.const 0)', '(import "env" "system" (func (param i32)))'),
    ending: 'linkError',
  },
  {
    name: 'a memory of the host',
    wat: run('(i32.const 0)', '(import "env" "memory" (memory 1))'),
    ending: 'linkError',
  },
  {
    name: 'an import the host forbids',
    wat: run('(i32.const 0)', `(import "${WASI}" "proc_raise" (func (param i32) (result i32)))`),
    ending: 'linkError',
  },
  {
    name: 'a known import of another type',
    wat: run('(i32.const 0)', `(import "${WASI}" "sched_yield" (func (param i64)))`),
    ending: 'linkError',
  },
  {
    name: 'an import that the sandbox has no behaviour for',
    wat: run('(call $f) (i32.const 0)', '(import "host" "unwritten" (func $f))'),
    ending: 'trap',
    trap: 'host-unavailable',
  },
  { name: 'an entry that is not there', wat: '(module)', ending: 'trap', trap: 'no-entry' },
  {
    name: 'fuel is for each call',
    wat: `(module (func (export "run") (param i32) (result i32) (loop $l (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br_if $l (local.get 0))) (i32.const 0)))`,
    calls: [
      ['run', 800_000],
      ['run', 800_000],
      ['run', 2_000_000],
    ],
    ending: 'outOfFuel',
    fuel: 5_000_000,
  },
  {
    name: 'names of the meter',
    ending: 'outOfFuel',
    fuel: 5_000_000,
    wat: `(module (global $g (mut i64) (i64.const 9)) (export "plugmark_fuel" (global $g)) (func (export "plugmark_start")) (func (export "run") (result i32) ${FOREVER}))`,
  },
  {
    name: 'a name longer than any message, cut in the middle of a character',
    wat: run('(i32.const 0)', `(import "env" "${'x'.repeat(1_994)}${'\u{1f600}'.repeat(3_000)}" (func))`),
    ending: 'linkError',
  },
  {
    name: 'waiting for what never comes',
    wat: `(module (memory 1 1 shared) (func (export "run") (result i32) (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))`,
    ending: 'timeout',
  },
];

export interface DifferingCase {
  readonly name: string;
  readonly wat: string;
  readonly calls: readonly (readonly [string, ...(number | string)[]])[];
  readonly grants?: readonly string[];
  /** Whether the second and the third configuration show something else than the first. */
  readonly differs: readonly [boolean, boolean];
  /** Whether JavaScriptCore on x86-64 shows something else than the first configuration. */
  readonly differsInSecond?: true;
}

const CLOCK = `(import "${WASI}" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))`;
const RANDOM = `(import "${WASI}" "random_get" (func $random (param i32 i32) (result i32)))`;
const MEMORY = '(memory (export "memory") 1)';
const readClock = `(module ${CLOCK} ${MEMORY} (func (export "run") (result i64) (drop (call $time (i32.const 0) (i64.const 0) (i32.const 8))) (i64.load (i32.const 8))))`;
const readRandom = `(module ${RANDOM} ${MEMORY} (func (export "run") (result i64) (drop (call $random (i32.const 8) (i32.const 8))) (i64.load (i32.const 8))))`;
const COUNTS = `(module (global $runs (mut i32) (i32.const 0)) (func (export "run") (result i32) (global.set $runs (i32.add (global.get $runs) (i32.const 1))) (i32.eq (global.get $runs) (i32.const 3))))`;

export const DIFFERING_CASES: readonly DifferingCase[] = [
  {
    name: 'on the third run: it cannot count runs, each has a fresh instance',
    wat: COUNTS,
    calls: [['run']],
    differs: [false, false],
  },
  {
    name: 'on the third call: that is the same in every run',
    wat: COUNTS,
    calls: [['run'], ['run'], ['run']],
    differs: [false, false],
  },
  { name: 'by the time, without the capability', wat: readClock, calls: [['run']], differs: [false, false] },
  {
    name: 'by the time, with it: seen in the other world',
    wat: readClock,
    calls: [['run']],
    grants: ['clock'],
    differs: [true, false],
  },
  { name: 'by chance, without the capability', wat: readRandom, calls: [['run']], differs: [false, false] },
  {
    name: 'by chance, with it: seen in the other world',
    wat: readRandom,
    calls: [['run']],
    grants: ['random'],
    differs: [true, false],
  },
  {
    // V8's optimising compiler folds constants and keeps the payload, its baseline compiler does not.
    name: 'by the bits of a NaN: seen with the other compiler',
    wat: `(module ${MEMORY} (func (export "run") (f32.store (i32.const 0) (f32.min (f32.reinterpret_i32 (i32.const 0xffa00005)) (f32.const 1)))))`,
    calls: [['run']],
    differs: [false, true],
    differsInSecond: true,
  },
  {
    // Both of V8's compilers give the canonical NaN here, JavaScriptCore keeps the operand's bits (on x86-64).
    name: 'by the bits of a NaN that both compilers of one engine agree on: seen with the second engine',
    wat: `(module ${MEMORY} (data (i32.const 8) "\\05\\00\\a0\\ff") (func (export "run") (result i32) (f32.store (i32.const 0) (f32.min (f32.load (i32.const 8)) (f32.const 1))) (i32.load (i32.const 0))))`,
    calls: [['run']],
    differs: [false, false],
    differsInSecond: true,
  },
  {
    name: 'by what an earlier call left behind: that is the same in every run',
    wat: `(module ${MEMORY} (func (export "run") (result i32) (i32.store (i32.const 4) (i32.add (i32.load (i32.const 4)) (i32.const 7))) (i32.load (i32.const 4))))`,
    calls: [['run'], ['run']],
    differs: [false, false],
  },
  {
    name: 'by memory that nobody has written: it is zero in every run',
    wat: `(module (memory (export "memory") 1 4) (func (export "run") (result i64) (drop (memory.grow (i32.const 2))) (i64.load (i32.const 131072))))`,
    calls: [['run']],
    differs: [false, false],
  },
  {
    name: 'by how deep calls may nest: not as long as they are shallow',
    wat: `(module (func $f (param i32) (result i32) (if (result i32) (i32.eqz (local.get 0)) (then (i32.const 1)) (else (call $f (i32.sub (local.get 0) (i32.const 1)))))) (func (export "run") (result i32) (call $f (i32.const 1000))))`,
    calls: [['run']],
    differs: [false, false],
  },
];
