// Components in the sandbox: values of every kind through the glue, one budget over the core modules, hostile ones contained.
import { parse as assembleText, componentEmbed, componentNew } from '@bytecodealliance/jco-transpile/wasm-tools';
import { runVectors } from '@plugmark/sandbox';
import type { HostProfile, RunObservation, VectorRun } from '@plugmark/schemas';
import { afterEach, describe, expect, test } from 'vitest';
import { childrenLeft } from './no-process-left.ts';
import { SMALL_LIMITS, sandboxHost, vectorOf } from './sandbox-host.ts';

afterEach(async () => expect(await childrenLeft()).toEqual([]));

const PACKAGE = 'package bench:host@1.0.0;';

/** A component of one core module; its exports have the canonical names. */
async function componentOf(wit: string, wat: string): Promise<Uint8Array> {
  const binary = await assembleText(wat);
  const witSource = `${PACKAGE}\n${wit}`;
  return componentNew(await componentEmbed({ binary, witSource, world: 'plugin', stringEncoding: 'utf8' }));
}

function componentHost(change: Partial<HostProfile> = {}): HostProfile {
  const runtime = { as: 'runtime', purpose: 'given' } as const;
  return sandboxHost({
    artifact: 'component',
    abi: 'component',
    imports: [],
    componentImports: [
      { interface: 'bench:host/log', versions: '^1.0.0', meaning: runtime },
      { interface: 'bench:host/net', versions: '^1.0.0', meaning: { as: 'capability', capability: 'network' } },
      {
        interface: 'wasi:clocks/monotonic-clock',
        versions: '^0.2.0',
        meaning: { as: 'capability', capability: 'clock' },
      },
      { interface: 'bench:host/gone', meaning: { as: 'forbidden', reason: 'no' } },
    ],
    // The translator takes its time on a busy machine, and the first call compiles.
    limits: { ...SMALL_LIMITS, startMilliseconds: 2000, callMilliseconds: 2000 },
    ...change,
  });
}

async function observe(
  artifact: Uint8Array,
  calls: Parameters<typeof vectorOf>[0],
  { profile = componentHost(), grants = [] as string[] } = {},
): Promise<RunObservation> {
  return runVectors({ artifact, profile, vectors: [vectorOf(calls, { grants })] }, { configurations: ['liftoff'] });
}

const NUMBERS_WIT = `interface numbers {
  record pair { first-part: u64, second: s8 }
  variant shape { none, circle(f64), named(u32) }
  enum colour { red, dark-blue }
  flags rights { read, write-all }
  swap: func(p: pair) -> pair;
  area: func(s: shape) -> f64;
  next: func(c: colour) -> colour;
  all: func(r: rights) -> rights;
  check: func(x: u32) -> result<u32, u32>;
  maybe: func(x: option<u32>) -> option<u32>;
  letter: func(c: char) -> char;
  spin: func();
  step: func(n: u32) -> u32;
}
world plugin { export numbers; }`;
const N = 'bench:host/numbers@1.0.0#';
const NUMBERS = `(module
  (memory (export "memory") 1)
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
  (func (export "${N}swap") (param i64 i32) (result i32)
    (i64.store (i32.const 64) (local.get 0)) (i32.store8 (i32.const 72) (i32.sub (i32.const 0) (local.get 1))) (i32.const 64))
  (func (export "${N}area") (param i32 i64) (result f64)
    (if (result f64) (i32.eq (local.get 0) (i32.const 1)) (then (f64.mul (f64.reinterpret_i64 (local.get 1)) (f64.const 2)))
      (else (f64.convert_i64_u (local.get 1)))))
  (func (export "${N}next") (param i32) (result i32) (i32.sub (i32.const 1) (local.get 0)))
  (func (export "${N}all") (param i32) (result i32) (i32.xor (local.get 0) (i32.const 3)))
  (func (export "${N}check") (param i32) (result i32)
    (i32.store8 (i32.const 96) (i32.gt_u (local.get 0) (i32.const 10))) (i32.store (i32.const 100) (local.get 0)) (i32.const 96))
  (func (export "${N}maybe") (param i32 i32) (result i32)
    (i32.store8 (i32.const 96) (i32.eqz (local.get 0))) (i32.store (i32.const 100) (i32.const 7)) (i32.const 96))
  (func (export "${N}letter") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func (export "${N}spin") (loop $l (br $l)))
  (func (export "${N}step") (param i32) (result i32) (loop $l (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br_if $l (local.get 0))) (local.get 0)))`;

describe('values and budget', () => {
  test('every kind of value goes in and comes out by the names of the WIT', async () => {
    const component = await componentOf(NUMBERS_WIT, NUMBERS);
    const calls: [string, unknown, unknown][] = [
      [
        'swap',
        { 'first-part': '18446744073709551615', second: 5 },
        { 'first-part': '18446744073709551615', second: -5 },
      ],
      ['area', { tag: 'circle', val: 1.5 }, 3],
      ['area', { tag: 'named', val: 9 }, 9],
      ['next', 'red', 'dark-blue'],
      ['all', ['write-all'], ['read']],
      ['check', 3, { ok: 3 }],
      ['check', 11, { err: 11 }],
      ['maybe', null, 7],
      ['maybe', 1, null],
      ['letter', 'a', 'b'],
    ];
    const vector = vectorOf([], {
      calls: calls.map(([entry, input]) => ({ entry, input: { json: [input] as never } })),
    });
    const { runs, fuel } = await runVectors(
      { artifact: component, profile: componentHost(), vectors: [vector] },
      { configurations: ['liftoff', 'turbofan'] },
    );
    for (const run of runs) expect(run.calls.map(({ output }) => output)).toEqual(calls.map(([, , output]) => output));
    const figures = runs.map(({ fuel: used, memorySha256, peakMemoryBytes }) => [used, memorySha256, peakMemoryBytes]);
    expect(figures[1]).toEqual(figures[0]);
    expect(runs[0]?.fuel).toBeGreaterThan(0);
    expect(fuel).toMatchObject({ exact: true });
  });

  test('fuel of a call that is known by hand: the same as in a core module', async () => {
    const { runs } = await observe(await componentOf(NUMBERS_WIT, NUMBERS), [
      ['step', 1000],
      ['step', 2000],
    ]);
    const [first = 0, second = 0] = (runs[0] as VectorRun).calls.map(({ fuel }) => fuel);
    // local.get, i32.const, i32.sub, local.set, local.get, br_if for each turn.
    expect(second - first).toBe(6 * 1000);
  });

  test.each([
    ['an endless loop in a call', [['spin']], { ending: 'outOfFuel' }],
    ['an entry that is not there', [['jump']], { ending: 'trap', trap: 'no-entry' }],
    ['an input that is no list', [['bench:host/numbers#spin']], { ending: 'outOfFuel' }],
  ] as const)('%s', async (_, calls, expected) => {
    const { runs } = await observe(await componentOf(NUMBERS_WIT, NUMBERS), calls);
    expect(runs[0]).toMatchObject(expected);
  });

  test('a start function without end', async () => {
    const wat = `(module (func $s (loop $l (br $l))) (start $s) (func (export "${N}spin")) ${NUMBERS.slice(7).replace(/\(func \(export "[^"]*spin"\)[^\n]*\n/, '')}`;
    const { runs } = await observe(await componentOf(NUMBERS_WIT, wat), [['step', 1]]);
    expect(runs[0]).toMatchObject({ ending: 'outOfFuel', calls: [] });
  });
});

const IMPORTS_WIT = (imports: string): string => `
interface log { say: func(x: u32); }
interface net { send: func(x: u32) -> u32; }
interface gone { go: func(); }
interface runs { run: func() -> u32; }
world plugin { ${imports} export runs; }`;
const importing = (name: string, type: string, call: string): string => `(module
  (import "${name}" (func $f ${type})) (memory (export "memory") 1)
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
  (func (export "bench:host/runs@1.0.0#run") (result i32) ${call}))`;

describe('imports', () => {
  const SEND = importing('bench:host/net@1.0.0" "send', '(param i32) (result i32)', '(call $f (i32.const 5))');
  const SAY = importing('bench:host/log@1.0.0" "say', '(param i32)', '(call $f (i32.const 5)) (i32.const 1)');

  test.each([
    ['a capability that was not granted', 'import net;', SEND, [], { ending: 'trap', trap: 'host-unavailable' }],
    [
      'one that was granted and has no behaviour',
      'import net;',
      SEND,
      ['network'],
      { ending: 'trap', trap: 'host-unavailable' },
    ],
    ['a runtime import without behaviour', 'import log;', SAY, [], { ending: 'trap', trap: 'host-unavailable' }],
    [
      'an interface the host forbids',
      'import gone;',
      importing('bench:host/gone@1.0.0" "go', '', '(call $f) (i32.const 1)'),
      [],
      { ending: 'linkError' },
    ],
    [
      'an interface the host does not know',
      'import other: interface { go: func(); }',
      importing('other" "go', '', '(call $f) (i32.const 1)'),
      [],
      { ending: 'linkError' },
    ],
  ])('%s', async (_, imports, wat, grants, expected) => {
    const component = await componentOf(IMPORTS_WIT(imports), wat);
    const { runs } = await observe(component, [['run']], { grants });
    expect(runs[0]).toMatchObject(expected);
    if ('trap' in expected) expect(runs[0]?.hostCallLog).toHaveLength(1);
  });
});

test('a core module where the host runs components, and the other way round', async () => {
  const component = await componentOf(NUMBERS_WIT, NUMBERS);
  const core = Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0]);
  const [one, other] = [
    await observe(core, [['spin']]),
    await runVectors({ artifact: component, profile: sandboxHost(), vectors: [vectorOf([['spin']])] }),
  ];
  expect(one.runs.map(({ ending }) => ending)).toEqual(['linkError']);
  expect(other.runs.map(({ ending }) => ending)).toEqual(['linkError', 'linkError', 'linkError']);
});

test.each([
  ['cut off', 60],
  ['changed in the middle', -1],
])('a component that is %s', async (_, at) => {
  const component = await componentOf(NUMBERS_WIT, NUMBERS);
  const damaged = at > 0 ? component.slice(0, at) : component.map((byte, i) => (i % 97 === 96 ? byte ^ 0x41 : byte));
  const { runs } = await observe(damaged, [['spin']]);
  expect(runs[0]).toMatchObject({ ending: 'linkError' });
});
