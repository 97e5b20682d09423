// Bills of materials: whole documents compared and valid for the official schema; lists that lie are bounded and named.
import { embeddedDependencies, renderCycloneDx } from '@plugmark/analysis';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cycloneDxValidator } from '../testkit/official-schemas.ts';
import { CYCLONEDX_CASES, withCargo, withDepV0, withGo, zlibStored } from './cyclonedx-cases.ts';
import { golden, readable } from './golden.ts';

const GOLDEN = new URL('./cyclonedx/', import.meta.url);
const problems = cycloneDxValidator();

test.each(Object.entries(CYCLONEDX_CASES))('%s', async (name, { bytes, options }) => {
  const text = await renderCycloneDx(bytes(), options);
  const value: unknown = JSON.parse(text);
  expect(problems(value)).toEqual([]);
  expect(readable(value)).toBe(golden(new URL(`${name}.cdx.json`, GOLDEN), readable(value)));
  expect(await renderCycloneDx(bytes(), options)).toBe(text);
});

test('the schema is really asked', () => {
  expect(problems({ bomFormat: 'CycloneDX', specVersion: '1.6', components: [{}] })).not.toEqual([]);
});

const pack = async (data: Uint8Array<ArrayBuffer>): Promise<number[]> => {
  const stream = new Blob([data]).stream().pipeThrough(new CompressionStream('deflate'));
  return [...new Uint8Array(await new Response(stream).arrayBuffer())];
};

describe('lists that are too much', () => {
  const problemOf = async (bytes: Uint8Array): Promise<string | undefined> =>
    (await embeddedDependencies(bytes))[0]?.problem;

  test('a small section that unpacks to 64 MiB', async () => {
    const packed = await pack(new Uint8Array(67_108_864));
    expect(packed.length).toBeLessThan(100_000);
    expect(await problemOf(withDepV0(packed))).toMatch(/larger than is read/);
  });

  test.each([
    [
      '20,001 packages',
      { packages: Array.from({ length: 20_001 }, () => ({ name: 'a', version: '1', source: 'local' })) },
    ],
    ['an edge to nowhere', { packages: [{ name: 'a', version: '1', source: 'local', dependencies: [1] }] }],
    ['an edge that is no number', { packages: [{ name: 'a', version: '1', source: 'local', dependencies: ['0'] }] }],
    ['no list', { packages: {} }],
    ['a name with a control character', { packages: [{ name: 'a\n', version: '1', source: 'local' }] }],
    ['null', null],
  ])('%s', async (_, value) => {
    expect(await problemOf(withCargo(value))).toBe('not the list of packages it should be');
  });

  test('deep nesting', async () => {
    const deep = [...new TextEncoder().encode('['.repeat(100_000))];
    expect(await problemOf(withDepV0(zlibStored(deep)))).toBe('not the list of packages it should be');
  });

  test('a start mark without an end before a megabyte', async () => {
    expect(await problemOf(withGo(`mod\ta\tv1\t\n${'x'.repeat(1_100_000)}`))).toMatch(/larger than is read/);
  });

  test('a replacement of nothing', async () => {
    expect(await problemOf(withGo('=>\ta\tv1\t\n'))).toBe('not the list of modules it should be');
  });
});

test('real compression is read like stored data', async () => {
  const value = {
    packages: Array.from({ length: 2000 }, (_, i) => ({ name: `a${i}`, version: '1.0.0', source: 'public' })),
  };
  const packed = await pack(new TextEncoder().encode(JSON.stringify(value)));
  const [list] = await embeddedDependencies(withDepV0(packed));
  expect(list?.packages.length).toBe(2000);
});

test('whatever the list says, the document is valid, its references meet and nothing throws', async () => {
  const text = fc.oneof(
    fc.constantFrom('serde', '1.0.0', 'public', 'local', '../x', '<b>'),
    fc.string({ maxLength: 12 }),
  );
  const one = fc.record(
    {
      name: text,
      version: text,
      source: text,
      kind: text,
      dependencies: fc.array(fc.nat(4), { maxLength: 4 }),
      root: fc.boolean(),
    },
    { requiredKeys: ['name', 'version', 'source'] },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(one, { maxLength: 5 }),
      fc.array(fc.array(text, { maxLength: 4 }), { maxLength: 5 }),
      async (packages, lines) => {
        const go = lines.map((fields, at) => [['mod', 'dep', '=>'][at % 3], ...fields].join('\t')).join('\n');
        for (const bytes of [withCargo({ packages }), withGo(go)]) {
          const value = JSON.parse(await renderCycloneDx(bytes)) as {
            components: { 'bom-ref': string }[];
            dependencies: { ref: string; dependsOn: string[] }[];
          };
          expect(problems(value)).toEqual([]);
          const refs = new Set(['artifact', ...value.components.map((item) => item['bom-ref'])]);
          expect(
            value.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]).filter((ref) => !refs.has(ref)),
          ).toEqual([]);
        }
      },
    ),
    { numRuns: 100 },
  );
});
