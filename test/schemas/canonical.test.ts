// Two implementations of RFC 8785, one in the schemas and one in the client: the same bytes, or both refuse.
import { canonicalJson as byClient } from '@plugmark/client/trust';
import { canonicalBytes, Instant } from '@plugmark/schemas';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';

const refusable = <T>(act: () => T): T | 'refused' => {
  try {
    return act();
  } catch (error) {
    if ((error as { code?: string }).code !== 'JSON_UNREPRESENTABLE') throw error;
    return 'refused';
  }
};

const unit = fc.oneof(
  fc.constantFrom('\ud800', '\udc00', '"', '\\', '\0', '\u2028', '\ue000', '\u{1f600}', '__proto__'),
  fc.string(),
);
const odd = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -0, 1e21, 1e-7, 2 ** 53, 10n, Symbol('x'), null);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    unit,
    fc.double(),
    fc.boolean(),
    odd,
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(unit, tie('any'), { maxKeys: 4 }),
  ),
})).any;

test('both write the same bytes or both refuse', () => {
  let refused = 0;
  fc.assert(
    fc.property(value, (input) => {
      const ours = refusable(() => canonicalBytes(input));
      if (ours === 'refused') refused++;
      expect(ours).toEqual(refusable(() => byClient(input)));
    }),
    { numRuns: 3000 },
  );
  expect(refused).toBeGreaterThan(100);
});

test('both refuse more than a hundred levels, and holes are not left out', () => {
  const nested = (depth: number) => Array.from({ length: depth }).reduce((inner: unknown) => [inner], 0);
  expect(canonicalBytes(nested(100))).toEqual(byClient(nested(100)));
  expect([canonicalBytes, byClient].map((write) => refusable(() => write(nested(101))))).toEqual([
    'refused',
    'refused',
  ]);
  expect([canonicalBytes, byClient].map((write) => refusable(() => write(new Array(2))))).toEqual([
    'refused',
    'refused',
  ]);
});

test('an instant is accepted exactly when the calendar has it', () => {
  const two = fc.nat({ max: 99 }).map((n) => String(n).padStart(2, '0'));
  fc.assert(
    fc.property(
      two,
      fc.tuple(fc.nat({ max: 13 }), fc.nat({ max: 32 }), fc.nat({ max: 25 }), fc.nat({ max: 61 })),
      (year, parts) => {
        const [month, day, hour, minute] = parts.map((n) => String(n).padStart(2, '0'));
        const text = `20${year}-${month}-${day}T${hour}:${minute}:59Z`;
        const time = new Date(text);
        const exists = !Number.isNaN(time.getTime()) && time.toISOString().replace('.000', '') === text;
        expect({ text, accepted: z.safeParse(Instant, text).success }).toEqual({ text, accepted: exists });
      },
    ),
    { numRuns: 20_000 },
  );
});
