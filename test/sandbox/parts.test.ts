// The pieces of the parent that decide something by themselves: version ranges, frames, mistakes of a caller, the one file of the child.
import { runVectors, SandboxError } from '@plugmark/sandbox';
import * as fc from 'fast-check';
import { satisfies } from 'semver';
import { describe, expect, test } from 'vitest';
import { bundleModules, laterModules } from '../../tools/sandbox/src/bundle.ts';
import { satisfiesCaret } from '../../tools/sandbox/src/caret-range.ts';
import { FrameReader, frame } from '../../tools/sandbox/src/frames.ts';
import { layerStack } from '../../tools/sandbox/src/layer-stack.ts';
import { sandboxHost, vectorOf } from './sandbox-host.ts';

test('a caret range holds what npm’s own rule says it holds', () => {
  const part = fc.constantFrom(0, 1, 2, 9, 10);
  const version = fc.tuple(part, part, part).map((parts) => parts.join('.'));
  fc.assert(
    fc.property(version, version, (have, least) => {
      expect(satisfiesCaret(have, `^${least}`)).toBe(satisfies(have, `^${least}`));
    }),
    { numRuns: 2_000 },
  );
  for (const odd of ['', '1', '1.0.0-rc.1', 'x']) expect(satisfiesCaret(odd, '^2.0.0')).toBe(false);
  for (const odd of ['1.0.0', '*', '~1.0.0', '^1.0.0-rc.1', '']) expect(satisfiesCaret('1.0.0', odd)).toBe(false);
});

test('frames come out whole however they were cut', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }), fc.array(fc.nat(20)), (bodies, cuts) => {
      const all = Buffer.concat(bodies.map(frame));
      const reader = new FrameReader(40);
      const seen: Buffer[] = [];
      let at = 0;
      for (const cut of [...cuts, all.length]) {
        seen.push(...(reader.push(all.subarray(at, at + cut)) ?? []));
        at = Math.min(all.length, at + cut);
      }
      expect(seen.map((each) => [...each])).toEqual(bodies.map((each) => [...each]));
    }),
  );
  expect(new FrameReader(3).push(frame(new Uint8Array(4)))).toBeUndefined();
});

describe('mistakes of a caller', () => {
  const refusal = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => 'none',
      (error: unknown) => (error instanceof SandboxError ? error.code : error),
    );
  const artifact = Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0]);

  test('each has its code', async () => {
    const vectors = [vectorOf([['run']])];
    const profile = sandboxHost();
    expect(await refusal(runVectors({ artifact, profile: { ...profile, abi: 'process' }, vectors }))).toBe(
      'ABI_UNSUPPORTED',
    );
    expect(await refusal(runVectors({ artifact, profile: { ...profile, host: 'other' }, vectors }))).toBe(
      'VECTOR_MISMATCH',
    );
    expect(await refusal(runVectors({ artifact, profile, vectors }, { layers: ['moat' as never] }))).toBe(
      'LAYER_UNKNOWN',
    );
  });

  test('no vector is no run, and still says what would have stood around it', async () => {
    const { runs, layers, engines } = await runVectors({ artifact, profile: sandboxHost(), vectors: [] });
    expect([runs, engines.length]).toEqual([[], 3]);
    expect(layers.length).toBeGreaterThan(5);
  });
});

test('a layer that is not asked for is not put around, and is reported so', async () => {
  const { states, command } = await layerStack(['prlimit']);
  expect(states.find(({ layer }) => layer === 'namespaces')).toEqual({
    layer: 'namespaces',
    active: false,
    reason: 'not asked for',
  });
  const bounds = {
    image: '/x',
    memoryBytes: 65_536,
    tableElements: 1,
    cpuSeconds: 1,
    executable: '/node',
    name: 'n',
    containerImage: 'i',
  };
  const words = command(bounds, { flags: ['--liftoff-only'], entry: '/x/main.js' });
  expect(words).not.toContain('unshare');
  expect(words.slice(words.indexOf('/x/main.js'))).toEqual([
    '/x/main.js',
    '--wasm-max-mem-pages=1',
    '--wasm-max-table-size=1',
    '--liftoff-only',
  ]);
  expect(words).toEqual(expect.arrayContaining(['--permission', '--allow-fs-read=/x', 'env', '-i']));
});

describe('the child as one file', () => {
  const bundle = (modules: Record<string, string>): string => bundleModules('main', new Map(Object.entries(modules)));

  test('keeps names of modules apart and evaluates each once', async () => {
    const code = bundle({
      main: `import { a as first, count } from './one.js';\nimport { b } from './two.js';\nexport const seen = [first, b, count()];\n`,
      one: `import { sep } from 'node:path';\nlet n = 0;\nexport const a = sep;\nexport function count() {\n  n += 1;\n  return n;\n}\n`,
      two: `import { count } from './one.js';\nconst a = 5;\nexport const b = a + count();\n`,
    });
    const { seen } = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`)) as {
      seen: unknown;
    };
    expect(seen).toEqual(['/', 6, 2]);
  });

  test.each([
    ['a default import', { main: `import x from './x.js';\n`, x: '' }],
    ['a re-export', { main: `import { y } from './x.js';\n`, x: `export { y } from './y.js';\n`, y: '' }],
    ['a module that is not there', { main: `import { y } from './x.js';\n` }],
  ])('refuses %s', (_, modules) => {
    expect(() => bundle(modules as Record<string, string>)).toThrow(SandboxError);
  });

  test('refuses a module that is loaded later and shares others', () => {
    const modules = new Map([
      ['main', `await import('./x.js');`],
      ['x', `import { y } from './y.js';`],
    ]);
    expect(() => laterModules(modules)).toThrow(SandboxError);
  });
});
