// The second engine without one: how it would be found, kept out and put behind layers, and what its traps are called. With a Bun it
// really runs in test/interop/second-engine.
import { CONFIGURATIONS, NODE_ONLY_LAYERS, runVectors, SandboxError } from '@plugmark/sandbox';
import type { VectorRun } from '@plugmark/schemas';
import { describe, expect, test } from 'vitest';
import { capsOf } from '../../tools/sandbox/src/caps.ts';
import { startEndingOf, textOf, trapOf } from '../../tools/sandbox/src/child/faults.ts';
import { layerStack } from '../../tools/sandbox/src/layer-stack.ts';
import { planRuns, withoutUnreadable } from '../../tools/sandbox/src/plan-runs.ts';
import { secondEngine, whyNotSecond } from '../../tools/sandbox/src/second-engine.ts';
import { assemble } from '../analysis/assemble.ts';
import { sandboxHost, vectorOf } from './sandbox-host.ts';

const refusal = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'none',
    (error: unknown) => (error instanceof SandboxError ? error.code : error),
  );

describe('traps have one name in both engines', () => {
  test.each([
    ['unreachable', 'Unreachable code should not be executed', 'unreachable'],
    ['memory access out of bounds', 'Out of bounds memory access', 'memory-access'],
    ['data segment out of bounds', 'Out of bounds or failed to allocate in array.new_data', 'memory-access'],
    ['table index is out of bounds', 'Out of bounds table access', 'table-access'],
    ['table index is out of bounds', 'Out of bounds call_indirect', 'table-access'],
    ['table index is out of bounds', 'Element is trying to set an out of bounds table index', 'table-access'],
    [
      'null function or function signature mismatch',
      'call_indirect to a signature that does not match',
      'indirect-call',
    ],
    ['divide by zero', 'Division by zero', 'divide-by-zero'],
    ['remainder by zero', 'Division by zero', 'divide-by-zero'],
    ['divide result unrepresentable', 'Integer overflow', 'integer-overflow'],
    ['float unrepresentable in integer range', 'Out of bounds Trunc operation', 'integer-overflow'],
    ['dereferencing a null pointer', 'access to a null reference', 'null-reference'],
    ['dereferencing a null pointer', 'call_ref to a null reference', 'null-reference'],
    ['dereferencing a null pointer', 'ref.as_non_null to a null reference', 'null-reference'],
    ['dereferencing a null pointer', 'i31.get_<sx> to a null reference', 'null-reference'],
    ['illegal cast', 'ref.cast failed to cast reference to target heap type', 'bad-cast'],
    ['operation does not support unaligned accesses', 'Unaligned memory access', 'unaligned'],
    ['array element access out of bounds', 'Out of bounds array.get', 'other'],
  ])('%s = %s', (v8, javaScriptCore, kind) => {
    expect([trapOf(v8), trapOf(javaScriptCore)]).toEqual([kind, kind]);
    const located = new WebAssembly.RuntimeError(`${javaScriptCore} (evaluating 'guest.call(entry, 'x')')`);
    expect(startEndingOf(located)).toEqual({ ending: 'trap', trap: kind, detail: javaScriptCore });
  });

  test('a text that is the name of something else is no trap by that name', () => {
    expect(['constructor', 'toString', '__proto__', ''].map(trapOf)).toEqual(['other', 'other', 'other', 'other']);
    expect(textOf(new Error("(evaluating 'x') in the middle stays"))).toBe("(evaluating 'x') in the middle stays");
  });

  test('a segment beyond the memory while a module is instantiated', () => {
    const text =
      "Invalid data segment initialization: segment of 2 bytes memory of 65536 bytes, at offset 65535 (evaluating 'x')";
    expect(startEndingOf(new WebAssembly.RuntimeError(text))).toMatchObject({ ending: 'trap', trap: 'memory-access' });
  });
});

describe('what it may run', () => {
  const may = {
    component: false,
    metered: true,
    active: new Set(['prlimit']),
    lacking: NODE_ONLY_LAYERS,
    required: ['container', 'kill'],
  };

  test('lacks what only Node has', () => {
    expect(NODE_ONLY_LAYERS).toEqual(['permission', 'page-cap']);
  });

  test.each([
    ['a core module behind a bound of the kernel', {}, undefined],
    ['or in a container', { active: new Set(['container']) }, undefined],
    ['no component', { component: true }, /glue/],
    ['nothing that could not be metered', { metered: false }, /metered/],
    ['nothing where nobody bounds its memory', { active: new Set(['kill', 'namespaces']) }, /prlimit or container/],
    ['nothing where policy requires permissions', { required: ['permission'] }, /requires the layer permission/],
    ['nothing where policy requires the page cap', { required: ['kill', 'page-cap'] }, /requires the layer page-cap/],
  ])('%s', (_, change, why) => {
    const reason = whyNotSecond({ ...may, ...change });
    if (why === undefined) expect(reason).toBeUndefined();
    else expect(reason).toMatch(why);
  });
});

describe('finding it', () => {
  test.each([
    ['a relative path', 'bun'],
    ['nothing there', '/nonexistent/bun'],
    ['a folder', '/'],
    ['Node, which also prints', process.execPath],
    ['a command that prints nothing', '/bin/true'],
  ])('%s is refused', async (_, path) => {
    expect(await refusal(secondEngine(path))).toBe('ENGINE_UNAVAILABLE');
  });

  const artifact = assemble('(module (func (export "run")))');
  const request = { artifact, profile: sandboxHost(), vectors: [vectorOf([['run']])] };

  test('asked for by name it must be there; a path that is wrong is never passed over', async () => {
    expect(await refusal(runVectors(request, { configurations: ['bun'] }))).toBe('ENGINE_UNAVAILABLE');
    expect(await refusal(runVectors(request, { secondEngine: '/nonexistent/bun' }))).toBe('ENGINE_UNAVAILABLE');
  });

  test('without it the runs are what they were, and nothing is said of it', async () => {
    const plan = await planRuns({}, { component: false, metered: true, layers: await layerStack() });
    expect(plan).toEqual({ ids: ['liftoff', 'liftoff-other-world', 'turbofan'], second: undefined, notRun: [] });
  });
});

test('its child has the outer layers, starts in our own folder, fetches nothing and gets no flags of V8', async () => {
  const { command, secondCommand, states } = await layerStack();
  const bounds = {
    image: '/image',
    memoryBytes: 65_536,
    tableElements: 1,
    cpuSeconds: 1,
    executable: '/opt/bun',
    name: 'n',
    containerImage: 'i',
  };
  const words = secondCommand(bounds, '/image/main.js');
  const ofNode = command(bounds, { flags: ['--liftoff-only'], entry: '/image/main.js' });
  expect(words.slice(words.indexOf('/opt/bun'))).toEqual([
    '/opt/bun',
    '--cwd=/image',
    '--no-install',
    '/image/main.js',
  ]);
  expect(words.slice(0, words.indexOf('/opt/bun'))).toEqual(ofNode.slice(0, ofNode.indexOf('/opt/bun')));
  expect(words).toEqual(expect.arrayContaining(['env', '-i']));
  if (states.some(({ layer, active }) => layer === 'prlimit' && active)) expect(words).toContain('prlimit');
});

test('a container is shown the engine that runs in it', async () => {
  const { LAYERS } = await import('@plugmark/sandbox');
  const bounds = { image: '/image', memoryBytes: 1, tableElements: 1, cpuSeconds: 1, name: 'n', containerImage: 'i' };
  const words = LAYERS.container.wrap({ ...bounds, executable: '/opt/bun' });
  expect(words).toContain('/opt/bun:/opt/bun:ro');
  expect(words.some((word) => word.includes(process.execPath))).toBe(false);
});

test('caps are the same numbers for the engine and for the module', () => {
  const of = (memoryBytes: number, tableElements: number): unknown => capsOf({ memoryBytes, tableElements });
  expect(of(100_000, 7)).toEqual({ memoryBytes: 65_536, tableElements: 7 });
  expect(of(0, 0)).toEqual({ memoryBytes: 65_536, tableElements: 1 });
  expect(of(2 ** 40, 2 ** 40)).toEqual({ memoryBytes: 2 ** 32, tableElements: 10_000_000 });
});

describe('a module that only one engine reads', () => {
  const second = { path: '/opt/bun', version: 'Bun 1.4.4' };
  const plan = { ids: ['liftoff', 'bun'], second, notRun: [] } as const;
  const run = (ending: VectorRun['ending'], detail?: string): VectorRun[] => [
    { ...RUN, ending, ...(detail === undefined ? {} : { detail }) },
  ];

  test('is not compared, and it is said why', () => {
    const runs = [run('ok'), run('linkError', 'Memory64 is not enabled')];
    const counted = withoutUnreadable(plan, runs, {});
    expect(counted.plan.ids).toEqual(['liftoff']);
    expect(counted.runs).toEqual([run('ok')]);
    expect(counted.plan.notRun).toEqual([
      {
        name: 'JavaScriptCore',
        configuration: CONFIGURATIONS.bun.title,
        reason: 'the module does not load there: Memory64 is not enabled',
      },
    ]);
  });

  test.each([
    ['when both read it', run('ok'), run('ok')],
    ['when neither does', run('linkError'), run('linkError')],
    ['when only the second does', run('linkError'), run('ok')],
    ['when it ends otherwise there', run('ok'), run('trap')],
    ['when some of its vectors load', [...run('ok'), ...run('ok')], [...run('linkError'), ...run('ok')]],
  ])('is compared %s', (_, first, other) => {
    expect(withoutUnreadable(plan, [first, other], {})).toEqual({ plan, runs: [first, other] });
  });

  test('is kept when the second engine was asked for by name', () => {
    const runs = [run('ok'), run('linkError')];
    expect(withoutUnreadable(plan, runs, { configurations: ['liftoff', 'bun'] }).runs).toEqual(runs);
  });
});

const RUN: VectorRun = {
  vector: 'v',
  engine: 0,
  ending: 'ok',
  calls: [],
  hostCalls: 0,
  hostCallLog: [],
  peakMemoryBytes: 0,
  startMilliseconds: 0,
  callMilliseconds: [],
};
