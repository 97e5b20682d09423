// Versions, names and licences: the small decisions that rules about a release rest on.
import fc from 'fast-check';
import { compare } from 'semver';
import { expect, test } from 'vitest';
import { compareVersions } from '../../tools/analysis/src/compare-versions.ts';
import { unknownLicences } from '../../tools/analysis/src/licences.ts';
import { editDistance, looksAlike, skeleton } from '../../tools/analysis/src/name-distance.ts';

test('versions are ordered as the semver package orders them', () => {
  const number = fc.nat({ max: 3 });
  const identifier = fc.constantFrom('0', '1', '2', '10', 'alpha', 'beta', 'rc', '1a', 'a-b', 'A');
  const version = fc
    .tuple(number, number, number, fc.array(identifier, { maxLength: 3 }))
    .map(([a, b, c, rest]) => `${a}.${b}.${c}${rest.length === 0 ? '' : `-${rest.join('.')}`}`);
  fc.assert(
    fc.property(version, version, (a, b) => {
      expect(Math.sign(compareVersions(a, b))).toBe(compare(a, b));
    }),
  );
});

test.each([
  ['', '', 0],
  ['a', '', 1],
  ['spectral', 'spectrla', 1],
  ['fft', 'fit', 1],
  ['kitten', 'sitting', 3],
  ['ca', 'abc', 3],
])('%s to %s takes %i edits', (a, b, edits) => {
  expect([editDistance(a, b, 9), editDistance(b, a, 9)]).toEqual([edits, edits]);
});

test('a distance is symmetric, at most the longer length, and cut where it is asked to be', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
  fc.assert(
    fc.property(word, word, fc.nat({ max: 4 }), (a, b, most) => {
      const edits = editDistance(a, b, 99);
      expect(editDistance(b, a, 99)).toBe(edits);
      expect(edits).toBeLessThanOrEqual(Math.max(a.length, b.length));
      expect(editDistance(a, b, most)).toBe(Math.min(edits, most + 1));
      expect(edits === 0).toBe(a === b);
    }),
  );
});

test.each([
  ['spectral-entropy', 'spectral_entropies', false],
  ['spectral-entropy', 'spectralentropy', true],
  ['filter', 'filters', true],
  ['acorn', 'ac0rn', true],
  ['modern', 'rnodem', true],
  ['paypal', 'раураl', true],
  ['lib1', 'libl', true],
])('%s and %s look the same: %s', (a, b, same) => {
  expect(skeleton(a) === skeleton(b)).toBe(same);
});

test('short names are not alike by two edits', () => {
  expect(looksAlike('fft', 'fir', 2)).toBe(false);
  expect(looksAlike('fft', 'fftw', 2)).toBe(true);
  expect(looksAlike('spectral', 'spektrum', 2)).toBe(false);
  expect(looksAlike('formatter', 'formater', 2)).toBe(true);
});

test.each([
  ['MIT', []],
  ['(MIT OR Apache-2.0) AND BSD-3-Clause', []],
  ['Apache-2.0 WITH LLVM-exception', []],
  ['gpl-2.0+', []],
  ['UNLICENSED', ['UNLICENSED']],
  ['MIT AND LicenseRef-mine', ['LicenseRef-mine']],
  ['()', ['']],
])('licences not known in %s', (expression, unknown) => {
  expect(unknownLicences(expression)).toEqual(unknown);
});
