// The client's ranges give the answers of the `semver` package, on everything the registry's grammar admits.
import { compareVersions, satisfies } from '@plugmark/client';
import { SemVer, SemVerRange } from '@plugmark/schemas';
import fc from 'fast-check';
import semver from 'semver';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';

const number = fc.oneof(fc.nat({ max: 3 }), fc.constantFrom(0, 10, 999_999_999)).map(String);
const identifier = fc.oneof(
  number,
  fc.constantFrom('alpha', 'beta', 'rc', 'x', '-', '0a', '1-1', 'A', '999999999999999'),
);
const prerelease = fc.array(identifier, { minLength: 1, maxLength: 3 }).map((parts) => `-${parts.join('.')}`);
const rarely = <T>(usual: T, other: fc.Arbitrary<T>) => fc.oneof({ weight: 2, arbitrary: fc.constant(usual) }, other);

const version = fc
  .tuple(number, number, number, rarely('', prerelease))
  .map(([a, b, c, pre]) => `${a}.${b}.${c}${pre}`)
  .filter((text) => text.length <= 64);

const open = fc.oneof({ weight: 4, arbitrary: number }, fc.constantFrom('x', 'X', '*'));
const partial = fc
  .tuple(
    fc.array(open, { minLength: 1, maxLength: 3 }),
    rarely('', prerelease),
    rarely('', fc.constantFrom('v', 'v', '=')),
  )
  .map(([parts, pre, prefix]) => `${prefix}${parts.join('.')}${parts.length === 3 ? pre : ''}`);
const operator = fc.constantFrom('', '', '^', '~', '~>', '>', '>=', '<', '<=', '=');
const comparator = fc.tuple(operator, fc.constantFrom('', '', ' ', '  '), partial).map((parts) => parts.join(''));
const hyphen = fc.tuple(partial, partial).map(([from, to]) => `${from} - ${to}`);
const alternative = fc.oneof(
  fc.array(comparator, { maxLength: 3 }).map((all) => all.join(' ')),
  hyphen,
);
const range = fc
  .tuple(fc.array(alternative, { minLength: 1, maxLength: 3 }), fc.constantFrom('||', ' || ', '|| '))
  .map(([all, separator]) => all.join(separator));
const noise = fc.string({ unit: fc.constantFrom(...'012.x*^~<>=| -va'), maxLength: 12 });

/** Spellings npm forgives and our grammar does not have; see `satisfies`. */
const FORGIVEN = /[v=]\s*[v=]|v\s|[~^]>?\s*=|[<>~]\s+[=>]|[xX*]\.\d|=.* - | - .*=/;

function answerAgrees(v: string, r: string): void {
  const [ours, theirs] = [satisfies(v, r), semver.satisfies(v, r)];
  if (ours === theirs) return;
  expect({ version: v, range: r, ours, forgiven: FORGIVEN.test(r) }).toEqual({
    version: v,
    range: r,
    ours: false,
    forgiven: true,
  });
}

const admits = (schema: z.ZodMiniType, value: string) => z.safeParse(schema, value).success;
const manyRuns = { numRuns: 10_000 };

test('compareVersions orders as semver does', () => {
  const sign = (a: string, b: string) => Math.sign(compareVersions(a, b));
  fc.assert(
    fc.property(version, version, (a, b) => {
      expect(admits(SemVer, a)).toBe(true);
      expect(sign(a, b)).toBe(semver.compare(a, b));
    }),
    manyRuns,
  );
});

test('satisfies answers as semver does for ranges made by the grammar', () => {
  fc.assert(fc.property(version, range, answerAgrees), manyRuns);
});

test('satisfies answers as semver does for strings that are mostly not ranges', () => {
  fc.assert(
    fc.property(version, noise, (v, r) => {
      fc.pre(admits(SemVerRange, r));
      answerAgrees(v, r);
    }),
    manyRuns,
  );
});

/** Near a bound, where a wrong comparison shows: versions and ranges over the same few numbers. */
test('satisfies answers as semver does next to every bound', () => {
  const small = ['0', '1', '2'].flatMap((a) => ['0', '1'].flatMap((b) => ['0', '1'].map((c) => `${a}.${b}.${c}`)));
  const versions = small.flatMap((v) => [v, `${v}-0`, `${v}-beta.2`]);
  const bounds = [...versions, '0', '1', '0.0', '0.1', '1.0', '1.x', '1.0.*', 'x', '*'];
  const operators = ['', '^', '~', '>', '>=', '<', '<=', '='];
  const ranges = bounds.flatMap((bound) => [
    ...operators.map((o) => `${o}${bound}`),
    `${bound} - 1.1`,
    `0.1 - ${bound}`,
  ]);
  const wrong = ranges.flatMap((r) =>
    versions.filter((v) => satisfies(v, r) !== semver.satisfies(v, r)).map((v) => `${v} in ${r}`),
  );
  expect(wrong).toEqual([]);
});

test.each([
  '',
  '1',
  '1.2',
  '1.2.3.4',
  '01.2.3',
  '1.2.3-01',
  '1.2.3-',
  '1.2.3+build',
  'v1.2.3',
  ' 1.2.3',
  '1.2.3\n',
  '1000000000.0.0',
])('the malformed version %j lies in no range and ranks lowest', (text) => {
  expect(satisfies(text, '*')).toBe(false);
  expect(compareVersions(text, '0.0.0-0')).toBeLessThan(0);
  expect(compareVersions('0.0.0-0', text)).toBeGreaterThan(0);
  expect(admits(SemVer, text)).toBe(false);
});

test.each(['==1', '=v=1', '^=1', '> =1', '~ >1', 'vv1', 'v 1', 'x.2', '^1.x.2', '=1 - 2'])(
  '%j, which npm forgives, is no range here',
  (text) => {
    expect(FORGIVEN.test(text)).toBe(true);
    expect(['0.2.0', '1.0.0', '1.5.0', '2.0.0'].filter((v) => satisfies(v, text))).toEqual([]);
  },
);

test.each(['1.2.3 || garbage', 'latest', '>', '^', '1.2.3-01', '1.2.3+build', '>1 <', '1 - ', '- 1', '1 - 2 - 3'])(
  'the malformed range %j holds no version, not even through its other half',
  (text) => {
    expect(satisfies('1.2.3', text)).toBe(false);
    expect(semver.satisfies('1.2.3', text)).toBe(text === '1.2.3+build');
  },
);

test.each([
  ['0.0.2-alpha', '|| 0.0.2-0 - x', false],
  ['0.0.0-alpha', '>=0.0.0 <0.0.0-beta', true],
  ['1.2.3', '~>1.2', true],
  ['1.2.3', '1.2.3 || garbage', false],
])('%s in %j: %s, as npm has it', (v, r, expected) => {
  expect([satisfies(v, r), semver.satisfies(v, r)]).toEqual([expected, expected]);
});
